"""The split and the two models, as the portfolio's recipe says."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import UNWRITTEN, Count
from analysis.base.errors import InputError
from analysis.models import design, lbfgs, metrics, newton
from analysis.models.balanced import balanced
from analysis.models.design import Design
from analysis.models.lbfgs import Fitted
from analysis.models.metrics import Confusion
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Label, module_12
from analysis.portfolio.loans import Labels, Loans, Scale, Values
from analysis.portfolio.recipe import USUAL, Recipe

RANDOM_STATE = 1
# Whose recipe it is: the published report's, which stops short of the optimum as the library behind
# it did (scikit-learn 1.3 and earlier); the usual one, which goes on to it; or another.
Fit = Literal["published", "converged", "declared"]
PUBLISHED: Final = "published"
CONVERGED: Final = "converged"
DECLARED: Final = "declared"
# Its second model stopped a little later, which moves no published figure.
PUBLISHED_ITERATIONS_OVERSAMPLED = 35
ORIGINAL, OVERSAMPLED = "original", "oversampled"
# Fits that share rows share their scale, and stop by it. A part of the loans that a far value is
# missing from varies less: a column of so little of its deviation is fitted on a scale of its own.
LEAST_DEVIATION = 1e-3
TITLES = {ORIGINAL: "Original", OVERSAMPLED: "Oversampled"}
NAMES = {name: f"the {title.lower()} model" for name, title in TITLES.items()}

Each = TypeVar("Each")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Pair(Mapping[str, Each], Generic[Each]):
    """The same of both models, by their ids, the original one first.

    Attributes
    ----------
    original : same as oversampled
        The model fitted on the training rows as they are.
    oversampled : same as original
        The model fitted on training rows in which the recipe's resampler, random oversampling
        where nothing else is declared, made both labels count alike.
    """

    original: Each
    oversampled: Each

    def __getitem__(self, name: str) -> Each:
        return {ORIGINAL: self.original, OVERSAMPLED: self.oversampled}[name]

    def __iter__(self) -> Iterator[str]:
        return iter((ORIGINAL, OVERSAMPLED))

    def __len__(self) -> int:
        return len((ORIGINAL, OVERSAMPLED))

    def map(self, function: Callable[[Each], Made]) -> Pair[Made]:
        """Return what a function makes of both."""
        return Pair(function(self.original), function(self.oversampled))


@dataclass(frozen=True)
class Split:
    """Training and test loans of a portfolio, both in the order the split gave them.

    Attributes
    ----------
    train, test : Loans
        With the columns that the models are fitted on.
    design : Design
        How they are made of the columns declared.
    """

    train: Loans
    test: Loans
    design: Design


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
        # Column by column, so that equal rows have equal scores to the last digit; a product of
        # matrices does not promise that.
        scores = np.full(len(features), self.intercept)
        for name, coefficient in zip(self.columns, self.coefficients, strict=True):
            scores += coefficient * features[name].to_numpy(float)
        return scores

    def predict(self, features: pd.DataFrame) -> Labels:
        """Return 1 where the probability of a high-risk loan is above one half, else 0."""
        return decide(self.scores(features))


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


def decide(log_odds: Values) -> Labels:
    """Return 1 where the probability of a high-risk loan is above one half, else 0."""
    return (log_odds > 0).astype(np.int64)


def apply(fitted: FittedModel, test: Loans) -> AppliedModel:
    """Score the test rows, decide on them and count the decisions."""
    log_odds = fitted.scores(test.rows)
    counted = metrics.confusion(test.labels, decide(log_odds), test.counts)
    return AppliedModel(fitted, log_odds, counted)


def split(loans: Loans, random_state: int | None = None) -> Split:
    """Split a portfolio at random for training and testing, by its recipe.

    Where that is not stratified, the counts of each label depend on the order of the loans.

    Parameters
    ----------
    random_state : int, optional
        In place of the recipe's seed.
    """
    if not len(loans.inverse):  # they have no order in which each could be drawn
        test = drawn_by_count(loans, loans.recipe.seed if random_state is None else random_state)
        return parts_of(loans.counted(loans.counts - test), loans.counted(test))
    return parts_of(*(loans.part(each) for each in drawn(loans, random_state)))


def drawn(loans: Loans, random_state: int | None = None) -> list[NDArray[np.int64]]:
    """Return the distinct row of each training and of each test loan, in the order of the draw.

    Parameters
    ----------
    random_state : int, optional
        In place of the recipe's seed.
    """
    from sklearn.model_selection import train_test_split

    recipe = loans.recipe
    found: list[NDArray[np.int64]] = train_test_split(
        loans.inverse,
        test_size=recipe.test_share,
        stratify=loans.labels[loans.inverse] if recipe.stratified else None,
        random_state=recipe.seed if random_state is None else random_state,
    )
    return found


def drawn_by_count(loans: Loans, seed: int) -> metrics.Counts:
    """Return how many of each distinct loan are test loans: with the distribution of `drawn`.

    Parameters
    ----------
    seed : int
        Of the draws, which are multivariate hypergeometric.
    """
    generator = np.random.default_rng(seed)
    test = np.zeros_like(loans.counts)
    for counts in _strata(loans):
        number = round(loans.recipe.test_share * counts.sum())
        test += without_replacement(counts, number, generator)
    return test


def without_replacement(
    counts: metrics.Counts, number: int, generator: np.random.Generator
) -> metrics.Counts:
    """Draw so many loans, and return how many of each distinct one are drawn.

    Parameters
    ----------
    counts : array of shape (distinct rows,)
        How many loans of each there are.
    """
    if counts.max(initial=0) > 1:
        return generator.multivariate_hypergeometric(counts, number, method="marginals")
    # Loans that are unlike each other are drawn ten times as fast by their places.
    there = np.flatnonzero(counts)
    drawn = there[generator.choice(len(there), number, replace=False, shuffle=False)]
    return np.bincount(drawn, minlength=len(counts))


def _strata(loans: Loans) -> list[metrics.Counts]:
    """Return how many there are of each distinct loan, by label where the split is stratified."""
    if not loans.recipe.stratified:
        return [loans.counts]
    return [np.where(loans.labels == label, loans.counts, 0) for label in (HEALTHY, HIGH_RISK)]


def parts_of(train: Loans, test: Loans) -> Split:
    """Return both sides of a split as the models are fitted on them and decide on them."""
    made = design.design(train)
    return Split(made.apply(train), made.apply(test), made)


def check_split(name: str, parts: Split, label: Label) -> None:
    """Raise InputError when training or test rows lack a label: nothing can be measured then."""
    for part, loans in (("training", parts.train), ("test", parts.test)):
        for value, title in ((HEALTHY, label.healthy_name), (HIGH_RISK, label.high_risk_name)):
            if not loans.label_counts[value]:
                raise InputError.of_file(
                    name,
                    f"the split leaves no {title} loan ({label.written(value)}) among the {part} "
                    "rows",
                    "loans of both labels among training and test rows",
                    "give a file with more loans of this label",
                )


def fit_original(train: Loans, start: FittedModel | None = None) -> FittedModel:
    """Fit the first model: on the training loans as they are.

    Parameters
    ----------
    start : FittedModel, optional
        See `fit`.
    """
    return fit(ORIGINAL, train, train.weights, start)


def fit_oversampled(
    train: Loans, random_state: int | None = None, start: FittedModel | None = None
) -> FittedModel:
    """Fit the second model: on training loans in which both labels count alike.

    Parameters
    ----------
    random_state : int, optional
        Of the resampler, in place of the recipe's seed.
    start : FittedModel, optional
        See `fit`.
    """
    return fit(OVERSAMPLED, *balanced(train, random_state), start)


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
    start: Mapping[str, FittedModel] | None = None,
) -> list[dict[str, FittedModel]]:
    """Fit both models on each of several parts of the same loans, by model id.

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
    start : mapping of str to FittedModel, optional
        Both models of similar loans, see `fit`.
    """
    begin = start or {}
    if not together(loans):
        return _fit_each(trains, seeds, begin)
    scale = loans.scale
    shared = problem(loans, scale)
    whole, *apart = newton.deviations(shared, [each.counts for each in (loans, *trains)])
    apart = [np.where(whole > 0, each, 1.0) for each in apart]
    if any(each.min() < LEAST_DEVIATION for each in apart):
        return _fit_each(trains, seeds, begin)
    weights = [
        (name, train, counted, _weighting(loans, counted, deviations, scale, begin.get(name)))
        for train, seed, deviations in zip(trains, seeds, apart, strict=True)
        for name, counted in (
            (ORIGINAL, train.counts),
            (OVERSAMPLED, balanced(train, seed)[1]),
        )
    ]
    found = newton.fit(shared, [each for *_, each in weights], loans.recipe.iterations)
    models = [
        _model(name, train, counted, each)
        for (name, train, counted, _), each in zip(weights, found, strict=True)
    ]
    return [
        {each.id: each for each in pair} for pair in zip(models[::2], models[1::2], strict=True)
    ]


def _fit_each(
    trains: Sequence[Loans], seeds: Sequence[int], start: Mapping[str, FittedModel]
) -> list[dict[str, FittedModel]]:
    return [
        {
            ORIGINAL: fit_original(train, start.get(ORIGINAL)),
            OVERSAMPLED: fit_oversampled(train, seed, start.get(OVERSAMPLED)),
        }
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
    near = start if loans.recipe.fit == USUAL.fit else None
    return newton.Weighting(weights, penalties, _begin(near, loans.feature_names, scale))


def _begin(start: FittedModel | None, columns: Sequence[str], scale: Scale) -> Values:
    return np.zeros(len(columns) + 1) if start is None else on_scale(start, columns, scale)


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


def on_scale(model: FittedModel, columns: Sequence[str], scale: Scale) -> Values:
    """Return a model's coefficients on scaled columns, 0 where it lacks one, and its constant."""
    known = dict(zip(model.columns, model.coefficients, strict=True))
    coefficients = np.array([known.get(name, 0.0) for name in columns])
    constant = model.intercept + float(coefficients @ scale.middles)
    return np.append(coefficients * scale.deviations, constant)


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


def other(model: str) -> str:
    """Return the id of the model that `model` is compared with."""
    return OVERSAMPLED if model == ORIGINAL else ORIGINAL
