"""Optima of scikit-learn's logistic regression, by Newton's steps over blocks of loans.

What is fitted is the library's penalised likelihood, its loss evaluated by the library's own code.
The library keeps three copies of the columns and goes through memory a dozen times a step; here
a block of loans stays in the processor's cache for all that a step needs of it, of every fit
that is asked for: a fit takes a seventh of the time and no memory beyond the loans.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.models.lbfgs import Fitted
from analysis.portfolio.loans import Labels, Values

BLOCK_ROWS = 4_096
# Largest slope of the mean penalised log loss that is left before the last step, per standard
# deviation and log-odds. Newton's steps square what is left: after it, some 1e-11 is.
SLOPE_LEFT = 1e-7
# A step that ends where the loss rises again at more than so much of the slope at which it fell
# before went too far: it is halved.
MOST_RISE = 0.5
MOST_HALVINGS = 40
LEAST_VARIANCE = 1e-20  # of a column of standard deviation 1: below is rounding


class Problem(NamedTuple):
    """What is to be fitted.

    Attributes
    ----------
    columns : sequence of array of shape (rows,)
        As they are.
    middles, scales : array of shape (columns,)
        Taken off the columns, and divided by, to bring them to comparable size.
    labels : array of shape (rows,)
        0 or 1, both present.
    """

    columns: Sequence[Values]
    middles: Values
    scales: Values
    labels: Labels

    def design(self, part: slice) -> Values:
        """Return some rows of the scaled columns, with a column of ones after them."""
        found = np.ones((len(self.columns) + 1, len(self.labels[part])))
        for row, column, middle, scale in zip(
            found[:-1], self.columns, self.middles, self.scales, strict=True
        ):
            row[:] = (column[part] - middle) / scale
        return found.T


class Weighting(NamedTuple):
    """How the loans count in one fit.

    Attributes
    ----------
    weights : array of shape (rows,)
        How often each row counts, from 0.
    penalties : array of shape (columns,)
        Weight of half the square of each coefficient of the scaled columns.
    start : array of shape (columns + 1,)
        Coefficients of the scaled columns and the constant to begin with.
    """

    weights: NDArray[Any]
    penalties: Values
    start: Values


def fit(problem: Problem, weightings: Sequence[Weighting], iterations: int) -> list[Fitted]:
    """Fit as `LogisticRegression(solver="newton-cholesky")` does, once for each weighting.

    Parameters
    ----------
    iterations : int
        After how many steps each fit is stopped at the latest.

    Notes
    -----
    McCullagh and Nelder 1989, Generalized Linear Models, section 4.4.
    """
    walks = [_Walk(each.start) for each in weightings]
    at = _slopes(problem, weightings)
    while going := [place for place, walk in enumerate(walks) if not walk.arrived]:
        found = at({place: walks[place].point for place in going})
        for place, (slope, curvature) in found.items():
            walks[place].go_on(slope, curvature, iterations)
    return [_fitted(problem, walk) for walk in walks]


class _Walk:
    """One fit on its way: where it is, and the step that it took last."""

    def __init__(self, start: Values) -> None:
        self.point = start
        self.steps = 0
        self.arrived = self.converged = False
        self._step, self._fall, self._halved = np.zeros_like(start), 0.0, 0

    def go_on(self, slope: Values, curvature: Values, iterations: int) -> None:
        """Take the next step, or half of the last one back where that went too far.

        The loss is convex: where it rises hardly at the end of a step, nothing was leapt over.
        """
        rise = -float(slope @ self._step)
        if rise > MOST_RISE * self._fall and self._halved < MOST_HALVINGS:
            self._step, self._fall = self._step / 2, self._fall / 2
            self.point = self.point + self._step
            self._halved += 1
            return
        self.converged = bool(np.abs(slope).max() <= SLOPE_LEFT)
        self._step = np.asarray(np.linalg.lstsq(curvature, slope)[0], np.float64)
        self._fall, self._halved = float(slope @ self._step), 0
        self.point = self.point - self._step
        self.steps += 1
        self.arrived = self.converged or self.steps == iterations


def _fitted(problem: Problem, walk: _Walk) -> Fitted:
    coefficients = walk.point[:-1] / problem.scales
    intercept = float(walk.point[-1] - coefficients @ problem.middles)
    return Fitted(coefficients, intercept, walk.steps, walk.converged)


Slopes = Callable[[dict[int, Values]], dict[int, tuple[Values, Values]]]


def _slopes(problem: Problem, weightings: Sequence[Weighting]) -> Slopes:
    """Return the function that gives slope and curvature of the mean penalised log losses.

    It takes a point for each place in `weightings` that is asked about.
    """
    from sklearn._loss.loss import HalfBinomialLoss

    loss, totals = HalfBinomialLoss(), [float(each.weights.sum()) for each in weightings]
    block = np.ones((len(problem.columns) + 1, BLOCK_ROWS))

    def at(points: dict[int, Values]) -> dict[int, tuple[Values, Values]]:
        ridges = {place: np.append(weightings[place].penalties, 0.0) for place in points}
        slopes = {place: ridges[place] * point for place, point in points.items()}
        curvatures = {place: np.diag(ridges[place]) for place in points}
        for part in parts(len(problem.labels)):
            scaled = _scaled(problem, part, block)
            labels = problem.labels[part].astype(np.float64)
            for place, point in points.items():
                weights = np.asarray(weightings[place].weights[part], np.float64)
                first, second = loss.gradient_hessian(labels, point @ scaled, weights)
                slopes[place] += scaled @ first
                curvatures[place] += (scaled * second) @ scaled.T
        return {
            place: (slopes[place] / totals[place], curvatures[place] / totals[place])
            for place in points
        }

    return at


def deviations(problem: Problem, counts: Sequence[NDArray[np.int64]]) -> list[Values]:
    """Return the standard deviation of the scaled columns for each way to count the rows.

    Parameters
    ----------
    counts : sequence of array of shape (rows,)
        How often each row counts, from 0.

    Returns
    -------
    list of array of shape (columns,)
        With the number of loans below the line; 0 for what is constant.
    """
    block = np.ones((len(problem.columns) + 1, BLOCK_ROWS))
    sums = np.zeros((len(counts), 2, len(problem.columns)))
    for part in parts(len(problem.labels)):
        scaled = _scaled(problem, part, block)[:-1]
        squares = scaled**2
        for place, each in enumerate(counts):
            weights = each[part].astype(np.float64)
            sums[place] += scaled @ weights, squares @ weights
    found = []
    for (first, second), each in zip(sums, counts, strict=True):
        total = each.sum()
        variance = second / total - (first / total) ** 2
        found.append(np.where(variance > LEAST_VARIANCE, np.sqrt(np.abs(variance)), 0.0))
    return found


def parts(rows: int) -> list[slice]:
    """Return the blocks that rows are read in."""
    return [slice(begin, min(begin + BLOCK_ROWS, rows)) for begin in range(0, rows, BLOCK_ROWS)]


def _scaled(problem: Problem, part: slice, block: Values) -> Any:
    """Fill a block with scaled columns, a row each, above the row of ones of the constant."""
    filled = block[:, : part.stop - part.start]
    for row, column in zip(filled, problem.columns, strict=False):
        row[:] = column[part]
    values = filled[:-1]
    values -= problem.middles[:, np.newaxis]
    values /= problem.scales[:, np.newaxis]
    return filled
