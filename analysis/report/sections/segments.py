"""Who bears the decisions: the section's sentence and table."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import count, percent
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.portfolio.declaration import HIGH_RISK
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.tables import Table
from analysis.report.sections import strongest
from analysis.results import Results

SHOWN = 3  # columns, where none are declared


def chosen(results: Results) -> tuple[str, ...]:
    """Return the columns whose segments are shown: of the features declared, else the strongest.

    One a feature, and, where none is declared, one of those that put the loans in nearly the same
    order: the others would cut the same segments.
    """
    first: dict[str, str] = {}  # of the columns that a feature became, the strongest
    for name in strongest.ranked(results):
        first.setdefault(results.words.feature(name), name)
    declared = [first[each] for each in results.words.declaration.segments if each in first]
    return tuple(declared) or _strongest(results, list(first.values()))


def _strongest(results: Results, names: list[str]) -> tuple[str, ...]:
    same_order = set(results.evidence.columns.dependence.same_order)
    chosen: list[str] = []
    for name in names:
        if name not in same_order or same_order.isdisjoint(chosen):
            chosen.append(name)
    return tuple(chosen[:SHOWN])


def segments(results: Results) -> Table:
    """Show both models in quarters of the columns chosen."""
    frame, models = _side_by_side(results), results.words.model_titles
    columns: Columns = {
        "loans": ("Loans", count),
        "high_risk": (display.capital(results.words.high_risk), count),
        **{
            f"{figure}_{model}": (f"{models[model]} {title}", percent)
            for model in (ORIGINAL, OVERSAMPLED)
            for figure, title in FIGURES.items()
        },
    }
    caption = (
        "Both models in quarters of the test loans by column (fewer where many share a value), "
        "with the share that each would send to review and its recall"
    )
    return Table.of("segments", "Test loans with", frame, columns, caption, results.findings)


def _side_by_side(results: Results) -> pd.DataFrame:
    """Return the segments of the columns chosen, a row each, with the figures of both models."""
    found, shown = results.evidence.segments, chosen(results)
    found = found[found["column"].isin(shown)]
    keys = ["column", "segment", "lower", "upper", "loans", "high_risk"]
    of_models = [
        found[found["model"] == name]
        .set_index(keys)[[*FIGURES, "share_of_refused"]]
        .add_suffix(f"_{name}")
        for name in results.words.model_titles
    ]
    frame = pd.concat(of_models, axis="columns").loc[[*shown]].reset_index()
    names = [
        _segment(row["column"], row["lower"], row["upper"], results.words)
        for row in frame.to_dict("records")
    ]
    return frame.assign(**{NAME: names})


FIGURES = {"refused_share": "predicts", "recall": "recall"}


def _segment(name: str, lower: float, upper: float, words: Words) -> str:
    """Name a segment: Loan size 8,300 to 9,000, or Home ownership: rent."""
    if not words.is_number(name):
        return _indicated(name, lower, upper, words)
    return f"{words.title(name)} {words.span(name, lower, upper)}"


def _indicated(name: str, lower: float, upper: float, words: Words) -> str:
    if lower != upper:  # too few loans on one side for a segment of their own
        return f"{words.title(name)} or not"
    return words.rule(name, ">=" if lower else "<", 0.5).strip("“”")


def bearing(results: Results) -> str:
    """Say which segment of the first column bears more of the decisions than its share of loans."""
    found, words = results.evidence.segments, results.words
    column = chosen(results)[0]
    found = found[found["column"] == column]
    parts = []
    for name, title in words.models.items():
        rows = found[found["model"] == name]
        refused, loans = int((rows["fp"] + rows["tp"]).sum()), int(rows["loans"].sum())
        if refused in (0, loans):
            which = "every test loan" if refused else "no loan"
            parts.append(f"{title} predicts {which} to be {words.predicate(HIGH_RISK)}")
            continue
        of_all = rows["loans"] / loans
        most = rows.assign(of_all=of_all).loc[[(rows["share_of_refused"] - of_all).idxmax()]]
        parts.append(_borne(column, most.to_dict("records")[0], refused, title, words))
    return f"{display.capital('; '.join(parts))}."


def _borne(column: str, most: dict[Hashable, Any], refused: int, title: str, words: Words) -> str:
    """Say what part of a model's decisions a segment bears, and of all test loans it holds."""
    predicted = f"that {title} predicts to be {words.predicate(HIGH_RISK)}"
    held = _held(column, most, words)
    if refused == 1:
        return f"the only test loan {predicted} is one with {held}"
    return (
        f"of the {count(refused)} test loans {predicted}, {percent(most['share_of_refused'])} are "
        f"loans with {held}, as are {percent(most['of_all'])} of all test loans"
    )


def _held(column: str, segment: dict[Hashable, Any], words: Words) -> str:
    lower, upper = segment["lower"], segment["upper"]
    if not words.is_number(column):
        return f"“{_indicated(column, lower, upper, words)}”"
    return f"{words.within(column)} of {words.span(column, lower, upper)}"
