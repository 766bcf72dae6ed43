"""Newton's steps over blocks of loans arrive where scikit-learn arrives."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from analysis.models import newton
from analysis.models.newton import Problem, Weighting


class Given(NamedTuple):
    """One problem with one weighting."""

    columns: list
    middles: np.ndarray
    scales: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    penalties: np.ndarray

    @property
    def problem(self):
        return Problem(self.columns, self.middles, self.scales, self.labels)

    def weighting(self, start=None):
        begin = np.zeros(len(self.columns) + 1) if start is None else start
        return Weighting(self.weights, self.penalties, begin)


def fitted(given, iterations=100, start=None):
    return newton.fit(given.problem, [given.weighting(start)], iterations)[0]


def made(rows=600, seed=0, columns=3):
    """Return columns in units of very different size, one of them whole numbers, and weights."""
    generator = np.random.default_rng(seed)
    labels = (generator.random(rows) < 0.2).astype(np.int64)
    values = generator.normal(labels[:, None], 1.0, (rows, columns)) * 10.0 ** np.arange(columns)
    found = [*values.T, generator.integers(0, 5, rows)]
    table = np.column_stack(found)
    weights = generator.integers(0, 4, rows).astype(float)
    middles = np.average(table, axis=0, weights=weights)
    scales = np.sqrt(np.average((table - middles) ** 2, axis=0, weights=weights))
    return Given(found, middles, scales, labels, weights, np.ones(columns + 1))


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
    given = made()
    found = fitted(given)
    coefficients, intercept = library(given)
    assert found.coefficients == pytest.approx(coefficients, rel=1e-9)
    assert found.intercept == pytest.approx(intercept, rel=1e-9)
    assert found.converged
    assert found.iterations < 12


def test_a_penalty_weighs_as_the_library_has_it():
    given = made()._replace(penalties=np.full(4, 20.0))
    coefficients, _ = library(given, C=1 / 20)
    assert fitted(given).coefficients == pytest.approx(coefficients, rel=1e-9)


def test_columns_may_be_on_any_scale():
    given = made()
    coefficients = fitted(given).coefficients
    shifted = given._replace(
        columns=[each + 1e6 for each in given.columns], middles=given.middles + 1e6
    )
    assert fitted(shifted).coefficients == pytest.approx(coefficients, rel=1e-7)


@given(st.integers(0, 1_000))
@settings(max_examples=15)
def test_rows_that_count_nothing_are_passed_over(seed):
    given = made(120, seed)
    there = given.weights > 0
    without = given._replace(
        columns=[each[there] for each in given.columns],
        labels=given.labels[there],
        weights=given.weights[there],
    )
    found, expected = fitted(given), fitted(without)
    assert found.coefficients == pytest.approx(expected.coefficients, rel=1e-9)


def test_from_near_the_optimum_few_steps_are_left():
    given = made()
    far = fitted(given)
    point = np.append(far.coefficients * given.scales, far.intercept)
    point[-1] += far.coefficients @ given.middles
    near = fitted(given, start=point * 1.01)
    assert near.iterations < far.iterations
    assert near.coefficients == pytest.approx(far.coefficients, rel=1e-9)


@pytest.mark.parametrize("most", [1, 3])
def test_it_stops_where_it_is_told_to(most):
    found = fitted(made(), most)
    assert (found.iterations, found.converged) == (most, False)


def test_a_step_that_leaps_over_the_optimum_is_halved():
    # Far out the loss is nearly straight, and Newton's step leads to the other side and beyond.
    given = made()
    far = fitted(given, start=np.array([8.0, -8.0, 8.0, -8.0, 4.0]))
    assert far.converged
    assert far.coefficients == pytest.approx(fitted(given).coefficients, rel=1e-9)


def test_labels_that_a_column_separates_have_an_optimum():
    given = made(seed=3)
    apart = given._replace(columns=[given.labels * 2.0 - 1, *given.columns[1:]])
    coefficients, _ = library(apart)
    assert fitted(apart).coefficients == pytest.approx(coefficients, rel=1e-6)


def test_many_weightings_at_once_are_each_fitted_as_alone():
    given = made()
    others = [given._replace(weights=np.roll(given.weights, by)) for by in (1, 5)]
    others.append(given._replace(penalties=np.full(4, 20.0)))
    together = newton.fit(given.problem, [each.weighting() for each in others], 100)
    for found, each in zip(together, others, strict=True):
        alone = fitted(each)
        assert found.coefficients == pytest.approx(alone.coefficients, rel=1e-12)
        assert (found.iterations, found.converged) == (alone.iterations, True)


def test_deviations_are_those_of_the_rows_counted():
    given = made()
    constant = np.where(np.arange(600) < 300, 2.0, 3.0)
    columns, scales = [*given.columns, constant], np.append(given.scales, 0.5)
    problem = Problem(columns, np.append(given.middles, 2.5), scales, given.labels)
    first = (np.arange(600) < 300).astype(np.int64)
    found = newton.deviations(problem, [np.ones(600, np.int64), first])
    values = np.column_stack(columns)
    assert found[0] == pytest.approx(values.std(axis=0) / scales)
    expected = values[:300].std(axis=0) / scales
    assert found[1][:-1] == pytest.approx(expected[:-1])
    assert found[1][-1] == 0
