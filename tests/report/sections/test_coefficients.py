"""Columns that determine each other: the sentence branch by branch, the table by content."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.models.splitting import split
from analysis.report.sections import coefficients
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import (
    changed,
)


def test_determined(results, say):
    text = coefficients.determined(results)
    assert "the design has rank 7 of 8: the coefficients of borrower income and total debt" in text
    assert "total_debt = borrower_income" in text
    full = say(coefficients.determined, changed, "design", design_rank=8, unidentified=())
    assert full.endswith("the design has rank 8 of 8: every coefficient is identified.")
    data = replace(results.evidence.data, identities=())
    none = replace(results, evidence=replace(results.evidence, data=data))
    assert coefficients.determined(none).startswith(
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
    assert rows(coefficients.coefficients, evidence)["Loan size"][2] == text


def test_the_points_of_moderate_odds_ratios_align(results, rows):
    ratios = (1.0, 3.1416, 0.675, 12.5, 1.0, 1.0, 1e9)
    made = tuple(
        replace(each, odds_ratio_per_sd=ratio)
        for each, ratio in zip(results.evidence.models.original.coefficients, ratios, strict=True)
    )
    evidence = changed(results.evidence, "original", coefficients=made)
    shown = [row[2] for row in rows(coefficients.coefficients, evidence).values()]
    assert shown[1:5] == ["1.000", "3.142", "0.675", "12.500"]
    assert shown[7] == "over 1,000,000"


def test_unidentified_coefficients_are_marked(rows):
    found = rows(coefficients.coefficients)
    marked = {name for name, row in found.items() if row[-1] == "no"}
    assert marked == {"Borrower income", "Total debt"}


def test_printed_coefficients_decide_as_the_models_do(real_results, real_portfolio):
    test = split(real_portfolio.loans).test
    found = {row[0]: row[1:] for row in cells(coefficients.coefficients(real_results))}
    for place, model in enumerate(real_results.models.values()):
        printed = {
            name: float(row[place].replace("\u2212", "-")) for name, row in list(found.items())[1:]
        }
        intercept = printed.pop("Intercept")
        scores = test.features.to_numpy() @ np.array([*printed.values()]) + intercept
        np.testing.assert_array_equal(scores > 0, model.fitted.predict(test.features) == 1)
