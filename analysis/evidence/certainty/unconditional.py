"""What the difference between the models is over training and split, not given these two fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.base.entries import Count, Share
from analysis.evidence.numerics.resampling import LEVEL, Interval
from analysis.evidence.resplits import METRICS, Resplits
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.portfolio.loans import Values
from analysis.portfolio.recipe import USUAL

LEAST_SPLITS = 2  # a spread needs two


@dataclass(frozen=True)
class Unconditional:
    """Both models over training and split.

    Attributes
    ----------
    splits : int
        Re-splits behind the figures.
    differences : dict of metric to Interval
        Oversampled less original: the mean over the re-splits, with a 95 % interval that allows
        for the loans that they share. balanced_accuracy, precision, recall, f1, specificity,
        accuracy; -1 to 1. Without limits where there are fewer than two re-splits.
    same_sign : dict of metric to float
        Share of the re-splits in which the difference has the sign of the mean one, 0 to 1; 0
        where the mean is 0.
    """

    splits: Count
    differences: dict[str, Interval]
    same_sign: dict[str, Share]


def examine(found: Resplits, test_share: float = USUAL.test_share) -> Unconditional:
    """Take the differences between the models from the figures of the re-splits.

    Notes
    -----
    Nadeau and Bengio 2003, doi:10.1023/A:1024068626366.
    """
    both = {
        model: found.values[found.values["model"] == model] for model in (ORIGINAL, OVERSAMPLED)
    }
    differences = {
        metric: both[OVERSAMPLED][metric].to_numpy() - both[ORIGINAL][metric].to_numpy()
        for metric in METRICS
    }
    return Unconditional(
        splits=found.made,
        differences={name: corrected(each, test_share) for name, each in differences.items()},
        same_sign={name: _same_sign(each) for name, each in differences.items()},
    )


def corrected(values: Values, test_share: float = USUAL.test_share) -> Interval:
    """Return the mean of a figure over random splits with its corrected 95 % interval.

    Parameters
    ----------
    values : array of shape (splits,)
        The figure on each split.
    test_share : float
        Share of the loans that a split holds out. The variance over the splits is taken times
        1 / splits + test loans / training loans, not 1 / splits alone.
    """
    from scipy.stats import t

    number = len(values)
    mean = float(values.mean()) if number else None
    if mean is None or number < LEAST_SPLITS:
        return Interval(mean, None, None, "re-splits")
    factor = 1 / number + test_share / (1 - test_share)
    reach = float(t.ppf((1 + LEVEL) / 2, number - 1) * np.sqrt(factor * values.var(ddof=1)))
    return Interval(mean, mean - reach, mean + reach, "re-splits")


def _same_sign(values: Values) -> float:
    return float((values * values.mean() > 0).mean()) if len(values) else 0.0
