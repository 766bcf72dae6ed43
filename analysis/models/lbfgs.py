"""scikit-learn's lbfgs fit of a logistic regression, without what the library checks in between.

The repeated splits fit two hundred models on a few thousand distinct loans each. Of such a fit the
library spends a fifth on the loss itself, the rest on validating what it is given and on telling
what kind of arrays these are, at every evaluation. Here the same operations follow each other in
the same order on NumPy arrays, so that every coefficient is the library's to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.portfolio.loans import Labels, Values

# As scikit-learn sets them; its penalty weighs 1 and its tolerance is delivered so.
TOLERANCE = 1e-4
LINE_SEARCH_STEPS = 50
LEAST_GAIN = 64 * np.finfo(float).eps


class Fitted(NamedTuple):
    """Where an optimiser stopped.

    Attributes
    ----------
    coefficients : array of shape (columns,)
        Log-odds per unit of the columns given.
    intercept : float
        Log-odds.
    iterations : int
        Steps that it took.
    converged : bool
        Whether it met its own criterion.
    """

    coefficients: Values
    intercept: float
    iterations: int
    converged: bool


def fit(values: Values, labels: Labels, weights: Values, iterations: int) -> Fitted:
    """Fit as `LogisticRegression(solver="lbfgs", max_iter=iterations)` does.

    Parameters
    ----------
    values : array of shape (rows, columns)
        The columns as they are to be fitted on.
    labels : array of shape (rows,)
        0 or 1, both present.
    weights : array of shape (rows,)
        How often each row counts.
    iterations : int
        After how many it is stopped at the latest.

    Notes
    -----
    Zhu, Byrd, Lu and Nocedal 1997, doi:10.1145/279232.279236.
    """
    from scipy.optimize import minimize

    found = minimize(
        _loss(np.ascontiguousarray(values), labels.astype(np.float64), weights),
        np.zeros(values.shape[1] + 1),
        method="L-BFGS-B",
        jac=True,
        options={
            "maxiter": iterations,
            "maxls": LINE_SEARCH_STEPS,
            "gtol": TOLERANCE,
            "ftol": LEAST_GAIN,
        },
    )
    steps = min(int(found.nit), iterations)
    return Fitted(found.x[:-1].copy(), float(found.x[-1]), steps, bool(found.status == 0))


def _loss(
    values: Values, labels: Values, weights: Values
) -> Callable[[Values], tuple[float, Values]]:
    """Return the function that gives the penalised mean log loss and its slope at a point."""
    from sklearn._loss.loss import HalfBinomialLoss

    loss, total = HalfBinomialLoss(), float(weights.sum())
    penalty = 1.0 / total

    def at(point: Values) -> tuple[float, Values]:
        coefficients = point[:-1]
        losses, slopes = loss.loss_gradient(labels, values @ coefficients + point[-1], weights)
        slopes /= total
        slope = np.empty_like(point)
        slope[:-1] = values.T @ slopes + penalty * coefficients
        slope[-1] = slopes.sum()
        half = float(0.5 * penalty * (coefficients @ coefficients))
        return float(losses.sum() / total) + half, slope

    return at
