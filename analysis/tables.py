"""Results drawn as Great Tables: structure only, so that HTML and PDF show the same."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from great_tables import GT, loc, style

from analysis import display
from analysis.guidance import MATRIX, NOT_ASSESSABLE
from analysis.metrics import REPORT_ROWS
from analysis.models import ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.published import DECIMALS
from analysis.results import Results
from analysis.schema import HEALTHY, HIGH_RISK, LABEL_NAMES, columns
from analysis.settings import OPEN, Settings

FENCE = "`" * 6
NAME = "name"


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
    content = base64.b64encode(frame.to_csv(index=False, lineterminator="\n").encode()).decode()
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

    @classmethod
    def to_heading(cls, text: str) -> Link:
        """Lead to the heading of this text, where it is one that the document has."""
        return cls(text, "" if text.startswith((NOT_ASSESSABLE, OPEN)) else anchor(text))


def anchor(heading: str) -> str:
    """Return the identifier that Pandoc gives to a heading of letters, digits and spaces."""
    return heading.lower().replace(" ", "-")


def _markup(cell: object) -> str:
    if isinstance(cell, Link) and cell.target:
        return f'<a href="#{cell.target}">{display.in_html(cell.text)}</a>'
    return display.in_html(cell.text if isinstance(cell, Link) else str(cell))


def align(table: GT, names: list[str], side: str) -> GT:
    """Align columns and their heads in a way that outlives the conversion to PDF."""
    places = [loc.body(columns=names), loc.column_labels(columns=names)]
    return table.cols_align(side, names).tab_style(style.text(align=side), places)


def row_title(row: str) -> str:
    """Return the report's name for a row of a classification report."""
    names = {str(label): f"{label} ({name})" for label, name in LABEL_NAMES.items()}
    return names.get(row, row.replace("avg", "average"))


def labels(results: Results) -> GT:
    """Draw the loans of each label: whole portfolio, training, oversampled training, test."""
    split = results.split
    parts = {
        "portfolio": results.data.label_counts,
        "training": split.train_counts,
        "oversampled": results.oversampled.fitted.training_counts,
        "test": split.test_counts,
    }
    rows = [
        {NAME: f"{label} ({name})", **{part: display.count(parts[part][label]) for part in parts}}
        for label, name in LABEL_NAMES.items()
    ]
    rows.append({NAME: "all", **{part: display.count(sum(parts[part].values())) for part in parts}})
    titles = {
        "portfolio": "Portfolio",
        "training": "Training",
        "oversampled": "Training, oversampled",
        "test": "Test",
    }
    return draw(pd.DataFrame(rows), "labels", "Label", titles)


def classification(results: Results, model: str) -> GT:
    """Draw a model's classification report with the layout of the published one."""
    report = results.models[model].report
    frame = pd.DataFrame(
        {
            NAME: [row_title(row) for row in REPORT_ROWS],
            **{
                measure: [
                    "" if pd.isna(value) else display.share(value, DECIMALS)
                    for value in report[measure]
                ]
                for measure in ("precision", "recall", "f1_score")
            },
            "support": [display.count(value) for value in report["support"]],
        }
    )
    titles = {
        "precision": "Precision",
        "recall": "Recall",
        "f1_score": "F1-score",
        "support": "Support",
    }
    return draw(frame, f"report-{model}", "Label", titles)


def confusion(results: Results, model: str) -> GT:
    """Draw a model's confusion matrix on the test rows."""
    counts = results.models[model].confusion
    frame = pd.DataFrame(
        {
            NAME: [f"{label} ({LABEL_NAMES[label]})" for label in (HEALTHY, HIGH_RISK)],
            "kept": [display.count(counts.tn), display.count(counts.fn)],
            "refused": [display.count(counts.fp), display.count(counts.tp)],
        }
    )
    titles = {"kept": "Predicted healthy", "refused": "Predicted high-risk"}
    return draw(frame, f"confusion-{model}", "Actual label", titles)


