"""Net benefit over thresholds: what decisions are worth beside refusing all or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import Share
from analysis.base.frames import Frame
from analysis.evidence.baselines import Rule
from analysis.evidence.thresholds.choices import RULE
from analysis.evidence.thresholds.curve import probabilities
from analysis.models.fitted import AppliedModel
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Loans, Values

GRID = np.arange(1, 100) / 100


class NetBenefitFrame(Frame):
    """A row a threshold, rising: found high-risk loans less priced refusals, by all test loans.

    Attributes
    ----------
    threshold : float
        At once the probability above which a model's loans are refused, and what a refusal is
        priced at: threshold / (1 - threshold) found loans.
    original, oversampled : float
        Net benefit of each model, at most the share of high-risk loans.
    one_column_rule : float
        Of the rule, which decides alike at each threshold; absent where there is none.
    refuse_all : float
        Of refusing every loan.
    refuse_none : float
        Of refusing no loan: 0.
    """

    threshold: Series[float] = pa.Field(gt=0, lt=1, unique=True)
    original: Series[float]
    oversampled: Series[float]
    one_column_rule: Series[float] = pa.Field(nullable=True)
    refuse_all: Series[float]
    refuse_none: Series[float]


@dataclass(frozen=True)
class NetBenefit:
    """Net benefit of each choice.

    Attributes
    ----------
    curve : DataFrame
        A `NetBenefitFrame`, at every hundredth and at the owner's threshold.
    owner_threshold : float
        1 / (1 + cost ratio).
    at_owner_threshold : dict of str to float or None
        Net benefit of each choice there, in high-risk loans found for each test loan.
    """

    curve: DataFrame[NetBenefitFrame]
    owner_threshold: Share
    at_owner_threshold: dict[str, float | None]


def examine(
    test: Loans, models: Pair[AppliedModel], rule: Rule | None, cost_ratio: float
) -> NetBenefit:
    """Compute the net benefit of each choice over thresholds.

    Parameters
    ----------
    models : Pair of AppliedModel
        Both models on the test rows.
    rule : Rule or None
        The best rule with one column, if there is one.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans, above 0.

    Notes
    -----
    Vickers and Elkin 2006, doi:10.1177/0272989X06295361.
    """
    owner = 1 / (1 + cost_ratio)
    at = np.unique(np.append(GRID, owner))
    refused = {name: probabilities(model.log_odds) for name, model in models.items()}
    refused["refuse_all"] = np.ones(len(test))
    if rule:
        refused[RULE] = rule.predict(test.rows).astype(np.float64)
    found = {name: net_benefit(test, each, at) for name, each in refused.items()}
    absent = np.full(len(at), np.nan)
    columns = {
        name: found.get(name, absent) for name in (ORIGINAL, OVERSAMPLED, RULE, "refuse_all")
    }
    frame = NetBenefitFrame.validate(pd.DataFrame({"threshold": at, **columns, "refuse_none": 0.0}))
    there = frame.loc[frame["threshold"] == owner].iloc[0].drop("threshold")
    return NetBenefit(
        curve=frame,
        owner_threshold=owner,
        at_owner_threshold={
            str(name): None if np.isnan(value) else float(value) for name, value in there.items()
        },
    )


def net_benefit(test: Loans, probability: Values, thresholds: Values) -> Values:
    """Return the net benefit of refusing loans above each threshold, shape (thresholds,)."""
    order = np.argsort(probability)
    place = np.searchsorted(probability[order], thresholds, side="right")
    risky = np.where(test.labels == HIGH_RISK, test.counts, 0)[order]
    above = [
        np.append(np.cumsum(each[::-1])[::-1], 0)[place]
        for each in (risky, test.counts[order] - risky)
    ]
    found, refused = above
    return np.asarray((found - refused * thresholds / (1 - thresholds)) / test.total)
