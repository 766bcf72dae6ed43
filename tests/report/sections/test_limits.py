"""What the report cannot know: sentences branch by branch, tables by content."""

from dataclasses import replace

from analysis.report.sections import limits
from tests.support.changed_evidence import (
    changed,
)


def test_limitations(results, odd_results):
    lines = limits.limitations(results)
    assert lines[0].startswith("The loans are simulated")
    assert "The test holds 619 high-risk loans; one of them more or less" in lines[2]
    assert lines[2].endswith("recall by 0.0016.")
    assert lines[-1].startswith("93.2 % of the rows repeat others")
    assert any("would explain figures this high" in each for each in lines)
    noise = limits.limitations(odd_results["noise"])
    assert noise[0].startswith("One portfolio of 800 loans")
    assert "How the label was decided is not recorded." in noise
    assert not any("repeat" in each or "this high" in each for each in noise)


def test_a_limitation_of_a_single_loan_and_of_a_single_repeat(results):
    split = replace(results.split, test_counts={0: 5, 1: 1})
    evidence = changed(results.evidence, "repeats", repeated_rows=1)
    lines = limits.limitations(replace(results, split=split, evidence=evidence))
    assert any("The test holds 1 high-risk loan; one of them" in each for each in lines)
    assert lines[-1].startswith("Less than 0.1 % of the rows repeat others")
