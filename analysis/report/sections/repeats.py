"""Whether the test loans are new: the section's sentences and table."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import count, plural, rate
from analysis.findings.wording import verb
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.measures import COUNTS, SHARES, outcome_row
from analysis.report.drawing.tables import Table
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
            f"Such {results.words.label(each.label)} ones, of {count(each.loans)}": each.seen
            for each in data.seen_by_label
        },
    }
    frame = pd.DataFrame({NAME: list(rows), "loans": list(rows.values())})
    columns: Columns = {"loans": ("Count", count)}
    caption = "Repeated, contradicting and already seen loans"
    return Table.of("repeats", "What", frame, columns, caption, results.findings)


def unseen(results: Results) -> Table:
    """Show both models on all test loans and on those that training has not shown."""
    rows, new = [], results.evidence.unseen
    for name, model in results.models.items():
        title = results.words.model_titles[name]
        rows.append(outcome_row(f"{title}, all test loans", model.confusion))
        if new.loans:
            found = new.models[name]
            undefined = {"balanced_accuracy": found.balanced_accuracy}
            if not new.high_risk:
                undefined["recall"] = None
            rows.append(outcome_row(f"{title}, unseen ones", found.confusion) | undefined)
    columns: Columns = COUNTS | SHARES
    caption = "Both models on all test loans and on those whose features training has not shown"
    return Table.of("unseen", "Model", pd.DataFrame(rows), columns, caption, results.findings)


def novelty(results: Results) -> str:
    """Say how many test loans of each label training has shown, and what the others tell."""
    data, unseen, words = results.evidence.data.repeats, results.evidence.unseen, results.words
    if not data.test_rows_seen_in_training:
        return "No test loan has features that also occur in training: the test loans are new."
    parts = [
        f"{count(each.seen)} of {plural(each.loans, f'{words.label(each.label)} test loan')}"
        for each in data.seen_by_label
    ]
    said = f"Training has shown the features of {display.listing(parts)}."
    figures = [each.balanced_accuracy for each in unseen.models.values()]
    if not unseen.loans:
        return f"{said} No test loan is new, so the test says nothing about loans unlike those."
    if any(each is None for each in figures):
        lack = verb(unseen.loans, "lacks", "lack")
        return f"{said} The {plural(unseen.loans, 'other')} {lack} a label, so nothing follows."
    first, second = (rate(each) for each in figures)
    return (
        f"{said} On the {plural(unseen.loans, 'other')} the balanced accuracy is {first} for "
        f"{words.models[ORIGINAL]} and {second} for {words.models[OVERSAMPLED]}."
    )


def grouped(results: Results) -> str:
    """Say what splits give that keep equal loans on one side."""
    splits = results.evidence.data.repeats.grouped_splits
    made = [each for each in splits if each.original is not None and each.oversampled is not None]
    if not made:
        return "No split that keeps equal loans on one side has both labels on both sides."
    called = results.words.models
    parts = [
        f"{_span([rate(getattr(each, name)) for each in made])} for {called[name]}"
        for name in (ORIGINAL, OVERSAMPLED)
    ]
    return (
        f"Splits that keep equal loans on one side give a balanced accuracy of "
        f"{display.listing(parts)} ({plural(len(made), 'seed')}){_random(results)}."
    )


def _random(results: Results) -> str:
    """Say what random splits give on average."""
    found = results.evidence.grouped
    if found is None:
        return ""
    first, second = (rate(found[name].random) for name in (ORIGINAL, OVERSAMPLED))
    return f", random splits {first} and {second} on average"


def _span(figures: list[str]) -> str:
    """Write the lowest and the highest of some figures as shown, once where they are one."""
    low, high = min(figures), max(figures)
    return low if low == high else f"{low} to {high}"
