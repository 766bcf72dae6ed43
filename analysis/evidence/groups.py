"""What both models do to groups of people that no model was told of: who is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.typing.pandas import DataFrame, Series

from analysis.base.frames import Frame
from analysis.evidence.group_calibration import Outcome, against_others
from analysis.evidence.numerics.proportions import Proportion, effective, ratio_limits
from analysis.evidence.numerics.resampling import LEVEL
from analysis.evidence.segments import QUARTERS, quarters
from analysis.evidence.thresholds.choices import OWN, Thresholds
from analysis.evidence.thresholds.curve import HALF, probabilities
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Counts
from analysis.models.pair import NAMES, ORIGINAL, OVERSAMPLED, Pair
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Column
from analysis.portfolio.loans import Labels, Loans, Values

MISSING, LOANS = "missing", "loans"
CHOICES = [ORIGINAL, OVERSAMPLED, *OWN.values()]
# Fewer test loans, or a smaller share of them, say nothing of a group. Supervisors of hiring leave
# out groups below two in a hundred (Uniform Guidelines on Employee Selection Procedures, questions
# and answers, 44 Federal Register 11996).
LEAST_LOANS, LEAST_SHARE = 30, 0.02


class GroupFrame(Frame):
    """A row a group of test loans and choice; empty where the declaration names no groups.

    Intervals hold in 95 of 100 samples and take loans of equal features, which are decided alike,
    as one draw each.

    Attributes
    ----------
    column : str
        The column by which the groups are told apart; it is in no model.
    use : str
        As declared: protected or segment.
    group : str
        The level, "missing", or the quarter of the test loans from the lowest values, from 1.
    lower, upper : float
        Least and largest value of a group of numbers, in the column's unit.
    small : bool
        Whether it has too few loans to be judged: fewer than 30, or than two in a hundred.
    choice : str
        `original`, `oversampled`: at one half; `original_own`, `oversampled_own`: at the threshold
        that is the cheapest in cross-validation on the training loans.
    model : str
        The model's id.
    threshold : float
        Loans with a probability above it are sent to review.
    loans, high_risk : int
        Test loans of the group, and the high-risk ones among them.
    tn, fp, fn, tp : int
        Healthy kept, healthy sent to review, high-risk missed, high-risk found.
    accepted, accepted_low, accepted_high : float
        Share of the group's loans that are not sent to review, by Wilson's method.
    ratio, ratio_low, ratio_high : float
        Share accepted by that of the most accepted group of the column, 1 for that group itself;
        absent where no group is large enough to be held against, or where none is accepted.
    joint_high : float
        Upper limit of the ratio that allows for all pairs of the column's groups that are not
        small, and for all choices; absent for small groups and the most accepted one.
    against : str
        The most accepted group, of those that are not small.
    refused, refused_low, refused_high : float
        Share of the group's healthy loans that are sent to review, by Wilson's method.
    recall, recall_low, recall_high : float
        Share of the group's high-risk loans that are found, by Wilson's method.
    observed_expected, observed_expected_low, observed_expected_high : float
        High-risk loans by those that the model's probabilities lead to expect; Jeffreys' interval,
        loans taken as independent.
    expected : float
        High-risk loans that the model's probabilities lead to expect.
    calibration_ratio, calibration_joint_low, calibration_joint_high : float
        Observed by expected of the group by that of all other test loans; 1 where the model is
        wrong alike, its limits allowing for all groups of the column and both models. Absent for
        small groups, and where either expects no high-risk loan or the others hold none.
    """

    column: Series[str]
    use: Series[str] = pa.Field(isin=["protected", "segment"])
    group: Series[str]
    lower: Series[float] = pa.Field(nullable=True)
    upper: Series[float] = pa.Field(nullable=True)
    small: Series[bool]
    choice: Series[str] = pa.Field(isin=CHOICES)
    model: Series[str] = pa.Field(isin=[ORIGINAL, OVERSAMPLED])
    threshold: Series[float] = pa.Field(ge=0, le=1)
    loans: Series[int] = pa.Field(gt=0)
    high_risk: Series[int] = pa.Field(ge=0)
    tn: Series[int] = pa.Field(ge=0)
    fp: Series[int] = pa.Field(ge=0)
    fn: Series[int] = pa.Field(ge=0)
    tp: Series[int] = pa.Field(ge=0)
    accepted: Series[float] = pa.Field(ge=0, le=1)
    accepted_low: Series[float] = pa.Field(ge=0, le=1)
    accepted_high: Series[float] = pa.Field(ge=0, le=1)
    ratio: Series[float] = pa.Field(ge=0, nullable=True)
    ratio_low: Series[float] = pa.Field(ge=0, nullable=True)
    ratio_high: Series[float] = pa.Field(ge=0, nullable=True)
    joint_high: Series[float] = pa.Field(ge=0, nullable=True)
    against: Series[str] = pa.Field(nullable=True)
    refused: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    refused_low: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    refused_high: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall_low: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall_high: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    observed_expected: Series[float] = pa.Field(ge=0, nullable=True)
    observed_expected_low: Series[float] = pa.Field(ge=0, nullable=True)
    observed_expected_high: Series[float] = pa.Field(ge=0, nullable=True)
    expected: Series[float] = pa.Field(ge=0)
    calibration_ratio: Series[float] = pa.Field(ge=0, nullable=True)
    calibration_joint_low: Series[float] = pa.Field(ge=0, nullable=True)
    calibration_joint_high: Series[float] = pa.Field(ge=0, nullable=True)


Row = dict[str, Any]


@dataclass(frozen=True)
class _Group:
    """A group of test loans.

    Attributes
    ----------
    counts : array of shape (distinct test loans,)
        How many loans of each belong to it.
    draws : dict of str to float
        As how many draws its loans, its healthy and its high-risk ones count.
    others : float
        As how many draws all other test loans count, 0 where there are none.
    """

    name: str
    counts: Counts
    draws: dict[str, float]
    others: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class _Choice:
    """A model at a threshold: probabilities and decisions, shape (distinct test loans,) each."""

    id: str
    model: str
    threshold: float
    predicted: Values
    decided: Labels


def examine(
    test: Loans, models: Pair[AppliedModel], thresholds: Thresholds
) -> DataFrame[GroupFrame]:
    """Hold the decisions of both models on groups of the test loans against each other.

    Parameters
    ----------
    test : Loans
        The test loans, with the columns by whose values they are grouped.
    models : Pair of AppliedModel
        Both models on the test loans.
    thresholds : Thresholds
        Their own thresholds.

    Returns
    -------
    DataFrame
        A `GroupFrame`, column by column as declared, choice by choice, group by group.
    """
    alike = test.alike if test.outside else np.empty(0, np.int64)
    choices = list(_choices(models, thresholds)) if test.outside else []
    rows: list[Row] = []
    for column in test.outside:
        groups = list(_groups(column, test, alike))
        for choice in choices:
            of_choice = [_row(column, choice, each, test) for each in groups]
            rows += _calibrated(_compared(of_choice, len(choices)), groups)
    return GroupFrame.of(rows)


def _choices(models: Pair[AppliedModel], thresholds: Thresholds) -> Iterator[_Choice]:
    """Give both models at one half, then at their own thresholds where they have one."""
    predicted = models.map(lambda each: probabilities(each.log_odds))
    for name, model in models.items():
        yield _Choice(name, name, HALF, predicted[name], model.decided)
    for name in models:
        own = thresholds.models[name].cheapest
        if own is not None:
            decided = (predicted[name] > own.threshold).astype(np.int64)
            yield _Choice(OWN[name], name, own.threshold, predicted[name], decided)


def _groups(column: Column, test: Loans, alike: NDArray[np.int64]) -> Iterator[_Group]:
    """Give the groups of a column that some of the test loans belong to."""
    values = test.rows[column.name].to_numpy(np.float64)
    known = ~np.isnan(values)
    last = max(len(column.levels), QUARTERS)
    place = np.full(len(values), last)
    if column.levels:
        place[known] = values[known].astype(np.int64)
    elif known.any():
        place[known] = quarters(values[known], test.counts[known])
    for at in np.unique(place).tolist():
        held = place == at
        counts = np.where(held, test.counts, 0)
        rest = test.counts - counts
        found = (
            counts,
            _draws(counts, test.labels, alike),
            effective(alike, rest) if rest.any() else 0.0,
        )
        if at == last:
            yield _Group(MISSING, *found)
        elif column.levels:
            yield _Group(column.levels[at], *found)
        else:
            yield _Group(str(at + 1), *found, float(values[held].min()), float(values[held].max()))


def _draws(counts: Counts, labels: Labels, alike: NDArray[np.int64]) -> dict[str, float]:
    parts = {
        LOANS: counts,
        "healthy": np.where(labels == HEALTHY, counts, 0),
        "high_risk": np.where(labels == HIGH_RISK, counts, 0),
    }
    return {name: effective(alike, each) for name, each in parts.items() if each.any()}


def _row(column: Column, choice: _Choice, group: _Group, test: Loans) -> Row:
    """Return what a choice does to a group, but for what follows from the other groups."""
    found = metrics.confusion(test.labels, choice.decided, group.counts)
    high_risk, draws = found.tp + found.fn, group.draws
    refused = _share(found.fp, found.tn + found.fp, draws.get("healthy"))
    recall = _share(found.tp, high_risk, draws.get("high_risk"))
    accepted = _share(found.tn + found.fn, found.rows, draws[LOANS])
    return {
        "column": column.name,
        "use": column.use,
        "group": group.name,
        "lower": group.lower,
        "upper": group.upper,
        "small": found.rows < max(LEAST_LOANS, LEAST_SHARE * test.total),
        "choice": choice.id,
        "model": choice.model,
        "threshold": choice.threshold,
        "loans": found.rows,
        "high_risk": high_risk,
        **found.as_dict(),
        **_limited("accepted", accepted),
        "accepted_draws": accepted,
        **_limited("refused", refused),
        **_limited("recall", recall),
        **Outcome(
            found.rows, high_risk, float(group.counts @ choice.predicted), draws[LOANS]
        ).level(),
    }


def _share(part: int, whole: int, draws: float | None) -> Proportion | None:
    """Return the share of some loans that a part of them is; None where there are none."""
    return None if draws is None else Proportion(part / whole, draws)


def _limited(name: str, found: Proportion | None) -> Row:
    if found is None:
        return {}
    low, high = found.limits()
    return {name: found.value, f"{name}_low": low, f"{name}_high": high}


def _compared(rows: list[Row], choices: int) -> list[Row]:
    """Return the groups of a column held against the one of them that is accepted the most."""
    shares: list[Proportion] = [row.pop("accepted_draws") for row in rows]
    large = [at for at, row in enumerate(rows) if not row["small"]]
    most = max(large, key=lambda at: shares[at].value, default=None)
    if most is None or not shares[most].value:
        return rows
    joint = 1 - (1 - LEVEL) / max(1, choices * comb(len(large), 2))
    for at, row in enumerate(rows):
        row |= {"ratio": shares[at].value / shares[most].value, "against": rows[most]["group"]}
        if at != most:
            low, high = ratio_limits(shares[at], shares[most])
            row |= {"ratio_low": low, "ratio_high": high}
            if at in large:
                row["joint_high"] = ratio_limits(shares[at], shares[most], joint)[1]
    return rows


def _calibrated(rows: list[Row], groups: list[_Group]) -> list[Row]:
    """Return the groups of a column with the calibration of each large one against all others."""
    found = [
        Outcome(row["loans"], row["high_risk"], row["expected"], group.draws[LOANS])
        for row, group in zip(rows, groups, strict=True)
    ]
    comparisons = len(NAMES) * sum(not row["small"] for row in rows)
    return [
        row
        if row["small"]
        else row | against_others(found[at], _rest(found, at, groups[at].others), comparisons)
        for at, row in enumerate(rows)
    ]


def _rest(found: list[Outcome], at: int, draws: float) -> Outcome | None:
    """Return the outcome of all loans but those of one group; None where there are none."""
    rest = found[:at] + found[at + 1 :]
    if not rest:
        return None
    return Outcome(
        sum(each.loans for each in rest),
        sum(each.high_risk for each in rest),
        sum(each.expected for each in rest),
        draws,
    )
