"""The published figures beside the regenerated ones: the section, where there are any."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base.display import count, share
from analysis.models.fitted import PUBLISHED
from analysis.models.metrics import REPORT_ROWS
from analysis.report.drawing import escape
from analysis.report.drawing.cells import NAME
from analysis.report.drawing.markdown import Markdown, joined
from analysis.report.drawing.tables import Table
from analysis.report.sections.outcomes import MEASURES, NUMBERS, row_title
from analysis.results import Results


def section(results: Results) -> Markdown:
    """Return the section that holds published figures against these, where there are any."""
    if not reproduced(results):
        return Markdown()
    return joined(
        [
            "### Published and regenerated figures",
            escape.said(agreement(results)),
            "In @tbl-published-original and @tbl-published-oversampled each cell shows the "
            "published figure, then the regenerated one; the sign between them says whether they "
            "are equal.",
            *(published(results, name).markdown for name in NUMBERS),
        ]
    )


def reproduced(results: Results) -> bool:
    """Whether figures were published of these loans, or of those that the simulated ones stand for.

    Where the declaration records the loans that they belong to, these alone are fitted by the
    published recipe.
    """
    belongs = results.words.declaration.content_hash is None
    belongs = belongs or results.models.original.fitted.recipe == PUBLISHED
    return bool(len(results.published)) and belongs


def agreement(results: Results) -> str:
    """Say whether the published figures came out again, and whether they were expected to."""
    cells = results.published
    wrong = int((~cells["matches"]).sum())
    if results.data.source == "simulated":
        return (
            "These are not the published report's data, so the figures are not expected to agree: "
            f"{count(len(cells) - wrong)} of {count(len(cells))} cells do."
        )
    if wrong == 0:
        return (
            f"All {count(len(cells))} published figures come out again at the decimals "
            "in which they were published."
        )
    return (
        f"{count(wrong)} of {count(len(cells))} published figures do not come out "
        "again, although the data are the published report's."
    )


def published(results: Results, model: str) -> Table:
    """Show published = regenerated, cell by cell; ≠ marks a cell that came out differently."""
    cells = results.published.query("model == @model")
    cells = cells.assign(text=cells.apply(_compared, axis="columns"))
    sides = ("published", "regenerated")
    texts, *both = (
        cells.pivot(index="row", columns="measure", values=values).reindex(
            index=REPORT_ROWS, columns=[*MEASURES]
        )
        for values in ("text", *sides)
    )
    titles = [row_title(row, results.words) for row in REPORT_ROWS]
    name = pd.Series(titles, index=REPORT_ROWS, name=NAME)
    figures = [each.add_suffix(f"_{side}") for each, side in zip(both, sides, strict=True)]
    frame = pd.concat([name, *figures], axis="columns").reset_index(drop=True)
    shown = pd.concat([name, texts.fillna("")], axis="columns").reset_index(drop=True)
    caption = f"Published and regenerated classification report, {model} training data"
    return Table(f"published-{model}", "Label", frame, shown, MEASURES, caption, results.findings)


def _compared(cell: pd.Series[Any]) -> str:
    """Write one cell of the published table beside the regenerated one."""
    write = count if cell["measure"] == "support" else share
    sign = "=" if cell["matches"] else "≠"
    return f"{write(cell['published'])} {sign} {write(cell['regenerated'])}"
