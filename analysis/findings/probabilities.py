"""Rules about probabilities: wrong on the whole, or right on the whole and wrong in places."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import SHOWN, count, plural, share
from analysis.evidence.collect import ModelEvidence
from analysis.evidence.probabilities.curves import BINS
from analysis.evidence.probabilities.scores import Scores
from analysis.findings.finding import (
    CALIBRATED,
    GUESS,
    LEAST_LOANS,
    LEAST_OFF,
    MOST,
    SOME,
    Facts,
    Finding,
    Severity,
)

ROUNDING = 1e-9  # a mean of equal probabilities may fall short of them in its last digits


@dataclass(frozen=True)
class Stretch:
    """Neighbouring tenths of the probability scale that are wrong to the same side.

    Attributes
    ----------
    first, last : int
        The tenths, from 0.
    rows : int
        Test loans with such a probability.
    expected, observed : float
        High-risk loans among them, by the model and in fact.
    """

    first: int
    last: int
    rows: int
    expected: float
    observed: int

    def joined(self, other: Stretch) -> Stretch | None:
        """Return this stretch and its right neighbour as one; None where that is another story."""
        same_side = (self.expected < self.observed) == (other.expected < other.observed)
        if other.first != self.last + 1 or not same_side:
            return None
        return Stretch(
            self.first,
            other.last,
            self.rows + other.rows,
            self.expected + other.expected,
            self.observed + other.observed,
        )


def miscalibrated_in_places(facts: Facts) -> Iterator[Finding]:
    """Fire when probabilities that hold on the whole are wrong in tenths of their scale.

    A tenth counts where its interval excludes the mean prediction and the two differ by
    `LEAST_OFF` or more. The severity follows from the share of test loans in such tenths. Silent
    where `miscalibrated` fires, which says more.
    """
    for name, model in facts.evidence.models.items():
        found = stretches(model.curves.reliability)
        if not found or _faults(model.scores):
            continue
        rows, of = sum(each.rows for each in found), int(model.curves.reliability["rows"].sum())
        yield Finding(
            f"miscalibrated-in-places-{name}",
            _severity(rows / of),
            f"The {name} model's probabilities hold on the whole, not along the scale",
            f"{display.capital('; '.join(map(_described, found)))}. Each of these tenths of "
            "the scale is off beyond chance (95 % for all ten together); they hold "
            f"{count(rows)} of {count(of)} test loans.",
            "fig-reliability",
        )


def stretches(reliability: pd.DataFrame) -> list[Stretch]:
    """Find where predictions are wrong beyond chance, neighbours to the same side as one.

    Each tenth is held against the limits that hold for all ten together.

    Parameters
    ----------
    reliability : DataFrame
        A `ReliabilityFrame`.
    """
    found: list[Stretch] = []
    for tenth in reliability.to_dict("records"):
        if not _off(tenth):
            continue
        place = min(int(tenth["mean_predicted"] * BINS + ROUNDING), BINS - 1)
        rows = int(tenth["rows"])
        observed = round(tenth["observed"] * rows)
        made = Stretch(place, place, rows, tenth["mean_predicted"] * rows, observed)
        joined = found[-1].joined(made) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(made)
    return found


def _off(tenth: dict[Hashable, Any]) -> bool:
    """Whether a tenth's prediction is wrong by more than chance, and by enough to matter."""
    predicted = tenth["mean_predicted"]
    if tenth["rows"] < LEAST_LOANS or abs(predicted - tenth["observed"]) < LEAST_OFF:
        return False
    return not tenth["joint_lower"] <= predicted <= tenth["joint_upper"]


def _severity(part: float) -> Severity:
    if part >= MOST:
        return "high"
    return "medium" if part >= SOME else "low"


def _described(stretch: Stretch) -> str:
    low, high = stretch.first / BINS, (stretch.last + 1) / BINS
    return (
        f"of {plural(stretch.rows, 'loan')} with a probability from {low:g} to {high:g} the model "
        f"expects {count(stretch.expected)} to be high-risk and {count(stretch.observed)} are"
    )


def miscalibrated(facts: Facts) -> Iterator[Finding]:
    """Fire when a model's probabilities are too high, too low, or wrongly spread."""
    for name, model in facts.evidence.models.items():
        faults = _faults(model.scores)
        if not faults:
            continue
        said = " and ".join(faults)
        ranks = "its scores rank loans, but" if _ranks(model) else "they"
        yield Finding(
            f"miscalibrated-{name}",
            "medium",
            f"The {name} model's probabilities are not probabilities",
            f"{display.capital(said)}; {ranks} must not be priced.",
            "tbl-scores",
        )


def _ranks(model: ModelEvidence) -> bool:
    """Whether higher scores go with more high-risk loans, beyond chance."""
    slope, least = model.scores.calibration.slope, model.intervals["roc_auc"].low
    return least is not None and round(least, SHOWN) > GUESS and (slope is None or slope > 0)


def _level(ratio: float | None) -> Iterator[str]:
    """Say on which side a model's mean probability is wrong; nothing where it is right."""
    low, high = CALIBRATED
    if ratio is None:
        yield "it expects no high-risk loan at all"
    elif not low <= ratio <= high:
        side = "more" if ratio < 1 else "fewer"
        yield (
            f"it expects {side} high-risk loans than there are (observed / expected {share(ratio)})"
        )


def _spread(slope: float | None) -> Iterator[str]:
    """Say how a model's probabilities are spread wrongly; nothing where they are right."""
    low, high = CALIBRATED
    if slope is not None and not low <= slope <= high:
        kind = "too extreme" if slope < 1 else "too moderate"
        side = kind if slope > 0 else "the wrong way round"
        yield f"its probabilities are {side} (calibration slope {share(slope)})"


def _faults(scores: Scores) -> list[str]:
    """Say what is wrong with a model's probabilities on the whole."""
    found = scores.calibration
    return [*_level(found.observed_expected), *_spread(found.slope)]
