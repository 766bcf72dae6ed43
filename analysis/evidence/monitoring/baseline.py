"""What a later file is held against: bins of scores and features, and rates with their counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from analysis.base.entries import Count, FromZero, Positive, Share
from analysis.evidence.numerics.cuts import readable_cut
from analysis.models.fitted import AppliedModel
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Values

# Shares of the training loans below the edges: tenths, and finer ones in the tails, where the
# decisions fall in a portfolio of few high-risk loans.
LEVELS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
# A column with no more values than this gets a bin for each.
MOST_VALUES = 20
# Beyond the training loans by more than this part of the largest number lies what they never
# showed; nearer to them may be how a file rounds.
MARGIN, LEAST_MARGIN = 0.001, 1e-6
# Digits to which scores are rounded before they are binned, so that equal loans share a bin
# whatever the order in which a machine adds.
DECIMALS = 9

BinKind = Literal["score", "feature"]
RateKind = Literal["refused", "high_risk", "recall", "observed_expected"]
PORTFOLIO = "portfolio"
# What a baseline that is read back may hold: beyond it nothing can be drawn, or it takes for ever.
MOST, LARGEST, MOST_BINS = 1e12, 1e100, 1_000
NO_BASELINE = "this is no monitoring baseline"


@dataclass(frozen=True)
class ScoredModel:
    """What is needed to score a later file: log-odds = intercept + coefficients · features.

    Attributes
    ----------
    id : str
        The model's id.
    intercept : float
        Log-odds.
    coefficients : dict of str to float
        Log-odds per unit, by column.
    """

    id: str
    intercept: float
    coefficients: dict[str, float]

    def scores(self, features: pd.DataFrame) -> Values:
        """Return the log-odds of a high-risk loan for each row, shape (rows,)."""
        scores = np.full(len(features), self.intercept)
        # Column by column: one order of adding on every machine.
        for name, coefficient in self.coefficients.items():
            scores += coefficient * features[name].to_numpy(float)
        return np.round(scores, DECIMALS)


@dataclass(frozen=True)
class Bins:
    """The bins of one score or feature.

    Attributes
    ----------
    name : str
        The model's id or the column's name.
    kind : {"score", "feature"}
        Log-odds of a model, or a column in its own unit.
    edges : tuple of float
        Rising; each opens a bin and closes the one before. Below the first and from the last on
        lies what no training loan showed.
    shares : tuple of float
        Share of the training loans in each bin, one more than edges, above 0, summing to 1. The
        outer two count as one loan each: as likely as the next loan is to break a record.
    """

    name: str
    kind: BinKind
    edges: tuple[float, ...]
    shares: tuple[Share, ...]

    def counts(self, values: Values, loans: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count loans in each bin, shape (bins,); each value stands for some of the loans."""
        found = np.searchsorted(np.asarray(self.edges), values, side="right")
        return np.bincount(found, loans, minlength=len(self.edges) + 1).astype(np.int64)


@dataclass(frozen=True)
class Rate:
    """A share or a ratio that is watched, with the counts that say how sure it is.

    Attributes
    ----------
    name : str
        The model's id, or "portfolio".
    kind : {"refused", "high_risk", "recall", "observed_expected"}
        Share of the training loans that the model refuses; of all loans that are high-risk; of
        the high-risk test loans that the model refuses; high-risk test loans for each one that
        its probabilities expect. All but the first need labels.
    events : int
        Loans above the line.
    of : float
        Loans below the line, whole ones but for observed / expected.
    """

    name: str
    kind: RateKind
    events: Count
    of: FromZero

    @property
    def value(self) -> float:
        """The share or ratio; NaN where there is nothing below the line."""
        return self.events / self.of if self.of else float("nan")


@dataclass(frozen=True)
class Baseline:
    """What a later file is held against.

    Attributes
    ----------
    training_rows : int
        Loans behind the bins.
    models : tuple of ScoredModel
        Both models as published.
    bins : tuple of Bins
        A score for each model, then the features.
    rates : tuple of Rate
        Refused loans, high-risk loans, recall, observed / expected; the models in their order.
    """

    training_rows: Positive
    models: tuple[ScoredModel, ...]
    bins: tuple[Bins, ...]
    rates: tuple[Rate, ...]

    @property
    def columns(self) -> list[str]:
        """The names of the columns that the models score."""
        return list(self.models[0].coefficients)


def baseline(parts: Split, models: Pair[AppliedModel]) -> Baseline:
    """Bin the training loans' scores and features, and count what the rates are made of."""
    scored = tuple(
        ScoredModel(
            id=name,
            intercept=model.fitted.intercept,
            coefficients=dict(
                zip(model.fitted.columns, model.fitted.coefficients.tolist(), strict=True)
            ),
        )
        for name, model in models.items()
    )
    train, test = parts.train, parts.test
    in_training = rates_of(scored, train.rows, train.counts)
    in_test = rates_of(scored, test.rows, test.counts, test.labels)
    high_risk = train.label_counts[HIGH_RISK] + test.label_counts[HIGH_RISK]
    prevalence = Rate(PORTFOLIO, "high_risk", high_risk, train.total + test.total)
    return Baseline(
        training_rows=train.total,
        models=scored,
        bins=tuple(
            _bins(kind, name, values, train.counts)
            for kind, name, values in values_of(scored, train.rows)
        ),
        rates=(
            *in_training,
            prevalence,
            *(rate for rate in in_test if rate.kind in {"recall", "observed_expected"}),
        ),
    )


