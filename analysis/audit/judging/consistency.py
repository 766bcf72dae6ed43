"""Holds the figures of a report against each other, where no loan file is given.

Supports and figures leave a set of confusion matrices of whole numbers. A figure is wrong when all
the others agree with one of them, and it alone with none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.audit.judging.instead import explained
from analysis.audit.judging.judged import NOT_JUDGED, WRONG, Judged
from analysis.audit.recipes.outcomes import Experiment, Outcome
from analysis.audit.stated import CELLS, MODELS, Figure, supports
from analysis.base.display import rate
from analysis.models.metrics import Confusion

# Matrices that are tried at most.
MOST_MATRICES = 3_000_000
# As many figures must agree before the one that does not is called wrong.
LEAST_AGREEING = 3
# And at most this share of them may be wrong.
MOST_WRONG = 0.2


def judge(figures: Sequence[Figure]) -> list[Judged]:
    """Judge every figure by the others."""
    wrong: dict[int, Judged] = {}
    for model in MODELS:
        own = [each for each in figures if each.model == model and each.hold != "loose"]
        for judged in (*_supports(own), *_harmonic(own)):
            wrong[id(judged.figure)] = judged
        left = [each for each in own if id(each) not in wrong]
        for judged in _contradicted(left, model):
            wrong[id(judged.figure)] = judged
    return [
        wrong.get(id(each), Judged(each, NOT_JUDGED, "", each.why or "no loan file was given"))
        for each in figures
    ]


def _supports(figures: Sequence[Figure]) -> list[Judged]:
    """Find numbers of loans that are not the sum of both labels' where the others are."""
    counts = _counts(figures)
    whole = [each for each in figures if each.measure == "support" and each.label not in (0, 1)]
    if counts is None:
        return []
    total = sum(counts)
    if not any(each.value == total for each in whole):
        return []
    return [
        Judged(
            each,
            WRONG,
            "mistyped",
            f"{total} is the sum of both labels' numbers of loans, {counts[0]} and {counts[1]}",
        )
        for each in whole
        if each.value != total
    ]


def _counts(figures: Sequence[Figure]) -> tuple[int, int] | None:
    """Return how many test loans have each label, where one number of each is stated."""
    found = [{int(value) for at, value in supports(figures) if at == label} for label in (0, 1)]
    if all(len(values) == 1 for values in found):
        return found[0].pop(), found[1].pop()
    return None


def _harmonic(figures: Sequence[Figure]) -> list[Judged]:
    """Find F1 scores that do not lie where precision and recall beside them put them."""
    found = []
    for each in figures:
        if each.measure != "f1_score" or each.label not in (0, 1):
            continue
        beside = {
            other.measure: other
            for other in figures
            if (other.label, other.table) == (each.label, each.table)
            and other.measure in ("precision", "recall")
        }
        if len(beside) < len(("precision", "recall")):
            continue
        precision, recall = beside["precision"], beside["recall"]
        low, high = (
            _mean(
                max(0.0, precision.value + side * precision.unit / 2),
                max(0.0, recall.value + side * recall.unit / 2),
            )
            for side in (-1, 1)
        )
        if not low - each.unit / 2 <= each.value <= high + each.unit / 2:
            mean = _mean(precision.value, recall.value)
            words = f"{rate(mean)} is the harmonic mean of the precision and recall beside it"
            found.append(Judged(each, WRONG, "mistyped", words))
    return found


def _mean(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def _contradicted(figures: Sequence[Figure], model: str) -> list[Judged]:
    """Find figures that disagree with every matrix with which all the others agree."""
    counts = _counts(figures)
    held = [each for each in figures if each.measure != "support"]
    matrices = None if counts is None else _possible(held, *counts)
    if matrices is None or not held:
        return []
    agrees = np.array([_agrees(each, matrices) for each in held])
    number = agrees.sum(axis=0)
    most = int(number.max())
    best = agrees[:, number == most]
    if most == len(held) or (best != best[:, :1]).any():
        return []
    against = [each for each, fits in zip(held, best[:, 0], strict=True) if not fits]
    loans = sum(each.measure == "support" for each in figures)
    if most + loans < LEAST_AGREEING or len(against) > max(1, MOST_WRONG * len(held)):
        return []
    at = int(np.flatnonzero(number == most)[0])
    cells = (int(matrices.value(cell, None)[at]) for cell in CELLS)
    experiment = Experiment({model: Outcome(Confusion(*cells))})
    return [explained(each, experiment, figures) for each in against]


def _possible(figures: Sequence[Figure], healthy: int, risky: int) -> Outcome | None:
    """Return the matrices that some figure allows, as one of arrays; None where too many."""
    most = max((_most_false_positives(each, healthy, risky) for each in figures), default=healthy)
    most = min(healthy, most)
    if (most + 1) * (risky + 1) > MOST_MATRICES or not healthy or not risky:
        return None
    fp: Any
    fn: Any
    fp, fn = (each.ravel() for each in np.meshgrid(np.arange(most + 1), np.arange(risky + 1)))
    return Outcome(Confusion(healthy - fp, fp, fn, risky - fn))


def _most_false_positives(figure: Figure, healthy: int, risky: int) -> int:
    """Return how many healthy loans may be refused for a figure to be right; 0 where it is mute."""
    low = max(0.0, figure.value - figure.unit)
    if (figure.measure, figure.label) == ("recall", 0):
        return int(healthy * (1 - low)) + 1
    if (figure.measure, figure.label) == ("accuracy", None):
        return int((healthy + risky) * (1 - low)) + 1
    if figure.measure == "false_positives":
        return int(figure.value) + 1
    if (figure.measure, figure.label) == ("precision", 1) and low:
        return int(risky * (1 - low) / low) + 1
    return 0


def _agrees(figure: Figure, matrices: Outcome) -> NDArray[np.bool_]:
    """Return with which matrices a figure agrees, shape (matrices,)."""
    value = matrices.value(str(figure.measure), figure.label)
    if value is None:
        return np.ones(np.shape(matrices.confusion.fp), dtype=bool)
    fits: NDArray[np.bool_] = np.abs(value - figure.value) <= figure.unit / 2 * (1 + 1e-9)
    return fits
