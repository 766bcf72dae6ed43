"""Levels, gaps and one-sided features against cases counted by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.columns import features
from analysis.evidence.columns.features import OneSided
from analysis.portfolio import loans
from analysis.portfolio.column import Column, Constraints

HOME = Column("home", "string", constraints=Constraints(enum=("own", "rent", "other")))
INCOME = Column("income", "number")
PAID = Column("paid_back", "number")
# income, home by the place of its level, what was paid back, label, loans.
ROWS = [
    (1.0, 0.0, 0.0, 0, 40),
    (2.0, 1.0, 0.0, 0, 30),
    (np.nan, 1.0, 0.0, 0, 10),
    (np.nan, np.nan, 5.0, 1, 15),
    (3.0, 0.0, 0.0, 1, 4),
    (4.0, np.nan, 7.0, 1, 1),
]


@pytest.fixture(scope="module")
def portfolio():
    names = ["income", "home", "paid_back", "bad", "loans"]
    kinds = pd.DataFrame(ROWS, columns=names).astype({"bad": "int64"})
    table = kinds.loc[np.repeat(np.arange(len(kinds)), kinds.pop("loans"))]
    return loans.from_table(table.reset_index(drop=True), "bad", (INCOME, HOME, PAID))


def test_levels(portfolio):
    assert features.levels(portfolio).to_numpy().tolist() == [
        ["home", "own", 44, 4],
        ["home", "rent", 40, 0],
        ["home", "missing", 16, 16],
    ]


def test_gaps(portfolio):
    found = features.gaps(portfolio).set_index("feature")
    assert list(found.index) == ["income", "home"]
    income = found.loc["income"]
    assert (income["missing"], income["share"]) == (25, 0.25)
    assert income["high_risk"] == pytest.approx(15 / 25)
    assert income["others_high_risk"] == pytest.approx(5 / 75)
    assert income["difference"] == pytest.approx(15 / 25 - 5 / 75)
    # Two combinations of features: 25² / (10² + 15²) draws.
    assert income["difference_low"] < 0 < income["difference_high"]
    assert income["joint_low"] < income["difference_low"]


def test_gaps_of_loans_unlike_each_other(portfolio):
    table = portfolio.rows.loc[portfolio.inverse].assign(unlike=np.arange(100.0))
    declared = (INCOME, HOME, PAID, Column("unlike", "number"))
    found = features.gaps(loans.from_table(table, "bad", declared)).set_index("feature")
    # Newcombe (1998), method 10, of 15/25 and 5/75 by hand: Wilson's limits are 0.4074 to 0.7660
    # and 0.0288 to 0.1468.
    low = 0.53333 - np.hypot(0.6 - 0.4074, 0.1468 - 0.06667)
    high = 0.53333 + np.hypot(0.7660 - 0.6, 0.06667 - 0.0288)
    assert found.loc["income", "difference_low"] == pytest.approx(low, abs=2e-4)
    assert found.loc["income", "difference_high"] == pytest.approx(high, abs=2e-4)


def test_a_feature_with_one_value_for_one_label(portfolio):
    assert list(features.one_sided(portfolio)) == [OneSided("paid_back", 1, 16)]


def test_a_gap_is_a_value():
    table = pd.DataFrame({"ended": [np.nan, np.nan, 3.0, 4.0, np.nan], "bad": [0, 0, 1, 1, 1]})
    found = features.one_sided(loans.from_table(table, "bad"))
    assert list(found) == [OneSided("ended", 1, 2)]


def test_numbers_without_gaps(simulated_portfolio):
    assert features.levels(simulated_portfolio.loans).empty
    assert features.gaps(simulated_portfolio.loans).empty
