"""Newton's steps over blocks of loans arrive where scikit-learn arrives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from analysis.models import newton
from analysis.models.newton import Problem


def problem(rows=600, seed=0, columns=3):
    """Return columns in units of very different size, one of them whole numbers, and weights."""
    generator = np.random.default_rng(seed)
    labels = (generator.random(rows) < 0.2).astype(np.int64)
    values = generator.normal(labels[:, None], 1.0, (rows, columns)) * 10.0 ** np.arange(columns)
    found = [*values.T, generator.integers(0, 5, rows)]
    table = np.column_stack(found)
    weights = generator.integers(0, 4, rows).astype(float)
    middles = np.average(table, axis=0, weights=weights)
    scales = np.sqrt(np.average((table - middles) ** 2, axis=0, weights=weights))
    return Problem(found, middles, scales, np.ones(columns + 1), labels, weights)


def library(given, **settings):
    """Return scikit-learn's coefficients and constant, per unit of the columns given."""
    values = (np.column_stack(given.columns) - given.middles) / given.scales
    model = LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=100, **settings)
    model.fit(values, given.labels, sample_weight=given.weights)
    coefficients = model.coef_[0] / given.scales
    return coefficients, model.intercept_[0] - coefficients @ given.middles


@pytest.mark.parametrize("block", [newton.BLOCK_ROWS, 600, 7])
def test_it_arrives_where_the_library_does(monkeypatch, block):
    monkeypatch.setattr(newton, "BLOCK_ROWS", block)
    given = problem()
    found = newton.fit(given, 100)
    coefficients, intercept = library(given)
    assert found.coefficients == pytest.approx(coefficients, rel=1e-9)
    assert found.intercept == pytest.approx(intercept, rel=1e-9)
    assert found.converged
    assert found.iterations < 12


def test_a_penalty_weighs_as_the_library_has_it():
    given = problem()._replace(penalties=np.full(4, 20.0))
    coefficients, _ = library(given, C=1 / 20)
    assert newton.fit(given, 100).coefficients == pytest.approx(coefficients, rel=1e-9)


def test_columns_may_be_on_any_scale():
    given = problem()
    coefficients = newton.fit(given, 100).coefficients
    shifted = given._replace(
        columns=[each + 1e6 for each in given.columns], middles=given.middles + 1e6
    )
    assert newton.fit(shifted, 100).coefficients == pytest.approx(coefficients, rel=1e-7)


@given(st.integers(0, 1_000))
@settings(max_examples=15)
def test_rows_that_count_nothing_are_passed_over(seed):
    given = problem(120, seed)
    there = given.weights > 0
    without = given._replace(
        columns=[each[there] for each in given.columns],
        labels=given.labels[there],
        weights=given.weights[there],
    )
    found, expected = newton.fit(given, 100), newton.fit(without, 100)
    assert found.coefficients == pytest.approx(expected.coefficients, rel=1e-9)


def test_from_near_the_optimum_few_steps_are_left():
    given = problem()
    far = newton.fit(given, 100)
    point = np.append(far.coefficients * given.scales, far.intercept)
    point[-1] += far.coefficients @ given.middles
    near = newton.fit(given, 100, point * 1.01)
    assert near.iterations < far.iterations
    assert near.coefficients == pytest.approx(far.coefficients, rel=1e-9)


@pytest.mark.parametrize("most", [1, 3])
def test_it_stops_where_it_is_told_to(most):
    found = newton.fit(problem(), most)
    assert (found.iterations, found.converged) == (most, False)


def test_a_step_that_leaps_over_the_optimum_is_halved():
    # Far out the loss is nearly straight, and Newton's step leads to the other side and beyond.
    given = problem()
    far = newton.fit(given, 100, np.array([8.0, -8.0, 8.0, -8.0, 4.0]))
    assert far.converged
    assert far.coefficients == pytest.approx(newton.fit(given, 100).coefficients, rel=1e-9)


def test_labels_that_a_column_separates_have_an_optimum():
    given = problem(seed=3)
    apart = given._replace(columns=[given.labels * 2.0 - 1, *given.columns[1:]])
    coefficients, _ = library(apart)
    assert newton.fit(apart, 100).coefficients == pytest.approx(coefficients, rel=1e-6)
