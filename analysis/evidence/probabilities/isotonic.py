"""The best monotone recalibration of a model, and what the Brier score consists of by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.base.entries import Share
from analysis.evidence.numerics.resampling import LEVEL, SEED
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Labels, Values

DRAWS = 100
MOST_LEVELS = 20_000  # in the draws by chance; beyond, neighbours share a level


@dataclass(frozen=True)
class Levels:
    """Loans by distinct predicted probability, rising.

    Attributes
    ----------
    predicted : array of shape (levels,)
        Probability of a high-risk loan, 0 to 1.
    loans, risky : array of shape (levels,)
        Loans with this probability, and the high-risk ones among them.
    recalibrated : array of shape (levels,)
        The rising probabilities with the lowest Brier score.
    """

    predicted: Values
    loans: Counts
    risky: Counts
    recalibrated: Values


@dataclass(frozen=True)
class BrierParts:
    """What the Brier score is made of: reliability - resolution + uncertainty.

    Attributes
    ----------
    skill : float or None
        1 - Brier score by `uncertainty`: 1 for a perfect model, 0 for one that gives every loan
        the observed share, below 0 for a worse one. None with one label only.
    reliability : float
        What recalibration would take off, from 0, best 0.
    resolution : float
        What the recalibrated model takes off the uncertainty, from 0, at best `uncertainty`.
    uncertainty : float
        Brier score of the observed share, 0 to 0.25.
    """

    skill: float | None
    reliability: Share
    resolution: Share
    uncertainty: Share


def levels(labels: Labels, log_odds: Values, counts: Counts) -> Levels:
    """Group loans by their probability and recalibrate by isotonic regression."""
    from scipy.special import expit

    predicted, place = np.unique(expit(log_odds), return_inverse=True)
    loans = np.bincount(place, counts).astype(np.int64)
    risky = np.bincount(place, counts * labels).astype(np.int64)
    return Levels(predicted, loans, risky, _rising(risky, loans))


def integrated_index(found: Levels) -> float:
    """Return the integrated calibration index: the mean distance to the recalibrated model.

    0 to 1, best 0; in probability. Austin and Steyerberg 2019, doi:10.1002/sim.8281, with isotonic
    regression in place of a local one.
    """
    return float(np.average(np.abs(found.recalibrated - found.predicted), weights=found.loans))


def chance_index(found: Levels) -> float:
    """Return what the index stays below in 95 of 100 samples if the probabilities were right.

    Parameters
    ----------
    found : Levels
        Loans and their probabilities; beyond `MOST_LEVELS` of them, neighbours are merged.
    """
    predicted, loans = _thinned(found)
    generator = np.random.default_rng(SEED)
    drawn = generator.binomial(loans, predicted, size=(DRAWS, len(loans)))
    indices = [
        np.average(np.abs(_rising(risky, loans) - predicted), weights=loans) for risky in drawn
    ]
    return float(np.quantile(indices, LEVEL))


def brier_parts(found: Levels) -> BrierParts:
    """Take the Brier score apart, without bins and without a rest.

    Dimitriadis, Gneiting and Jordan 2021, doi:10.1073/pnas.2016191118, in the names of Murphy 1973,
    doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2.
    """
    total = found.loans.sum()
    share = found.risky.sum() / total
    as_is, best = _brier(found, found.predicted), _brier(found, found.recalibrated)
    uncertainty = float(share * (1 - share))
    return BrierParts(
        skill=1 - as_is / uncertainty if uncertainty else None,
        reliability=max(as_is - best, 0.0),
        resolution=max(uncertainty - best, 0.0),
        uncertainty=uncertainty,
    )


def _rising(risky: Counts, loans: Counts) -> Values:
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(risky / loans, weights=loans).x)


def _brier(found: Levels, predicted: Values) -> float:
    healthy = found.loans - found.risky
    squares = found.risky * (1 - predicted) ** 2 + healthy * predicted**2
    return float(squares.sum() / found.loans.sum())


def _thinned(found: Levels) -> tuple[Values, Counts]:
    if len(found.loans) <= MOST_LEVELS:
        return found.predicted, found.loans
    group = np.arange(len(found.loans)) * MOST_LEVELS // len(found.loans)
    loans = np.bincount(group, found.loans)
    return np.bincount(group, found.loans * found.predicted) / loans, loans.astype(np.int64)
