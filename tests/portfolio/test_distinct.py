"""Distinct rows and their counts, against pandas' own group-by."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.portfolio import simulate
from analysis.portfolio.distinct import distinct
from analysis.portfolio.schema import feature_names
from tests.support import plain


@given(
    st.lists(
        st.tuples(st.sampled_from([-0.0, 0.0, 1.5]), st.integers(0, 2)), min_size=1, max_size=30
    )
)
def test_rows_counts_and_inverse_agree_with_the_rows(values):
    table = pd.DataFrame(values, columns=["amount", "count"])
    found = distinct(table)
    expected = list(dict.fromkeys(values))  # -0.0 == 0.0 for Python as well
    assert [tuple(row) for row in found.rows.to_numpy()] == expected
    assert found.counts.tolist() == [values.count(row) for row in expected]
    assert found.rows.iloc[found.inverse].to_numpy().tolist() == table.to_numpy().tolist()
    assert (len(found), found.total) == (len(expected), len(values))


def test_any_index_is_taken_by_position():
    table = pd.DataFrame({"a": [1, 1, 2]}, index=[7, 7, 3])
    assert distinct(table).inverse.tolist() == [0, 0, 1]


def test_rows_that_share_a_hash_stay_apart(monkeypatch):
    monkeypatch.setattr(
        pd.util, "hash_pandas_object", lambda table, **_: pd.Series(0, index=table.index)
    )
    found = distinct(pd.DataFrame({"a": [3, 1, 3], "b": [1.0, 1.0, 1.0]}))
    assert found.rows["a"].tolist() == [3, 1]
    assert found.counts.tolist() == [2, 1]


def test_counts_of_the_simulated_portfolio():
    table = simulate.portfolio(5_000)
    found = distinct(table)
    assert len(found) == len(table.drop_duplicates())
    assert found.weights.sum() == pytest.approx(5_000)
    assert found.weights.dtype == np.float64


def test_real_file(real_portfolio):
    table = plain.table(real_portfolio.loans)
    assert len(distinct(table)) == len(real_portfolio.loans) == 5_229
    assert len(distinct(table[feature_names()])) == 5_003
