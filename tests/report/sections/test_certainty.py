"""How sure the comparison is: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

import pytest
from scipy.stats import binomtest

from analysis.evidence.certainty.comparison import McNemar
from analysis.evidence.numerics.resampling import Interval
from analysis.models.metrics import Confusion
from analysis.report.sections import certainty
from tests.support import odd_results
from tests.support.changed_evidence import (
    changed,
    with_difference,
    with_discordant,
    with_model,
)


def test_certainty_states_the_interval_relied_on(say):
    text = say(
        certainty.certainty, with_difference, 0.03, 0.02, 0.04, rows=(0.01, 0.05), wider="rows"
    )
    assert text.endswith("is +0.030, with a 95 % interval from +0.010 to +0.050.")


def test_certainty_of_models_that_decide_alike(say):
    text = say(certainty.certainty, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert text.startswith("Both models make the same decision on each of the 19,384 test loans")


def test_discordant(results, rows):
    evidence = with_discordant(results.evidence, (14, 52, 2.8e-6), (0, 52, 4e-16))
    evidence = changed(evidence, "comparison", mcnemar_healthy=McNemar(14, 0, 0.000122, 0.25))
    found = rows(certainty.discordant, evidence)
    assert found["All test loans"] == ["14", "52", "0.0000028", "0.0000028"]
    assert found["High-risk ones"] == ["0", "52", "< 0.000001", "< 0.000001"]
    assert found["Healthy ones"] == ["14", "0", "0.00012", "0.25"]


def test_the_difference_over_splits_is_said(say):
    mean = Interval(0.046, 0.0374, 0.0538, "re-splits")
    text = say(
        certainty.over_splits,
        changed,
        "unconditional",
        splits=100,
        differences={"balanced_accuracy": mean},
    )
    assert "Over 100 other splits, each with its own fits, the difference in balanced" in text
    assert "is +0.046 on average, with a 95 % interval from +0.037 to +0.054 that" in text
    none = {"balanced_accuracy": replace(mean, low=None, high=None)}
    text = say(certainty.over_splits, changed, "unconditional", splits=1, differences=none)
    assert text.endswith("this split; too few other splits could be made to say more.")


def test_the_draws_are_stated(results):
    found = results.evidence.comparison
    assert f"has {found.replicates:,} replicates, drawn with the seed {found.seed};" in (
        certainty.drawn(results)
    )


def test_intervals(results, rows):
    evidence = with_difference(
        results.evidence, 0.04, 0.03, 0.05, rows=(0.025, 0.055), wider="rows"
    )
    found = rows(certainty.intervals, evidence)
    assert found["On the test loans"] == ["Original", "Oversampled", "Difference", "No skill"]
    assert found["Balanced accuracy"][2:] == ["+0.040 (+0.025 to +0.055)", "0.500"]
    paired = results.evidence.comparison.differences["recall"]
    both = paired.first_by_feature_rows, results.evidence.models.original.intervals["recall"]
    own = max(both, key=lambda each: each.width)
    assert found["Recall, high-risk"][0] == (
        f"{paired.first:.3f} ({own.low:.3f} to {own.high:.3f})"
    )
    assert found["Recall, high-risk"][3] == "\u2013"
    assert found["Accuracy"][3] == f"{max(results.split.test_counts.values()) / 19_384:.3f}"


def test_limits_have_the_digits_that_the_draws_carry(results, rows):
    paired = results.evidence.comparison.differences["recall"]
    own = replace(paired.first_by_feature_rows, low=0.75, high=0.99, error=0.002)
    evidence = changed(
        results.evidence,
        "comparison",
        differences=results.evidence.comparison.differences
        | {"recall": replace(paired, first_by_feature_rows=own)},
    )
    assert rows(certainty.intervals, evidence)["Recall, high-risk"][0] == (
        f"{paired.first:.3f} ({own.low:.2f} to {own.high:.2f})"
    )


def test_an_undefined_difference_is_a_dash(results, rows):
    evidence = with_difference(results.evidence, None, None, None)
    assert rows(certainty.intervals, evidence)["Balanced accuracy"][2] == "\u2013"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.6, "0.6"),
        (1.0, "1"),
        (0.0001220703125, "0.00012"),
        (2.8e-6, "0.0000028"),
        (9e-7, "< 0.000001"),
    ],
)
def test_p_values_have_no_exponent(value, text):
    assert certainty.p_value(value) == text


@pytest.mark.parametrize(
    ("counts", "limits", "told"),
    [
        ((18_663, 102, 619, 0), (0.0, 0.0062), "finds no high-risk test loan"),
        ((18_663, 102, 0, 619), (0.9938, 1.0), "finds every high-risk test loan"),
    ],
)
def test_draws_that_cannot_tell_how_sure_a_recall_is_are_said_to(
    results, say, counts, limits, told
):
    own = results.evidence.models["original"].intervals
    recall = replace(own["recall"], low=limits[0], high=limits[1])
    assert "Wilson" not in certainty.drawn(results)
    text = say(
        certainty.drawn,
        with_model,
        "original",
        confusion=Confusion(*counts),
        intervals=own | {"recall": recall},
    )
    assert f"The original model {told}, and so it does in every draw" in text
    assert text.endswith(f"its recall is from {limits[0]:.3f} to {limits[1]:.3f}.")


def test_neighbouring_scores_that_share_a_level_are_said(say):
    assert "share" not in say(certainty.drawn, lambda evidence: evidence)
    text = say(certainty.drawn, with_model, "original", distinct_scores=19_384, score_levels=5_001)
    assert "up to 19,384 distinct scores share 5,001 levels in the draws" in text


def test_a_model_that_finds_nothing_is_no_surer_in_the_table_than_in_the_findings():
    found = odd_results.named("no signal")
    assert found.models.original.confusion.tp == 0
    row = certainty.intervals(found).frame.set_index("name").loc["Recall, high-risk"]
    high = binomtest(0, found.split.test_counts[1]).proportion_ci(method="wilson").high
    assert (row["original_low"], row["original_high"]) == pytest.approx((0, high))
