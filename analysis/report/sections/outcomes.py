"""What the models do on the test loans: tables and bullets of the results."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from analysis.base import display
from analysis.findings.words import Words
from analysis.models.fitted import PUBLISHED
from analysis.models.metrics import REPORT_ROWS
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.models.published import DECIMALS
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.report.drawing import escape
from analysis.report.drawing.markdown import Markdown, joined
from analysis.report.drawing.tables import NAME, Table, written
from analysis.results import Results

NUMBERS = {ORIGINAL: 1, OVERSAMPLED: 2}  # of the models, as the published report counts them
UNDEFINED = f"that label{display.APOSTROPHE}s precision is undefined and shown as 0"


def bullets(results: Results, name: str) -> list[str]:
    """List balanced accuracy, precision and recall of both labels, a line each."""
    model, words = results.models[name], results.words
    report = model.classification_report
    lines = [f"Balanced accuracy: {display.rate(model.balanced_accuracy)}"]
    for label in (HEALTHY, HIGH_RISK):
        row = report[str(label)]
        lines.append(
            f"{display.capital(words.label(label))} loans: precision "
            f"{display.rate(row['precision'])}, recall {display.rate(row['recall'])}"
        )
    counts = model.confusion
    if counts.tp + counts.fp == 0:
        lines.append(f"It predicts no {words.high_risk} loan at all; {UNDEFINED}")
    if counts.tn + counts.fn == 0:
        lines.append(f"It predicts no {words.healthy} loan at all; {UNDEFINED}")
    return lines


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
            f"{display.count(len(cells) - wrong)} of {display.count(len(cells))} cells do."
        )
    if wrong == 0:
        return (
            f"All {display.count(len(cells))} published figures come out again at the decimals "
            "in which they were published."
        )
    return (
        f"{display.count(wrong)} of {display.count(len(cells))} published figures do not come out "
        "again, although the data are the published report's."
    )


def row_title(row: str, words: Words) -> str:
    """Return the report's name for a row of a classification report."""
    names = {str(label): _label(label, words) for label in (HEALTHY, HIGH_RISK)}
    return names.get(row, row.replace("avg", "average"))


def _label(label: int, words: Words) -> str:
    return f"{label} ({words.predicate(label)})"


def labels(results: Results) -> Table:
    """Show the loans of each label: whole portfolio, training, oversampled training, test."""
    split = results.split
    parts = {
        "portfolio": results.data.label_counts,
        "training": split.train_counts,
        "oversampled": results.models.oversampled.fitted.training_counts,
        "test": split.test_counts,
    }
    rows: list[dict[str, Any]] = [
        {NAME: _label(label, results.words), **{part: parts[part][label] for part in parts}}
        for label in (HEALTHY, HIGH_RISK)
    ]
    rows.append({NAME: "all", **{part: sum(parts[part].values()) for part in parts}})
    titles = {
        "portfolio": "Portfolio",
        "training": "Training",
        "oversampled": f"Training, {results.recipe.resampled_adjective}",
        "test": "Test",
    }
    frame = pd.DataFrame(rows)
    texts = written(frame, dict.fromkeys(titles, display.count))
    caption = "Loans by label in each part of the data"
    return Table("labels", "Label", frame, texts, titles, caption, results.findings)


MEASURES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1_score": "F1-score",
    "support": "Support",
}


def classification(results: Results, model: str) -> Table:
    """Show a model's classification report with the layout of the published one."""
    report = results.models[model].report
    frame = pd.DataFrame(
        {
            NAME: [row_title(row, results.words) for row in REPORT_ROWS],
            **{measure: report[measure].to_numpy() for measure in MEASURES},
        }
    )
    texts = written(
        frame, {measure: partial(_cell, measure=measure, decimals=DECIMALS) for measure in MEASURES}
    )
    file = f"report-{_adjective(results, model)}"
    caption = f"Classification report of machine learning model {NUMBERS[model]}"
    return Table(
        f"report-{model}", "Label", frame, texts, MEASURES, caption, results.findings, file=file
    )


def _adjective(results: Results, model: str) -> str:
    """Return what the training loans of a model are: original, oversampled."""
    return results.words.adjective if model == OVERSAMPLED else model


def _cell(value: float | None, measure: str, decimals: int) -> str:
    """Write a cell of a classification report; some of its rows have no such figure."""
    if value is None:
        return ""
    return display.count(value) if measure == "support" else display.share(value, decimals)


def confusion(results: Results, model: str) -> Table:
    """Show a model's confusion matrix on the test rows."""
    counts, words = results.models[model].confusion, results.words
    frame = pd.DataFrame(
        {
            NAME: [_label(label, words) for label in (HEALTHY, HIGH_RISK)],
            "kept": [counts.tn, counts.fn],
            "refused": [counts.fp, counts.tp],
        }
    )
    titles = {
        name: f"Predicted {words.predicate(label)}"
        for name, label in (("kept", HEALTHY), ("refused", HIGH_RISK))
    }
    texts = written(frame, dict.fromkeys(titles, display.count))
    file = f"confusion-{_adjective(results, model)}"
    caption = f"Confusion matrix of machine learning model {NUMBERS[model]}"
    return Table(
        f"confusion-{model}", "Actual label", frame, texts, titles, caption, results.findings,
        file=file,
    )  # fmt: skip


def side_by_side(results: Results) -> Table:
    """Show both models' figures with their differences, oversampled minus original."""
    measures = headline(results)
    frame = measures.rename_axis(NAME).reset_index()
    frame = frame.assign(difference=frame[OVERSAMPLED] - frame[ORIGINAL])
    how = dict.fromkeys(results.words.model_titles, display.rate)
    texts = written(frame, {**how, "difference": display.difference})
    titles = results.words.model_titles | {"difference": "Difference"}
    caption = (
        "Both models on the same test rows; the difference is that of unrounded figures, model 2 "
        "minus model 1"
    )
    return Table(
        "side-by-side", "On the test rows", frame, texts, titles, caption, results.findings
    )


def headline(results: Results) -> pd.DataFrame:
    """Return the figures that the published report lists, a row a measure, a column a model."""
    return pd.DataFrame(
        {
            name: {
                "Balanced accuracy": model.balanced_accuracy,
                **{
                    f"{measure.capitalize()}, {results.words.label(label)}": report[measure]
                    for label in (HIGH_RISK, HEALTHY)
                    for report in [model.classification_report[str(label)]]
                    for measure in ("precision", "recall")
                },
                "Accuracy": model.classification_report["accuracy"],
            }
            for name, model in results.models.items()
        }
    )


def published_section(results: Results) -> Markdown:
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
    write = display.count if cell["measure"] == "support" else display.share
    sign = "=" if cell["matches"] else "≠"
    return f"{write(cell['published'])} {sign} {write(cell['regenerated'])}"
