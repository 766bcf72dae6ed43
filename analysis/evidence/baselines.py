"""What a model must beat: the majority class, and the best rule with one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analysis.base.entries import INLINE, Count, Share
from analysis.evidence.numerics.cuts import readable_cut
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Labels, Loans, Values

Direction = Literal[">=", "<"]


@dataclass(frozen=True)
class Outcome:
    """What a baseline does on the test rows.

    Attributes
    ----------
    confusion : Confusion
        Test rows by label and decision.
    balanced_accuracy : float
        0 to 1, best 1, 0.5 for a guess.
    differing_decisions : dict of str to int
        By model id, how many test rows the baseline decides otherwise than the model.
    """

    confusion: Confusion
    balanced_accuracy: Share
    differing_decisions: dict[str, Count]


@dataclass(frozen=True)
class Majority:
    """Every loan gets the label that most training rows have.

    Attributes
    ----------
    label : int
        That label; healthy when both are as frequent.
    training_share : float
        Its share of the training rows, 0.5 to 1.
    """

    label: Literal[0, 1]
    training_share: Share
    outcome: Outcome = field(metadata=INLINE)


@dataclass(frozen=True)
class Rule:
    """A loan is high-risk where `column` `direction` `threshold`.

    Attributes
    ----------
    column : str
        The column that decides.
    direction : {">=", "<"}
        How its value is compared.
    threshold : float
        In the column's unit: the shortest decimal that separates the training rows as found.
    above, up_to : float
        The neighbouring training values; any threshold above the one and up to the other
        separates the training rows alike.
    training_balanced_accuracy : float
        What it was chosen by, 0 to 1.
    tied_columns : tuple of str
        Other columns whose best rule does exactly as well on the training rows.
    unless : tuple of str
        Where the column is a category's level that the models have no column for, the columns of
        its other levels: it is 1 where they are all 0. Else empty.
    """

    column: str
    direction: Direction
    threshold: float
    above: float
    up_to: float
    training_balanced_accuracy: Share
    tied_columns: tuple[str, ...]
    unless: tuple[str, ...] = ()

    def predict(self, features: pd.DataFrame) -> Labels:
        """Return 1 where the rule says high-risk, else 0, shape (rows,)."""
        above = _values(features, self.column, self.unless) >= self.threshold
        return (above if self.direction == ">=" else ~above).astype(np.int64)


def _values(features: pd.DataFrame, column: str, unless: Sequence[str]) -> Values:
    """Return the values of a column; with `unless`, 1 where all of these are 0."""
    if not unless:
        return features[column].to_numpy(float)
    return np.asarray(1 - features[[*unless]].to_numpy(float).sum(axis=1))


@dataclass(frozen=True)
class TestedRule:
    """The best rule with one column, and what it does on the test rows."""

    outcome: Outcome = field(metadata=INLINE)
    rule: Rule = field(metadata=INLINE)


@dataclass(frozen=True)
class Baselines:
    """What a model must beat, chosen on training rows and held against the test rows.

    Attributes
    ----------
    majority : Majority
        Every loan gets the commoner label.
    best_rule : TestedRule or None
        None when every column is constant on the training rows.
    """

    majority: Majority
    best_rule: TestedRule | None


def compare(parts: Split, models: Pair[AppliedModel]) -> Baselines:
    """Choose both baselines on the training rows and hold them against the models.

    Parameters
    ----------
    models : Pair of AppliedModel
        Both models on the test rows, whose decisions are compared.
    """
    rule, test = best_rule(parts.train), parts.test
    commonest = majority(parts, models)
    if rule is None:
        return Baselines(commonest, None)
    decided = outcome(rule.predict(test.rows), test, models)
    return Baselines(commonest, TestedRule(decided, rule))


def majority(parts: Split, models: Pair[AppliedModel]) -> Majority:
    """Give every test row the label that most training rows have."""
    share = parts.train.label_counts[HIGH_RISK] / parts.train.total
    label: Literal[0, 1] = HIGH_RISK if share > 1 / 2 else HEALTHY
    return Majority(
        label=label,
        training_share=max(share, 1 - share),
        outcome=outcome(np.full(len(parts.test), label, dtype=np.int64), parts.test, models),
    )


def best_rule(train: Loans) -> Rule | None:
    """Find the rule with one column that has the best balanced accuracy on the training rows.

    Every column, and every level that has none, both directions and all thresholds between distinct
    values are held against each other (a decision stump: Holte 1993,
    doi:10.1023/A:1022631118932). Among equals the first column in the schema's order, then `>=`
    before `<`, then the lowest threshold is taken.

    Returns
    -------
    Rule or None
        None when every column is constant.
    """
    columns: dict[str, tuple[str, ...]] = dict.fromkeys(train.feature_names, ())
    columns |= train.left_out
    found = {
        name: cut
        for name, unless in columns.items()
        if (cut := _best_cut(_values(train.rows, name, unless), train))
    }
    if not found:
        return None
    # max() takes the first among equals, and the fractions are exact.
    column = max(found, key=lambda name: found[name].informedness)
    best = found[column]
    return Rule(
        column=column,
        direction=best.direction,
        threshold=readable_cut(best.above, best.up_to),
        above=best.above,
        up_to=best.up_to,
        training_balanced_accuracy=float((1 + best.informedness) / 2),
        tied_columns=tuple(
            name
            for name, each in found.items()
            if each.informedness == best.informedness and name != column
        ),
        unless=columns[column],
    )


def outcome(predicted: Labels, test: Loans, models: Pair[AppliedModel]) -> Outcome:
    """Hold decisions on the test rows against the labels and against the models' decisions."""
    confusion = metrics.confusion(test.labels, predicted, test.counts)
    return Outcome(
        confusion=confusion,
        balanced_accuracy=confusion.balanced_accuracy,
        differing_decisions={
            name: int(test.counts[model.decided != predicted].sum())
            for name, model in models.items()
        },
    )


class _Cut(NamedTuple):
    direction: Direction
    above: float
    up_to: float
    informedness: Fraction


def _best_cut(values: Values, train: Loans) -> _Cut | None:
    order = np.argsort(values)
    values = values[order]
    last = np.flatnonzero(values[1:] > values[:-1])  # of each value but the largest
    if not len(last):
        return None
    negatives, positives = (train.label_counts[label] for label in (HEALTHY, HIGH_RISK))
    refused, found = (
        total - np.cumsum(np.where(train.labels == label, train.counts, 0)[order])[last]
        for label, total in ((HEALTHY, negatives), (HIGH_RISK, positives))
    )
    # Recall less the false-positive rate of `>=`, times both totals: whole numbers, so exact.
    scores = found * negatives - refused * positives
    upwards, downwards = int(scores.argmax()), int(scores.argmin())
    up = bool(scores[upwards] >= -scores[downwards])
    at = upwards if up else downwards
    informedness = Fraction(abs(int(scores[at])), positives * negatives)
    return _Cut(
        ">=" if up else "<", float(values[last[at]]), float(values[last[at] + 1]), informedness
    )