def values_of(
    models: tuple[ScoredModel, ...], features: pd.DataFrame
) -> Iterator[tuple[BinKind, str, Values]]:
    """Give the scores and features of some loans, with their kind and name."""
    for each in models:
        yield "score", each.id, each.scores(features)
    for name in models[0].coefficients:
        yield "feature", name, features[name].to_numpy(float)


def rates_of(
    models: tuple[ScoredModel, ...],
    features: pd.DataFrame,
    loans: NDArray[np.int64],
    labels: NDArray[np.int64] | None = None,
) -> tuple[Rate, ...]:
    """Count the rates of some loans, those that need labels only where there are any.

    Parameters
    ----------
    models : tuple of ScoredModel
        The models that decide: above a probability of one half they refuse.
    features : DataFrame of shape (distinct rows, features)
        Distinct loans.
    loans : array of shape (distinct rows,)
        How many of each there are.
    labels : array of shape (distinct rows,), optional
        0 or 1.
    """
    scores = {each.id: each.scores(features) for each in models}
    total = int(loans.sum())
    refused = [
        Rate(name, "refused", int(loans[found > 0].sum()), total) for name, found in scores.items()
    ]
    if labels is None:
        return tuple(refused)
    risky = labels == HIGH_RISK
    high_risk = int(loans[risky].sum())
    recalled = [
        Rate(name, "recall", int(loans[risky & (found > 0)].sum()), high_risk)
        for name, found in scores.items()
    ]
    expected = [
        Rate(name, "observed_expected", high_risk, _expected(found, loans))
        for name, found in scores.items()
    ]
    return (*refused, Rate(PORTFOLIO, "high_risk", high_risk, total), *recalled, *expected)


def _expected(scores: Values, loans: NDArray[np.int64]) -> float:
    """Return how many of the loans their probabilities expect to be high-risk."""
    from scipy.special import expit

    return float(np.round((expit(scores) * loans).sum(), DECIMALS))


def from_dict(content: Mapping[str, Any]) -> Baseline:
    """Read a baseline back from the dictionary that its JSON form holds.

    Raises
    ------
    ValueError
        When it is not a baseline, with what is wrong.
    """
    try:
        found = TypeAdapter(Baseline).validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{NO_BASELINE}: {where or 'it'}: {first['msg']}") from None
    if problem := _problem(found):
        raise ValueError(f"{NO_BASELINE}: {problem}")
    return found


def _problem(found: Baseline) -> str:
    """Say what of a baseline cannot be; "" where it fits together."""
    models, features = [each.id for each in found.models], found.columns if found.models else []
    names = [("score", each) for each in models] + [("feature", each) for each in features]
    if len(set(models)) < len(models) or [(each.kind, each.name) for each in found.bins] != names:
        return "not one set of bins for each score and column"
    rates = {(kind, name) for kind in get_args(RateKind) for name in models if kind != "high_risk"}
    given = [(each.kind, each.name) for each in found.rates]
    if len(given) != len(rates) + 1 or set(given) != rates | {("high_risk", PORTFOLIO)}:
        return "not one rate of each kind"
    if found.training_rows > MOST:
        return "its training rows are too many"
    problems = [
        *(_model_problem(each, features) for each in found.models),
        *(_bins_problem(each) for each in found.bins),
        *(_rate_problem(each) for each in found.rates),
    ]
    return next(filter(None, problems), "")


def _model_problem(model: ScoredModel, features: list[str]) -> str:
    known = list(model.coefficients) == features  # all models have the same columns
    numbers = np.array([model.intercept, *model.coefficients.values()])
    return "" if known and (np.abs(numbers) < LARGEST).all() else f"no model {model.id!r}"


def _bins_problem(bins: Bins) -> str:
    add_up = (
        len(bins.shares) == len(bins.edges) + 1 <= MOST_BINS
        and (np.abs(bins.edges) < LARGEST).all()
        and (np.diff(bins.edges) > 0).all()
        and min(bins.shares) > 1 / MOST
        and abs(sum(bins.shares) - 1) < 1e-6  # noqa: PLR2004 -- rounding of a sum
    )
    return "" if add_up else f"bins of {bins.name!r} do not add up"


def _rate_problem(rate: Rate) -> str:
    least = 0 if rate.kind == "observed_expected" else rate.events
    fits = rate.events < MOST and max(least, 1 / MOST) <= rate.of < MOST
    return "" if fits else f"no {rate.kind!r} of {rate.name!r}"


def _bins(kind: BinKind, name: str, values: Values, loans: NDArray[np.int64]) -> Bins:
    unbinned = Bins(name, kind, _edges(values, loans), ())
    counts = unbinned.counts(values, loans)
    counts[[0, -1]] = 1
    return Bins(name, kind, unbinned.edges, tuple((counts / counts.sum()).tolist()))


def _edges(values: Values, loans: NDArray[np.int64]) -> tuple[float, ...]:
    """Cut between neighbouring values: at each, where they are few, else near the quantiles."""
    distinct = np.unique(values)
    opening = np.arange(1, len(distinct))
    if len(distinct) > MOST_VALUES:
        levels = np.quantile(values, LEVELS, weights=loans, method="inverted_cdf")
        opening = np.unique(np.searchsorted(distinct, levels))
        opening = opening[opening > 0]
    inner = [readable_cut(float(distinct[at - 1]), float(distinct[at])) for at in opening]
    low, high = float(distinct[0]), float(distinct[-1])
    margin = max(MARGIN * max(abs(low), abs(high)), LEAST_MARGIN)
    return (low - margin, *inner, high + margin)
