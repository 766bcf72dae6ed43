"""Each column alone: by hand, and against scikit-learn on all rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from analysis.evidence.columns import strength
from analysis.evidence.numerics import samples
from analysis.evidence.numerics.cuts import equal_parts
from analysis.models import splitting
from analysis.portfolio import loans, simulate
from analysis.portfolio.column import Column, Constraints
from tests.support import plain


@pytest.fixture(scope="module")
def table():
    return simulate.portfolio(3_000, seed=4)


def test_information_value_by_hand():
    # One value for half of the healthy and a tenth of the high-risk loans, another for the rest.
    values = np.array([1.0, 2.0, 1.0, 2.0])
    labels, counts = np.array([0, 0, 1, 1]), np.array([50, 50, 1, 9])
    expected = (0.5 - 0.1) * np.log(0.5 / 0.1) + (0.5 - 0.9) * np.log(0.5 / 0.9)
    found = strength.information_value(values, labels, counts)
    assert found == (pytest.approx(expected), 2)


def test_an_empty_bin_counts_as_half_a_loan():
    found = strength.information_value(np.array([1.0, 2.0]), np.array([0, 1]), np.array([10, 10]))
    expected = 2 * (1 - 0.5 / 10) * np.log(10 / 0.5)
    assert found == (pytest.approx(expected), 2)


def test_many_values_are_binned_in_tenths():
    values = np.arange(1_000.0)
    labels = (np.random.default_rng(0).random(1_000) < values / 1_000).astype(np.int64)
    once = np.ones(1_000, np.int64)
    found, number = strength.information_value(equal_parts(values, once, 10), labels, once)
    assert number == 10
    shares = [
        np.histogram(values[labels == label], np.arange(-0.5, 1_001, 100))[0] / sum(labels == label)
        for label in (0, 1)
    ]
    assert found == pytest.approx(((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum())


def test_columns_agree_with_scikit_learn_on_all_rows(table):
    split = plain.split(table)
    found = strength.examine(loans.from_table(table), split.parts)
    assert [each.column for each in found.columns] == list(split.train_features)
    assert (found.training_loans, found.test_loans) == (2_250, 750)
    for each in found.columns:
        train, test = (side[[each.column]] for side in (split.train_features, split.test_features))
        area = roc_auc_score(split.test_labels, test[each.column])
        assert each.area == pytest.approx(max(area, 1 - area))
        assert each.riskier == ("higher" if area > 0.5 else "lower")
        middle, scale = train.mean(), train.std()
        model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
        model.fit((train - middle) / scale, split.train_labels)
        expected = log_loss(split.test_labels, model.predict_proba((test - middle) / scale))
        assert each.log_loss == pytest.approx(expected, rel=1e-3)
        means = table.groupby("loan_status")[each.column].mean()
        assert (each.mean_healthy, each.mean_high_risk) == pytest.approx((means[0], means[1]))


def test_a_constant_column_says_nothing(table):
    whole = loans.from_table(table.assign(loan_size=1_000.0))
    found = strength.examine(whole, splitting.split(whole)).columns[0]
    assert (found.area, found.riskier, found.information_value, found.bins) == (
        0.5,
        "neither",
        0,
        1,
    )


def test_a_column_that_gives_the_label_has_an_area_of_one(table):
    whole = loans.from_table(table.assign(loan_size=1_000.0 - 500 * table["loan_status"]))
    found = strength.examine(whole, splitting.split(whole)).columns[0]
    assert (found.area, found.riskier) == (1, "lower")
    assert found.log_loss < 1e-3


def test_large_portfolios_are_sampled(table, monkeypatch):
    whole = loans.from_table(table)
    usual = strength.examine(whole, splitting.split(whole))
    monkeypatch.setattr(samples.sample, "__defaults__", (400,))
    found = strength.examine(whole, splitting.split(whole))
    assert found.training_loans == 400
    assert found.columns[0].area == pytest.approx(usual.columns[0].area, abs=0.03)


def test_real_file(real_portfolio):
    whole = real_portfolio.loans
    found = {each.column: each for each in strength.examine(whole, splitting.split(whole)).columns}
    income = found["borrower_income"]
    assert income.area == pytest.approx(0.99394, abs=5e-6)
    assert income.log_loss == pytest.approx(0.02332, abs=5e-6)
    assert (income.mean_healthy, income.mean_high_risk) == pytest.approx((48_100, 84_000), abs=50)
    # facts.md has 7.3 to 9.0 with other bins.
    assert all(7.3 < each.information_value < 9.6 for each in found.values())


HOME = Column("home", "string", constraints=Constraints(enum=("own", "rent", "other")))
DEBT = Column("debt", "number", constraints=Constraints())


@pytest.fixture(scope="module")
def declared():
    """Return loans with a category and a number with gaps, both of which tell of the label."""
    generator = np.random.default_rng(1)
    home, debt = generator.integers(0, 3, 2_000), generator.normal(size=2_000).round(2)
    log_odds = np.array([-1.5, 0.5, -0.5])[home] + debt
    table = pd.DataFrame({"home": home.astype(float), "debt": debt})
    table["loan_status"] = (generator.random(2_000) < expit(log_odds)).astype("int64")
    table.loc[generator.random(2_000) < 0.1 + 0.3 * table["loan_status"], "debt"] = np.nan
    return loans.from_table(table, declared=(HOME, DEBT))


def test_features_of_several_columns_are_measured_as_wholes(declared):
    parts = splitting.split(declared)
    found = strength.examine(parts.design.apply(declared), parts).features
    assert [each.feature for each in found] == ["home", "debt"]
    for each in found:
        names = [column.name for column in parts.design.columns if column.feature == each.feature]
        model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
        model.fit(parts.train.rows[names], parts.train.labels, sample_weight=parts.train.weights)
        predicted = model.predict_proba(parts.test.rows[names])[:, 1]
        weights = {"sample_weight": parts.test.counts}
        area = roc_auc_score(parts.test.labels, predicted, **weights)
        assert each.area == pytest.approx(area, abs=1e-4)
        expected = log_loss(parts.test.labels, predicted, **weights)
        assert each.log_loss == pytest.approx(expected, rel=1e-4)


def test_information_value_over_levels_and_with_a_bin_for_gaps(declared):
    parts = splitting.split(declared)
    home, debt = strength.examine(parts.design.apply(declared), parts).features
    train = parts.train.rows.loc[np.repeat(np.arange(len(parts.train)), parts.train.counts)]
    level = train["home: rent"] + 2 * train["home: other"]
    expected, bins = strength.information_value(
        level.to_numpy(), train["loan_status"].to_numpy(), np.ones(len(train), np.int64)
    )
    assert (home.information_value, home.bins) == (pytest.approx(expected), bins) == (
        pytest.approx(expected), 3,
    )  # fmt: skip
    assert debt.bins == 11
    missing = train["debt: missing"] == 1
    binned = pd.qcut(train["debt"].where(~missing), 10, labels=False, duplicates="drop")
    counts = pd.crosstab(binned.fillna(10), train["loan_status"])
    shares = counts / counts.sum()
    value = ((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum()
    assert debt.information_value == pytest.approx(value, rel=0.02)
