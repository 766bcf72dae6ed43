"""Rows in pieces reduce to the same distinct rows as all of them at once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.portfolio import reduction
from analysis.portfolio.distinct import distinct
from analysis.portfolio.reduction import Reducer

ROWS = st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2, width=16)), min_size=1, max_size=40)


def reduced(table, size):
    reducer = Reducer()
    for start in range(0, len(table), size):
        reducer.add(table.iloc[start : start + size])
    return reducer.reduced()


@given(ROWS, st.integers(1, 40))
def test_pieces_of_any_size_give_the_same(rows, size):
    table = pd.DataFrame(rows, columns=["a", "b"], dtype=float) + 0.0
    found, expected = reduced(table, size), distinct(table)
    pd.testing.assert_frame_equal(found.rows, expected.rows)
    assert found.counts.tolist() == expected.counts.tolist()
    assert found.inverse.tolist() == expected.inverse.tolist()


@pytest.mark.parametrize("size", [7, 20, 100])
def test_rows_that_hardly_repeat_are_kept_as_they_come(monkeypatch, size):
    monkeypatch.setattr(reduction, "ENOUGH_ROWS", 20)
    values = np.random.default_rng(0).permutation(100).astype(float)
    values[3] = values[5]
    table = pd.DataFrame({"a": values})
    found = reduced(table, size)
    pd.testing.assert_frame_equal(found.rows, table)
    assert found.counts.tolist() == [1] * 100
    assert found.inverse.tolist() == list(range(100))


def test_no_rows():
    assert len(Reducer().reduced()) == 0


def test_a_shared_hash_is_noticed(monkeypatch):
    monkeypatch.setattr(
        pd.util,
        "hash_pandas_object",
        lambda table, **_: pd.Series(0, index=table.index, dtype="u8"),
    )
    with pytest.raises(reduction.CollisionError):
        Reducer().add(pd.DataFrame({"a": [1.0, 2.0]}))
