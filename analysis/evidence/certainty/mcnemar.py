"""McNemar's test: loans that only one of two models gets right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.base.entries import Count, Share
from analysis.models.metrics import Counts
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Labels

# Loans on which the models differ up to which the clustered test is computed exactly: a tenth of
# a second's work.
MOST_FLIPPED = 5_000


@dataclass(frozen=True)
class McNemar:
    """Loans that only one of the two models gets right.

    Attributes
    ----------
    only_first, only_second : int
        Loans that the first, or the second, model alone gets right.
    p_value : float
        Two-sided exact probability of a split at least as uneven if both were as good, 0 to 1;
        1 without such loans. Loans are taken as independent.
    p_value_by_feature_rows : float
        The same where the loans of a combination of features fall to one model or the other
        together.
    """

    only_first: Count
    only_second: Count
    p_value: Share
    p_value_by_feature_rows: Share


def mcnemar(
    labels: Labels, first: Labels, second: Labels, counts: Counts, alike: Places
) -> McNemar:
    """Test whether one of two models gets more loans right that the other gets wrong.

    McNemar 1947, doi:10.1007/BF02295996, in its exact form; over combinations of features by
    `sign_flip`.
    """
    from scipy.stats import binomtest

    gains = counts * ((second == labels).astype(np.int64) - (first == labels))
    only_first, only_second = int(-gains[gains < 0].sum()), int(gains[gains > 0].sum())
    discordant = only_first + only_second
    p_value = float(binomtest(only_second, discordant).pvalue) if discordant else 1.0
    by_combination = np.bincount(alike, gains).astype(np.int64) if len(alike) else gains
    return McNemar(only_first, only_second, p_value, sign_flip(by_combination))


def sign_flip(gains: NDArray[np.int64]) -> float:
    """Return the two-sided probability of a sum as far from 0 if each sign were a coin's throw.

    Parameters
    ----------
    gains : array of shape (combinations,)
        Whole numbers: by how many loans of each combination of features one model is better,
        below 0 the other.

    Notes
    -----
    McNemar's test for clustered pairs. Exact up to `MOST_FLIPPED` loans: Fisher's permutation of
    signs, which is McNemar's exact test where all are 1 or -1. Beyond that by the normal
    distribution (Obuchowski 1998, doi:10.1002/(SICI)1097-0258(19980715)17:13<1495::AID-SIM863>
    3.0.CO;2-I, around no difference).
    """
    from scipy.stats import norm

    sizes = np.abs(gains[gains != 0])
    total, seen = int(sizes.sum()), abs(int(gains.sum()))
    if not total:
        return 1.0
    if total > MOST_FLIPPED:
        return float(2 * norm.sf(seen / np.sqrt((sizes.astype(float) ** 2).sum())))
    chance = np.zeros(total + 1)  # of each sum of the sizes that fall to one side
    chance[0] = 1
    for size in sizes.tolist():
        chance[size:] = (chance[size:] + chance[:-size]) / 2
        chance[:size] /= 2
    apart = np.abs(2 * np.arange(total + 1) - total)
    return float(min(chance[apart >= seen].sum(), 1.0))
