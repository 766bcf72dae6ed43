"""Hold what the report is about to say against itself: a contradiction stops the render."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis import prose
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.results import ModelResult, Results

TOLERANCE = 1e-9


class ContradictionError(Exception):
    """Two figures, or a figure and a sentence, of one report do not fit each other."""


def check(results: Results) -> None:
    """Raise when the results contradict each other or the verdict contradicts its table.

    Raises
    ------
    ContradictionError
        Naming every contradiction.
    """
    found = [
        *(text for name, model in results.models.items() for text in _model(results, name, model)),
        *_verdict(results),
        *_evidence(results),
    ]
    if found:
        raise ContradictionError("; ".join(found))


def _model(results: Results, name: str, model: ModelResult) -> Iterator[str]:
    """Hold a model's confusion counts, classification report and balanced accuracy together."""
    counts, report = model.confusion, model.classification_report
    supports = (counts.tn + counts.fp, counts.fn + counts.tp)
    if counts.rows != results.split.test_rows:
        yield f"{name}: {counts.rows} decisions on {results.split.test_rows} test rows"
    if supports != (report["0"]["support"], report["1"]["support"]):
        yield f"{name}: supports {supports} are not the report's"
    pairs = {
        "balanced accuracy": (model.balanced_accuracy, counts.balanced_accuracy),
        "recall": (report["1"]["recall"], counts.recall),
        "precision": (report["1"]["precision"], counts.precision),
    }
    for title, (stated, counted) in pairs.items():
        if not math.isclose(stated, counted, abs_tol=TOLERANCE):
            yield f"{name}: {title} {stated} is {counted} by the confusion matrix"


def _verdict(results: Results) -> Iterator[str]:
    """Hold the model that the headline names against the figures that the table shows."""
    shown = {name: f"{model.balanced_accuracy:.3f}" for name, model in results.models.items()}
    said = prose.headline(results)
    named = [name for name in shown if said.lower().startswith(prose.NAMES[name])]
    first, second = float(shown[ORIGINAL]), float(shown[OVERSAMPLED])
    best = [] if first == second else [ORIGINAL if first > second else OVERSAMPLED]
    if named != best or any(figure not in said for figure in shown.values()):
        yield f"the verdict {said!r} contradicts its table {shown}"


def _evidence(results: Results) -> Iterator[str]:
    """Hold the evidence against the results that it is about."""
    for name, model in results.models.items():
        if results.evidence.models[name].confusion != model.confusion:
            yield f"{name}: the evidence is about other decisions"
    paired = results.evidence.comparison.differences["balanced_accuracy"].difference
    stated = results.oversampled.balanced_accuracy - results.original.balanced_accuracy
    if paired is not None and not math.isclose(paired, stated, abs_tol=TOLERANCE):
        yield f"the paired difference {paired} is {stated} by the results"
