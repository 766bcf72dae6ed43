"""What a later file is held against: bins of scores and features, and rates with their counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.entries import Positive
from analysis.evidence.monitoring.bins import BinKind, Bins, cut
from analysis.evidence.monitoring.rates import DECIMALS, PORTFOLIO, Rate, rates_of
from analysis.models.fitted import AppliedModel, log_odds
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Values


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
        return np.round(log_odds(self.intercept, self.coefficients, features), DECIMALS)


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
    in_training = rates_of(scores_of(scored, train.rows), train.counts, None)
    in_test = rates_of(scores_of(scored, test.rows), test.counts, test.labels)
    high_risk = train.label_counts[HIGH_RISK] + test.label_counts[HIGH_RISK]
    prevalence = Rate(PORTFOLIO, "high_risk", high_risk, train.total + test.total)
    return Baseline(
        training_rows=train.total,
        models=scored,
        bins=tuple(
            cut(kind, name, values, train.counts)
            for kind, name, values in values_of(scored, train.rows)
        ),
        rates=(
            *in_training,
            prevalence,
            *(rate for rate in in_test if rate.kind in {"recall", "observed_expected"}),
        ),
    )


def scores_of(models: tuple[ScoredModel, ...], features: pd.DataFrame) -> dict[str, Values]:
    """Return what each model gives some loans, by its id."""
    return {each.id: each.scores(features) for each in models}


def values_of(
    models: tuple[ScoredModel, ...], features: pd.DataFrame
) -> Iterator[tuple[BinKind, str, Values]]:
    """Give the scores and features of some loans, with their kind and name."""
    for each in models:
        yield "score", each.id, each.scores(features)
    for name in models[0].coefficients:
        yield "feature", name, features[name].to_numpy(float)
