"""A fitted model, and what it gives the test loans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd

from analysis.base.entries import UNWRITTEN, Count
from analysis.models import metrics
from analysis.models.metrics import Confusion
from analysis.portfolio.loans import Labels, Loans, Scale, Values

# Whose recipe it is: the published report's, which stops short of the optimum as the library behind
# it did (scikit-learn 1.3 and earlier); the usual one, which goes on to it; or another.
Fit = Literal["published", "converged", "declared"]
PUBLISHED: Final = "published"
CONVERGED: Final = "converged"
DECLARED: Final = "declared"


@dataclass(frozen=True)
class FittedModel:
    """A fitted logistic regression with what it was fitted on.

    Attributes
    ----------
    id : str
        `original` or `oversampled`.
    recipe : {"published", "converged", "declared"}
        Whether it was fitted as the published report's was, to its optimum on standardised columns,
        or otherwise, as declared.
    training_counts : dict of int to int
        Rows of each label that it was fitted on, after resampling; for class weights, as many as
        the label counts.
    columns : tuple of str
        The features that it was fitted on, in the order of its coefficients.
    coefficients : array of shape (features,)
        Log-odds per unit of the column.
    intercept : float
        Log-odds.
    iterations : int
        Steps that the optimiser took.
    converged : bool
        Whether it met its own criterion before it was stopped.
    """

    id: str = field(metadata=UNWRITTEN)
    recipe: Fit
    training_counts: dict[int, Count]
    columns: tuple[str, ...] = field(metadata=UNWRITTEN)
    coefficients: Values = field(metadata=UNWRITTEN)
    intercept: float = field(metadata=UNWRITTEN)
    iterations: Count
    converged: bool

    def scores(self, features: pd.DataFrame) -> Values:
        """Return the log-odds of a high-risk loan for each row, shape (rows,).

        Other columns than the model's may stand beside these.
        """
        return log_odds(
            self.intercept, dict(zip(self.columns, self.coefficients, strict=True)), features
        )

    def predict(self, features: pd.DataFrame) -> Labels:
        """Return 1 where the probability of a high-risk loan is above one half, else 0."""
        return decide(self.scores(features))

    def apply(self, test: Loans) -> AppliedModel:
        """Score the test rows, decide on them and count the decisions."""
        log_odds = self.scores(test.rows)
        counted = metrics.confusion(test.labels, decide(log_odds), test.counts)
        return AppliedModel(self, log_odds, counted)

    def on_scale(self, columns: Sequence[str], scale: Scale) -> Values:
        """Return the coefficients on scaled columns, 0 of one that it lacks, and the constant."""
        known = dict(zip(self.columns, self.coefficients, strict=True))
        coefficients = np.array([known.get(name, 0.0) for name in columns])
        constant = self.intercept + float(coefficients @ scale.middles)
        return np.append(coefficients * scale.deviations, constant)


@dataclass(frozen=True)
class AppliedModel:
    """A fitted model on the test rows: what it gives each of them, and counts of its decisions.

    Attributes
    ----------
    fitted : FittedModel
        The model.
    log_odds : array of shape (distinct test rows,)
        Its scores.
    confusion : Confusion
        Test rows by label and decision.
    """

    fitted: FittedModel
    log_odds: Values
    confusion: Confusion

    @property
    def decided(self) -> Labels:
        """Its decisions, shape (distinct test rows,): 1 for high-risk."""
        return decide(self.log_odds)


def log_odds(intercept: float, coefficients: Mapping[str, float], features: pd.DataFrame) -> Values:
    """Return the intercept plus each column times its coefficient, shape (rows,).

    Column by column, so that equal rows have equal scores to the last digit on every machine; a
    product of matrices does not promise that.
    """
    found = np.full(len(features), intercept)
    for name, coefficient in coefficients.items():
        found += coefficient * features[name].to_numpy(float)
    return found


def decide(log_odds: Values) -> Labels:
    """Return 1 where the probability of a high-risk loan is above one half, else 0."""
    return (log_odds > 0).astype(np.int8)
