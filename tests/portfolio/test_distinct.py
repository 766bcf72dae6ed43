"""Distinct rows and their counts, against pandas' own group-by; at once and in pieces."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.portfolio import distinct as module
from analysis.portfolio import simulate
from analysis.portfolio.distinct import Reducer, distinct
from tests.support import plain
from tests.support.columns import feature_names

ROWS = st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2, width=16)), min_size=1, max_size=40)


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


@pytest.fixture
def one_hash(monkeypatch):
    """Give every row the same hash."""
    monkeypatch.setattr(
        pd.util,
        "hash_pandas_object",
        lambda table, **_: pd.Series(0, index=table.index, dtype="u8"),
    )


@pytest.mark.usefixtures("one_hash")
def test_rows_that_share_a_hash_stay_apart():
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


def reduced(table, size):
    reducer = Reducer()
    for start in range(0, len(table), size):
        reducer.add(table.iloc[start : start + size])
    return reducer.reduced()


@given(ROWS, st.integers(1, 40))
def test_pieces_of_any_size_give_the_same(rows, size):
    table = pd.DataFrame(rows, columns=["a", "b"], dtype=float) + 0.0
    table = table.mask(table == 1)
    found, expected = reduced(table, size), table.drop_duplicates(ignore_index=True)
    pd.testing.assert_frame_equal(found.rows, expected)
    again = found.rows.iloc[found.inverse].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, table)
    assert found.counts.tolist() == np.bincount(found.inverse).tolist()


@pytest.mark.parametrize("size", [7, 20, 100])
def test_rows_that_hardly_repeat_are_kept_as_they_come(monkeypatch, size):
    monkeypatch.setattr(module, "ENOUGH_ROWS", 20)
    values = np.random.default_rng(0).permutation(100).astype(float)
    values[3] = values[5]
    table = pd.DataFrame({"a": values})
    found = reduced(table, size)
    pd.testing.assert_frame_equal(found.rows, table)
    assert found.counts.tolist() == [1] * 100
    assert found.inverse.tolist() == list(range(100))


def test_no_rows():
    assert len(Reducer().reduced()) == 0


@pytest.mark.usefixtures("one_hash")
@pytest.mark.parametrize("size", [1, 2, 9])
def test_unlike_rows_with_one_hash_stay_apart_in_pieces(size):
    table = pd.DataFrame({"a": [1.0, 1.0, 2.0, 1.0, 3.0]})
    found = reduced(table, size)
    again = found.rows.iloc[found.inverse].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, table)
    assert found.total == 5


def test_rows_without_a_repeat_are_not_copied(monkeypatch):
    table = pd.DataFrame({"a": np.arange(10.0), "b": 1.0})
    monkeypatch.setattr(module, "BLOCK_ROWS", 3)
    found = distinct(table)
    assert np.shares_memory(found.rows["a"].to_numpy(), table["a"].to_numpy())
    assert found.counts.tolist() == [1] * 10
    assert found.inverse.tolist() == list(range(10))
    # Far apart, and written otherwise: equal all the same.
    table.loc[[0, 9], "a"] = 0.0, -0.0
    again = distinct(table)
    assert again.counts.tolist() == [2, *[1] * 8]
    assert again.inverse[9] == 0


def test_unlike_rows_that_come_in_pieces_give_up_what_is_joined():
    pieces = [
        pd.DataFrame({"a": np.arange(begin, begin + 60_000.0), "b": 1.0}, copy=False)
        for begin in (0, 60_000)
    ]
    whole = pd.concat(pieces, ignore_index=True)
    reducer = Reducer()
    for piece in pieces:
        reducer.add(piece)
    found = reducer.reduced()
    pd.testing.assert_frame_equal(found.rows, whole)
    assert not any(len(piece.columns) for piece in pieces[1:])
    assert found.counts.strides == (0,)
    assert found.inverse.dtype == np.int32


@given(st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_a_group_is_shared_where_another_row_has_it(numbers):
    groups = pd.factorize(np.array(numbers))[0]
    expected = pd.Series(numbers).duplicated(keep=False)
    assert module.shared(groups).tolist() == expected.tolist()
