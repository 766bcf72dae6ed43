"""How far the columns say the same: rank correlations, variance inflation, components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import Count, FromZero, Share
from analysis.base.frames import Frame
from analysis.evidence.numerics.samples import sample
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Loans, Values

# From this rank correlation on, two columns put the loans in nearly the same order.
SAME_ORDER = 0.99
# A column of which less than this share of the variance is left once the others are known is
# given by them exactly, but for rounding.
LEAST_LEFT = 1e-9


class RankFrame(Frame):
    """A row a pair of columns that vary.

    Attributes
    ----------
    first, second : str
        The columns.
    correlation : float
        Their Spearman rank correlation, -1 to 1.
    """

    first: Series[str]
    second: Series[str]
    correlation: Series[float] = pa.Field(ge=-1, le=1)


@dataclass(frozen=True)
class Dependence:
    """How far the columns of a portfolio say the same.

    Attributes
    ----------
    loans : int
        Loans behind the figures: a sample where the portfolio has more unlike ones.
    constant : tuple of str
        Columns that do not vary; left out of what follows.
    rank_correlations : DataFrame
        A `RankFrame`; empty where fewer than two columns vary.
    same_order : tuple of str
        The largest set of columns of which each two have a rank correlation of `SAME_ORDER` or
        more, in either direction; empty where there is no such pair.
    same_order_least : float or None
        The smallest rank correlation among them, without its sign.
    given : tuple of str
        Columns that earlier ones give exactly in a linear way; left out of the inflation.
    variance_inflation : dict of str to float
        Of the other columns, by how much the variance of the column's coefficient is larger than
        if the columns were unrelated; from 1, best 1, above 10 a usual alarm.
    feature_inflation : dict of str to float
        The same of each feature: of one with several columns the generalised factor, which does
        not count that these are related to each other, by its root for their number.
    first_component_share : float or None
        Share of the standardised columns' variance in one direction, above 0 to 1; None where no
        column varies.
    """

    loans: Count
    constant: tuple[str, ...]
    rank_correlations: DataFrame[RankFrame]
    same_order: tuple[str, ...]
    same_order_least: Share | None
    given: tuple[str, ...]
    variance_inflation: dict[str, FromZero]
    feature_inflation: dict[str, FromZero]
    first_component_share: Share | None


def examine(whole: Loans, feature_of: Mapping[str, str]) -> Dependence:
    """Measure how far the columns of a portfolio say the same.

    Parameters
    ----------
    feature_of : mapping of str to str
        The feature of each column that is none itself.

    Notes
    -----
    Variance inflation: Belsley, Kuh and Welsch 1980, doi:10.1002/0471725153; of several columns
    together: Fox and Monette 1992, doi:10.1080/01621459.1992.10475190.
    """
    loans = sample(whole)
    columns = {name: loans.rows[name].to_numpy(float) for name in loans.feature_names}
    constant = tuple(name for name, each in columns.items() if each.min() == each.max())
    varying = {name: each for name, each in columns.items() if name not in constant}
    names = tuple(varying)
    ranks = correlations([midranks(each, loans.counts) for each in varying.values()], loans.counts)
    linear = correlations(list(varying.values()), loans.counts)
    same = _same_order(ranks)
    free = _free(linear)
    return Dependence(
        loans=loans.total,
        constant=constant,
        rank_correlations=_pairs(names, ranks),
        same_order=tuple(names[at] for at in same),
        same_order_least=_least(ranks, same),
        given=tuple(name for at, name in enumerate(names) if at not in free),
        variance_inflation=_inflation(names, linear, free, {}),
        feature_inflation=_inflation(names, linear, free, feature_of),
        first_component_share=_first_component(linear),
    )


def midranks(values: Values, counts: Counts) -> Values:
    """Return the rank of each row among all loans, the mean one where values are equal."""
    levels, place = np.unique(values, return_inverse=True)
    loans = np.bincount(place, counts, len(levels))
    return np.asarray((np.cumsum(loans) - (loans - 1) / 2)[place])


def correlations(columns: list[Values], counts: Counts) -> Values:
    """Return the correlation matrix of columns that vary, shape (columns, columns)."""
    if not columns:
        return np.empty((0, 0))
    centred = [each - np.average(each, weights=counts) for each in columns]
    # Divided by the largest value first, so that no square overflows or vanishes.
    scaled = np.array([each / np.abs(each).max() for each in centred])
    product = (scaled * counts) @ scaled.T
    size = np.sqrt(product.diagonal())
    return np.asarray(np.clip(product / np.outer(size, size), -1, 1))


def _pairs(names: tuple[str, ...], ranks: Values) -> DataFrame[RankFrame]:
    rows = [
        (names[first], names[second], float(ranks[first, second]))
        for first, second in combinations(range(len(names)), 2)
    ]
    return RankFrame.of(rows)


def _same_order(ranks: Values) -> list[int]:
    """Return the largest set of columns in nearly the same order, the first among equals."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(ranks) < 2:  # noqa: PLR2004 -- a pair
        return []
    apart = 1 - np.abs(ranks)
    np.fill_diagonal(apart, 0)
    # Complete linkage: the members of a set are all that near to each other.
    sets = fcluster(
        linkage(squareform(apart, checks=False), "complete"), 1 - SAME_ORDER, "distance"
    )
    sizes = np.bincount(sets)[sets]
    largest = np.flatnonzero(sets == sets[sizes.argmax()]).tolist()
    return largest if len(largest) > 1 else []


def _least(ranks: Values, members: list[int]) -> float | None:
    if not members:
        return None
    return float(np.abs(ranks[np.ix_(members, members)]).min())


def _free(linear: Values) -> list[int]:
    """Return the columns that the earlier free ones do not give."""
    free: list[int] = []
    for at in range(len(linear)):
        if not free or _left(linear, at, free) > LEAST_LEFT:
            free.append(at)
    return free


def _left(linear: Values, at: int, others: list[int]) -> float:
    """Return which share of a column's variance is left once others are known."""
    between = linear[at, others]
    return float(1 - between @ np.linalg.solve(linear[np.ix_(others, others)], between))


def _inflation(
    names: tuple[str, ...], linear: Values, free: list[int], feature_of: Mapping[str, str]
) -> dict[str, float]:
    """Return the generalised variance inflation of each feature, by its root for its columns.

    Of one with a single column that is the column's own inflation.
    """
    members: dict[str, list[int]] = {}
    for place, at in enumerate(free):
        members.setdefault(feature_of.get(names[at], names[at]), []).append(place)
    among = linear[np.ix_(free, free)]
    inverse = np.linalg.inv(among)

    def inflation(own: list[int]) -> float:
        if len(own) == 1:
            return float(inverse[own[0], own[0]])
        # The determinant of the others' correlations by that of all is that of this block.
        block = np.ix_(own, own)
        volumes = (np.linalg.slogdet(each[block])[1] for each in (among, inverse))
        return float(np.exp(sum(volumes) / len(own)))

    return {feature: max(inflation(own), 1.0) for feature, own in members.items()}


def _first_component(linear: Values) -> float | None:
    if not len(linear):
        return None
    return float(min(np.linalg.eigvalsh(linear)[-1] / len(linear), 1.0))
