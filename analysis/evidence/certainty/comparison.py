"""Both models on the same loans: paired differences with their intervals, and McNemar's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.base.entries import Count, FromZero
from analysis.evidence.certainty.mcnemar import McNemar, mcnemar
from analysis.evidence.numerics.estimates import SAME_WIDTH
from analysis.evidence.numerics.resampling import (
    SEED,
    Interval,
    bootstrapped,
    decision_metrics,
    draws,
    plain,
)
from analysis.models.metrics import Counts
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.distinct import Places, shared
from analysis.portfolio.loans import Labels, Values

# A loan falls into one of eight cells: its label, the first model's decision, the second's.
CELLS = (2, 2, 2)
# Ten times the usual number: at 1,000 the chance in both widths decides which is the wider.
REPLICATES = 10_000
Wider = Literal["rows", "feature rows", "neither"]


@dataclass(frozen=True)
class PairedDifference:
    """One metric of both models on the same loans.

    Attributes
    ----------
    first, second, difference : float or None
        0 to 1, and second less first, -1 to 1; None where a model leaves the metric undefined.
    by_rows : Interval
        Interval of the difference when test rows are drawn, as if each were independent.
    by_feature_rows : Interval
        The same when distinct feature rows are drawn, each with all the loans that share it:
        the honest one of the two where equal rows are not independent.
    wider : {"rows", "feature rows", "neither"}
        Which of the two intervals is wider, by more than `SAME_WIDTH` of the one by rows.
    width_ratio : float or None
        Width by feature rows by width by rows, from 0; None when the latter is 0.
    first_by_feature_rows, second_by_feature_rows : Interval
        Intervals of each model's own figure when distinct feature rows are drawn.
    """

    first: float | None
    second: float | None
    difference: float | None
    by_rows: Interval
    by_feature_rows: Interval
    wider: Wider
    width_ratio: FromZero | None
    first_by_feature_rows: Interval
    second_by_feature_rows: Interval


@dataclass(frozen=True)
class Comparison:
    """The second model against the first, on the same test loans.

    Attributes
    ----------
    differences : dict of metric to PairedDifference
        accuracy, balanced_accuracy, precision, recall, f1, specificity.
    mcnemar, mcnemar_high_risk, mcnemar_healthy : McNemar
        Over all test loans, over the high-risk and over the healthy ones.
    rows, feature_rows : int
        Test loans, and distinct combinations of features among them.
    replicates, seed : int
        Bootstrap replicates behind the intervals, and the seed that they are drawn from.
    """

    differences: dict[str, PairedDifference]
    mcnemar: McNemar
    mcnemar_high_risk: McNemar
    mcnemar_healthy: McNemar
    rows: Count
    feature_rows: Count
    replicates: Count
    seed: Count


def compare(
    labels: Labels,
    first: Labels,
    second: Labels,
    alike: Places,
    counts: Counts,
) -> Comparison:
    """Compare the decisions of two models on the same loans.

    Parameters
    ----------
    labels, first, second : array of shape (rows,)
        0 or 1: what the loans were, and what each model decided.
    alike : array of shape (rows,)
        The number of each loan's combination of features, 0, 1, 2, ....
    counts : array of shape (rows,)
        How many loans each row stands for.
    """
    cells = np.ravel_multi_index((labels, first, second), CELLS)
    tested = (labels, first, second, counts, alike)
    risky = labels == HIGH_RISK
    return Comparison(
        differences=_differences(cells, alike, counts),
        mcnemar=mcnemar(*tested),
        mcnemar_high_risk=mcnemar(*(each[risky] for each in tested)),
        mcnemar_healthy=mcnemar(*(each[~risky] for each in tested)),
        rows=int(counts.sum()),
        feature_rows=len(np.unique(alike)),
        replicates=REPLICATES,
        seed=SEED,
    )


def _differences(
    cells: NDArray[np.int64], alike: Places, loans: Counts
) -> dict[str, PairedDifference]:
    vectors, counts = _cluster_kinds(cells, alike, loans)
    total = np.bincount(cells, loans, minlength=8).astype(np.int64)
    rows = np.concatenate(list(draws(total, REPLICATES)))
    clusters = np.concatenate([block @ vectors for block in draws(counts, REPLICATES)])
    measured = [_metrics(each) for each in (total[np.newaxis], rows, clusters)]
    return {
        name: _paired(*((first[name], second[name]) for first, second in measured))
        for name in measured[0][0]
    }


def _cluster_kinds(
    cells: NDArray[np.int64], alike: Places, loans: Counts
) -> tuple[Values, NDArray[np.int64]]:
    """Count the loans of each combination of features by cell; equal counts are of one kind.

    Drawing kinds in place of combinations gives the same distribution, at a cost that does not
    grow with their number.
    """
    several = shared(alike)
    # A combination of one row has loans of one cell.
    codes, times = np.unique(loans[~several] * 8 + cells[~several], return_counts=True)
    alone = np.where(codes[:, np.newaxis] % 8 == np.arange(8), codes[:, np.newaxis] // 8, 0)
    place = np.unique(alike[several], return_inverse=True)[1]
    flat = np.bincount(place * 8 + cells[several], loans[several], 8 * (place.max(initial=-1) + 1))
    both = np.concatenate([alone, flat.reshape(-1, 8)])
    kinds, place = np.unique(both, axis=0, return_inverse=True)
    counts = np.bincount(place, np.append(times, np.ones(len(both) - len(times)))).astype(np.int64)
    there = kinds.any(axis=1)
    return kinds[there].astype(np.float64), counts[there]


def _metrics(counts: NDArray[np.generic]) -> tuple[dict[str, Values], dict[str, Values]]:
    """Return the metrics of both models from counts of shape (replicates, 8)."""
    cells = np.asarray(counts, dtype=np.float64).reshape(-1, *CELLS)
    # Summing over one model's decisions leaves the other's confusion matrix: tn, fp, fn, tp.
    first, second = (cells.sum(axis=other).reshape(-1, 4).T for other in (3, 2))
    return decision_metrics(*first), decision_metrics(*second)


Both = tuple[Values, Values]


def _paired(estimates: Both, by_rows: Both, by_feature_rows: Both) -> PairedDifference:
    """Describe one metric of both models from its estimates and its replicates."""
    first, second = (plain(each[0]) for each in estimates)
    difference = None if first is None or second is None else second - first
    rows = bootstrapped(difference, by_rows[1] - by_rows[0])
    combinations = bootstrapped(difference, by_feature_rows[1] - by_feature_rows[0])
    return PairedDifference(
        first=first,
        second=second,
        difference=difference,
        by_rows=rows,
        by_feature_rows=combinations,
        wider=wider(rows.width, combinations.width),
        width_ratio=combinations.width / rows.width if rows.width else None,
        first_by_feature_rows=bootstrapped(first, by_feature_rows[0]),
        second_by_feature_rows=bootstrapped(second, by_feature_rows[1]),
    )


def wider(by_rows: float, by_feature_rows: float) -> Wider:
    """Say which of two widths is the wider, beyond `SAME_WIDTH` of the one by rows."""
    if abs(by_feature_rows - by_rows) <= SAME_WIDTH * by_rows:
        return "neither"
    return "feature rows" if by_feature_rows > by_rows else "rows"


def decide_alike(compared: Comparison) -> bool:
    """Whether both models make the same decision on every test loan."""
    return compared.mcnemar.only_first + compared.mcnemar.only_second == 0


def relied_on(paired: PairedDifference) -> Interval:
    """Return the wider interval of a difference; that over feature rows unless that over rows is.

    Few distinct feature rows can make their interval too narrow.
    """
    return paired.by_rows if paired.wider == "rows" else paired.by_feature_rows
