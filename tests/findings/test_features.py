"""Rules on levels, gaps, groups and the label: where they fire, where they are silent."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.evidence.columns.features import GapFrame, LevelFrame, OneSided
from analysis.evidence.groups.frame import GroupFrame
from analysis.evidence.numerics.resampling import wilson
from analysis.findings import features, groups, outcomes
from analysis.findings.finding import Facts
from tests.support import odd_results


@pytest.fixture(scope="module")
def results():
    return odd_results.named("known after the outcome")


def test_a_column_that_only_high_risk_loans_fill(results):
    facts = Facts(results.evidence, results.published, False, results.words)
    (made,) = features.known_after(facts)
    assert made.severity == "high"
    assert made.figure == "came_back and 1 other"
    (sided,) = results.evidence.columns.one_sided
    assert f"same value for every paid loan, and another for {sided.loans} of" in made.statement
    assert "Recoveries has a name of what is recorded after the outcome." in made.statement


def sided(loans, label=1):
    return {"one_sided": (OneSided("income", label, loans),)}


def of_columns(results, **changes):
    columns = replace(results.evidence.columns, **changes)
    evidence = replace(results.evidence, columns=columns)
    return Facts(evidence, results.published, False, results.words)


@pytest.mark.parametrize(
    ("loans", "label", "fires"),
    [(60, 1, True), (40, 1, False), (300, 0, True), (100, 0, False)],
    # a quarter of the 177 unpaid, and of the 523 paid loans
)
def test_loans_of_one_label_by_themselves_have_to_be_many(results, loans, label, fires):
    made = list(features.known_after(of_columns(results, **sided(loans, label))))
    assert ["Income has" in each.statement for each in made] == [fires]  # recoveries is named


@pytest.mark.parametrize(("rows", "high_risk", "fires"), [(700, 6, True), (20, 10, False)])
def test_few_loans_of_one_label_by_themselves_may_be_chance(results, rows, high_risk, fires):
    facts = of_columns(results, **sided(3))
    data = facts.evidence.data
    changed = replace(
        data, prevalence=wilson(high_risk, rows), repeats=replace(data.repeats, rows=rows)
    )
    facts = replace(facts, evidence=replace(facts.evidence, data=changed))
    (made,) = features.known_after(facts)
    assert ("Income has" in made.statement) == fires


def levels(*counts):
    rows = [("region", f"level {at}", each, 0) for at, each in enumerate(counts)]
    return LevelFrame.of(rows)


def test_levels_that_few_loans_have(results):
    assert not list(features.few_in_levels(of_columns(results, levels=levels(30, 400))))
    (one,) = features.few_in_levels(of_columns(results, levels=levels(29, 400)))
    assert one.title == "1 level of categories has few loans"
    assert one.figure == "the fewest 29"
    (many,) = features.few_in_levels(of_columns(results, levels=levels(*range(1, 8), 400)))
    assert "“level 0” of region (1), “level 1” of region (2)" in many.statement
    assert "and 3 more" in many.statement
    assert many.evidence == "tbl-levels"


def gaps(*rows):
    """Return gaps as (share, high-risk, of the others, joint limits)."""
    made = [
        {
            "feature": ["income", "debt", "region"][at],
            "missing": round(700 * share),
            "share": share,
            "high_risk": without,
            "others_high_risk": others,
            "difference": without - others,
            "difference_low": low,
            "difference_high": high,
            "joint_low": low,
            "joint_high": high,
        }
        for at, (share, without, others, low, high) in enumerate(rows)
    ]
    return GapFrame.of(made)


def test_much_that_is_missing(results):
    silent = gaps((0.19, 0.25, 0.25, -0.1, 0.1))
    assert not list(features.much_missing(of_columns(results, gaps=silent)))
    some = gaps((0.2, 0.25, 0.25, -0.1, 0.1), (0.1, 0.25, 0.25, -0.1, 0.1))
    (low,) = features.much_missing(of_columns(results, gaps=some))
    assert (low.severity, low.figure) == ("low", "20.0 % of a column at the most")
    assert low.statement.startswith("Values are missing of income in 20.0 % of the loans. ")
    (medium,) = features.much_missing(of_columns(results, gaps=gaps((0.5, 0.2, 0.2, -0.1, 0.1))))
    assert medium.severity == "medium"


@pytest.mark.parametrize(
    ("row", "fires"),
    [
        ((0.1, 0.50, 0.23, 0.10, 0.40), True),
        ((0.1, 0.10, 0.28, -0.25, -0.05), True),
        ((0.1, 0.50, 0.23, -0.01, 0.50), False),  # may be chance
        ((0.1, 0.28, 0.25, 0.01, 0.05), False),  # beyond chance, and immaterial
    ],
)
def test_gaps_that_tell_of_the_label(results, row, fires):
    made = list(features.gaps_tell(of_columns(results, gaps=gaps(row))))
    assert [each.id for each in made] == ["gaps-tell"] * fires
    for each in made:
        assert each.figure == f"{100 * row[1]:.1f} % against {100 * row[2]:.1f} % unpaid"


@pytest.mark.parametrize(
    ("high_risk", "fires"), [(500, True), (400, True), (360, False), (177, False)]
)
def test_a_label_that_most_loans_have(results, high_risk, fires):
    data = replace(results.evidence.data, prevalence=wilson(high_risk, 700))
    evidence = replace(results.evidence, data=data)
    facts = Facts(evidence, results.published, False, results.words)
    made = list(outcomes.mostly_high_risk(facts))
    assert [each.title for each in made] == ["Most loans are unpaid"] * fires
    assert all(each.statement.startswith(f"{high_risk} unpaid loans of 700") for each in made)


def grouped(results, *rows, use="protected"):
    """Return facts with groups as (ratio, joint limit), the last one the most accepted."""
    base = {
        "column": "sex", "use": use, "lower": None, "upper": None, "small": False,
        "choice": "original", "model": "original", "threshold": 0.5, "loans": 100,
        "high_risk": 20, "expected": 20.0, "tn": 60, "fp": 20, "fn": 10, "tp": 10,
        "accepted_low": 0.1,
        "accepted_high": 0.9, "ratio_low": 0.4, "against": "most",
    }  # fmt: skip
    made = [
        base
        | {
            "group": f"g{at}",
            "accepted": 0.9 * ratio,
            "ratio": ratio,
            "ratio_high": high,
            "joint_high": high,
        }
        for at, (ratio, high) in enumerate(rows)
    ]
    made.append(base | {"group": "most", "accepted": 0.9, "ratio": 1.0, "ratio_low": np.nan})
    evidence = replace(results.evidence, groups=GroupFrame.of(made))
    return Facts(evidence, results.published, False, results.words)


def test_a_group_that_is_accepted_less_than_four_fifths_as_often(results):
    (made,) = groups.four_fifths(grouped(results, (0.6, 0.79), (0.5, 0.85)))
    assert (made.id, made.severity, made.evidence) == ("four-fifths-1", "high", "tbl-groups-1")
    # The lowest of those beyond chance, not the lowest of all.
    assert made.figure == "ratio 0.60, below four fifths"
    assert "accepts 54.0 % of the test loans where it is “g0” and 90.0 % of those" in made.statement
    assert "Of 2 ratios by this column, 1 is below four fifths" in made.statement
    (segment,) = groups.four_fifths(grouped(results, (0.6, 0.79), use="segment"))
    assert segment.severity == "medium"


def test_what_may_be_chance_is_no_finding_on_groups(results):
    assert not list(groups.four_fifths(grouped(results, (0.6, 0.81), (0.7, np.nan))))
