"""What each column says by itself: sentences branch by branch, the table by content."""

from dataclasses import replace

import pytest

from analysis.evidence.columns.strength import FeatureStrength
from analysis.report.sections import columns, correlations
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import (
    changed,
)


def test_what_each_column_says_on_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(columns.strength(real_results))}
    assert found["Borrower income"] == ["0.99394", "7.56", "48,060", "84,030", "84,800"]
    assert found["Derogatory marks"][:2] == ["0.99221", "9.52"]
    assert found["Total debt"][-1] == "given by others"
    assert found["Original model"] == ["0.99387", *["\u2013"] * 4]
    text = columns.alone(real_results)
    assert "Borrower income alone has an area under the ROC curve of 0.99394" in text
    assert "7 of 7 columns are above it; the values run from 7.51 to 9.52." in text
    assert "(rank correlations of 0.9997 or more in size); one direction holds 94.9 %" in text


def test_columns_that_say_nothing_together(say):
    def apart(evidence, share):
        found = replace(
            evidence.columns.dependence,
            same_order=(),
            same_order_least=None,
            first_component_share=share,
        )
        return replace(evidence, columns=replace(evidence.columns, dependence=found))

    assert say(columns.alone, apart, None).endswith(
        "No two columns put the loans in nearly the same order."
    )
    assert say(columns.alone, apart, 0.25).endswith(
        "holds 25.0 % of the variance of all standardised columns."
    )


def test_a_single_column_that_varies_has_no_pair(odd_results):
    found = {row[0]: row[1:] for row in cells(columns.strength(odd_results["one column"]))}
    assert found["Borrower income"][-1] == "constant"
    assert cells(correlations.table(odd_results["one column"]))[1:] == [
        ["No two columns vary", "\u2013"]
    ]


def test_columns_measured_on_samples_are_said_to_be(results):
    found, split = results.evidence.columns.strengths, results.split
    assert (found.training_loans, found.test_loans) == (split.train_rows, split.test_rows)
    assert "samples" not in columns.shown(results)
    fewer = replace(found, training_loans=10_000, test_loans=2_500)
    evidence = changed(results.evidence, "columns", strengths=fewer)
    said = columns.shown(replace(results, evidence=evidence))
    assert "seeded samples, of 10,000 training loans and 2,500 test loans" in said
    assert said.endswith("known to 1.96 percentage points or better.")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((0.1, 0.2), ", but none of 2 features of several columns as a whole is; the values"),
        ((0.1, 0.6), ", and so is 1 of 2 features of several columns as a whole; the values"),
        ((0.7, 0.6), ", and so are 2 of 2 features of several columns as a whole; the values"),
    ],
)
def test_features_of_several_columns_above_the_alarm_are_counted(results, say, values, told):
    wholes = tuple(FeatureStrength("loan_size", 0.6, value, 5, 0.1) for value in values)
    strengths = replace(results.evidence.columns.strengths, features=wholes)
    assert told in say(columns.alone, changed, "columns", strengths=strengths)
