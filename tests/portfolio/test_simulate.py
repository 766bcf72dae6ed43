"""The simulated portfolio: its structure, its seed, and what its file form gives again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.models import splitting
from analysis.portfolio import loans, simulate
from analysis.portfolio.declaration import module_12
from analysis.portfolio.schema import LEAST_ROWS_PER_LABEL
from tests.support import loan_files, plain
from tests.support.columns import LABEL

ROWS = st.integers(simulate.LEAST_ROWS, 5_000)
SEEDS = st.integers(0, 2**63)
# The seed and the library's generator settle the portfolio; a change of either is a change of
# every figure in the default report.
DEFAULT_SHA256 = "c996a81f5b7f"


def test_the_default_has_the_published_counts(simulated_portfolio):
    labels = plain.table(simulated_portfolio.loans)[LABEL]
    assert labels.value_counts().to_dict() == {0: 75_036, 1: 2_500}
    assert labels.is_monotonic_increasing


def test_the_default_is_the_same_on_every_machine(simulated_portfolio):
    assert simulated_portfolio.sha256[:12] == DEFAULT_SHA256


@given(ROWS, SEEDS)
@settings(max_examples=40)
def test_one_score_gives_every_column(rows, seed):
    table = simulate.portfolio(rows, seed)
    score = (table["interest_rate"] - 5.25) / 2.125
    assert len(table) == rows
    assert (score >= 0).all()
    # The rate is rounded to three decimals, the score follows to 0.0005 / 2.125.
    rounding = 0.0005 / 2.125 + 1e-9
    assert (table["loan_size"] - 5_000 - 5_000 * score).abs().max() <= 50 + 5_000 * rounding
    assert (table["borrower_income"] - 30_000 - 20_000 * score).abs().max() <= (
        50 + 20_000 * rounding
    )
    assert (table["total_debt"] == table["borrower_income"] - 30_000).all()
    assert (table["debt_to_income"] == table["total_debt"] / table["borrower_income"]).all()
    for name, factor in (("num_of_accounts", 4.5), ("derogatory_marks", 1)):
        lowest, highest = (np.floor(factor * (score + step)) for step in (-rounding, rounding))
        assert table[name].between(lowest, highest).all()
    assert (table[["loan_size", "borrower_income"]] % 100 == 0).all(axis=None)
    assert np.array_equal(table["interest_rate"], table["interest_rate"].round(3))


@given(ROWS, SEEDS)
@settings(max_examples=40)
def test_healthy_first_in_the_published_share(rows, seed):
    labels = simulate.portfolio(rows, seed)[LABEL]
    assert labels.is_monotonic_increasing
    assert labels.sum() == round(rows * 2_500 / 77_536) >= LEAST_ROWS_PER_LABEL


@given(ROWS, SEEDS)
@settings(max_examples=20)
def test_the_seed_settles_the_table(rows, seed):
    table = simulate.portfolio(rows, seed)
    pd.testing.assert_frame_equal(table, simulate.portfolio(rows, seed))
    assert not table.equals(simulate.portfolio(rows, seed + 1))


@given(ROWS, SEEDS)
@settings(max_examples=20)
def test_its_csv_form_gives_the_same_table(rows, seed):
    table = simulate.portfolio(rows, seed)
    again, notes = loan_files.table("a.csv", simulate.to_csv(table))
    assert not notes
    pd.testing.assert_frame_equal(again, table, check_exact=True)


def test_rates_follow_the_published_mixture(simulated_portfolio):
    table = plain.table(simulated_portfolio.loans)
    healthy = table.loc[table[LABEL] == 0, "interest_rate"]
    high_risk = table.loc[table[LABEL] == 1, "interest_rate"]
    assert (healthy > 9).sum() == pytest.approx(422, abs=10)
    assert (high_risk < 9).sum() == pytest.approx(13, abs=10)
    assert healthy[healthy < 9].mean() == pytest.approx(7.147, abs=0.01)
    assert healthy[healthy < 9].std() == pytest.approx(0.496, abs=0.01)
    assert high_risk[high_risk > 9].mean() == pytest.approx(11.0, abs=0.06)
    assert high_risk[high_risk > 9].std() == pytest.approx(0.66, abs=0.05)
    assert table["interest_rate"].min() >= 5.25


def test_its_csv_form_begins_as_it_says(small_table):
    assert simulate.to_csv(small_table).startswith(simulate.BEGINS)


def test_every_allowed_number_of_rows_can_be_split():
    for rows in range(simulate.LEAST_ROWS, simulate.LEAST_ROWS + 400):
        labels = np.zeros(rows, int)
        labels[rows - round(rows * 2_500 / 77_536) :] = 1
        parts = splitting.split(loans.from_table(pd.DataFrame({"a": labels, LABEL: labels})))
        splitting.check_split("a", parts, module_12().label)


def test_fewer_rows_are_refused():
    with pytest.raises(ValueError, match="319 rows are too few: at least 320 are needed"):
        simulate.portfolio(simulate.LEAST_ROWS - 1)
