"""Whether predicted probabilities hold grade by grade, along tenths of their scale."""

from __future__ import annotations

import numpy as np
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.frames import Frame
from analysis.evidence.numerics.proportions import exact, jeffreys, jeffreys_p
from analysis.evidence.numerics.resampling import joint_level
from analysis.evidence.probabilities.isotonic import Levels
from analysis.models.metrics import Counts
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Labels, Values

GRADES = 10


class GradeFrame(Frame):
    """A row a grade, a tenth of the probability scale with loans in it: expected and observed.

    Attributes
    ----------
    grade : int
        Which tenth, from the lowest.
    lower, upper : float
        Its probabilities: above the lower one (the first tenth with it), up to the upper.
    loans : int
        Test loans in it.
    expected : float
        High-risk loans among them if the probabilities were right.
    observed : int
        High-risk loans among them.
    mean_predicted, observed_share : float
        The same two as shares of the loans.
    low, high : float
        95 % Jeffreys interval of the observed share, of as many loans as `draws` says.
    joint_low, joint_high : float
        The exact one of Clopper and Pearson that holds for all ten tenths together in 95 % of
        samples or more, of as many loans.
    draws : float
        As how many loans drawn one by one its loans count, above 0: fewer than they are where loans
        of equal features turned out alike more than by chance.
    ratio : float
        Observed by expected, from 0, best 1; absent where nothing is expected.
    p_value : float
        Two-sided exact binomial probability of a number at least as unlikely if the mean
        prediction were right, loans taken as independent.
    jeffreys_p : float
        The one-sided probability of validation practice, near 0 where risk is understated, loans
        taken as independent.
    off : bool
        Whether the mean prediction lies outside the joint interval: a limit in proportion to what
        is expected, so that it works where probabilities are low.
    """

    grade: Series[int] = pa.Field(ge=1, le=GRADES, unique=True)
    lower: Series[float] = pa.Field(ge=0, le=1)
    upper: Series[float] = pa.Field(ge=0, le=1)
    loans: Series[int] = pa.Field(gt=0)
    expected: Series[float] = pa.Field(ge=0)
    observed: Series[int] = pa.Field(ge=0)
    mean_predicted: Series[float] = pa.Field(ge=0, le=1)
    observed_share: Series[float] = pa.Field(ge=0, le=1)
    low: Series[float] = pa.Field(ge=0, le=1)
    high: Series[float] = pa.Field(ge=0, le=1)
    joint_low: Series[float] = pa.Field(ge=0, le=1)
    joint_high: Series[float] = pa.Field(ge=0, le=1)
    draws: Series[float] = pa.Field(gt=0)
    ratio: Series[float] = pa.Field(ge=0, nullable=True)
    p_value: Series[float] = pa.Field(ge=0, le=1)
    jeffreys_p: Series[float] = pa.Field(ge=0, le=1)
    off: Series[bool]


def grade(levels: Levels, effect: float) -> DataFrame[GradeFrame]:
    """Hold what is expected against what was observed in each tenth of the scale.

    Parameters
    ----------
    effect : float
        What `design_effect` returns.
    """
    place = np.minimum((levels.predicted * GRADES).astype(int), GRADES - 1)
    loans = np.bincount(place, levels.loans, GRADES).astype(np.int64)
    expected = np.bincount(place, levels.loans * levels.predicted, GRADES)
    observed = np.bincount(place, levels.risky, GRADES).astype(np.int64)
    rows = [
        _grade(at, int(loans[at]), float(expected[at]), int(observed[at]), effect)
        for at in np.flatnonzero(loans).tolist()
    ]
    return GradeFrame.of(rows)


def _grade(at: int, loans: int, expected: float, observed: int, effect: float) -> dict[str, float]:
    from scipy.stats import binomtest

    mean = min(expected / loans, 1.0)
    draws, found = loans / effect, observed / effect
    alone = jeffreys(found, draws)
    low, high = exact(found, draws, joint_level(GRADES))
    return {
        "grade": at + 1,
        "lower": at / GRADES,
        "upper": (at + 1) / GRADES,
        "loans": loans,
        "expected": expected,
        "observed": observed,
        "mean_predicted": mean,
        "observed_share": observed / loans,
        "low": alone.low or 0.0,
        "high": alone.high or 0.0,
        "joint_low": low,
        "joint_high": high,
        "draws": draws,
        "ratio": observed / expected if expected else np.nan,
        "p_value": float(binomtest(observed, loans, mean).pvalue),
        "jeffreys_p": jeffreys_p(observed, loans, mean),
        "off": not low <= mean <= high,
    }


def design_effect(
    levels: Levels,
    labels: Labels,
    log_odds: Values,
    alike: Places,
    counts: Counts,
) -> float:
    """Return by what factor loans of equal features make shares less sure, at least 1.

    The variance of the sums over combinations of features by that of independent loans (Rao and
    Scott 1992, doi:10.2307/2532311), about the recalibrated probabilities, so that a model that is
    off does not look unsure.
    """
    from scipy.special import expit

    fitted = levels.recalibrated[np.searchsorted(levels.predicted, expit(log_odds))]
    independent = float(counts @ (fitted * (1 - fitted)))
    sums = np.bincount(alike, counts * (labels - fitted))
    return max(1.0, float(sums @ sums) / independent) if independent else 1.0
