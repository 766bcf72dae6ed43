"""What the models do on the test loans: tables and bullets of the results."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import count, difference, rate, share
from analysis.findings.words import Words
from analysis.models.metrics import REPORT_ROWS
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.models.published import DECIMALS
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.tables import Table
from analysis.results import Results

NUMBERS = {ORIGINAL: 1, OVERSAMPLED: 2}  # of the models, as the published report counts them
UNDEFINED = f"that label{display.APOSTROPHE}s precision is undefined and shown as 0"
MEASURES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1_score": "F1-score",
    "support": "Support",
}


def bullets(results: Results, name: str) -> list[str]:
    """List balanced accuracy, precision and recall of both labels, a line each."""
    model, words = results.models[name], results.words
    report = model.classification_report
    lines = [f"Balanced accuracy: {rate(model.balanced_accuracy)}"]
    for label in (HEALTHY, HIGH_RISK):
        row = report[str(label)]
        lines.append(
            f"{display.capital(words.label(label))} loans: precision "
            f"{rate(row['precision'])}, recall {rate(row['recall'])}"
        )
    counts = model.confusion
    if counts.tp + counts.fp == 0:
        lines.append(f"It predicts no {words.high_risk} loan at all; {UNDEFINED}")
    if counts.tn + counts.fn == 0:
        lines.append(f"It predicts no {words.healthy} loan at all; {UNDEFINED}")
    return lines


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
    columns: Columns = {
        "portfolio": ("Portfolio", count),
        "training": ("Training", count),
        "oversampled": (f"Training, {results.recipe.resampled_adjective}", count),
        "test": ("Test", count),
    }
    caption = "Loans by label in each part of the data"
    return Table.of("labels", "Label", pd.DataFrame(rows), columns, caption, results.findings)


def classification(results: Results, model: str) -> Table:
    """Show a model's classification report with the layout of the published one."""
    report = results.models[model].report
    frame = pd.DataFrame(
        {
            NAME: [row_title(row, results.words) for row in REPORT_ROWS],
            **{measure: report[measure].to_numpy() for measure in MEASURES},
        }
    )
    columns: Columns = {
        measure: (title, _counted if measure == "support" else _share)
        for measure, title in MEASURES.items()
    }
    caption = f"Classification report of machine learning model {NUMBERS[model]}"
    place, file = f"report-{model}", f"report-{_adjective(results, model)}"
    return Table.of(place, "Label", frame, columns, caption, results.findings, file)


def _share(value: float | None) -> str:
    """Write a share as published; some rows of a classification report have none."""
    return "" if value is None else share(value, DECIMALS)


def _counted(value: float | None) -> str:
    return "" if value is None else count(value)


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
    columns: Columns = {
        "kept": (f"Predicted {words.predicate(HEALTHY)}", count),
        "refused": (f"Predicted {words.predicate(HIGH_RISK)}", count),
    }
    caption = f"Confusion matrix of machine learning model {NUMBERS[model]}"
    place, file = f"confusion-{model}", f"confusion-{_adjective(results, model)}"
    return Table.of(place, "Actual label", frame, columns, caption, results.findings, file)


def _adjective(results: Results, model: str) -> str:
    """Return what the training loans of a model are: original, oversampled."""
    return results.words.adjective if model == OVERSAMPLED else model


def row_title(row: str, words: Words) -> str:
    """Return the report's name for a row of a classification report."""
    names = {str(label): _label(label, words) for label in (HEALTHY, HIGH_RISK)}
    return names.get(row, row.replace("avg", "average"))


def _label(label: int, words: Words) -> str:
    return f"{label} ({words.predicate(label)})"


def side_by_side(results: Results) -> Table:
    """Show both models' figures with their differences, oversampled minus original."""
    measures = headline(results)
    frame = measures.rename_axis(NAME).reset_index()
    frame = frame.assign(difference=frame[OVERSAMPLED] - frame[ORIGINAL])
    columns: Columns = {name: (title, rate) for name, title in results.words.model_titles.items()}
    columns = {**columns, "difference": ("Difference", difference)}
    caption = (
        "Both models on the same test rows; the difference is that of unrounded figures, model 2 "
        "minus model 1"
    )
    return Table.of("side-by-side", "On the test rows", frame, columns, caption, results.findings)


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
