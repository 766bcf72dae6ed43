"""How much each column says of the label alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.base.entries import Count, FromZero, Share
from analysis.evidence.convergence import optimum
from analysis.evidence.numerics.cuts import equal_parts
from analysis.evidence.numerics.samples import sample
from analysis.models.design import DesignColumn
from analysis.models.metrics import Counts
from analysis.models.newton import Problem
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.distinct import distinct
from analysis.portfolio.loans import Labels, Loans, Values

BINS = 10
EMPTY = 0.5  # loans that an empty bin counts as, so that its logarithm exists


@dataclass(frozen=True)
class ColumnStrength:
    """One column alone.

    Attributes
    ----------
    column : str
        Its name.
    area : float
        Area under the ROC curve of the column on the test loans, 0.5 to 1: either direction.
    riskier : {"higher", "lower", "neither"}
        Which of its values are the riskier, judged by the area.
    information_value : float
        Information value on the training loans, from 0; above 0.5 is a usual alarm for a column
        that knows the label.
    bins : int
        Bins that it is computed over, at most ten of about equal share.
    log_loss : float
        Mean log loss on the test loans of a logistic regression with this column alone, fitted on
        the training loans without a penalty; from 0, best 0.
    mean_healthy, mean_high_risk : float
        Mean of the column over all loans of either label, in the column's unit.
    """

    column: str
    area: Share
    riskier: Literal["higher", "lower", "neither"]
    information_value: FromZero
    bins: Count
    log_loss: FromZero
    mean_healthy: float
    mean_high_risk: float


@dataclass(frozen=True)
class FeatureStrength:
    """One feature alone, with all columns of the design that are made of it.

    Attributes
    ----------
    feature : str
        A category, or a number with gaps.
    area : float
        Area under the ROC curve on the test loans, 0 to 1, of a logistic regression with these
        columns alone, fitted on the training loans without a penalty; 0.5 for a guess.
    information_value : float
        Information value on the training loans, from 0: over the levels of a category, over at
        most ten bins of a number; loans that miss it are a level, or a bin, of their own.
    bins : int
        Levels or bins that it is computed over.
    log_loss : float
        Mean log loss of that regression on the test loans; from 0, best 0.
    """

    feature: str
    area: Share
    information_value: FromZero
    bins: Count
    log_loss: FromZero


@dataclass(frozen=True)
class Strengths:
    """Every column alone.

    Attributes
    ----------
    columns : tuple of ColumnStrength
        In the schema's order.
    features : tuple of FeatureStrength
        Features of which the design has several columns, in their order.
    training_loans, test_loans : int
        Loans behind the figures: samples where the portfolio has more unlike ones.
    """

    columns: tuple[ColumnStrength, ...]
    features: tuple[FeatureStrength, ...]
    training_loans: Count
    test_loans: Count


def examine(loans: Loans, parts: Split) -> Strengths:
    """Measure what each column says alone.

    Parameters
    ----------
    parts : Split
        The published split of it, both labels on either side.
    """
    train, test = _both_labels(parts.train), _both_labels(parts.test)
    return Strengths(
        columns=tuple(
            _strength(name, (float(healthy), float(high_risk)), train, test)
            for name, healthy, high_risk in zip(
                loans.feature_names,
                *(loans.of_label(label).means() for label in (HEALTHY, HIGH_RISK)),
                strict=True,
            )
        ),
        features=tuple(_of_feature(each, train, test) for each in _several(parts.design.columns)),
        training_loans=train.total,
        test_loans=test.total,
    )


def information_value(place: Any, labels: Labels, counts: Counts) -> tuple[float, int]:
    """Return the information value over bins, and how many of them hold loans.

    The sum over bins of (share of the healthy loans - share of the high-risk ones) times the
    logarithm of their ratio (Siddiqi 2006, Credit Risk Scorecards). A bin without loans of a label
    counts as half a loan of it.

    Parameters
    ----------
    place : array of shape (rows,)
        Which bin each row lies in.
    labels : array of shape (rows,)
        0 or 1, both present.
    counts : array of shape (rows,)
        How many loans each row stands for.
    """
    place = np.unique(place, return_inverse=True)[1]
    number = int(place.max()) + 1
    shares = []
    for label in (HEALTHY, HIGH_RISK):
        found = np.bincount(place, np.where(labels == label, counts, 0), number)
        shares.append(np.where(found > 0, found, EMPTY) / found.sum())
    value = float(((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum())
    return (value, number) if number > 1 else (0.0, 1)


def _several(columns: Sequence[DesignColumn]) -> list[list[DesignColumn]]:
    """Return the columns of each feature that has more than one."""
    of_feature: dict[str, list[DesignColumn]] = {}
    for each in columns:
        of_feature.setdefault(each.feature, []).append(each)
    return [each for each in of_feature.values() if len(each) > 1]


def _of_feature(columns: list[DesignColumn], train: Loans, test: Loans) -> FeatureStrength:
    from sklearn.metrics import roc_auc_score

    names = [each.name for each in columns]
    values = train.rows[names].to_numpy(float), test.rows[names].to_numpy(float)
    first = columns[0]
    if first.number:  # then comes whether it is missing
        gap = values[0][:, 1] > 0
        place = np.full(len(gap), BINS)
        place[~gap] = equal_parts(values[0][~gap, 0], train.counts[~gap], BINS)
    else:
        place = distinct(train.rows[names]).inverse
    value, number = information_value(place, train.labels, train.counts)
    scores = _scores(*values, train)
    return FeatureStrength(
        feature=first.feature,
        area=float(roc_auc_score(test.labels, scores, sample_weight=test.counts)),
        information_value=value,
        bins=number,
        log_loss=optimum.log_loss(scores, test.labels, test.weights),
    )


def _both_labels(loans: Loans) -> Loans:
    """Return a sample of large portfolios, unless it lacks a label that the loans have."""
    sampled = sample(loans)
    return sampled if min(sampled.label_counts.values()) else loans


def _strength(name: str, means: tuple[float, float], train: Loans, test: Loans) -> ColumnStrength:
    from sklearn.metrics import roc_auc_score

    values = train.rows[name].to_numpy(float), test.rows[name].to_numpy(float)
    area = float(roc_auc_score(test.labels, values[1], sample_weight=test.counts))
    value, number = information_value(
        equal_parts(values[0], train.counts, BINS), train.labels, train.counts
    )
    riskier: Literal["higher", "lower"] = "higher" if area > 1 / 2 else "lower"
    scores = _scores(values[0][:, np.newaxis], values[1][:, np.newaxis], train)
    return ColumnStrength(
        column=name,
        area=max(area, 1 - area),
        riskier="neither" if area == 1 / 2 else riskier,
        information_value=value,
        bins=number,
        log_loss=optimum.log_loss(scores, test.labels, test.weights),
        mean_healthy=means[0],
        mean_high_risk=means[1],
    )


def _scores(train_values: Values, test_values: Values, train: Loans) -> Values:
    """Return the log-odds of test loans by a logistic regression on some columns alone."""
    middle = np.average(train_values, weights=train.counts, axis=0)
    scale = np.abs(train_values - middle).max(axis=0)
    scale[scale == 0] = 1.0
    kinds = distinct(pd.DataFrame((train_values - middle) / scale))
    risky = np.bincount(kinds.inverse, train.counts * train.labels, len(kinds))
    healthy = np.bincount(kinds.inverse, train.counts, len(kinds)) - risky
    levels = kinds.rows.to_numpy()
    weights = np.concatenate([healthy, risky])
    there, number = weights > 0, levels.shape[1]
    found = optimum.maximise(
        Problem(
            columns=list(np.tile(levels, (2, 1))[there].T),
            middles=np.zeros(number),
            scales=np.ones(number),
            labels=np.repeat([HEALTHY, HIGH_RISK], len(levels))[there],
        ),
        weights[there],
        np.full(number, optimum.RIDGE),
    )
    scores = np.full(len(test_values), found.intercept)
    # Column by column, so that equal rows have equal scores to the last digit.
    for at, coefficient in enumerate(found.coefficients):
        scores += (test_values[:, at] - middle[at]) / scale[at] * coefficient
    return scores
