"""What a report states: a figure with its place, its decimals and what it is said to be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from analysis.models.pair import ORIGINAL

RESAMPLED: Final = "resampled"
MODELS = (ORIGINAL, RESAMPLED)
BOTH = "both"  # "both models have an accuracy of 0.99"
MACRO, WEIGHTED = "macro avg", "weighted avg"
Label = int | str | None
MEASURES = {
    "accuracy": "the accuracy",
    "balanced_accuracy": "the balanced accuracy",
    "precision": "the precision",
    "recall": "the recall",
    "f1_score": "the F1 score",
    "specificity": "the specificity",
    "geometric_mean": "the geometric mean",
    "index_balanced_accuracy": "the index of balanced accuracy",
    "support": "the number of test loans",
    "true_negatives": "the number of true negatives",
    "false_positives": "the number of false positives",
    "false_negatives": "the number of false negatives",
    "true_positives": "the number of true positives",
    "errors": "the number of errors",
    "loans": "the number of loans",
    "training_loans": "the number of training loans",
    "resampled_training_loans": "the number of resampled training loans",
}
STEPS = ("loans", "training_loans", "resampled_training_loans")  # at which loans are counted
BY_LABEL = {"precision", "recall", "f1_score", "specificity"}
SHARES = BY_LABEL | {"accuracy", "balanced_accuracy"}
CELLS = ("true_negatives", "false_positives", "false_negatives", "true_positives")
COUNTS = {*CELLS, "errors"}
# Measures that are often taken for each other, and what that mistake is called.
EXCHANGED = {
    "accuracy": ("balanced_accuracy", "accuracy_balanced_accuracy"),
    "balanced_accuracy": ("accuracy", "accuracy_balanced_accuracy"),
    "precision": ("recall", "precision_recall_interchanged"),
    "recall": ("precision", "precision_recall_interchanged"),
    "false_positives": ("false_negatives", "fp_fn_interchanged"),
    "false_negatives": ("false_positives", "fp_fn_interchanged"),
}
# How sure the reader is of what a figure is said to be. A cell of a printed table is; a figure
# beside the name of its measure is; anything else is held against the data, but never called wrong.
Hold = Literal["cell", "bound", "loose"]

# From here on a share of so few decimals agrees with many things.
NEAR_ONE, COARSE = 0.985, 0.01
# At most fifteen digits on either side: no number of a report has more, whatever a text holds.
NUMBER = re.compile(
    r"(?<![\w.,/$€£#-])(?:(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,20})?|\.\d{1,4})"
    r"(?:\s{0,2}(?:%|per ?cent\b|percent\b))?(?![\w/]|[.,]\d|-\d)"
)


@dataclass(frozen=True)
class Figure:
    """A figure that a report states.

    Attributes
    ----------
    where : str
        `line 12`, or in a notebook `cell 3 line 2`.
    text : str
        As it stands there.
    measure : str or None
        What it is said to be: `recall`, `support`, `false_positives`; None where nothing says it.
    label : int, str or None
        Of which label: 0, 1, `macro avg`, `weighted avg`; None for all loans together.
    model : str or None
        `original`, `resampled`, `both`; None where nothing says it.
    hold : {"cell", "bound", "loose"}
        How sure its reader is of the three.
    table : int or None
        Which printed table it is a cell of, so that the table is judged as one.
    guessed : bool
        Whether the label is not named, and the high-risk one is taken.
    why : str
        Why it is not judged, where that is known from the text alone.
    """

    where: str
    text: str
    measure: str | None = None
    label: Label = None
    model: str | None = None
    hold: Hold = "cell"
    table: int | None = None
    guessed: bool = False
    why: str = ""
    value: float = field(init=False)
    unit: float = field(init=False)

    def __post_init__(self) -> None:
        """Read the number and what one step of its last decimal is worth."""
        value, unit = read_number(self.text)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "unit", unit)

    @property
    def whole(self) -> bool:
        """Whether it is written as a whole number, so that it can be a count."""
        return self.unit == 1.0

    def agrees(self, value: float | None) -> bool:
        """Return whether it shows a value, rounded to its decimals; no figure shows None."""
        return value is not None and abs(self.value - value) <= self.unit / 2 * (1 + 1e-9)

    def cut_off(self, value: float) -> bool:
        """Return whether it shows a value with its further decimals cut off or rounded up."""
        return abs(self.value - value) < self.unit

    @property
    def telling(self) -> float:
        """How much it tells when it agrees: shares near 1 agree with many things."""
        if self.whole or self.value > 1:
            return 1.0
        return 0.2 if self.value >= NEAR_ONE and self.unit >= COARSE else 1.0


def other(model: str | None) -> str:
    """Return the other one of the two models."""
    return RESAMPLED if model == ORIGINAL else ORIGINAL


def read_number(text: str) -> tuple[float, float]:
    """Return the number that a text shows, per cent as a share, and its last decimal's step."""
    digits = re.sub(r"[^\d.]", "", text).rstrip(".") or "0"
    decimals = len(digits.partition(".")[2])
    scale = 100 if re.search(r"%|cent", text) else 1
    return float(digits) / scale, 10.0**-decimals / scale


def supports(figures: Iterable[Figure]) -> set[tuple[Label, float]]:
    """Return the test loans by label that are stated, or follow from a confusion matrix's row."""
    found: set[tuple[Label, float]] = set()
    rows: dict[tuple[int | None, str | None, int], dict[str, float]] = {}
    for each in figures:
        if each.measure == "support":
            found.add((each.label, each.value))
        elif each.measure in CELLS:
            label = CELLS.index(each.measure) // 2
            rows.setdefault((each.table, each.model, label), {})[each.measure] = each.value
    both = {at: cells for at, cells in rows.items() if len(cells) == len(CELLS) // 2}
    return found | {(label, sum(cells.values())) for (_, _, label), cells in both.items()}
