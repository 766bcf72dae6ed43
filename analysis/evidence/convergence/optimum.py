"""The exact optimum of a penalised logistic regression, by Newton steps in a trust region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.models.metrics import row_log_loss
from analysis.portfolio.loans import Labels, Values

# A penalty so small that it only chooses among models that fit equally well, and keeps the
# coefficients finite where the labels can be separated.
RIDGE = 1e-6
MOST_STEPS = 500
# Largest slope of the mean log loss, in log-odds per standard deviation, left at the optimum.
SLOPE_SOUGHT, SLOPE_ACCEPTED = 1e-10, 1e-8


@dataclass(frozen=True)
class Optimum:
    """Where the penalised likelihood is largest.

    Attributes
    ----------
    coefficients : array of shape (columns,)
        Log-odds per unit of the columns given.
    intercept : float
        Log-odds; not penalised.
    iterations : int
        Newton steps.
    converged : bool
        Whether the slope left is below `SLOPE_ACCEPTED`.
    """

    coefficients: Values
    intercept: float
    iterations: int
    converged: bool


def maximise(columns: Values, labels: Labels, weights: Values, penalty: Values) -> Optimum:
    """Find the coefficients with the largest penalised likelihood.

    Parameters
    ----------
    columns : array of shape (rows, columns)
        Scaled to comparable size.
    labels : array of shape (rows,)
        0 or 1, both present.
    weights : array of shape (rows,)
        How often each row counts.
    penalty : array of shape (columns,)
        Weight of half the square of each coefficient; 1 for scikit-learn's default on these
        columns, one over the squared scale for its default on the columns before scaling.

    Notes
    -----
    Trust-region Newton steps with the exact Hessian (Conn, Gould and Toint 2000,
    doi:10.1137/1.9780898719857), which stand a singular Hessian.
    """
    from scipy.optimize import minimize

    design = np.column_stack([columns, np.ones(len(columns))])
    total = weights.sum()
    share = float(weights @ labels / total)
    start = np.append(np.zeros(columns.shape[1]), np.log(share / (1 - share)))
    ridge = np.append(penalty, 0.0) / total
    found = minimize(
        _loss,
        start,
        args=(design, labels, weights / total, ridge),
        jac=_slope,
        hess=_curvature,
        method="trust-exact",
        options={"gtol": SLOPE_SOUGHT, "maxiter": MOST_STEPS},
    )
    return Optimum(
        coefficients=found.x[:-1],
        intercept=float(found.x[-1]),
        iterations=int(found.nit),
        converged=bool(np.abs(found.jac).max() < SLOPE_ACCEPTED),
    )


def log_loss(scores: Values, labels: Labels, weights: Values) -> float:
    """Return the mean log loss of log-odds, 0 upwards, best 0."""
    return float(weights @ row_log_loss(labels, scores) / weights.sum())


def _loss(point: Values, design: Values, labels: Labels, weights: Values, ridge: Values) -> float:
    return log_loss(design @ point, labels, weights) + float(ridge @ point**2) / 2


def _slope(point: Values, design: Values, labels: Labels, weights: Values, ridge: Values) -> Values:
    from scipy.special import expit

    slope: Values = design.T @ (weights * (expit(design @ point) - labels)) + ridge * point
    return slope


def _curvature(
    point: Values, design: Values, labels: Labels, weights: Values, ridge: Values
) -> Values:
    from scipy.special import expit

    del labels
    probability = expit(design @ point)
    spread = weights * probability * (1 - probability)
    curvature: Values = design.T @ (design * spread[:, None]) + np.diag(ridge)
    return curvature
