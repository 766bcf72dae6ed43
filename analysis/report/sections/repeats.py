"""Whether the test loans are new: the section's sentences and table."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import count, plural, share
from analysis.findings.finding import MOST
from analysis.findings.wording import portion
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, TITLES
from analysis.portfolio.schema import LABEL_NAMES
from analysis.report.drawing.tables import (
    COUNTS,
    NAME,
    OUTCOME,
    SHARES,
    Table,
    outcome_row,
    written,
)
from analysis.results import Results


def repeats(results: Results) -> Table:
    """Show the counts of repeated, contradicting and already seen loans."""
    data = results.evidence.data.repeats
    rows = {
        "Loans": data.rows,
        "Distinct rows": data.distinct_rows,
        "Rows that equal another": data.rows_equal_to_another,
        "Rows that are surplus copies": data.repeated_rows,
        "Combinations of features with both labels": data.conflicting_feature_rows,
        "Loans with such a combination": data.conflicting_rows,
        "Loans that no decision by features can get right": data.irreducible_errors,
        "Such test loans, by the test loans alone": data.irreducible_errors_test,
        "Test loans": data.test_rows,
        "Test loans whose features occur in training": data.test_rows_seen_in_training,
        **{
            f"Such {LABEL_NAMES[each.label]} ones, of {count(each.loans)}": each.seen
            for each in data.seen_by_label
        },
    }
    frame = pd.DataFrame({NAME: list(rows), "loans": list(rows.values())})
    titles = {"loans": "Count"}
    return Table(
        "repeats", "What", frame, written(frame, {"loans": count}), titles, results.findings
    )


def unseen(results: Results) -> Table:
    """Show both models on all test loans and on those that training has not shown."""
    rows, new = [], results.evidence.unseen
    for name, model in results.models.items():
        title = TITLES[name]
        rows.append(outcome_row(f"{title}, all test loans", model.confusion))
        if new.loans:
            found = new.models[name]
            undefined = {"balanced_accuracy": found.balanced_accuracy}
            if not new.high_risk:
                undefined["recall"] = None
            rows.append(outcome_row(f"{title}, unseen ones", found.confusion) | undefined)
    frame, titles = pd.DataFrame(rows), COUNTS | SHARES
    return Table("unseen", "Model", frame, written(frame, OUTCOME), titles, results.findings)


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
        f"{share(results.models.original.balanced_accuracy, 3)} and "
        f"{share(results.models.oversampled.balanced_accuracy, 3)} on the test loans."
    )


def _span(figures: list[str]) -> str:
    """Write the lowest and the highest of some figures as shown, once where they are one."""
    low, high = min(figures), max(figures)
    return low if low == high else f"{low} to {high}"
