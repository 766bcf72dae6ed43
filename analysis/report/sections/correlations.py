"""Which columns put the loans in the same order: the sentence and the square of correlations."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.base import display
from analysis.base.display import finer, percent, share
from analysis.evidence.columns.dependence import Dependence
from analysis.findings.words import Words
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.tables import Table
from analysis.report.sections import strongest
from analysis.results import Results

CAPTION = "Rank correlations of the columns"
# Titles that stand side by side above a table: of more, or of longer ones, their numbers do.
MOST_HEADS, LONGEST_HEAD = 8, 20


def together(found: Dependence, words: Words) -> str:
    """Say which columns put the loans in the same order, and what one direction explains."""
    if found.rank_correlations.empty:
        return "No two columns vary, so none can be held against another."
    same = "No two columns put the loans in nearly the same order"
    if found.same_order and found.same_order_least is not None:
        same = (
            f"{display.capital(words.listing(found.same_order))} put the loans in nearly the same "
            f"order (rank correlations {_at_least(found.same_order_least)} in size)"
        )
    if found.first_component_share is None:
        return f"{same}."
    return (
        f"{same}; one direction holds {percent(found.first_component_share)} of the variance of "
        "all standardised columns."
    )


def _at_least(value: float) -> str:
    """Write the least rank correlation of some, which is never more than 1."""
    if value == 1:
        return "of 1"
    text = finer(value)
    return f"of {text} or more" if float(text) < 1 else "of nearly 1"


def table(results: Results) -> Table:
    """Show the rank correlation of each two columns that vary: of many, among the strongest."""
    found, title = results.evidence.columns.dependence.rank_correlations, results.words.title
    if found.empty:
        frame = pd.DataFrame({NAME: ["No two columns vary"], "value": [None]})
        return Table.of("ranks", "Column", frame, {"value": ("Rank correlation", share)}, CAPTION)
    varying = {*found["first"], *found["second"]}
    shown = [each for each in strongest.ranked(results) if each in varying][: strongest.SQUARE]
    found = found[found["first"].isin(shown) & found["second"].isin(shown)]
    names = [*dict.fromkeys([*found["first"], *found["second"]])]
    square = found.pivot(index="second", columns="first", values="correlation")
    heads = {name: title(name) for name in names}
    rows, decimals, first = heads, 4, 1
    if len(names) > MOST_HEADS or max(map(len, heads.values())) > LONGEST_HEAD:
        rows = {name: f"{place}. {heads[name]}" for place, name in enumerate(names, 1)}
        heads = {name: str(place) for place, name in enumerate(names, 1)}
        decimals, first = 2, 0  # what the first number stands for, its own row says
    square = square.reindex(index=names[first:], columns=names[:-1])
    frame = square.set_axis([rows[name] for name in square.index]).rename_axis(NAME)
    frame = frame.reset_index().rename_axis(columns=None)
    write = partial(_rank, decimals=decimals)
    columns: Columns = {name: (heads[name], write) for name in square.columns}
    return Table.of("ranks", "Column", frame, columns, CAPTION, results.findings)


def _rank(value: float | None, decimals: int) -> str:
    # Plus 0, so that none reads as less than nothing.
    return "" if value is None else share(round(value, decimals) + 0.0, decimals)
