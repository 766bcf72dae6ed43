"""Rank and unidentified columns, against NumPy's rank and planted relations."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.columns import rank
from analysis.portfolio import simulate
from tests.support.columns import feature_names


@pytest.fixture
def table():
    generator = np.random.default_rng(9)
    scales = {"a": 1e9, "b": 1.0, "c": 1e-6}
    return pd.DataFrame({name: generator.normal(5, 1, 300) * scales[name] for name in scales})


def test_full_rank_whatever_the_units(table):
    assert rank.find(table) == rank.DesignRank(4, 4, ())


@pytest.mark.parametrize(
    ("added", "involved"),
    [
        (lambda t: t["a"] - 1e9, ("a", "d")),
        (lambda t: t["a"] / 1e9 + 3 * t["b"], ("a", "b", "d")),
        (lambda t: t["b"] * 0 + 7, ("d",)),
    ],
)
def test_a_relation_costs_one_rank_and_names_its_columns(table, added, involved):
    assert rank.find(table.assign(d=added)) == rank.DesignRank(4, 5, involved)


def test_blocks_of_rows_give_the_same_as_all_at_once(table, monkeypatch):
    table = table.assign(d=table["a"] + 1)
    whole = rank.find(table)
    monkeypatch.setattr(rank, "BLOCK_ROWS", 7)
    assert rank.find(table) == whole


def test_equal_rows_leave_the_intercept_alone(table):
    same = table.iloc[[0] * 30]
    assert rank.find(same) == rank.DesignRank(1, 4, ("a", "b", "c"))


def check_lending(features):
    expected = rank.DesignRank(7, 8, ("borrower_income", "total_debt"))
    assert rank.find(features) == expected


def test_the_simulated_portfolio():
    features = simulate.portfolio(4_000)[feature_names()]
    check_lending(features)
    standard = features.apply(lambda x: (x - x.mean()) / x.std()).assign(one=1.0)
    assert np.linalg.matrix_rank(standard.to_numpy(), rtol=1e-9) == 7


def test_real_file(real_portfolio):
    check_lending(real_portfolio.loans.features)
