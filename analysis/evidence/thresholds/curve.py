"""A model's decisions and their cost at every threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.frames import Frame
from analysis.evidence.numerics.cuts import readable_cut_from
from analysis.evidence.thresholds import costs
from analysis.evidence.thresholds.costs import Choice
from analysis.models.metrics import Confusion, Counts
from analysis.models.pair import Pair
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Labels, Values

HALF = 0.5
MOST_POINTS = 451
GRID = np.linspace(0, 1, 101).round(2)


class CurveFrame(Frame):
    """A row a threshold, rising: what the model does when it refuses above that probability.

    Attributes
    ----------
    threshold : float
        Loans with a probability above it are refused.
    tn, fp, fn, tp : int
        Healthy kept, healthy refused, high-risk missed, high-risk found.
    expected_cost : float
        Mean cost of a decision, in refused healthy loans; best 0.
    """

    threshold: Series[float] = pa.Field(ge=0, le=1, unique=True)
    tn: Series[int] = pa.Field(ge=0)
    fp: Series[int] = pa.Field(ge=0)
    fn: Series[int] = pa.Field(ge=0)
    tp: Series[int] = pa.Field(ge=0)
    expected_cost: Series[float] = pa.Field(ge=0)


def probabilities(scores: Values) -> Values:
    """Turn log-odds into probabilities that are above one half exactly where log-odds exceed 0."""
    from scipy.special import expit

    found = np.asarray(expit(scores))
    found[(found <= HALF) & (scores > 0)] = np.nextafter(HALF, 1)
    found[scores <= 0] = np.minimum(found[scores <= 0], HALF)
    return found


def curve(probability: Values, labels: Labels, cost_ratio: float, counts: Counts) -> pd.DataFrame:
    """Count decisions at every threshold that tells rows apart, and at 0 and one half.

    Parameters
    ----------
    probability : array of shape (rows,)
        Of a high-risk loan, 0 to 1.
    labels : array of shape (rows,)
        0 or 1.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Returns
    -------
    DataFrame
        The columns of a `CurveFrame`, whole numbers in as few bytes as hold them: not thinned, it
        may have as many rows as there are loans.
    """
    at, place = np.unique(np.concatenate([[0.0, HALF], probability]), return_inverse=True)
    kind = np.int32 if counts.sum() < np.iinfo(np.int32).max else np.int64
    tn, fn = (
        np.bincount(place[2:], counts * (labels == label), len(at)).cumsum().astype(kind)
        for label in (HEALTHY, HIGH_RISK)
    )
    frame = pd.DataFrame(
        {"threshold": at, "tn": tn, "fp": tn[-1] - tn, "fn": fn, "tp": fn[-1] - fn}
    )
    cost = (frame["fp"] + float(cost_ratio) * frame["fn"]) / int(counts.sum())
    return frame.assign(expected_cost=cost)


def thin(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep at most `MOST_POINTS` of a curve: both ends, one half, the cheapest, and even steps."""
    if len(frame) <= MOST_POINTS:
        return frame
    kept = {0, len(frame) - 1, position(frame, HALF), cheapest(frame)}
    even = np.linspace(0, len(frame) - 1, MOST_POINTS - len(kept)).round().astype(int)
    return frame.iloc[sorted(kept.union(even.tolist()))].reset_index(drop=True)


def share(whole: Pair[pd.DataFrame]) -> Pair[DataFrame[CurveFrame]]:
    """Count both models' decisions at the same thresholds, so that they compare at each.

    Parameters
    ----------
    whole : Pair of DataFrame
        The curve of each model, not thinned.
    """
    at = np.unique(np.concatenate([GRID, *(thin(each)["threshold"] for each in whole.values())]))

    def shared(frame: pd.DataFrame) -> DataFrame[CurveFrame]:
        rows = frame.iloc[np.searchsorted(frame["threshold"], at, side="right") - 1]
        return CurveFrame.of(rows.assign(threshold=at).reset_index(drop=True))

    return whole.map(shared)


def position(frame: pd.DataFrame, threshold: float) -> int:
    """Return which row's decisions a threshold makes."""
    return int(np.searchsorted(frame["threshold"], threshold, side="right")) - 1


def cheapest(frame: pd.DataFrame) -> int:
    """Return the position of the cheapest threshold, the highest among equals."""
    found = frame["expected_cost"].to_numpy()
    return int(np.flatnonzero(found == found.min())[-1])


def confusion(frame: pd.DataFrame, position: int) -> Confusion:
    """Return what a row of the curve decides."""
    return Confusion(*(int(count) for count in frame[["tn", "fp", "fn", "tp"]].iloc[position]))


def choose(frame: pd.DataFrame, threshold: float, cost_ratio: float) -> Choice:
    """Return a threshold with what it does on the loans of a curve."""
    counts = confusion(frame, position(frame, threshold))
    return Choice(threshold, counts, costs.cost_of(counts, cost_ratio))


def readable_threshold(frame: pd.DataFrame, position: int) -> float:
    """Return the shortest threshold that decides as a row of the curve does."""
    at = frame["threshold"].to_numpy()
    lower, upper = float(at[position]), float(at[position + 1]) if position + 1 < len(at) else 1.0
    return readable_cut_from(lower, upper) if lower < upper else lower
