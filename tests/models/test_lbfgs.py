"""The lean fit against the library's own, to the last digit."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from analysis.models import fits, lbfgs, splitting
from analysis.models.balanced import balanced
from analysis.portfolio import loans, simulate


@pytest.fixture(scope="module")
def train():
    return splitting.split(loans.from_table(simulate.portfolio(3_000, seed=4))).train


def library(values, labels, weights, iterations):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = LogisticRegression(solver="lbfgs", max_iter=iterations).fit(
            values, labels, sample_weight=weights
        )
    return made, not caught


@pytest.mark.parametrize("iterations", [1, 33, 10_000])
@pytest.mark.parametrize("oversampled", [False, True])
@pytest.mark.parametrize("scaled", [False, True])
def test_every_coefficient_is_the_librarys(train, iterations, oversampled, scaled):
    values = train.features.to_numpy(float)
    values = train.scale.scaled(values) if scaled else values
    weights = balanced(train)[1] if oversampled else train.weights
    found = lbfgs.fit(values, train.labels, weights, iterations)
    expected, converged = library(values, train.labels, weights, iterations)
    assert np.array_equal(found.coefficients, expected.coef_[0])
    assert found.intercept == expected.intercept_[0]
    assert found.iterations == expected.n_iter_[0]
    assert found.converged == converged


def test_a_declared_fit_on_scaled_columns_is_the_librarys(train):
    recipe = replace(train.recipe, scaled=True, solver="lbfgs", iterations=7)
    found = fits.fit_original(replace(train, recipe=recipe))
    scaled = train.scale.scaled(train.features.to_numpy(float))
    expected, _ = library(scaled, train.labels, train.weights, 7)
    assert found.coefficients == pytest.approx(
        expected.coef_[0] / train.scale.deviations, rel=1e-12
    )
    assert (found.iterations, found.converged) == (7, False)
