"""Results drawn as Great Tables: structure only, so that HTML and PDF show the same."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass

import pandas as pd
from great_tables import GT, loc, style

from analysis.base.display import count, share
from analysis.models.metrics import Confusion
from analysis.report.drawing import escape

FENCE = "`" * 6
NAME = "name"
METRICS = {
    "balanced_accuracy": "Balanced accuracy",
    "recall": "Recall, high-risk",
    "precision": "Precision, high-risk",
    "f1": "F1-score, high-risk",
    "specificity": "Recall, healthy",
    "accuracy": "Accuracy",
}
# Found and missed are high-risk loans, refused are healthy ones: the report says so once.
COUNTS = {"tp": "Found", "fn": "Missed", "fp": "Refused"}
SHARES = {"recall": "Recall", "balanced_accuracy": "Balanced accuracy"}


def block(table: GT) -> str:
    """Return a table as a raw HTML block of Markdown, without the library's own style sheet.

    Both output formats take alignment from the cells and everything else from the report's
    style, so the table carries no colours or fonts of its own.
    """
    markup = table.as_raw_html()
    end = "</table>"
    markup = markup[markup.index("<table") : markup.index(end) + len(end)]
    # Of two alignments of a cell Pandoc takes the first, a browser the last: only that stays.
    markup = re.sub(r"text-align: \w+; (?=text-align: )", "", markup)
    return f"\n{FENCE}{{=html}}\n{markup}\n{FENCE}\n"


def download(markup: str, name: str) -> str:
    """Return a raw HTML block that offers the tables of a page's markup as CSV.

    The file travels in the link itself, so that the page stays whole wherever it is put.

    Parameters
    ----------
    markup : str
        What `block` returned.
    name : str
        The file's name.
    """
    (frame,) = pd.read_html(io.StringIO(markup), thousands="", keep_default_na=False)
    content = base64.b64encode(escape.csv(frame).encode()).decode()
    link = f'<a download="{name}" href="data:text/csv;base64,{content}">{name}</a>'
    return f'\n{FENCE}{{=html}}\n<p class="download">{link}</p>\n{FENCE}\n'


def draw(frame: pd.DataFrame, table_id: str, head: str, titles: dict[str, str]) -> GT:
    """Draw a frame of texts: the first column names the rows, the others align to the right.

    Parameters
    ----------
    frame : DataFrame
        Texts, ready to show; the column `name` holds the row names.
    table_id : str
        Prefix of the cells' ids, unique in the document.
    head : str
        What stands above the row names.
    titles : dict of column to title
        What stands above the other columns.
    """
    escaped = frame.map(_markup)
    values = [name for name in frame.columns if name != NAME]
    table = GT(escaped, rowname_col=NAME, id=table_id).tab_stubhead(head).cols_label({**titles})
    # The cells are markup already; the library would escape them once more.
    return align(table.fmt_passthrough([*frame.columns], escape=False), values, "right")


@dataclass(frozen=True)
class Link:
    """A cell that leads to another place of the document, or a plain text where it has none."""

    text: str
    target: str


def _markup(cell: object) -> str:
    if isinstance(cell, Link) and cell.target:
        return f'<a href="#{cell.target}">{escape.in_html(cell.text)}</a>'
    return escape.in_html(cell.text if isinstance(cell, Link) else str(cell))


def align(table: GT, names: list[str], side: str) -> GT:
    """Align columns and their heads in a way that outlives the conversion to PDF."""
    places = [loc.body(columns=names), loc.column_labels(columns=names)]
    return table.cols_align(side, names).tab_style(style.text(align=side), places)


def facts(rows: dict[str, str], table_id: str, head: str, title: str, side: str = "left") -> GT:
    """Draw names and texts in two columns, the texts to one side."""
    frame = pd.DataFrame({NAME: list(rows), "value": list(rows.values())})
    return align(draw(frame, table_id, head, {"value": title}), ["value"], side)


def texts(frame: pd.DataFrame, table_id: str, head: str, titles: dict[str, str]) -> GT:
    """Draw a frame of words: all columns to the left."""
    return align(draw(frame, table_id, head, titles), list(titles), "left")


def outcome_row(title: str, counts: Confusion) -> dict[str, str]:
    """Return the row of a table that says what some decisions found, missed and refused."""
    return {
        NAME: title,
        "tp": count(counts.tp),
        "fn": count(counts.fn),
        "fp": count(counts.fp),
        "recall": share(counts.recall, 3),
        "balanced_accuracy": share(counts.balanced_accuracy, 4),
    }
