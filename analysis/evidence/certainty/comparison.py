"""Both models on the same loans: paired differences with their intervals, and McNemar's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.base.display import SHOWN
from analysis.base.entries import Count, FromZero, Share
from analysis.evidence.numerics.resampling import SEED, decision_metrics, draws, percentiles, plain
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Labels, Values
from analysis.portfolio.schema import HIGH_RISK

# A loan falls into one of eight cells: its label, the first model's decision, the second's.
CELLS = (2, 2, 2)
# Ten times the usual number: at 1,000 the chance in both widths decides which is the wider.
REPLICATES = 10_000
# Closer widths are hardly seen, and may be chance even at so many replicates.
SAME_WIDTH = 0.1


@dataclass(frozen=True)
class Bounds:
    """A 95 % interval.

    Attributes
    ----------
    low, high : float or None
        Its limits; None where no replicate defines the figure.
    """

    low: float | None
    high: float | None

    @property
    def width(self) -> float:
        """Upper less lower limit; 0 where there is no interval."""
        return self.high - self.low if self.low is not None and self.high is not None else 0.0


@dataclass(frozen=True)
class PairedDifference:
    """One metric of both models on the same loans.

    Attributes
    ----------
    first, second, difference : float or None
        0 to 1, and second less first, -1 to 1; None where a model leaves the metric undefined.
    by_rows : Bounds
        Interval of the difference when test rows are drawn, as if each were independent.
    by_feature_rows : Bounds
        The same when distinct feature rows are drawn, each with all the loans that share it:
        the honest one of the two where equal rows are not independent.
    wider : {"rows", "feature rows", "neither"}
        Which of the two intervals is wider, by more than `SAME_WIDTH` of the one by rows.
    width_ratio : float or None
        Width by feature rows by width by rows, from 0; None when the latter is 0.
    """

    first: float | None
    second: float | None
    difference: float | None
    by_rows: Bounds
    by_feature_rows: Bounds
    wider: Literal["rows", "feature rows", "neither"]
    width_ratio: FromZero | None


@dataclass(frozen=True)
class McNemar:
    """Loans that only one of the two models gets right.

    Attributes
    ----------
    only_first, only_second : int
        Loans that the first, or the second, model alone gets right.
    p_value : float
        Two-sided exact probability of a split at least as uneven if both were as good, 0 to 1;
        1 without such loans.
    """

    only_first: Count
    only_second: Count
    p_value: Share


@dataclass(frozen=True)
class Comparison:
    """The second model against the first, on the same test loans.

    Attributes
    ----------
    differences : dict of metric to PairedDifference
        accuracy, balanced_accuracy, precision, recall, f1, specificity.
    mcnemar, mcnemar_high_risk : McNemar
        Over all test loans, and over the high-risk ones.
    rows, feature_rows : int
        Test loans, and distinct combinations of features among them.
    """

    differences: dict[str, PairedDifference]
    mcnemar: McNemar
    mcnemar_high_risk: McNemar
    rows: Count
    feature_rows: Count


def compare(
    labels: Labels,
    first: Labels,
    second: Labels,
    groups: NDArray[np.int64],
    counts: Counts | None = None,
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Comparison:
    """Compare the decisions of two models on the same loans.

    Parameters
    ----------
    labels, first, second : array of shape (rows,)
        0 or 1: what the loans were, and what each model decided.
    groups : array of shape (rows,)
        The number of each loan's combination of features, 0, 1, 2, ...; `weighting.distinct`
        gives it as `inverse`.
    counts : array of shape (rows,), optional
        How many loans each row stands for; one each when left out.
    replicates, seed : int
        How many bootstrap replicates, and the seed they are drawn from.
    """
    labels, first, second = (np.asarray(each) for each in (labels, first, second))
    loans = np.ones(len(labels), np.int64) if counts is None else counts
    cells = np.ravel_multi_index((labels, first, second), CELLS)
    return Comparison(
        differences=_differences(cells, np.asarray(groups), loans, replicates, seed),
        mcnemar=mcnemar(labels, first, second, loans),
        mcnemar_high_risk=mcnemar(
            *(each[labels == HIGH_RISK] for each in (labels, first, second, loans))
        ),
        rows=int(loans.sum()),
        feature_rows=len(np.unique(groups)),
    )


def mcnemar(labels: Labels, first: Labels, second: Labels, counts: Counts) -> McNemar:
    """Test whether one of two models gets more loans right that the other gets wrong.

    McNemar 1947, doi:10.1007/BF02295996, in its exact form.
    """
    from scipy.stats import binomtest

    only_first = int(counts[(first == labels) & (second != labels)].sum())
    only_second = int(counts[(second == labels) & (first != labels)].sum())
    discordant = only_first + only_second
    p_value = float(binomtest(only_second, discordant).pvalue) if discordant else 1.0
    return McNemar(only_first, only_second, p_value)


def _differences(
    cells: NDArray[np.int64],
    groups: NDArray[np.int64],
    loans: Counts,
    replicates: int,
    seed: int,
) -> dict[str, PairedDifference]:
    vectors, counts = _cluster_kinds(cells, groups, loans)
    total = np.bincount(cells, loans, minlength=8).astype(np.int64)
    first, second = (
        {name: plain(value[0]) for name, value in each.items()} for each in _both(total[np.newaxis])
    )
    rows = np.concatenate(list(draws(total, replicates, seed)))
    clusters = np.concatenate([block @ vectors for block in draws(counts, replicates, seed)])
    by_rows, by_clusters = _bounds(rows), _bounds(clusters)
    return {
        name: _paired(first[name], second[name], by_rows[name], by_clusters[name]) for name in first
    }


def _cluster_kinds(
    cells: NDArray[np.int64], groups: NDArray[np.int64], loans: Counts
) -> tuple[Values, NDArray[np.int64]]:
    """Count the loans of each group by cell; groups with equal counts are of one kind.

    Drawing kinds in place of groups gives the same distribution, at a cost that does not grow
    with the number of groups.
    """
    flat = np.bincount(groups * 8 + cells, loans, minlength=8 * (int(groups.max()) + 1))
    by_group = flat.reshape(-1, 8)
    kinds, counts = np.unique(by_group[by_group.any(axis=1)], axis=0, return_counts=True)
    return kinds.astype(np.float64), counts.astype(np.int64)


def _both(counts: NDArray[np.generic]) -> tuple[dict[str, Values], dict[str, Values]]:
    """Return the metrics of both models from counts of shape (replicates, 8)."""
    cells = np.asarray(counts, dtype=np.float64).reshape(-1, *CELLS)
    # Summing over one model's decisions leaves the other's confusion matrix: tn, fp, fn, tp.
    first, second = (cells.sum(axis=other).reshape(-1, 4).T for other in (3, 2))
    return decision_metrics(*first), decision_metrics(*second)


def _bounds(counts: Values) -> dict[str, Bounds]:
    first, second = _both(counts)
    return {name: Bounds(*percentiles(second[name] - first[name])) for name in first}


def _paired(
    first: float | None, second: float | None, by_rows: Bounds, by_feature_rows: Bounds
) -> PairedDifference:
    narrow, wide = by_rows.width, by_feature_rows.width
    wider: Literal["rows", "feature rows", "neither"] = "neither"
    if abs(wide - narrow) > SAME_WIDTH * narrow:
        wider = "feature rows" if wide > narrow else "rows"
    return PairedDifference(
        first=first,
        second=second,
        difference=None if first is None or second is None else second - first,
        by_rows=by_rows,
        by_feature_rows=by_feature_rows,
        wider=wider,
        width_ratio=wide / narrow if narrow else None,
    )


def decide_alike(compared: Comparison) -> bool:
    """Whether both models make the same decision on every test loan."""
    return compared.mcnemar.only_first + compared.mcnemar.only_second == 0


def relied_on(paired: PairedDifference) -> Bounds:
    """Return the wider interval of a difference; that over feature rows unless that over rows is.

    Few distinct feature rows can make their interval too narrow.
    """
    return paired.by_rows if paired.wider == "rows" else paired.by_feature_rows


def may_be_chance(bounds: Bounds) -> bool:
    """Whether an interval of a difference, as it is shown, reaches 0."""
    if bounds.low is None or bounds.high is None:
        return True
    return round(bounds.low, SHOWN) <= 0 <= round(bounds.high, SHOWN)
