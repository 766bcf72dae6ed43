"""Thresholds and costs: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

from analysis.evidence.numerics.resampling import Interval
from analysis.evidence.thresholds.costs import CostRange
from analysis.report.sections import thresholds
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import (
    changed,
)


def test_thresholds(results, rows):
    found = rows(thresholds.thresholds)
    assert found["Choice"] == ["Threshold", "Found", "Missed", "Needless reviews", "Cost", "Saved"]
    half = results.models["original"].confusion
    cost = half.fp + 10 * half.fn
    counts = [f"{each:,}" for each in (half.tp, half.fn, half.fp)]
    assert found["The original model at one half"][:4] == ["0.5", *counts]
    assert found["The original model at one half"][4].startswith(f"{cost:,} (")
    assert found["The original model at one half"][5] == "0"
    assert found["Review of none"][:4] == ["\u2013", "0", f"{half.tp + half.fn:,}", "0"]
    assert any(name.startswith("\u201c") for name in found)
    fewer = results.evidence.decision.options[:2]
    assert list(
        rows(thresholds.thresholds, changed(results.evidence, "decision", options=fewer))
    ) == [
        "Choice",
        "The original model at one half",
        "The oversampled model at one half",
    ]


def test_choices_on_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(thresholds.thresholds(real_results))}
    assert found["The original model at one half"][1:4] == ["563", "56", "102"]
    assert found["The oversampled model at one half"][1:] == [
        "615",
        "4",
        "116",
        "156 (115 to 205)",
        "506 (366 to 655)",
    ]
    assert found["Review of all loans"][1:4] == ["619", "0", "18,765"]


def test_a_cost_keeps_its_decimals(results, rows):
    first, *_ = results.evidence.decision.options
    option = replace(first, cost=Interval(2.5, 1.5, 3.5, "bootstrap", 0.0))
    evidence = changed(results.evidence, "decision", options=(option,))
    assert (
        rows(thresholds.thresholds, evidence)["The original model at one half"][4]
        == "2.5 (1.5 to 3.5)"
    )


def test_cost_ranges(results, rows):
    ranges = (
        CostRange("original", wins=True, lower=0.0, upper=3.0),
        CostRange("oversampled_own", wins=True, lower=3.0, upper=None),
        CostRange("refuse_all", wins=False, lower=None, upper=None),
    )
    found = rows(thresholds.cost_ranges, changed(results.evidence, "decision", ranges=ranges))
    assert found["The original model at one half"] == ["up to 3.00"]
    assert found["The oversampled model (cheapest in training)"] == ["from 3.00 upwards"]
    assert found["Review of all loans"] == ["never"]


def test_a_cross_validation_of_a_sample_is_said_with_what_it_leaves_unknown(results):
    found = results.evidence.thresholds
    assert found.validated_on == results.split.train_rows
    assert "seeded sample" not in thresholds.matched(results)
    fewer = changed(results.evidence, "thresholds", validated_on=2_500)
    said = thresholds.matched(replace(results, evidence=fewer))
    assert "a seeded sample of 2,500 was cross-validated" in said
    # Half of the widest 95 % interval of a share, by hand: 1.96 / 2 / the root of their number.
    assert said.endswith("known to 1.96 percentage points or better.")
