"""What tables call the counts and figures of a model's decisions, and how they write them."""

from __future__ import annotations

from typing import Any

from analysis.base.display import count, finer, rate
from analysis.findings.words import Words
from analysis.models.metrics import Confusion
from analysis.report.drawing.cells import NAME, Writer

# Found and missed are high-risk loans; a needless review is that of a healthy one.
COUNTS: dict[str, tuple[str, Writer]] = {
    "tp": ("Found", count),
    "fn": ("Missed", count),
    "fp": ("Needless reviews", count),
}
SHARES: dict[str, tuple[str, Writer]] = {
    "recall": ("Recall", rate),
    "balanced_accuracy": ("Balanced accuracy", finer),
}


def metrics(words: Words) -> dict[str, str]:
    """Return what tables call each headline figure."""
    return {
        "balanced_accuracy": "Balanced accuracy",
        "recall": f"Recall, {words.high_risk}",
        "precision": f"Precision, {words.high_risk}",
        "f1": f"F1-score, {words.high_risk}",
        "specificity": f"Recall, {words.healthy}",
        "accuracy": "Accuracy",
    }


def outcome_row(title: str, counts: Confusion) -> dict[str, Any]:
    """Return the row of a table that says what some decisions found, missed and refused."""
    return {
        NAME: title,
        "tp": counts.tp,
        "fn": counts.fn,
        "fp": counts.fp,
        "recall": counts.recall,
        "balanced_accuracy": counts.balanced_accuracy,
    }
