"""Where the optimum is: both models fitted until nothing is left to gain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import INLINE, Count, FromZero, Share
from analysis.base.frames import Frame
from analysis.evidence.convergence import optimum
from analysis.models import fits
from analysis.models.balanced import balanced
from analysis.models.fitted import CONVERGED, AppliedModel, FittedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, Pair
from analysis.models.splitting import Split
from analysis.portfolio.loans import Loans, Scale, Values

# A fit that explains so much of what its optimum explains has nothing left that matters.
NEARLY_ALL = 0.999
# An optimum that takes less than this off a constant prediction's log loss says nothing.
LEAST_GAIN = 1e-6
# A coefficient of a tenth of a log-odds per standard deviation moves the odds by 10 %. A change
# of sign smaller than that says nothing.
LEAST_CHANGE = 0.1
# Below this deviation the penalty on a raw column keeps its coefficient at zero anyway.
LEAST_SCALE = 1e-9


@dataclass(frozen=True)
class Refit:
    """One fit to the optimum.

    Attributes
    ----------
    confusion : Confusion
        Test rows by label and decision.
    balanced_accuracy : float
        On the test rows, 0 to 1, best 1.
    converged : bool
        Whether the solver met its criterion.
    iterations : int
        Steps that the solver took, from the reported fit where that went on to its optimum.
    training_log_loss : float
        Mean over the rows fitted on, 0 upwards, best 0; without the penalty.
    coefficients : dict of str to float
        Log-odds per standard deviation of the training rows, by column.
    """

    confusion: Confusion
    balanced_accuracy: Share
    converged: bool
    iterations: Count
    training_log_loss: FromZero
    coefficients: dict[str, float]


class CoefficientFrame(Frame):
    """A row a column: coefficients in log-odds per standard deviation of the training rows.

    Attributes
    ----------
    column : str
        The column.
    published : float
        As reported.
    raw, standardised : float
        At the optimum on the columns as they are, and on standardised ones.
    change : float
        Raw less published.
    flips : bool
        Whether the sign changes, by more than `LEAST_CHANGE`.
    """

    column: Series[str] = pa.Field(unique=True)
    published: Series[float]
    raw: Series[float]
    standardised: Series[float]
    change: Series[float]
    flips: Series[bool]


@dataclass(frozen=True)
class RefittedModel:
    """One model fitted to its optimum, on several scalings of the columns.

    Attributes
    ----------
    raw : Refit
        The columns as they are, with the published penalty.
    standardised : Refit
        Columns scaled to mean 0 and standard deviation 1 over the training loans, published
        settings else, to the optimum itself: scikit-learn's lbfgs calls itself converged earlier.
    unpenalised : Refit
        The maximum likelihood, which no scaling changes.
    published_training_log_loss : float
        Of the reported fit on the same rows.
    gap : float
        That less the one at the optimum, from 0: how far the reported fit stopped from it,
        whatever its solver says. The optimum is that on raw or on standardised columns, where the
        larger log loss is: they differ by what the penalty weighs.
    explained_share : float or None
        What the reported fit takes off the log loss of a constant prediction, by what the optimum
        takes off it, at most 1: 1 at the optimum, 0 for a fit that says nothing, below 0 for a
        worse one. None where the optimum itself says nothing.
    at_optimum : bool
        Whether that share is at least `NEARLY_ALL`, or there is nothing to explain: nothing that
        matters is left to gain.
    coefficients : DataFrame
        A `CoefficientFrame`.
    flipped : tuple of str
        Columns whose coefficient changes its sign between published and raw.
    moved_most : str
        The column whose coefficient changes most between published and raw.
    """

    raw: Refit
    standardised: Refit
    unpenalised: Refit
    published_training_log_loss: FromZero
    gap: FromZero
    explained_share: float | None
    at_optimum: bool
    coefficients: DataFrame[CoefficientFrame]
    flipped: tuple[str, ...]
    moved_most: str


@dataclass(frozen=True)
class Convergence:
    """Both models at their optimum, and what of the published gain that explains.

    Attributes
    ----------
    models : Pair of RefittedModel
        Each model at its optimum.
    share_of_gain : float or None
        Which share of the published gain in balanced accuracy the first model alone makes when
        fitted to convergence on standardised columns; below 0 when it does worse than published,
        above 1 when it does better than the second model. None where there is no gain.
    share_of_gain_raw : float or None
        The same for the optimum on raw columns: what running on alone brings.
    """

    models: Pair[RefittedModel] = field(metadata=INLINE)
    share_of_gain: float | None
    share_of_gain_raw: float | None


@dataclass(frozen=True)
class _Model:
    """A published model, the loans that it was fitted on with their weights, and the test loans."""

    published: FittedModel
    train: Loans
    weights: Values
    scale: Scale
    deviations: Values
    test: Loans

    @property
    def start(self) -> Values | None:
        """Where to look for an optimum: at the published fit, where that went on to one."""
        if self.published.recipe != CONVERGED:
            return None
        return self.published.on_scale(self.train.feature_names, self.scale)


def refit(parts: Split, published: Pair[AppliedModel]) -> Convergence:
    """Fit both models to their optimum on raw and on standardised columns.

    On raw columns scikit-learn's solvers stop where rounding lets them, and call it converged;
    the optimum of the same penalised likelihood is therefore found by Newton steps on scaled
    columns. On standardised columns lbfgs does what it says.

    Parameters
    ----------
    parts : Split
        Training and test rows.
    published : Pair of AppliedModel
        Both models as published, on the test rows.
    """
    fitted_on = Pair((parts.train, parts.train.weights), balanced(parts.train))
    refitted = {
        name: _refit_model(
            _Model(
                model.fitted,
                *fitted_on[name],
                parts.train.scale,
                parts.train.standard_deviations(),
                parts.test,
            )
        )
        for name, model in published.items()
    }
    first = refitted[ORIGINAL]
    before, after = (model.confusion.balanced_accuracy for model in published.values())
    return Convergence(
        models=Pair(**refitted),
        share_of_gain=share_of_gain(before, after, first.standardised.balanced_accuracy),
        share_of_gain_raw=share_of_gain(before, after, first.raw.balanced_accuracy),
    )


def share_of_gain(original: float, oversampled: float, refitted: float) -> float | None:
    """Return which share of the gain from `original` to `oversampled` `refitted` makes, or None."""
    gain = oversampled - original
    return (refitted - original) / gain if gain > 0 else None


def _refit_model(model: _Model) -> RefittedModel:
    scales = model.scale.deviations
    raw = _exact(model, penalties=np.maximum(scales, LEAST_SCALE) ** -2.0)
    standardised = _exact(model, penalties=np.ones_like(scales))
    unpenalised = _exact(model, penalties=np.full_like(scales, optimum.RIDGE))
    published = model.published
    coefficients = _coefficients(published.coefficients * model.deviations, raw, standardised)
    scores = published.scores(model.train.rows)
    reported = optimum.log_loss(scores, model.train.labels, model.weights)
    best = max(raw.training_log_loss, standardised.training_log_loss)
    share = _explained_share(model, reported, best)
    return RefittedModel(
        raw=raw,
        standardised=standardised,
        unpenalised=unpenalised,
        published_training_log_loss=reported,
        gap=max(reported - best, 0.0),
        explained_share=share,
        at_optimum=share is None or share >= NEARLY_ALL,
        coefficients=coefficients,
        flipped=tuple(coefficients.loc[coefficients["flips"], "column"]),
        moved_most=str(coefficients["column"].iloc[coefficients["change"].abs().argmax()]),
    )


def _explained_share(model: _Model, reported: float, best: float) -> float | None:
    """Return what a fit takes off a constant prediction's log loss, by what the optimum does.

    A ratio of two of McFadden's R squared (1974, in Frontiers in Econometrics).
    """
    share = float(model.weights @ model.train.labels / model.weights.sum())
    constant = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    if constant - best <= LEAST_GAIN:
        return None
    return min(float((constant - reported) / (constant - best)), 1.0)


def _coefficients(
    published: Values, raw: Refit, standardised: Refit
) -> DataFrame[CoefficientFrame]:
    frame = pd.DataFrame(
        {
            "column": list(raw.coefficients),
            "published": published,
            "raw": list(raw.coefficients.values()),
            "standardised": list(standardised.coefficients.values()),
        }
    )
    change = frame["raw"] - frame["published"]
    flips = (np.sign(frame["raw"]) * np.sign(frame["published"]) < 0) & (
        change.abs() > LEAST_CHANGE
    )
    return CoefficientFrame.validate(frame.assign(change=change, flips=flips))


def _exact(model: _Model, penalties: Values) -> Refit:
    found = optimum.maximise(
        fits.problem(model.train, model.scale), model.weights, penalties, model.start
    )
    coefficients = found.coefficients / model.scale.deviations
    intercept = found.intercept - float(coefficients @ model.scale.middles)
    refitted = replace(model.published, coefficients=coefficients, intercept=intercept)
    confusion = refitted.apply(model.test).confusion
    per_deviation = found.coefficients * (model.deviations / model.scale.deviations)
    return Refit(
        confusion=confusion,
        balanced_accuracy=confusion.balanced_accuracy,
        converged=found.converged,
        iterations=found.iterations,
        training_log_loss=found.log_loss,
        coefficients=dict(zip(model.train.feature_names, per_deviation.tolist(), strict=True)),
    )
