"""What the models do on the test loans: tables and bullets of the results."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.models.fits import ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.models.metrics import REPORT_ROWS
from analysis.models.published import DECIMALS
from analysis.portfolio.schema import HEALTHY, HIGH_RISK, LABEL_NAMES
from analysis.report.drawing.tables import NAME, draw
from analysis.results import ModelResult, Results

UNDEFINED = "that label's precision is undefined and shown as 0"


def bullets(model: ModelResult) -> str:
    """List balanced accuracy, precision and recall of both labels, as Markdown bullets."""
    report = model.classification_report
    lines = [f"- Balanced accuracy: {display.share(model.balanced_accuracy, 3)}"]
    for label in (HEALTHY, HIGH_RISK):
        row = report[str(label)]
        lines.append(
            f"- {LABEL_NAMES[label].capitalize()} loans: precision "
            f"{display.share(row['precision'], 3)}, recall {display.share(row['recall'], 3)}"
        )
    counts = model.confusion
    if counts.tp + counts.fp == 0:
        lines.append(f"- It predicts no high-risk loan at all; {UNDEFINED}")
    if counts.tn + counts.fn == 0:
        lines.append(f"- It predicts no healthy loan at all; {UNDEFINED}")
    return "\n".join(lines)


def agreement(results: Results) -> str:
    """Say whether the published figures came out again, and whether they were expected to."""
    cells = results.published
    wrong = int((~cells["matches"]).sum())
    if results.data.known is None:
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