def side_by_side(results: Results) -> GT:
    """Draw both models' figures with their differences, oversampled minus original."""
    measures = headline(results)
    frame = pd.DataFrame(
        {
            NAME: measures.index,
            ORIGINAL: [display.share(value, 3) for value in measures[ORIGINAL]],
            OVERSAMPLED: [display.share(value, 3) for value in measures[OVERSAMPLED]],
            "difference": [
                display.difference(value) for value in measures[OVERSAMPLED] - measures[ORIGINAL]
            ],
        }
    )
    return draw(
        frame, "side-by-side", "On the test rows", SHORT_TITLES | {"difference": "Difference"}
    )


def headline(results: Results) -> pd.DataFrame:
    """Return the figures that the published report lists, a row a measure, a column a model."""
    return pd.DataFrame(
        {
            name: {
                "Balanced accuracy": model.balanced_accuracy,
                **{
                    f"{measure.capitalize()}, {LABEL_NAMES[label]}": model.classification_report[
                        str(label)
                    ][measure]
                    for label in (HIGH_RISK, HEALTHY)
                    for measure in ("precision", "recall")
                },
                "Accuracy": model.classification_report["accuracy"],
            }
            for name, model in results.models.items()
        }
    )


def published(results: Results, model: str) -> GT:
    """Draw published = regenerated, cell by cell; ≠ marks a cell that came out differently."""
    cells = results.published.query("model == @model")
    texts = cells.assign(text=cells.apply(_compared, axis="columns"))
    frame = texts.pivot_table(index="row", columns="measure", values="text", aggfunc="first")
    frame = frame.loc[REPORT_ROWS, ["precision", "recall", "f1_score", "support"]].fillna("")
    frame.insert(0, NAME, [row_title(row) for row in REPORT_ROWS])
    titles = {
        "precision": "Precision",
        "recall": "Recall",
        "f1_score": "F1-score",
        "support": "Support",
    }
    return draw(frame.reset_index(drop=True), f"published-{model}", "Label", titles)


def _compared(cell: pd.Series[Any]) -> str:
    """Write one cell of the published table beside the regenerated one."""
    write = display.count if cell["measure"] == "support" else display.share
    sign = "=" if cell["matches"] else "≠"
    return f"{write(cell['published'])} {sign} {write(cell['regenerated'])}"


def dictionary() -> GT:
    """Draw the data dictionary from the schema."""
    frame = pd.DataFrame(
        [
            {
                NAME: column.name,
                "title": column.title,
                "unit": column.unit,
                "allowed": column.allowed,
                "description": display.typographic(column.description),
            }
            for column in columns()
        ]
    )
    titles = {
        "title": "Title",
        "unit": "Unit",
        "allowed": "Allowed",
        "description": "Description",
    }
    return align(draw(frame, "dictionary", "Column", titles), list(titles), "left")


def facts(rows: dict[str, str], table_id: str, head: str, title: str, side: str = "left") -> GT:
    """Draw names and texts in two columns, the texts to one side."""
    frame = pd.DataFrame({NAME: list(rows), "value": list(rows.values())})
    return align(draw(frame, table_id, head, {"value": title}), ["value"], side)


def texts(frame: pd.DataFrame, table_id: str, head: str, titles: dict[str, str]) -> GT:
    """Draw a frame of words: all columns to the left."""
    return align(draw(frame, table_id, head, titles), list(titles), "left")


def guidance() -> GT:
    """Draw which section answers what each guidance asks; the answers link to the sections."""
    rows = [
        {NAME: each.source, "item": each.item, "answer": Link.to_heading(each.answer)}
        for each in MATRIX
    ]
    return texts(
        pd.DataFrame(rows), "guidance", "Guidance", {"item": "Asks for", "answer": "Answer"}
    )


def sign_off(settings: Settings) -> GT:
    """Draw the table to be signed: a row a role, nothing filled in."""
    rows = [{NAME: role, "who": "", "decision": "", "signed": ""} for role in settings.sign_off]
    titles = {"who": "Name", "decision": "Decision", "signed": "Date and signature"}
    return texts(pd.DataFrame(rows), "sign-off", "Role", titles)


def change_log(settings: Settings) -> GT:
    """Draw the change log, newest last."""
    rows = [
        {NAME: each.version, "date": each.date, "change": each.change}
        for each in settings.change_log
    ]
    return texts(
        pd.DataFrame(rows, columns=[NAME, "date", "change"]),
        "changes",
        "Version",
        {"date": "Date", "change": "Change"},
    )
