"""Whether the test loans are new: sentences branch by branch, tables by content."""

from dataclasses import replace

import pytest

from analysis.report.sections import repeats
from tests.support.changed_evidence import (
    changed,
)


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (0, "No test loan has features that also occur in training: the test loans are new."),
        (1, "Less than 0.1 % of the test loans have features that also occur in training."),
        (4_000, "20.0 % of the test loans have features that also occur in training."),
        (19_000, "95.0 % of the test loans have features that also occur in training, so the test "
                 "says little about loans unlike those."),
    ],
)  # fmt: skip
def test_novelty(say, seen, text):
    shares = {"test_rows_seen_in_training": seen, "test_share_seen_in_training": seen / 20_000}
    assert say(repeats.novelty, changed, "repeats", **shares) == text


def test_grouped(results, say):
    first, *others = results.evidence.data.repeats.grouped_splits
    lacking = replace(first, original=None, oversampled=None)
    even = replace(first, original=0.9, oversampled=0.99)
    uneven = replace(first, original=0.95, oversampled=0.99)
    for splits, ending in {
        (even, uneven): "0.900 to 0.950 for the original model and 0.990 for the oversampled model "
        "(2 seeds), against ",
        (
            lacking,
            even,
        ): "0.900 for the original model and 0.990 for the oversampled model (1 seed), against ",
    }.items():
        assert say(repeats.grouped, changed, "repeats", grouped_splits=splits).count(ending)
    for splits in ((), (lacking,)):
        text = say(repeats.grouped, changed, "repeats", grouped_splits=splits)
        assert text.startswith("No split that keeps equal loans on one side has both labels")
    assert others


def test_repeats(results, rows):
    found = rows(repeats.repeats)
    data = results.evidence.data.repeats
    assert found["Loans"] == ["77,536"]
    assert found["Distinct rows"] == [f"{data.distinct_rows:,}"]
    assert found["Rows that repeat another"] == [f"{data.repeated_rows:,}"]
    first = data.grouped_splits[0]
    name = "Balanced accuracy, grouped split 0: original / oversampled"
    assert found[name] == [f"{first.original:.3f} / {first.oversampled:.3f}"]
