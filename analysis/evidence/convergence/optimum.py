"""The exact optimum of a penalised logistic regression, by Newton steps in a trust region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.models.metrics import row_log_loss
from analysis.models.newton import Problem
from analysis.portfolio.loans import Labels, Values

# A penalty so small that it only chooses among models that fit equally well, and keeps the
# coefficients finite where the labels can be separated.
RIDGE = 1e-6
MOST_STEPS = 500
# Largest slope of the mean log loss, in log-odds per standard deviation, left at the optimum.
SLOPE_SOUGHT, SLOPE_ACCEPTED = 1e-10, 1e-8
BLOCK_ROWS = 16_384  # few enough to stay in a processor's cache


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
    log_loss : float
        Mean over the rows, 0 upwards, best 0; without the penalty.
    """

    coefficients: Values
    intercept: float
    iterations: int
    converged: bool
    log_loss: float


def maximise(
    problem: Problem, weights: Values, penalties: Values, start: Values | None = None
) -> Optimum:
    """Find the coefficients of the scaled columns with the largest penalised likelihood.

    Parameters
    ----------
    weights : array of shape (rows,)
        How often each row counts.
    penalties : array of shape (columns,)
        Weight of half the square of each coefficient: 1 is scikit-learn's default on scaled
        columns, one over the squared scale its default on the columns before scaling.
    start : array of shape (columns + 1,), optional
        Coefficients of the scaled columns and the constant to begin with; else the best constant.

    Notes
    -----
    Trust-region Newton steps with the exact Hessian (Conn, Gould and Toint 2000,
    doi:10.1137/1.9780898719857), which stand a singular Hessian.
    """
    from scipy.optimize import minimize

    at = _At(problem, weights, penalties)
    share = float(weights @ problem.labels / weights.sum())
    constant = np.append(np.zeros(len(problem.columns)), np.log(share / (1 - share)))
    found = minimize(
        at.loss,
        constant if start is None else start,
        jac=at.slope,
        hess=at.curvature,
        method="trust-exact",
        options={"gtol": SLOPE_SOUGHT, "maxiter": MOST_STEPS},
    )
    return Optimum(
        coefficients=found.x[:-1],
        intercept=float(found.x[-1]),
        iterations=int(found.nit),
        converged=bool(np.abs(found.jac).max() < SLOPE_ACCEPTED),
        log_loss=float(found.fun - at.penalty(found.x)),
    )


def log_loss(scores: Values, labels: Labels, weights: Values) -> float:
    """Return the mean log loss of log-odds, 0 upwards, best 0."""
    return float(weights @ row_log_loss(labels, scores) / weights.sum())


class _At:
    """The mean penalised log loss, its slope and its curvature at a point.

    A step asks for all three at the same point: they are computed together, a block of rows after
    the other, and kept until the next point.
    """

    def __init__(self, problem: Problem, weights: Values, penalties: Values) -> None:
        self._problem = problem
        total = weights.sum()
        self._weights = weights / total
        self._sum = self._weights.sum()  # 1 but for rounding
        self._ridge = np.append(penalties, 0.0) / total
        self._point = np.empty(0)
        self._found = 0.0, np.empty(0), np.empty(0)

    def penalty(self, point: Values) -> float:
        return float(self._ridge @ point**2) / 2

    def loss(self, point: Values) -> float:
        return self._at(point)[0]

    def slope(self, point: Values) -> Values:
        return self._at(point)[1]

    def curvature(self, point: Values) -> Values:
        return self._at(point)[2]

    def _at(self, point: Values) -> tuple[float, Values, Values]:
        if not np.array_equal(point, self._point):
            self._point, self._found = point.copy(), self._computed(point)
        return self._found

    def _computed(self, point: Values) -> tuple[float, Values, Values]:
        from scipy.special import expit

        loss, slope, curvature = 0.0, np.zeros(len(point)), np.zeros((len(point),) * 2)
        for begin in range(0, len(self._problem.labels), BLOCK_ROWS):
            part = slice(begin, begin + BLOCK_ROWS)
            design, labels = self._problem.design(part), self._problem.labels[part]
            weights = self._weights[part]
            scores = design @ point
            chance = expit(scores)
            loss += float(weights @ row_log_loss(labels, scores))
            slope += design.T @ (weights * (chance - labels))
            curvature += design.T @ (design * (weights * chance * (1 - chance))[:, np.newaxis])
        return (
            loss / self._sum + self.penalty(point),
            slope + self._ridge * point,
            curvature + np.diag(self._ridge),
        )
