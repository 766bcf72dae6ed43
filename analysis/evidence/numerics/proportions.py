"""Intervals of a share of loans, and of the ratio of two, where equal loans are decided alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.evidence.numerics.resampling import LEVEL, Interval
from analysis.models.metrics import Counts
from analysis.portfolio.distinct import Places

Limits = tuple[float, float]


@dataclass(frozen=True)
class Proportion:
    """A share of loans.

    Attributes
    ----------
    value : float
        The share, 0 to 1.
    draws : float
        As how many loans drawn one by one its loans count, above 0; `effective` gives it.
    """

    value: float
    draws: float

    def limits(self, level: float = LEVEL) -> Limits:
        """Return Wilson's score interval (1927, doi:10.1080/01621459.1927.10502953)."""
        square = _quantile(level) ** 2 / self.draws
        middle = (self.value + square / 2) / (1 + square)
        reach = np.sqrt(square * (self.value * (1 - self.value) + square / 4)) / (1 + square)
        # At the ends the limit is the end itself, but for rounding.
        low = 0.0 if self.value == 0 else max(0.0, middle - reach)
        high = 1.0 if self.value == 1 else min(1.0, middle + reach)
        return float(low), float(high)


def known_to(loans: int) -> float:
    """Return to how much a share of so many loans is known at least: half of its widest interval.

    0 to 0.5; that of a share of one half.
    """
    return Proportion(1 / 2, loans).limits()[1] - 1 / 2


def _quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def effective(alike: Places, counts: Counts) -> float:
    """Return as how many loans drawn one by one some loans count, equal ones being drawn alike.

    The square of their number by the sum of the squares of how many are alike (Rao and Scott 1992,
    doi:10.2307/2532311): all of them where no two are alike, one where all are.

    Parameters
    ----------
    alike : array of shape (rows,)
        The number of each row's combination of features, from 0.
    counts : array of shape (rows,)
        How many loans each row stands for; not all 0.
    """
    sizes = np.bincount(alike, counts)
    return float(sizes.sum() ** 2 / (sizes**2).sum())


def difference_limits(first: Proportion, second: Proportion, level: float = LEVEL) -> Limits:
    """Return Newcombe's interval of the first share less the second, from Wilson's of both.

    Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method
    10. The shares are taken as independent.
    """
    (low_1, high_1), (low_2, high_2) = first.limits(level), second.limits(level)
    apart = first.value - second.value
    below = np.hypot(first.value - low_1, high_2 - second.value)
    above = np.hypot(high_1 - first.value, second.value - low_2)
    return float(apart - below), float(apart + above)


def ratio_limits(first: Proportion, second: Proportion, level: float = LEVEL) -> Limits:
    """Return the interval of the ratio of two shares, from 0; the second one is above 0.

    MOVER-R of Wilson's intervals, which needs no correction where a share is 0 or 1 (Donner and
    Zou 2012, doi:10.1177/0962280210383082; Newcombe 2016, doi:10.1177/0962280213502144). The
    shares are taken as independent.
    """
    product = first.value * second.value
    (low_1, high_1), (low_2, high_2) = first.limits(level), second.limits(level)
    low = _room(low_1, first.value) * _room(high_2, second.value)
    high = _room(high_1, first.value) * _room(low_2, second.value)
    # The published lower limit, made rational: its numerator and denominator may both be 0.
    below = product + np.sqrt(max(product**2 - low, 0.0))
    above = product + np.sqrt(max(product**2 - high, 0.0))
    lower = _room(low_1, first.value) / below if below else 0.0
    return float(lower), float(above / _room(low_2, second.value))


def _room(limit: float, value: float) -> float:
    """Return limit * (2 * value - limit), by which both limits are made."""
    return limit * (2 * value - limit)


def jeffreys(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """Return the Jeffreys interval of a proportion; it reaches 0 or 1 where none or all succeed."""
    from scipy.stats import beta

    tail = (1 - level) / 2
    posterior = beta(successes + 1 / 2, trials - successes + 1 / 2)
    low = float(posterior.ppf(tail)) if successes else 0.0
    high = float(posterior.ppf(1 - tail)) if successes < trials else 1.0
    return Interval(successes / trials, low, high, "jeffreys")


def exact(successes: float, trials: float, level: float) -> tuple[float, float]:
    """Return the interval of a proportion that holds in at least `level` of samples.

    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404; of numbers that are not whole as Korn and
    Graubard 1998, Survey Methodology 24, 193-201.
    """
    from scipy.stats import beta

    tail, missed = (1 - level) / 2, trials - successes
    low = float(beta.ppf(tail, successes, missed + 1)) if successes else 0.0
    high = float(beta.ppf(1 - tail, successes + 1, missed)) if missed else 1.0
    return low, high


def jeffreys_p(successes: int, trials: int, expected: float) -> float:
    """Return the probability, after the data, that the true share is not above the expected one."""
    from scipy.stats import beta

    return float(beta.cdf(expected, successes + 1 / 2, trials - successes + 1 / 2))
