"""Gaps and levels that few loans have: tables of what the columns say, where there are any."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import DASH, count, difference, percent, plural
from analysis.findings.finding import FEW_LOANS
from analysis.portfolio.declaration import HIGH_RISK
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.markdown import Markdown, joined
from analysis.report.drawing.tables import Table
from analysis.results import Results

# A table shows so many rows; results.json has all of them.
MOST_ROWS = 12


def tables(results: Results) -> Markdown:
    """Return the tables that there is something to show in."""
    made = (gaps(results), levels(results))
    return joined(each.markdown for each in made if len(each.frame))


def gaps(results: Results) -> Table:
    """Show the columns that most loans miss, with what the gaps say of the label."""
    gaps = results.evidence.columns.gaps
    found = gaps.sort_values("missing", ascending=False, kind="stable")
    found = found.head(MOST_ROWS).reset_index(drop=True)
    names = [display.capital(results.words.within(name)) for name in found["feature"]]
    frame = found.drop(columns="feature").assign(**{NAME: names})
    ends = found[["difference", "difference_low", "difference_high"]].to_numpy()
    columns: Columns = {
        "missing": ("Loans", count),
        "share": ("Of all", percent),
        "high_risk": (display.capital(results.words.high_risk), percent),
        "others_high_risk": ("Of the others", percent),
        "difference": ("Difference", [_difference(*each) for each in ends]),
    }
    caption = (
        "Loans that miss a column, and the share of them and of the others that is "
        f"{results.words.predicate(HIGH_RISK)}{_more(len(gaps))}"
    )
    return Table.of("gaps", "Without", frame, columns, caption, results.findings)


def _difference(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return DASH
    return f"{difference(value)} ({difference(low)} to {difference(high)})"


def levels(results: Results) -> Table:
    """Show the levels that the fewest loans have."""
    few = results.evidence.columns.levels
    few = few[few["loans"] < FEW_LOANS]
    found = few.sort_values("loans", kind="stable").head(MOST_ROWS)
    words = results.words
    names = [
        f"{display.capital(words.within(name))}: {level}"
        for name, level in zip(found["feature"], found["level"], strict=True)
    ]
    columns: Columns = {
        "loans": ("Loans", count),
        "high_risk": (display.capital(words.high_risk), count),
    }
    frame = found[list(columns)].reset_index(drop=True).assign(**{NAME: names})
    caption = f"Levels that fewer than {FEW_LOANS} loans have{_more(len(few))}"
    return Table.of("levels", "Level", frame, columns, caption, results.findings)


def _more(rows: int) -> str:
    left = rows - MOST_ROWS
    return f"; {plural(left, 'row')} more in results.json" if left > 0 else ""
