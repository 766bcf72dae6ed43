"""What another draw would have given: split, resampling and both fits, repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import Count
from analysis.base.frames import Frame
from analysis.evidence.numerics.resampling import decision_metrics
from analysis.models import fits, splitting
from analysis.models.fitted import FittedModel
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.portfolio.loans import Loans

SEEDS = range(100)
METRICS = ["balanced_accuracy", "precision", "recall", "f1", "specificity", "accuracy"]
COUNTS = ["tn", "fp", "fn", "tp"]
LOWER, UPPER = 0.025, 0.975
# A repetition splits and samples all rows, and fits two models on the distinct ones; a distinct
# row costs about as much as five others, and as many more as the square of the columns by 250,
# since each step of a fit forms the products of all pairs of columns. All repetitions together may
# cost what 100 do on a million rows with few distinct ones, half a minute on one core; but ten are
# always made.
ROWS_PER_DISTINCT_ROW = 5
PAIRS_PER_ROW = 250
MOST_WORK = 100_000_000
LEAST_REPETITIONS = 10
Repetition = list[dict[str, object]]


class ValuesFrame(Frame):
    """A row a seed and model: what the model does on that seed's test rows.

    Attributes
    ----------
    seed : int
        Of the split and of the resampler.
    model : str
        The model's id.
    tn, fp, fn, tp : int
        Healthy kept, healthy refused, high-risk missed, high-risk found.
    balanced_accuracy, precision, recall, f1, specificity, accuracy : float
        0 to 1, best 1; positive is high-risk.
    """

    seed: Series[int] = pa.Field(ge=0)
    model: Series[str] = pa.Field(isin=[ORIGINAL, OVERSAMPLED])
    tn: Series[int] = pa.Field(ge=0)
    fp: Series[int] = pa.Field(ge=0)
    fn: Series[int] = pa.Field(ge=0)
    tp: Series[int] = pa.Field(ge=0)
    balanced_accuracy: Series[float] = pa.Field(ge=0, le=1)
    precision: Series[float] = pa.Field(ge=0, le=1)
    recall: Series[float] = pa.Field(ge=0, le=1)
    f1: Series[float] = pa.Field(ge=0, le=1)
    specificity: Series[float] = pa.Field(ge=0, le=1)
    accuracy: Series[float] = pa.Field(ge=0, le=1)


class SummaryFrame(Frame):
    """A row a metric and model, over the repetitions.

    Attributes
    ----------
    metric : str
        The metric.
    model : str
        The model's id.
    mean : float
        Mean over the seeds.
    sd : float
        Standard deviation with n - 1 below the line; absent for a single repetition.
    minimum, maximum : float
        Lowest and highest.
    lower, upper : float
        The 2.5 % and 97.5 % quantiles.
    wins : int
        Seeds with the better value of the two models.
    """

    metric: Series[str] = pa.Field(isin=METRICS)
    model: Series[str] = pa.Field(isin=[ORIGINAL, OVERSAMPLED])
    mean: Series[float] = pa.Field(ge=0, le=1)
    sd: Series[float] = pa.Field(ge=0, nullable=True)
    minimum: Series[float] = pa.Field(ge=0, le=1)
    maximum: Series[float] = pa.Field(ge=0, le=1)
    lower: Series[float] = pa.Field(ge=0, le=1)
    upper: Series[float] = pa.Field(ge=0, le=1)
    wins: Series[int] = pa.Field(ge=0)


@dataclass(frozen=True)
class Resplits:
    """Both models over many splits.

    Attributes
    ----------
    requested : int
        How many seeds were asked for.
    made : int
        How many gave figures.
    left_out : int
        How many of the seeds tried gave a split that lacks a label in training or test.
    not_tried : int
        How many were left because the file is large, see `MOST_WORK`.
    summary : DataFrame
        A `SummaryFrame`; empty when no seed gave figures.
    values : DataFrame
        A `ValuesFrame`.
    """

    requested: Count
    made: Count
    left_out: Count
    not_tried: Count
    summary: DataFrame[SummaryFrame]
    values: DataFrame[ValuesFrame]


def gathered(repetitions: Sequence[Repetition]) -> Resplits:
    """Put repetitions together, one each of the seeds tried, as `repetitions` gave them."""
    found = [each for repetition in repetitions for each in repetition]
    made, tried = len(found) // 2, len(repetitions)
    values = _values(found)
    return Resplits(
        requested=len(SEEDS),
        made=made,
        left_out=tried - made,
        not_tried=len(SEEDS) - tried,
        summary=summarise(values),
        values=values,
    )


def affordable(loans: Loans, columns: int) -> list[int]:
    """Return the seeds that a portfolio of this size allows, at least `LEAST_REPETITIONS`.

    Parameters
    ----------
    columns : int
        Of the design.
    """
    drawn = loans.total if splitting.one_by_one(loans) else 0
    of_row = ROWS_PER_DISTINCT_ROW + columns**2 // PAIRS_PER_ROW
    most = MOST_WORK // (drawn + of_row * len(loans))
    return list(SEEDS)[: max(LEAST_REPETITIONS, most)]


def summarise(values: pd.DataFrame) -> DataFrame[SummaryFrame]:
    """Summarise a `ValuesFrame` as a `SummaryFrame`."""
    rows = []
    both = {
        model: values[values["model"] == model].reset_index(drop=True)
        for model in (ORIGINAL, OVERSAMPLED)
    }
    for metric in METRICS if len(values) else []:
        for model, other in ((ORIGINAL, OVERSAMPLED), (OVERSAMPLED, ORIGINAL)):
            rows.append(_summary(metric, model, both[model][metric], both[other][metric]))
    return SummaryFrame.of(rows)


def _summary(
    metric: str, model: str, values: pd.Series[float], others: pd.Series[float]
) -> dict[str, object]:
    return {
        "metric": metric,
        "model": model,
        "mean": values.mean(),
        "sd": values.std(ddof=1),
        "minimum": values.min(),
        "maximum": values.max(),
        "lower": values.quantile(LOWER),
        "upper": values.quantile(UPPER),
        "wins": (values > others).sum(),
    }


def repetitions(
    loans: Loans, start: Mapping[str, FittedModel], seeds: Sequence[int]
) -> list[Repetition]:
    """Return the counts of both models for some seeds; none where a side lacks a label.

    Each seed is that of the split and of the sampler. The figures are those of the plain loop over
    `train_test_split` and `RandomOverSampler`: the models are fitted on distinct rows with their
    counts as weights. Large portfolios are drawn by count. Repetitions share their rows, so their
    spread is that of the choice of a split, not that of another portfolio.

    Parameters
    ----------
    start : mapping of str to FittedModel
        Both models of the reported split, from which the fits start.
    """
    parts = {seed: splitting.resplit(loans, seed) for seed in seeds}
    whole = {seed: each for seed, each in parts.items() if each.labelled}
    fitted = fits.fit_both(loans, [each.train for each in whole.values()], list(whole), start)
    counted = {
        seed: [
            {"seed": seed, "model": name, **model.apply(each.test).confusion.as_dict()}
            for name, model in models.items()
        ]
        for (seed, each), models in zip(whole.items(), fitted, strict=True)
    }
    return [counted.get(seed, []) for seed in seeds]


def _values(found: list[dict[str, object]]) -> DataFrame[ValuesFrame]:
    """Add the metrics to the counts; a share of nothing is 0."""
    frame = pd.DataFrame(found, columns=["seed", "model", *COUNTS])
    metrics = decision_metrics(*(frame[name].to_numpy(np.float64) for name in COUNTS))
    return ValuesFrame.of(frame.assign(**metrics).fillna({"precision": 0.0}))
