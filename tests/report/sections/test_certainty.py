"""How sure the comparison is: its sentences branch by branch, its tables and figures by content."""

import pytest

from analysis.report.sections import certainty
from tests.support.changed_evidence import (
    changed,
    with_difference,
    with_discordant,
    with_interval,
)


@pytest.mark.parametrize(
    ("interval", "opening"),
    [
        (
            (0.03, 0.01, 0.05),
            "The lead of the oversampled model is more than chance among the test loans explains: ",
        ),
        (
            (-0.03, -0.05, -0.01),
            "The lead of the original model is more than chance among the test loans explains: ",
        ),
        ((0.03, -0.01, 0.05), "The data do not show that one model is better: "),
        ((0.03, 0.0004, 0.05), "The data do not show that one model is better: "),
        ((None, None, None), "The difference between the models cannot be given an interval"),
    ],
)
def test_certainty(say, interval, opening):
    assert say(certainty.certainty, with_difference, *interval).startswith(opening)


def test_certainty_states_the_interval_relied_on(say):
    text = say(
        certainty.certainty, with_difference, 0.03, 0.02, 0.04, rows=(0.01, 0.05), wider="rows"
    )
    assert text.endswith("is +0.030, with a 95 % interval from +0.010 to +0.050.")


def test_certainty_of_models_that_decide_alike(say):
    text = say(certainty.certainty, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert text.startswith("Both models make the same decision on each of the 19,384 test loans")


def test_discordant(say):
    text = say(certainty.discordant, with_discordant, (14, 52, 2.8e-6), (1, 2, 1.0))
    assert text == (
        "Among all test loans, only the oversampled model is right on 52 and only the original one "
        "on 14 (exact McNemar test, p < 0.001). Among the high-risk ones, only the oversampled "
        "model is right on 2 and only the original one on 1 (exact McNemar test, p = 1.000)."
    )
    partly = say(certainty.discordant, with_discordant, (1, 3, 0.625), (0, 0, 1.0))
    assert partly.endswith("Among the high-risk ones there is none that only one model gets right.")
    nothing = say(certainty.discordant, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert nothing == "There is no test loan that only one of the models gets right."


@pytest.mark.parametrize(
    ("wider", "ending"),
    [
        ("rows", "the interval over rows is the wider one, and the one to rely on."),
        (
            "feature rows",
            "the interval over feature rows is the wider one, and the one to rely on.",
        ),
        (
            "neither",
            "both are about equally wide, so the repeats do not feign certainty.",
        ),
    ],
)
def test_wider(say, wider, ending):
    text = say(certainty.wider, with_difference, 0.01, 0.0, 0.02, wider=wider)
    assert text.endswith(f"For balanced accuracy {ending}")
    assert "over the 3,328 distinct combinations of features among the 19,384 test loans" in text


def test_wider_with_one_combination_and_with_none_shared(say):
    one = say(certainty.wider, changed, "comparison", feature_rows=1)
    assert "over the 1 distinct combination of features" in one
    none = say(certainty.wider, changed, "comparison", feature_rows=19_384)
    assert none.startswith("No two of the 19,384 test loans have the same features")


def test_intervals(results, rows):
    evidence = with_interval(results.evidence, "original", "recall", 0.5, 0.75)
    evidence = with_difference(evidence, 0.04, 0.03, 0.05, rows=(0.035, 0.045))
    found = rows(certainty.intervals, evidence)
    assert found["On the test loans"] == [
        "Original",
        "Oversampled",
        "Difference, by rows",
        "Difference, by features",
    ]
    assert found["Recall, high-risk"][0] == "0.897 (0.500 to 0.750)"
    assert found["Balanced accuracy"][2:] == [
        "+0.040 (+0.035 to +0.045)",
        "+0.040 (+0.030 to +0.050)",
    ]


def test_an_interval_that_is_undefined_is_left_out(results, rows):
    evidence = with_interval(results.evidence, "original", "precision", None, None)
    evidence = with_difference(evidence, None, None, None)
    found = rows(certainty.intervals, evidence)
    assert "to" not in found["Precision, high-risk"][0]
    assert found["Balanced accuracy"][2:] == ["\u2013", "\u2013"]
