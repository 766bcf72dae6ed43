"""Rules about probabilities: wrong on the whole, or right on the whole and wrong in places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.base.display import capital, count, decimals_for, plural, share
from analysis.evidence.collect import ModelEvidence
from analysis.evidence.numerics.resampling import Interval
from analysis.findings.finding import CALIBRATED, FEW_LOANS, GUESS, SOME, Facts, Finding
from analysis.findings.words import Words
from analysis.portfolio.declaration import HIGH_RISK

# Expected loans below this are written with a decimal.
FEW = 100
USE = "Use its scores to rank or decide, not to price or provision."
NO_USE = "Use its scores neither to rank nor to price or provision."
STRETCH = ("lower", "upper", "loans", "expected", "observed")


@dataclass(frozen=True)
class Stretch:
    """Neighbouring grades of the probability scale that are wrong to the same side.

    Attributes
    ----------
    lower, upper : float
        The probabilities that they cover.
    loans : int
        Test loans with such a probability.
    expected, observed : float
        High-risk loans among them, by the model and in fact.
    """

    lower: float
    upper: float
    loans: int
    expected: float
    observed: int

    def joined(self, other: Stretch) -> Stretch | None:
        """Return this stretch and its right neighbour as one; None where that is another story."""
        same_side = (self.expected < self.observed) == (other.expected < other.observed)
        if other.lower != self.upper or not same_side:
            return None
        return Stretch(
            self.lower,
            other.upper,
            self.loans + other.loans,
            self.expected + other.expected,
            self.observed + other.observed,
        )


def miscalibrated_in_places(facts: Facts) -> Iterator[Finding]:
    """Fire when probabilities that hold on the whole are wrong in tenths of their scale.

    Silent where `miscalibrated` fires, which says more.
    """
    for name, model in facts.evidence.models.items():
        found, off = stretches(model.probabilities.grades), model.probabilities.loans_off
        if not found or faults(model, facts.words):
            continue
        rows = model.confusion.rows
        described = "; ".join(_described(each, facts.words) for each in found)
        each_of = "Each of these stretches" if len(found) > 1 else "That stretch"
        yield Finding(
            f"miscalibrated-in-places-{name}",
            "medium" if off / rows >= SOME else "low",
            f"{capital(facts.words.models[name])}'s probabilities are off in places",
            f"{count(off)} of {count(rows)} test loans there",
            f"{capital(described)}. {each_of} is off beyond chance (95 % "
            f"for all tenths of the scale together); {verb_of(off)} {count(off)} of {count(rows)} "
            "test loans.",
            "Price nothing by these probabilities before they are recalibrated.",
            "tbl-grades",
        )


def verb_of(loans: int) -> str:
    """Open the count of loans in stretches that are off."""
    return "in all, that is" if loans == 1 else "in all, those are"


def stretches(grades: pd.DataFrame) -> list[Stretch]:
    """Find where predictions are wrong beyond chance, neighbours to the same side as one.

    Parameters
    ----------
    grades : DataFrame
        A `GradeFrame`.
    """
    found: list[Stretch] = []
    for row in grades[grades["off"]].to_dict("records"):
        made = Stretch(*(row[name] for name in STRETCH))
        joined = found[-1].joined(made) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(made)
    return found


def _described(stretch: Stretch, words: Words) -> str:
    expected = share(stretch.expected, 1) if stretch.expected < FEW else count(stretch.expected)
    return (
        f"of {plural(stretch.loans, 'loan')} with a probability from {stretch.lower:g} to "
        f"{stretch.upper:g} the model expects {expected} to be "
        f"{words.predicate(HIGH_RISK)}, observed: {count(stretch.observed)}"
    )


def miscalibrated(facts: Facts) -> Iterator[Finding]:
    """Fire when a model's probabilities are too high, too low, or wrongly spread.

    Beyond chance, and by more than validators usually accept.
    """
    for name, model in facts.evidence.models.items():
        wrong = faults(model, facts.words)
        if not wrong:
            continue
        ranks = "its scores rank loans, but" if _ranks(facts, name) else "they"
        ratio, slope = model.intervals["observed_expected"], model.probabilities.slope.value
        yield Finding(
            f"miscalibrated-{name}",
            "medium",
            f"{capital(facts.words.models[name])}'s probabilities are not probabilities",
            f"observed / expected {_ratio(ratio.estimate)}"
            if _off(ratio)
            else f"calibration slope {share(slope)}",
            f"{capital(' and '.join(wrong))}; {ranks} must not be priced.",
            USE if _ranks(facts, name) else NO_USE,
            "tbl-scores",
        )


def _ranks(facts: Facts, name: str) -> bool:
    """Whether higher scores go with more high-risk loans, beyond chance."""
    area = facts.evidence.areas.areas[name]
    low = area.interval.low if area.interval.low is not None else area.value
    return low is not None and low > GUESS


def faults(model: ModelEvidence, words: Words) -> list[str]:
    """Say what is wrong with a model's probabilities on the whole.

    Nothing where they are right, and where there are too few test loans to tell.
    """
    if model.confusion.rows < FEW_LOANS:
        return []
    ratio, slope = model.intervals["observed_expected"], model.probabilities.slope.interval
    return [*_level(ratio, words), *_spread(slope)]


def _off(found: Interval) -> bool:
    """Whether a figure that should be 1 is not: its interval excludes 1, by enough to matter."""
    low, high = CALIBRATED
    if found.estimate is None or found.low is None or found.high is None:
        return False
    return not (low <= found.estimate <= high or found.low <= 1 <= found.high)


def _level(found: Interval, words: Words) -> Iterator[str]:
    """Say on which side a model's mean probability is wrong."""
    if _off(found):
        side = "more" if (found.estimate or 0.0) < 1 else "fewer"
        yield (
            f"it expects {side} {words.high_risk} loans than there are (observed / expected "
            f"{_written(found)})"
        )


def _spread(found: Interval) -> Iterator[str]:
    """Say how a model's probabilities are spread wrongly."""
    if _off(found):
        kind = "too extreme" if (found.estimate or 0.0) < 1 else "too moderate"
        side = "the wrong way round" if (found.high or 0.0) < 0 else kind
        yield f"its probabilities are {side} (calibration slope {_written(found)})"


def _written(found: Interval) -> str:
    estimate, low, high = (_ratio(each) for each in (found.estimate, found.low, found.high))
    return f"{estimate}, 95 % interval {low} to {high}"


def _ratio(value: float | None) -> str:
    """Write a ratio so that a small one does not read as none."""
    return share(value, decimals_for(value or 0.0, 2))
