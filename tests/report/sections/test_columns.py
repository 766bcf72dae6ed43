"""Columns that determine each other: sentences branch by branch, the table by content."""

from dataclasses import replace

import pytest

from analysis.report.sections import columns
from tests.support.changed_evidence import (
    changed,
)


def test_determined(results, say):
    text = columns.determined(results)
    assert "the design has rank 7 of 8: the coefficients of borrower income and total debt" in text
    assert r"total\_debt \= borrower\_income" in text
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
