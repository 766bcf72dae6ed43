"""Results of odd but valid portfolios, with fewer repetitions than a report makes."""

from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from analysis import results
from analysis.evidence import alternatives, resplits
from analysis.evidence.certainty import clusters, comparison, intervals
from analysis.evidence.monitoring import stability
from analysis.evidence.thresholds import decision
from analysis.portfolio import loans, read, schema, simulate
from analysis.portfolio.declaration import module_12
from tests.support import declared_shapes
from tests.support.columns import LABEL
from tests.support.odd_portfolios import PORTFOLIOS

TAKEN = ("mostly high-risk", "ten high-risk", "twenty loans", "equal halves", "separable")


def noise(rows=800):
    """Return loans without repeats, sums or much signal."""
    generator = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "loan_size": generator.uniform(1_000, 50_000, rows),
            "interest_rate": generator.uniform(2, 20, rows),
            "borrower_income": generator.uniform(2e4, 2e5, rows),
            "num_of_accounts": generator.integers(0, 20, rows),
            "derogatory_marks": generator.integers(0, 4, rows),
            "total_debt": generator.uniform(0, 1e5, rows),
        }
    )
    chance = 1 / (1 + np.exp(-(table["interest_rate"] - 11) / 3))
    return table.assign(
        debt_to_income=table["total_debt"] / table["borrower_income"],
        loan_status=(generator.random(rows) < chance).astype("int64"),
    )


def one_column():
    """Return loans in which only the interest rate varies."""
    table = simulate.portfolio(400, seed=2)
    return table.assign(
        **{name: table[name].iloc[0] for name in table if name not in ("interest_rate", LABEL)}
    )


def small_portfolios():
    """Return odd tables by name."""
    tables = {name: PORTFOLIOS[name] for name in TAKEN}
    tables |= {"noise": noise(), "one column": one_column(), "320": simulate.portfolio(320, seed=1)}
    order = list(PORTFOLIOS["usual"].columns)
    return {
        name: schema.table(module_12()).validate(table[order].reset_index(drop=True))
        for name, table in tables.items()
    }


def run(table, name="odd.csv", source="file"):
    """Return results of a table quickly."""
    return of(read.Portfolio(module_12(), loans.from_table(table), source, name, "0" * 64, 1))


@cache
def declared(name):
    """Return results of a declared shape, computed once in each process."""
    return of(declared_shapes.made(name))


def of(portfolio):
    """Return results of a portfolio quickly: few repetitions, few replicates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resplits, "MOST_WORK", 0)
        patch.setattr(resplits, "LEAST_REPETITIONS", 5)
        patch.setattr(decision, "REPLICATES", 300)
        patch.setattr(alternatives, "SEEDS", range(2))
        patch.setattr(alternatives, "MOST_LOANS", 100)
        patch.setattr(stability, "DRAWS", 400)
        patch.setattr(comparison, "compare", partial(comparison.compare, replicates=300))
        patch.setattr(intervals, "describe", partial(intervals.describe, replicates=100))
        patch.setattr(clusters, "describe", partial(clusters.describe, replicates=100))
        return results.run(portfolio)
