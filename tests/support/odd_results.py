"""Results of portfolios of many shapes, with fewer repetitions than a report makes."""

from functools import cache

import pytest

from analysis import results
from analysis.base import parallel
from analysis.evidence import alternatives, resplits
from analysis.evidence.certainty import comparison
from analysis.evidence.monitoring import stability
from analysis.evidence.numerics import resampling
from analysis.evidence.thresholds import errors
from analysis.portfolio import loans, read
from analysis.portfolio.declaration import module_12
from tests.support import declared_shapes, shapes, shared

# Of the shapes, those that differ the most: what every table and figure is drawn of.
ODD = (
    "mostly high-risk",
    "ten high-risk",
    "twenty loans",
    "all rows equal",
    "perfect separation",
    "heavy noise",
    "one column",
    "usual, 320 loans",
)


@cache
def named(name):
    """Return results of a shape, declared or not, computed once in a run of the tests."""
    return shared.once(f"results of {name}", lambda: _computed(name))


def _computed(name):
    if name in declared_shapes.SHAPES:
        return of(declared_shapes.made(name))
    return run(shapes.made(name), source="simulated" if name in shapes.STAND_INS else "file")


def run(table, name="odd.csv", source="file"):
    """Return results of a table quickly."""
    return of(read.Portfolio(module_12(), loans.from_table(table), source, name, "0" * 64, 1))


def of(portfolio, **given):
    """Return results of a portfolio quickly: few repetitions, few replicates, one process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "cores", lambda: 1)
        patch.setattr(resplits, "MOST_WORK", 0)
        patch.setattr(resplits, "LEAST_REPETITIONS", 5)
        patch.setattr(errors, "REPLICATES", 300)
        patch.setattr(alternatives, "SEEDS", range(2))
        patch.setattr(alternatives, "MOST_LOANS", 100)
        patch.setattr(stability, "DRAWS", 400)
        patch.setattr(comparison, "REPLICATES", 300)
        patch.setattr(resampling, "REPLICATES", 100)
        return results.run(portfolio, **given)
