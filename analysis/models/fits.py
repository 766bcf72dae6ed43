"""Both fits, as the portfolio's recipe says."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.models import design, lbfgs, newton
from analysis.models.balanced import balanced
from analysis.models.fitted import CONVERGED, DECLARED, PUBLISHED, Fit, FittedModel
from analysis.models.lbfgs import Fitted
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, module_12
from analysis.portfolio.loans import Labels, Loans, Scale, Values
from analysis.portfolio.recipe import USUAL, Recipe

RANDOM_STATE = 1
# The published report's second model stopped a little later, which moves no published figure.
PUBLISHED_ITERATIONS_OVERSAMPLED = 35
# Fits that share rows share their scale, and stop by it. A part of the loans that a far value is
# missing from varies less: a column of so little of its deviation is fitted on a scale of its own.
LEAST_DEVIATION = 1e-3


def fit_original(train: Loans, start: FittedModel | None = None) -> FittedModel:
    """Fit the first model: on the training loans as they are.

    Parameters
    ----------
    start : FittedModel, optional
        See `fit`.
    """
    return fit(ORIGINAL, train, train.weights, start)


def fit_oversampled(
    train: Loans, seed: int | None = None, start: FittedModel | None = None
) -> FittedModel:
    """Fit the second model: on training loans in which both labels count alike.

    Parameters
    ----------
    seed : int, optional
        Of the resampler, in place of the recipe's seed.
    start : FittedModel, optional
        See `fit`.
    """
    return fit(OVERSAMPLED, *balanced(train, seed), start)


def fit(
    model_id: str, train: Loans, weights: Values, start: FittedModel | None = None
) -> FittedModel:
    """Fit a logistic regression as the loans' recipe says.

    Parameters
    ----------
    model_id : str
        What to call the model.
    train : Loans
        The training loans, of both labels.
    weights : array of shape (distinct loans,)
        How often each distinct loan counts in the fit; the scale of the columns follows from the
        loans themselves.
    start : FittedModel, optional
        A fit of similar loans, from which a fit to the optimum takes fewer steps to the same
        place. A fit that stops earlier would stop elsewhere, and starts at 0.
    """
    found = _fitted(train, weights, start)
    return _model(model_id, train, weights, found)


def _model(model_id: str, train: Loans, weights: NDArray[Any], found: Fitted) -> FittedModel:
    counts = np.bincount(train.labels, weights=weights, minlength=HIGH_RISK + 1).round()
    return FittedModel(
        id=model_id,
        recipe=_whose(train.recipe),
        training_counts={label: int(counts[label]) for label in (HEALTHY, HIGH_RISK)},
        columns=tuple(train.feature_names),
        **found._asdict(),
    )


def fit_both(
    loans: Loans,
    trains: Sequence[Loans],
    seeds: Sequence[int],
    start: Mapping[str, FittedModel],
) -> list[Pair[FittedModel]]:
    """Fit both models on each of several parts of the same loans.

    Parameters
    ----------
    loans : Loans
        A portfolio.
    trains : sequence of Loans
        Parts of it. Where `together` holds, they are on all its distinct rows, those of none
        counting 0, and are fitted at once: each block of rows is brought into the processor's
        cache once for all of them. Where a column varies in a part far less than in the whole,
        each is fitted by itself.
    seeds : sequence of int
        The resampler's, one a part.
    start : mapping of str to FittedModel
        Both models of similar loans, see `fit`.
    """
    if not together(loans):
        return _fit_each(trains, seeds, start)
    scale = loans.scale
    shared = problem(loans, scale)
    whole, *apart = newton.deviations(shared, [each.counts for each in (loans, *trains)])
    apart = [np.where(whole > 0, each, 1.0) for each in apart]
    if any(each.min() < LEAST_DEVIATION for each in apart):
        return _fit_each(trains, seeds, start)
    wanted = [
        (name, train, weights, deviations)
        for train, seed, deviations in zip(trains, seeds, apart, strict=True)
        for name, weights in ((ORIGINAL, train.counts), (OVERSAMPLED, balanced(train, seed)[1]))
    ]
    weightings = [
        _weighting(loans, weights, deviations, scale, start.get(name))
        for name, _, weights, deviations in wanted
    ]
    found = newton.fit(shared, weightings, loans.recipe.iterations)
    models = [
        _model(name, train, weights, each)
        for (name, train, weights, _), each in zip(wanted, found, strict=True)
    ]
    return [Pair(*pair) for pair in zip(models[::2], models[1::2], strict=True)]


def _fit_each(
    trains: Sequence[Loans], seeds: Sequence[int], start: Mapping[str, FittedModel]
) -> list[Pair[FittedModel]]:
    return [
        Pair(
            fit_original(train, start.get(ORIGINAL)),
            fit_oversampled(train, seed, start.get(OVERSAMPLED)),
        )
        for train, seed in zip(trains, seeds, strict=True)
    ]


def together(loans: Loans) -> bool:
    """Whether parts of these loans are fitted at once.

    They are where all have the same columns and the fit passes over rows that count 0.
    """
    newtons = loans.recipe.solver == USUAL.solver and loans.recipe.resampler != "smote"
    return newtons and design.stays(loans)


def _weighting(
    loans: Loans,
    weights: NDArray[Any],
    deviations: Values,
    scale: Scale,
    start: FittedModel | None,
) -> newton.Weighting:
    """Return how a part counts, penalised on the scale of its own columns where it is scaled."""
    own = deviations if loans.recipe.scaled else 1 / scale.deviations
    indicator = np.isin(loans.feature_names, list(loans.indicators))
    penalties = np.where(indicator & loans.recipe.scaled, 1.0, own**2)
    begin = np.zeros(len(own) + 1)
    if start is not None and loans.recipe.fit == USUAL.fit:
        begin = start.on_scale(loans.feature_names, scale)
    return newton.Weighting(weights, penalties, begin)


def _whose(recipe: Recipe) -> Fit:
    if recipe.fit == USUAL.fit:
        return CONVERGED
    return PUBLISHED if recipe.fit == module_12().recipe.fit else DECLARED


def _fitted(train: Loans, weights: Values, start: FittedModel | None) -> Fitted:
    """Fit; the coefficients are per unit of the columns as they are, standardised or not."""
    recipe = train.recipe
    if recipe.solver == USUAL.solver:
        scale = train.scale
        weighting = _weighting(train, weights, np.ones_like(scale.deviations), scale, start)
        return newton.fit(problem(train, scale), [weighting], recipe.iterations)[0]
    values = train.features.to_numpy(float)
    if not recipe.scaled:
        return _regression(values, train.labels, weights, recipe)
    scale = train.scale
    found = _regression(scale.scaled(values), train.labels, weights, recipe)
    coefficients = found.coefficients / scale.deviations
    intercept = found.intercept - float(coefficients @ scale.middles)
    return found._replace(coefficients=coefficients, intercept=intercept)


def problem(train: Loans, scale: Scale) -> newton.Problem:
    """Return what Newton's steps are taken on, the columns on a scale."""
    columns = [train.rows[name].to_numpy() for name in train.feature_names]
    return newton.Problem(columns, scale.middles, scale.deviations, train.labels)


def _regression(values: Values, labels: Labels, weights: Values, recipe: Recipe) -> Fitted:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if recipe.solver == "lbfgs":
        return lbfgs.fit(values, labels, weights, recipe.iterations)
    estimator = LogisticRegression(
        solver=recipe.solver,
        random_state=recipe.seed,
        max_iter=recipe.iterations,
        tol=lbfgs.TOLERANCE,
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(values, labels, sample_weight=weights)
    return Fitted(
        estimator.coef_[0],
        float(estimator.intercept_[0]),
        int(estimator.n_iter_[0]),
        not any(issubclass(each.category, ConvergenceWarning) for each in caught),
    )
