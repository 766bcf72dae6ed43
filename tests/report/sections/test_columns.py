"""Columns that determine each other: sentences branch by branch, the table by content."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.evidence.columns.strength import FeatureStrength
from analysis.models.splitting import split
from analysis.report.sections import columns
from tests.report.drawing.test_tables import cells
from tests.support import odd_results as odd
from tests.support.changed_evidence import (
    changed,
)


def test_determined(results, say):
    text = columns.determined(results)
    assert "the design has rank 7 of 8: the coefficients of borrower income and total debt" in text
    assert "total_debt = borrower_income" in text
    full = say(columns.determined, changed, "design", design_rank=8, unidentified=())
    assert full.endswith("the design has rank 8 of 8: every coefficient is identified.")
    data = replace(results.evidence.data, identities=())
    none = replace(results, evidence=replace(results.evidence, data=data))
    assert columns.determined(none).startswith(
        "No column is an exact function of one or two others; the design has rank 7 of 8: the"
    )


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.5, "1.5"),
        (0.00123, "0.00123"),
        (12_345.0, "12,300"),
        (3.5e19, "over 1,000,000"),
        (None, "over 1,000,000"),
        (1e-80, "below 0.000001"),
        (0.0, "below 0.000001"),
    ],
)
def test_odds_ratios_have_no_exponent(results, rows, ratio, text):
    first, *others = results.evidence.models.original.coefficients
    made = (replace(first, odds_ratio_per_sd=ratio), *others)
    evidence = changed(results.evidence, "original", coefficients=made)
    assert rows(columns.coefficients, evidence)["Loan size"][2] == text


def test_the_points_of_moderate_odds_ratios_align(results, rows):
    ratios = (1.0, 3.1416, 0.675, 12.5, 1.0, 1.0, 1e9)
    made = tuple(
        replace(each, odds_ratio_per_sd=ratio)
        for each, ratio in zip(results.evidence.models.original.coefficients, ratios, strict=True)
    )
    evidence = changed(results.evidence, "original", coefficients=made)
    shown = [row[2] for row in rows(columns.coefficients, evidence).values()]
    assert shown[1:5] == ["1.000", "3.142", "0.675", "12.500"]
    assert shown[7] == "over 1,000,000"


def test_unidentified_coefficients_are_marked(rows):
    found = rows(columns.coefficients)
    marked = {name for name, row in found.items() if row[-1] == "no"}
    assert marked == {"Borrower income", "Total debt"}


def test_printed_coefficients_decide_as_the_models_do(real_results, real_portfolio):
    test = split(real_portfolio.loans).test
    found = {row[0]: row[1:] for row in cells(columns.coefficients(real_results))}
    for place, model in enumerate(real_results.models.values()):
        printed = {
            name: float(row[place].replace("\u2212", "-")) for name, row in list(found.items())[1:]
        }
        intercept = printed.pop("Intercept")
        scores = test.features.to_numpy() @ np.array([*printed.values()]) + intercept
        np.testing.assert_array_equal(scores > 0, model.fitted.predict(test.features) == 1)


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


def test_rank_correlations_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(columns.ranks(real_results))}
    assert found["Interest rate"] == ["0.9997", "", "", "", "", ""]
    assert found["Total debt"][-2:] == ["0.9652", "0.8327"]


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
    assert cells(columns.ranks(odd_results["one column"]))[1:] == [
        ["No two columns vary", "\u2013"]
    ]


def test_descriptions(results):
    found = {row[0]: row[1:] for row in cells(columns.description(results))}
    assert found["Column and loans"][:2] == ["Mean", "SD"]
    assert len(found) == 4 * 7 + 1
    frame = results.evidence.columns.description.set_index(["column", "group"])
    row = frame.loc[("num_of_accounts", "high_risk")]
    assert found["Number of accounts, high-risk"][-1] == f"{row['maximum']:.0f}"


@pytest.mark.slow
def test_long_titles_stand_beside_numbers_that_head_the_square():
    made = odd.named("wide")
    head, *rows = cells(columns.ranks(made))
    assert head[1:] == [str(place) for place in range(1, len(rows))]
    assert [row[0].split(". ")[0] for row in rows] == [str(at) for at in range(1, len(rows) + 1)]
    assert set(rows[0][1:]) == {""}
    assert not any(text.endswith("0.00") and text != "0.00" for row in rows for text in row[1:])


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
        ((0.1, 0.2), ", and none of 2 features of several columns as a whole is; the values"),
        ((0.1, 0.6), ", and so is 1 of 2 features of several columns as a whole; the values"),
        ((0.7, 0.6), ", and so are 2 of 2 features of several columns as a whole; the values"),
    ],
)
def test_features_of_several_columns_above_the_alarm_are_counted(results, say, values, told):
    wholes = tuple(FeatureStrength("loan_size", 0.6, value, 5, 0.1) for value in values)
    strengths = replace(results.evidence.columns.strengths, features=wholes)
    assert told in say(columns.alone, changed, "columns", strengths=strengths)
