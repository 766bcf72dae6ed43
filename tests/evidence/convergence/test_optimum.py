"""The optimum, against scikit-learn where it finds it, and by its own slope where it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from analysis.evidence.convergence import optimum
from analysis.models.newton import Problem


def maximise(columns, labels, weights, penalties, start=None):
    number = columns.shape[1]
    given = Problem(list(columns.T), np.zeros(number), np.ones(number), labels)
    return optimum.maximise(given, weights, penalties, start)


def problem(seed, rows=200):
    generator = np.random.default_rng(seed)
    columns = generator.normal(size=(rows, 3))
    labels = (columns @ [1.0, -2.0, 0.5] + generator.logistic(size=rows) > 0.5).astype(int)
    return columns, labels, generator.integers(1, 5, rows).astype(float)


@given(st.integers(0, 1_000))
def test_agrees_with_scikit_learn(seed):
    columns, labels, weights = problem(seed)
    found = maximise(columns, labels, weights, np.ones(3))
    reference = LogisticRegression(solver="newton-cholesky", tol=1e-10, max_iter=500)
    reference.fit(columns, labels, sample_weight=weights)
    assert found.converged
    assert found.coefficients == pytest.approx(reference.coef_[0], abs=1e-6)
    assert found.intercept == pytest.approx(reference.intercept_[0], abs=1e-6)


def test_penalties_of_raw_columns_give_the_fit_on_raw_columns():
    columns, labels, weights = problem(1)
    scale = np.array([2.0, 0.5, 3.0])
    found = maximise(columns, labels, weights, scale**-2.0)
    reference = LogisticRegression(solver="newton-cholesky", tol=1e-10, max_iter=500)
    reference.fit(columns * scale, labels, sample_weight=weights)
    assert found.coefficients / scale == pytest.approx(reference.coef_[0], abs=1e-6)


def test_equal_columns_share_their_coefficient():
    columns, labels, weights = problem(2)
    design = np.column_stack([columns, columns[:, 0]])
    found = maximise(design, labels, weights, np.full(4, optimum.RIDGE))
    assert found.converged
    assert found.coefficients[0] == pytest.approx(found.coefficients[3], rel=1e-3)


def test_separable_labels_keep_finite_coefficients():
    columns = np.linspace(-1, 1, 40).reshape(-1, 1)
    labels = (columns[:, 0] > 0).astype(int)
    found = maximise(columns, labels, np.ones(40), np.full(1, optimum.RIDGE))
    assert np.isfinite(found.coefficients).all()
    assert ((columns @ found.coefficients + found.intercept > 0) == labels).all()


def test_log_loss_agrees_with_scikit_learn():
    columns, labels, weights = problem(3)
    scores = columns[:, 0]
    expected = log_loss(labels, 1 / (1 + np.exp(-scores)), sample_weight=weights)
    assert optimum.log_loss(scores, labels, weights) == pytest.approx(expected)


def test_blocks_of_rows_and_a_near_start_lead_to_the_same_place(monkeypatch):
    columns, labels, weights = problem(4)
    whole = maximise(columns, labels, weights, np.ones(3))
    monkeypatch.setattr(optimum, "BLOCK_ROWS", 7)
    found = maximise(columns, labels, weights, np.ones(3))
    assert found.coefficients == pytest.approx(whole.coefficients, rel=1e-9)
    scores = columns @ whole.coefficients + whole.intercept
    for each in (whole, found):
        assert each.log_loss == pytest.approx(optimum.log_loss(scores, labels, weights), rel=1e-12)
    start = np.append(whole.coefficients, whole.intercept) + 1e-3
    near = maximise(columns, labels, weights, np.ones(3), start)
    assert near.coefficients == pytest.approx(whole.coefficients, rel=1e-9)
    assert near.iterations < whole.iterations
