"""What each measure is, from four counts of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

from analysis.audit.stated import MACRO, WEIGHTED, Label
from analysis.models.metrics import Confusion

Values = dict[tuple[str, Label], float]
SHARES = (
    "precision",
    "recall",
    "f1_score",
    "specificity",
    "geometric_mean",
    "index_balanced_accuracy",
)
# Index of balanced accuracy as imbalanced-learn prints it (García et al. 2012).
DOMINANCE = 0.1


@dataclass(frozen=True)
class Outcome:
    """What became of the loans that a model was scored on.

    Attributes
    ----------
    confusion : Confusion
        Loans by label and decision.
    """

    confusion: Confusion

    @cached_property
    def values(self) -> Values:
        """Every measure of every label, by both."""
        made = self.confusion
        found: Values = {
            ("accuracy", None): _share(made.tn + made.tp, made.rows),
            ("balanced_accuracy", None): made.balanced_accuracy,
            ("true_negatives", None): made.tn,
            ("false_positives", None): made.fp,
            ("false_negatives", None): made.fn,
            ("true_positives", None): made.tp,
            ("errors", None): made.fp + made.fn,
            ("support", None): made.rows,
            ("predicted", 0): made.tn + made.fn,
            ("predicted", 1): made.tp + made.fp,
        }
        supports = {0: made.tn + made.fp, 1: made.fn + made.tp}
        rows = {
            0: _row(made.tn, made.fn, made.fp, made.tp),
            1: _row(made.tp, made.fp, made.fn, made.tn),
        }
        for name in SHARES:
            pair = rows[0][name], rows[1][name]
            found |= {(name, 0): pair[0], (name, 1): pair[1], (name, MACRO): sum(pair) / 2}
            whole = _share(pair[0] * supports[0] + pair[1] * supports[1], made.rows)
            found[name, WEIGHTED] = whole
        found |= {("support", label): count for label, count in supports.items()}
        return found | {("support", MACRO): made.rows, ("support", WEIGHTED): made.rows}

    @property
    def swapped(self) -> Outcome:
        """The same with decisions taken for labels: the arguments of a metric exchanged."""
        made = self.confusion
        return Outcome(Confusion(made.tn, made.fn, made.fp, made.tp))


def _row(found: int, false: int, missed: int, others: int) -> dict[str, float]:
    precision, recall = _share(found, found + false), _share(found, found + missed)
    specificity = _share(others, others + false)
    product = recall * specificity
    return {
        "precision": precision,
        "recall": recall,
        "f1_score": _share(2 * found, 2 * found + false + missed),
        "specificity": specificity,
        "geometric_mean": sqrt(product),
        "index_balanced_accuracy": (1 + DOMINANCE * (recall - specificity)) * product,
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True)
class Experiment:
    """Both models of one recipe, and how many loans there were at each step.

    Attributes
    ----------
    outcomes : mapping of model to Outcome
        On the test loans.
    counts : dict
        Loans by step (`loans`, `training_loans`, `resampled_training_loans`) and label.
    """

    outcomes: Mapping[str, Outcome]
    counts: Values = field(default_factory=dict)

    def value(self, measure: str, label: Label, model: str | None) -> float | None:
        """Return what a measure is, None where the experiment does not tell."""
        if (measure, label) in self.counts:
            return self.counts[measure, label]
        outcome = self.outcomes.get(model or "")
        return None if outcome is None else outcome.values.get((measure, label))
