"""What each measure is, from four counts of decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.audit.stated import CELLS, MACRO, WEIGHTED, Figure, Label
from analysis.models.metrics import Confusion

Values = dict[tuple[str, Label], float]
# Index of balanced accuracy as imbalanced-learn prints it (García et al. 2012).
DOMINANCE = 0.1


def _share(part: Any, whole: Any) -> Any:
    """Return a share, 0 where there are none to have a share of."""
    return part / np.maximum(whole, 1)


def _index(found: Any, false: Any, missed: Any, others: Any) -> Any:
    recall, specificity = _share(found, found + missed), _share(others, others + false)
    return (1 + DOMINANCE * (recall - specificity)) * recall * specificity


# Of one label: its loans that are found, those falsely called so, those missed, all others.
_BY_LABEL: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "precision": lambda found, false, _missed, _others: _share(found, found + false),
    "recall": lambda found, _false, missed, _others: _share(found, found + missed),
    "f1_score": lambda found, false, missed, _: _share(2 * found, 2 * found + false + missed),
    "specificity": lambda _found, false, _missed, others: _share(others, others + false),
    "geometric_mean": lambda found, false, missed, others: np.sqrt(
        _share(found, found + missed) * _share(others, others + false)
    ),
    "index_balanced_accuracy": _index,
}


@dataclass(frozen=True)
class Outcome:
    """What became of the loans that a model was scored on.

    Attributes
    ----------
    confusion : Confusion
        Loans by label and decision; arrays of many such counts give arrays of every measure.
    """

    confusion: Confusion

    def value(self, measure: str, label: Label) -> Any:
        """Return a measure of a label, of an average or of all loans; None where it has none."""
        values: dict[Label, Any]
        made = self.confusion
        risky, healthy = made.fn + made.tp, made.tn + made.fp
        if measure in _BY_LABEL:
            of_healthy = _BY_LABEL[measure](made.tn, made.fn, made.fp, made.tp)
            of_risky = _BY_LABEL[measure](made.tp, made.fp, made.fn, made.tn)
            weighted = _share(of_healthy * healthy + of_risky * risky, made.rows)
            mean = (of_healthy + of_risky) / 2
            values = {0: of_healthy, 1: of_risky, MACRO: mean, WEIGHTED: weighted}
        elif measure == "support":
            values = {0: healthy, 1: risky} | dict.fromkeys((None, MACRO, WEIGHTED), made.rows)
        else:
            values = {None: self._of_all(measure)}
        return values.get(label)

    def _of_all(self, measure: str) -> Any:
        made = self.confusion
        if measure in CELLS:
            return (made.tn, made.fp, made.fn, made.tp)[CELLS.index(measure)]
        if measure == "balanced_accuracy":
            return self.value("recall", MACRO)
        errors = made.fp + made.fn
        accuracy = _share(made.tn + made.tp, made.rows)
        return {"accuracy": accuracy, "errors": errors}.get(measure)

    def gives(self, figure: Figure) -> bool:
        """Return whether a figure is here what it is said to be."""
        return figure.agrees(self.value(str(figure.measure), figure.label))

    @property
    def swapped(self) -> Outcome:
        """The same with decisions taken for labels: the arguments of a metric exchanged."""
        made = self.confusion
        return Outcome(Confusion(made.tn, made.fn, made.fp, made.tp))


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
        return None if outcome is None else outcome.value(measure, label)

    def gives(self, figure: Figure) -> bool:
        """Return whether a figure is here what it is said to be."""
        return figure.agrees(self.value(str(figure.measure), figure.label, figure.model))
