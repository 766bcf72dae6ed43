"""Distinct loans with their counts, against the same loans a row each."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.portfolio import loans, simulate
from tests.support import plain
from tests.support.columns import LABEL, feature_names

AMOUNTS = st.sampled_from([0.0, 1.0, 2.5, 1e-300, 1e12])
# Few amounts and labels, so that loans repeat.
TABLES = st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(0, 1)), min_size=1, max_size=40).map(
    lambda rows: _table(*zip(*rows, strict=True))
)


def _table(sizes, debts, labels):
    table = pd.DataFrame(dict.fromkeys(feature_names(), 3.0), index=range(len(labels)))
    return table.assign(loan_size=sizes, total_debt=debts, **{LABEL: labels})


@st.composite
def tables_with_positions(draw):
    """Draw a table, and positions of some of its loans, in any order and also repeated."""
    table = draw(TABLES)
    places = st.lists(st.integers(0, len(table) - 1), min_size=1, max_size=60)
    return table, np.array(draw(places))


@given(TABLES)
def test_every_loan_comes_back_in_order(table):
    found = loans.from_table(table)
    pd.testing.assert_frame_equal(plain.table(found), table)
    assert (len(found), found.total) == (len(table.drop_duplicates()), len(table))
    assert np.array_equal(found.features, found.rows[feature_names()])
    assert np.array_equal(found.labels, found.rows[LABEL])
    assert np.array_equal(found.weights, found.counts)


@given(TABLES)
def test_label_counts_are_those_of_all_rows(table):
    expected = {label: int((table[LABEL] == label).sum()) for label in (0, 1)}
    assert loans.from_table(table).label_counts == expected


@given(tables_with_positions())
def test_a_part_has_the_loans_chosen_in_their_order(drawn):
    table, places = drawn
    whole = loans.from_table(table)
    found = whole.part(whole.inverse[places])
    pd.testing.assert_frame_equal(plain.table(found), table.iloc[places].reset_index(drop=True))
    check_counts(found)
    again = found.part(found.inverse[::-1])
    pd.testing.assert_frame_equal(
        plain.table(again), table.iloc[places[::-1]].reset_index(drop=True)
    )


def check_counts(found):
    """No distinct loan stands in it twice or without a count."""
    assert not found.rows.duplicated().any()
    assert list(found.rows.index) == list(range(len(found)))
    assert np.array_equal(np.bincount(found.inverse), found.counts)
    assert (found.counts.dtype, found.inverse.dtype) == (np.int64, np.int32)


def test_a_part_keeps_the_order_of_the_distinct_loans():
    whole = loans.from_table(_table([1, 2, 3], [0, 0, 0], [0, 0, 1]))
    assert whole.part(np.array([2, 2, 0])).rows["loan_size"].tolist() == [1, 3]


@given(TABLES, st.randoms(use_true_random=False))
def test_loans_that_are_counted_have_no_order(table, random):
    whole = loans.from_table(table)
    counts = np.array([random.randint(0, 5) for _ in range(len(whole))])
    counts[random.randrange(len(whole))] = 3
    found = whole.counted(counts)
    pd.testing.assert_frame_equal(found.rows, whole.rows[counts > 0].reset_index(drop=True))
    assert found.counts.tolist() == counts[counts > 0].tolist()
    assert found.total == counts.sum()
    assert found.inverse.shape == (0,)
    assert found.label_counts[1] == counts[whole.labels == 1].sum()


@given(tables_with_positions())
def test_standard_deviations_are_those_of_all_rows(drawn):
    table, places = drawn
    whole = loans.from_table(table)
    expected = table[feature_names()].iloc[places].to_numpy().std(axis=0)
    found = whole.part(whole.inverse[places]).standard_deviations()
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)
    still = table[feature_names()].iloc[places].nunique().to_numpy() == 1
    assert (found[still] == 0).all()


def test_standard_deviations_of_a_portfolio():
    table = simulate.portfolio(5_000, seed=1)
    found = loans.from_table(table).standard_deviations()
    assert found == pytest.approx(table[feature_names()].std(ddof=0).to_numpy(), rel=1e-12)


def test_a_large_constant_does_not_vary():
    table = simulate.portfolio(2_000).assign(loan_size=123_456_789.1)
    assert loans.from_table(table).standard_deviations()[0] == 0


@given(st.lists(st.integers(-(2**40), 2**40), max_size=5))
def test_whole_numbers_stay_the_same_in_fewer_bytes(numbers):
    given_ = np.array(numbers, dtype=np.int64)
    found = loans.narrow(given_)
    assert found.tolist() == numbers
    assert found.dtype.kind == "i"
    assert found.nbytes <= given_.nbytes
    assert loans.narrow(np.array([127])).dtype == np.int8
    assert loans.narrow(np.array([-128, 128])).dtype == np.int16


def test_loans_drawn_by_count_count_in_eight_bytes_once_they_are_held():
    whole = loans.from_table(simulate.portfolio(simulate.LEAST_ROWS))
    counts = whole.counts + 100
    assert whole.weighed(counts).counts.dtype == np.int8
    assert whole.counted(counts).counts.dtype == np.int64
    assert whole.counted(counts).total == counts.sum()


def test_means_and_labels_are_those_of_the_table():
    table = simulate.portfolio(5_000)
    whole = loans.from_table(table)
    for label in (0, 1):
        expected = table.loc[table[LABEL] == label, feature_names()].mean().to_numpy()
        assert whole.of_label(label).means() == pytest.approx(expected, rel=1e-12)
