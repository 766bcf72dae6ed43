"""Odds ratios per standard deviation, against a fit on standardised columns."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from analysis.evidence.columns import coefficients, rank
from analysis.models import fits
from analysis.portfolio import loans, simulate
from tests.support import plain
from tests.support.columns import feature_names


@pytest.fixture(scope="module")
def split():
    return plain.split(simulate.portfolio(2_000))


@pytest.fixture(scope="module")
def train(split):
    return split.parts.train


@pytest.fixture(scope="module")
def fitted(train):
    return fits.fit_original(train)


def test_digits_reproduce_every_decision_and_one_digit_less_does_not(split, train, fitted):
    digits = coefficients.reproducing_digits(fitted, train)
    decisions = fitted.predict(split.train_features)

    def decided(kept):
        scores = float(f"{fitted.intercept:.{kept}g}") + sum(
            float(f"{each:.{kept}g}") * split.train_features[name]
            for name, each in zip(fitted.columns, fitted.coefficients, strict=True)
        )
        return (scores > 0).astype(int).to_numpy()

    assert all((decided(each) == decisions).all() for each in range(digits, 17))
    assert (decided(digits - 1) != decisions).any()


def test_a_model_that_decides_one_way_needs_one_digit(train, fitted):
    assert coefficients.reproducing_digits(replace(fitted, intercept=-1e9), train) == 1


def test_odds_ratios_are_those_of_standardised_columns(split, train, fitted):
    standard = StandardScaler().fit(split.train_features.to_numpy())
    estimator = LogisticRegression(C=np.inf, max_iter=1_000)
    estimator.fit(standard.transform(split.train_features.to_numpy()), split.train_labels)
    raw = replace(fitted, coefficients=estimator.coef_[0] / standard.scale_)
    found = coefficients.describe(raw, train)
    assert [each.odds_ratio_per_sd for each in found] == pytest.approx(np.exp(estimator.coef_[0]))
    assert [each.name for each in found] == feature_names()
    assert all(each.identified for each in found)


def test_columns_of_an_exact_relation_are_not_identified(train, fitted):
    unidentified = rank.find(train.features).unidentified
    found = coefficients.describe(fitted, train, unidentified)
    assert {each.name for each in found if not each.identified} == {"borrower_income", "total_debt"}


def test_odds_too_large_to_write_are_left_out(train, fitted):
    huge = replace(fitted, coefficients=np.full(7, 1e9))
    found = coefficients.describe(huge, train)
    assert {each.odds_ratio_per_sd for each in found} == {None}
    tiny = replace(fitted, coefficients=np.full(7, -1e9))
    assert {each.odds_ratio_per_sd for each in coefficients.describe(tiny, train)} == {0.0}
    json.dumps([asdict(each) for each in found], allow_nan=False)


def test_a_constant_column_has_no_effect(split, fitted):
    still = loans.from_table(split.train.assign(loan_size=9_000.0))
    assert coefficients.describe(fitted, still)[0].odds_ratio_per_sd == 1
