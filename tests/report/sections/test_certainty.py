"""How sure the comparison is: its sentences branch by branch, its tables and figures by content."""

from analysis.report.sections import certainty
from tests.support.changed_evidence import (
    with_difference,
    with_discordant,
    with_interval,
)


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
