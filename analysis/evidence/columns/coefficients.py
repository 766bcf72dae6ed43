"""What a model gives each column, on a scale on which columns can be compared."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import Count, FromZero
from analysis.models.fitted import FittedModel
from analysis.portfolio.loans import Loans

MOST_DIGITS = 17
LARGEST_EXPONENT = 700.0  # beyond this the exponential is no longer a number
# Columns are brought to unit variance first; a combination of them below this share of the
# largest one is rounding (1e-16), not information.
TOLERANCE = 1e-9
BLOCK_ROWS = 100_000


@dataclass(frozen=True)
class Coefficient:
    """One column's part in a logistic regression.

    Attributes
    ----------
    name : str
        The column.
    coefficient : float
        Log-odds of a high-risk loan per unit of the column.
    per_standard_deviation : float
        Log-odds per standard deviation of the column among the training rows.
    odds_ratio_per_sd : float or None
        Factor on the odds for one standard deviation more, above 0, 1 for no effect; None when
        too large to write.
    identified : bool
        False where an exact relation between columns leaves the coefficient undetermined: its
        size and sign are then the optimiser's, not the data's.
    """

    name: str
    coefficient: float
    per_standard_deviation: float
    odds_ratio_per_sd: FromZero | None
    identified: bool


def describe(
    fitted: FittedModel, train: Loans, unidentified: Collection[str] = ()
) -> tuple[Coefficient, ...]:
    """Describe each coefficient of a model, in the schema's order.

    Parameters
    ----------
    fitted : FittedModel
        Fitted on the columns in their own units.
    train : Loans
        The training loans: they give the standard deviations, before any oversampling, so that the
        figures of both models are on one scale.
    unidentified : collection of str
        Columns whose coefficients the data does not determine, as `design_rank` finds them.
    """
    per_deviation = fitted.coefficients * train.standard_deviations()
    return tuple(
        Coefficient(
            name=name,
            coefficient=float(value),
            per_standard_deviation=float(scaled),
            odds_ratio_per_sd=_odds_ratio(float(scaled)),
            identified=name not in unidentified,
        )
        for name, value, scaled in zip(
            fitted.columns, fitted.coefficients, per_deviation, strict=True
        )
    )


def _odds_ratio(log_odds: float) -> float | None:
    return math.exp(log_odds) if log_odds < LARGEST_EXPONENT else None


def reproducing_digits(fitted: FittedModel, loans: Loans) -> int:
    """Return the significant digits of coefficients and intercept that a reader needs.

    The fewest from which on, with one digit more at a time, they make the model's decision on each
    of the loans; at most `MOST_DIGITS`, which tell any two numbers apart.
    """
    decisions, features = fitted.predict(loans.rows), loans.rows
    for digits in range(MOST_DIGITS - 1, 0, -1):
        rounded = replace(
            fitted,
            coefficients=np.array([_rounded(each, digits) for each in fitted.coefficients]),
            intercept=_rounded(fitted.intercept, digits),
        )
        if not np.array_equal(rounded.predict(features), decisions):
            return digits + 1
    return 1


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


@dataclass(frozen=True)
class DesignRank:
    """The design matrix of a logistic regression with an intercept.

    Attributes
    ----------
    design_rank : int
        Its rank, from 1 to `design_columns`.
    design_columns : int
        The features and the intercept.
    unidentified : tuple of str
        Features whose coefficients can change without a change in any prediction: those in an
        exact linear relation, constant ones included. Empty at full rank.
    """

    design_rank: Count
    design_columns: Count
    unidentified: tuple[str, ...]


def design_rank(table: pd.DataFrame) -> DesignRank:
    """Find the rank of the standardised features with an intercept.

    Parameters
    ----------
    table : DataFrame of shape (rows, columns)
        The features. Equal rows add nothing and may be left out.
    """
    columns = [table[name].to_numpy(np.float64) for name in table]
    middles = np.array([each.mean() for each in columns])
    # Columns of unit variance are orthogonal to the intercept, so it always adds one.
    triangle = _triangle(columns, middles, np.array([_scale(each) for each in columns]))
    _, sizes, directions = np.linalg.svd(triangle)
    strong = sizes > TOLERANCE * max(float(sizes.max()), 1.0)
    null = directions[int(strong.sum()) :]
    involved = (np.abs(null) > TOLERANCE**0.5).any(axis=0)
    return DesignRank(
        design_rank=1 + int(strong.sum()),
        design_columns=1 + len(columns),
        unidentified=tuple(str(name) for name in table.columns[involved]),
    )


def _scale(values: NDArray[np.float64]) -> float:
    """Return a column's standard deviation, infinite for a constant, which then becomes 0."""
    if values.min() == values.max():
        return np.inf
    # The square of a very small number is 0; the range is not.
    return float(values.std()) or float(np.ptp(values))


def _triangle(
    columns: list[NDArray[np.float64]], middles: NDArray[np.float64], scales: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the R of the standardised columns' QR decomposition, built up in blocks of rows."""
    triangle = np.zeros((len(columns), len(columns)))
    for start in range(0, len(columns[0]), BLOCK_ROWS):
        block = np.column_stack([each[start : start + BLOCK_ROWS] for each in columns])
        block = (block - middles) / scales
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    return triangle
