"""Statistics of the columns, which stand with the data dictionary."""

from __future__ import annotations

from analysis.base.display import DASH, digits
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.tables import Table
from analysis.report.sections import strongest
from analysis.results import Results

STATISTICS = {
    "mean": "Mean",
    "sd": "SD",
    "minimum": "Least",
    "lower_quartile": "25 %",
    "median": "Median",
    "upper_quartile": "75 %",
    "maximum": "Largest",
}


def description(results: Results) -> Table:
    """Show the statistics of the strongest numbers by label and by side of the split.

    A column that says yes or no has no quartiles worth a row; only where there is no number, it
    is shown.
    """
    found, words = results.evidence.columns.description, results.words
    groups = {"healthy": words.healthy, "high_risk": words.high_risk}
    groups |= {"training": "training", "test": "test"}
    found = found[found["group"].isin(list(groups))].reset_index(drop=True)
    names = [
        f"{words.title(row['column'])}, {groups[row['group']]}" for row in found.to_dict("records")
    ]
    frame = found.assign(**{NAME: names})[[NAME, "loans", *STATISTICS]]
    columns: Columns = {name: (title, mean) for name, title in STATISTICS.items()}
    caption = "Statistics of the columns, by label over all loans and by side of the split"
    head = "Column and loans"
    shown = (strongest.numbers(results) or strongest.ranked(results))[: strongest.FOUR_ROWS]
    made = Table.of("description", head, frame, columns, caption, results.findings)
    return made.only(found["column"].isin(shown))


def mean(value: float | None) -> str:
    """Write a mean in its column's unit with four digits, in full."""
    return DASH if value is None else digits(value, 4)
