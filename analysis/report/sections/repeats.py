"""Whether the test loans are new: the section's sentences and table."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import count, plural, share
from analysis.findings.finding import MOST
from analysis.findings.wording import portion
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED
from analysis.report.drawing.tables import NAME, Table, pairs
from analysis.results import Results


def repeats(results: Results) -> Table:
    """Show the counts of repeated, contradicting and already seen loans."""
    data = results.evidence.data.repeats
    counts = {
        "Loans": data.rows,
        "Distinct rows": data.distinct_rows,
        "Rows that repeat another": data.repeated_rows,
        "Combinations of features with both labels": data.conflicting_feature_rows,
        "Loans with such a combination": data.conflicting_rows,
        "Test loans": data.test_rows,
        "Test loans whose features occur in training": data.test_rows_seen_in_training,
    }
    splits = {
        f"Balanced accuracy, grouped split {split.seed}: original / oversampled": split
        for split in data.grouped_splits
    }
    texts = pairs(
        {name: count(value) for name, value in counts.items()}
        | {
            name: f"{share(split.original, 3)} / {share(split.oversampled, 3)}"
            for name, split in splits.items()
        }
    )
    figures = pd.DataFrame(
        [{NAME: name, "loans": value} for name, value in counts.items()]
        + [
            {NAME: name, **{model: getattr(split, model) for model in NAMES}}
            for name, split in splits.items()
        ]
    )
    return Table("repeats", "What", figures, texts, {"value": "Figure"}, results.findings)


def novelty(results: Results) -> str:
    """Say how many test loans training has already shown."""
    data = results.evidence.data.repeats
    seen = data.test_share_seen_in_training
    if not data.test_rows_seen_in_training:
        return "No test loan has features that also occur in training: the test loans are new."
    worth = ", so the test says little about loans unlike those" if seen >= MOST else ""
    return (
        f"{display.capital(portion(seen))} of the test loans have features that also occur in "
        f"training{worth}."
    )


def grouped(results: Results) -> str:
    """Say what splits give that keep equal loans on one side."""
    splits = results.evidence.data.repeats.grouped_splits
    made = [each for each in splits if each.original is not None and each.oversampled is not None]
    if not made:
        return "No split that keeps equal loans on one side has both labels on both sides."
    parts = [
        f"{_span([share(getattr(each, name), 3) for each in made])} for {NAMES[name]}"
        for name in (ORIGINAL, OVERSAMPLED)
    ]
    return (
        f"Splits that keep equal loans on one side give a balanced accuracy of "
        f"{display.listing(parts)} ({plural(len(made), 'seed')}), against "
        f"{share(results.original.balanced_accuracy, 3)} and "
        f"{share(results.oversampled.balanced_accuracy, 3)} on the test loans."
    )


def _span(figures: list[str]) -> str:
    """Write the lowest and the highest of some figures as shown, once where they are one."""
    low, high = min(figures), max(figures)
    return low if low == high else f"{low} to {high}"
