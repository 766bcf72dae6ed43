"""What a model gives each column, on a scale on which columns can be compared."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from analysis.base.entries import FromZero
from analysis.models.fitted import FittedModel
from analysis.portfolio.loans import Loans

MOST_DIGITS = 17
LARGEST_EXPONENT = 700.0  # beyond this the exponential is no longer a number


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
        Columns whose coefficients the data does not determine, as `rank.find` finds them.
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
