"""How often each choice errs on bootstrap replicates of the test loans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.numerics.resampling import draws
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Loans, Values

REPLICATES = 10_000
# Counts drawn at most, a fifth of a second's work; but a thousand replicates are always made.
MOST_DRAWN, LEAST_REPLICATES = 4_000_000, 1_000


class Errors(NamedTuple):
    """Wrong decisions of a choice, in proportion to as many loans as there are.

    Attributes
    ----------
    refused, missed : array of shape (replicates,)
        Healthy loans refused, and high-risk ones missed.
    """

    refused: Values
    missed: Values

    def cost(self, ratio: float) -> Values:
        """Return what they cost at a cost ratio, in refused healthy loans."""
        return self.refused + ratio * self.missed


@dataclass(frozen=True)
class Replicated:
    """Replicates of the test loans, all choices on the same draws.

    Attributes
    ----------
    errors : dict of str to Errors
        Of each choice.
    replicates : int
        How many there are.
    feature_rows : int
        Combinations of features among the test loans, which are drawn with all their loans.
    """

    errors: dict[str, Errors]
    replicates: int
    feature_rows: int


def replicate(test: Loans, refused: Mapping[str, NDArray[np.bool_]]) -> Replicated:
    """Draw combinations of features, and count what each choice refuses and misses.

    Parameters
    ----------
    refused : mapping of str to array of shape (distinct test loans,)
        Which loans each choice refuses.
    """
    clusters = _clusters(test, refused)
    counted = np.column_stack(
        [
            clusters.healthy + clusters.risky,
            clusters.refused * clusters.healthy[:, np.newaxis],
            ~clusters.refused * clusters.risky[:, np.newaxis],
        ]
    ).astype(np.float64)
    replicates = min(REPLICATES, max(LEAST_REPLICATES, MOST_DRAWN // len(clusters.times)))
    found = np.concatenate([block @ counted for block in draws(clusters.times, replicates)])
    # Where the combinations have unlike numbers of loans, their total changes from draw to draw.
    found *= float(clusters.times @ counted[:, 0]) / found[:, :1]
    return Replicated(
        errors={
            name: Errors(found[:, at], found[:, at + len(refused)])
            for at, name in enumerate(refused, start=1)
        },
        replicates=replicates,
        feature_rows=int(clusters.times.sum()),
    )


@dataclass(frozen=True)
class _Clusters:
    """Combinations of features that count alike, of each kind one.

    Attributes
    ----------
    refused : array of shape (kinds, choices)
        What each choice decides on it.
    healthy, risky : array of shape (kinds,)
        Its loans of each label.
    times : array of shape (kinds,)
        How many combinations are of this kind.
    """

    refused: NDArray[np.bool_]
    healthy: Counts
    risky: Counts
    times: Counts


def _clusters(test: Loans, refused: Mapping[str, NDArray[np.bool_]]) -> _Clusters:
    first = np.unique(test.alike, return_index=True)[1]
    risky = np.bincount(test.alike, test.counts * test.labels).astype(np.int64)
    healthy = np.bincount(test.alike, test.counts).astype(np.int64) - risky
    decided = np.column_stack([each[first] for each in refused.values()])
    pattern = decided @ (1 << np.arange(len(refused)))
    code = ((healthy * (risky.max() + 1)) + risky) * (1 << len(refused)) + pattern
    _, kind, times = np.unique(code, return_index=True, return_counts=True)
    return _Clusters(decided[kind], healthy[kind], risky[kind], times.astype(np.int64))
