"""Bootstrap draws of counted things, and the percentile intervals made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.portfolio.loans import Values

LEVEL = 0.95
REPLICATES = 1_000
SEED = 0
BLOCK_NUMBERS = 100_000  # counts held at once: few enough to stay in a processor's cache
# Drawing a thing costs about a fifteenth of drawing how often a kind of thing occurs.
THINGS_PER_KIND = 15


def draws(counts: NDArray[np.int64], replicates: int) -> Iterator[Values]:
    """Draw as many things as there are, with replacement, and count the kinds drawn.

    Parameters
    ----------
    counts : array of shape (kinds,)
        How many things of each kind there are.
    replicates : int
        How often to draw.

    Yields
    ------
    array of shape (replicates of this block, kinds)
        Counts; each row has the sum of `counts`.

    Notes
    -----
    Efron 1979, doi:10.1214/aos/1176344552.
    """
    generator = np.random.default_rng(SEED)
    block = max(1, BLOCK_NUMBERS // len(counts))
    total = int(counts.sum())
    many = total > THINGS_PER_KIND * len(counts)
    kinds = np.repeat(np.arange(len(counts)), 0 if many else counts)
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        if many:
            yield generator.multinomial(total, counts / total, size=size).astype(np.float64)
        else:
            yield np.array([_one(kinds, len(counts), generator) for _ in range(size)])


def _one(kinds: NDArray[np.int64], number: int, generator: np.random.Generator) -> Values:
    drawn = kinds[generator.integers(len(kinds), size=len(kinds))]
    return np.bincount(drawn, minlength=number).astype(np.float64)


def joint_level(intervals: int) -> float:
    """Return the level of each of so many intervals that hold together in 95 % of samples or more.

    Bonferroni's correction (Dunn 1961, doi:10.1080/01621459.1961.10482090).
    """
    return 1 - (1 - LEVEL) / max(1, intervals)


def percentiles(values: Values) -> tuple[float | None, float | None]:
    """Return the limits that leave out 2.5 % of the replicates on each side.

    Replicates in which the figure is undefined (NaN) are left out; None when all of them are.
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None, None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def monte_carlo_error(values: Values) -> float | None:
    """Return how far the limits that `percentiles` gives may move with other draws.

    One standard error of the less certain limit: half the distance between the replicates whose
    rank is one standard error of a binomial count below and above the limit's. None where no
    replicate is defined.
    """
    defined = np.sort(values[~np.isnan(values)])
    if not len(defined):
        return None
    tail = (1 - LEVEL) / 2
    middle = np.array([tail, 1 - tail]) * (len(defined) - 1)
    reach = np.sqrt(len(defined) * tail * (1 - tail))
    ranks = [np.clip(np.rint(middle + side), 0, len(defined) - 1) for side in (-reach, reach)]
    below, above = (defined[rank.astype(int)] for rank in ranks)
    apart = np.subtract(above, below, out=np.zeros(2), where=above > below)
    return float(apart.max() / 2) if np.isfinite(apart).all() else None


def decision_metrics(tn: Values, fp: Values, fn: Values, tp: Values) -> dict[str, Values]:
    """Return the metrics of many confusion matrices at once, NaN where one is undefined.

    Parameters
    ----------
    tn, fp, fn, tp : array of shape (replicates,)
        Healthy kept, healthy refused, high-risk missed, high-risk found.
    """
    recall, specificity = ratio(tp, tp + fn), ratio(tn, tn + fp)
    return {
        "accuracy": ratio(tn + tp, tn + fp + fn + tp),
        "balanced_accuracy": (recall + specificity) / 2,
        "precision": ratio(tp, tp + fp),
        "recall": recall,
        "f1": ratio(2 * tp, 2 * tp + fp + fn),
        "specificity": specificity,
    }


def ratio(part: Values, whole: Values) -> Values:
    """Divide; NaN where the whole is zero."""
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    undefined = np.full(whole.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=undefined, where=whole != 0))


def plain(value: float) -> float | None:
    """Return a Python number, None for an undefined one."""
    return None if np.isnan(value) else float(value)


Method = Literal["wilson", "bootstrap", "delong", "wald", "jeffreys", "re-splits"]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval.

    Attributes
    ----------
    estimate, low, high : float or None
        In the unit of the metric; None where it is undefined.
    method : str
        Wilson's score interval of a proportion, percentiles of bootstrap replicates, DeLong's
        standard error of an area, that of the likelihood (Wald), Jeffreys' interval of a
        proportion, or Nadeau and Bengio's over re-splits.
    error : float or None
        How far the limits may move with other bootstrap draws, one standard error: digits below
        it are chance. None for the other methods.
    """

    estimate: float | None
    low: float | None
    high: float | None
    method: Method
    error: float | None = None

    @property
    def width(self) -> float:
        """Upper less lower limit; 0 where there is no interval."""
        return self.high - self.low if self.low is not None and self.high is not None else 0.0


def bootstrapped(estimate: float | None, replicates: Values) -> Interval:
    """Return the percentile interval of a figure from its bootstrap replicates."""
    error = monte_carlo_error(replicates)
    return Interval(estimate, *percentiles(replicates), "bootstrap", error)


def wilson(successes: int, trials: int, level: float = LEVEL) -> Interval:
    """Return the score interval of a proportion; undefined without trials.

    Wilson 1927, doi:10.1080/01621459.1927.10502953.
    """
    from scipy.stats import binomtest

    if not trials:
        return Interval(None, None, None, "wilson")
    found = binomtest(successes, trials).proportion_ci(confidence_level=level, method="wilson")
    return Interval(successes / trials, float(found.low), float(found.high), "wilson")
