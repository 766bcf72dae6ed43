"""What both models do to groups of people that no model was told of: who is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from pandera.typing.pandas import DataFrame

from analysis.evidence.groups.calibration import Outcome, against_others
from analysis.evidence.groups.division import LOANS, Group, divide
from analysis.evidence.groups.frame import GroupFrame
from analysis.evidence.numerics.proportions import Proportion, ratio_limits
from analysis.evidence.numerics.resampling import joint_level
from analysis.evidence.thresholds.choices import OWN, Thresholds
from analysis.evidence.thresholds.curve import HALF, probabilities
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.pair import NAMES, Pair
from analysis.portfolio.column import Column
from analysis.portfolio.loans import Labels, Loans, Values

# Fewer test loans, or a smaller share of them, say nothing of a group. Supervisors of hiring leave
# out groups below two in a hundred (Uniform Guidelines on Employee Selection Procedures, questions
# and answers, 44 Federal Register 11996).
LEAST_LOANS, LEAST_SHARE = 30, 0.02
Row = dict[str, Any]


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
        held = list(divide(column, test, alike))
        for choice in choices:
            of_choice = [_row(column, choice, each, test) for each in held]
            rows += _calibrated(_compared(of_choice, len(choices)), held)
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


def _row(column: Column, choice: _Choice, group: Group, test: Loans) -> Row:
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
    joint = joint_level(choices * comb(len(large), 2))
    for at, row in enumerate(rows):
        row |= {"ratio": shares[at].value / shares[most].value, "against": rows[most]["group"]}
        if at != most:
            low, high = ratio_limits(shares[at], shares[most])
            row |= {"ratio_low": low, "ratio_high": high}
            if at in large:
                row["joint_high"] = ratio_limits(shares[at], shares[most], joint)[1]
    return rows


def _calibrated(rows: list[Row], groups: list[Group]) -> list[Row]:
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
