"""Hold the results that a report is made of against each other: a contradiction stops it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.evidence.thresholds.choices import MATCHED, ModelThresholds
from analysis.evidence.thresholds.costs import Choice
from analysis.evidence.thresholds.curve import HALF
from analysis.models.evaluation import ModelResult
from analysis.models.metrics import Confusion
from analysis.results import Results

TOLERANCE = 1e-9


class ContradictionError(Exception):
    """Two figures of one report do not fit each other."""


def check(results: Results) -> None:
    """Raise when the results contradict each other.

    Raises
    ------
    ContradictionError
        Naming both sides of every contradiction.
    """
    found = [
        *(text for name, model in results.models.items() for text in _model(results, name, model)),
        *_evidence(results),
        *_costs(results),
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
        if not _equal(stated, counted):
            yield f"{name}: {title} {stated} is {counted} by the confusion matrix"


def _evidence(results: Results) -> Iterator[str]:
    """Hold the evidence against the results that it is about."""
    evidence, test_rows = results.evidence, results.split.test_rows
    for name, model in results.models.items():
        estimate = evidence.models[name].intervals["balanced_accuracy"].estimate
        if estimate is not None and not _equal(estimate, model.balanced_accuracy):
            yield f"{name}: the interval is around {estimate}, not {model.balanced_accuracy}"
    paired = evidence.comparison.differences["balanced_accuracy"].difference
    stated = (
        results.models.oversampled.balanced_accuracy - results.models.original.balanced_accuracy
    )
    if paired is not None and not _equal(paired, stated):
        yield f"the paired difference {paired} is {stated} by the results"
    rows = {
        "loans": (evidence.data.repeats.rows, results.data.rows),
        "test loans that may repeat others": (evidence.data.repeats.test_rows, test_rows),
        "test loans compared": (evidence.comparison.rows, test_rows),
        "test loans corrected": (evidence.recalibrated.confusion_before.rows, test_rows),
    }
    for title, (counted, given) in rows.items():
        if counted != given:
            yield f"{counted} {title} are {given} by the data"


def _costs(results: Results) -> Iterator[str]:
    """Hold thresholds and costs against the confusion matrices, and the ranges against both."""
    found = results.evidence.thresholds
    choices = {name: model.at_half for name, model in found.models.items()}
    if found.matched:
        choices[MATCHED] = found.matched.choice
    for name, model in found.models.items():
        counts = results.models[name].confusion
        for place, stated in {"choice": model.at_half.confusion, "curve": _half(model)}.items():
            if stated != counts:
                yield f"{name}: at one half the {place} has {stated}, the confusion matrix {counts}"
    priced = [
        *choices.values(),
        *(each.cheapest for each in found.models.values() if each.cheapest),
    ]
    for choice in priced:
        stated_cost, counted = choice.expected_cost, _cost(choice.confusion, found.cost_ratio)
        if not _equal(stated_cost, counted):
            yield f"a cost of {stated_cost} at {choice.threshold} is {counted} by its counts"
    yield from _cheapest(results, choices)


def _half(model: ModelThresholds) -> Confusion:
    row = model.curve[model.curve["threshold"] <= HALF].iloc[-1]
    return Confusion(*(int(row[name]) for name in ("tn", "fp", "fn", "tp")))


def _cost(counts: Confusion, ratio: float) -> float:
    return (counts.fp + ratio * counts.fn) / counts.rows


def _cheapest(results: Results, choices: dict[str, Choice]) -> Iterator[str]:
    """Hold the ranges of cost ratios against the costs at the report's own ratio."""
    found = results.evidence.thresholds
    costs = {name: _cost(each.confusion, found.cost_ratio) for name, each in choices.items()}
    winners = [
        each.choice
        for each in found.ranges
        if each.wins and (each.lower or 0) <= found.cost_ratio <= (each.upper or math.inf)
    ]
    if not winners or any(not _equal(costs[name], min(costs.values())) for name in winners):
        yield f"{winners} should be the cheapest at {found.cost_ratio}, the costs are {costs}"


def _equal(first: float, second: float) -> bool:
    return math.isclose(first, second, abs_tol=TOLERANCE)
