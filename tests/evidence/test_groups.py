"""Decisions by groups against a case computed by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, norm

from analysis.evidence.groups import decisions
from analysis.evidence.groups.frame import GroupFrame
from analysis.evidence.thresholds.costs import Choice
from analysis.models.metrics import Confusion
from analysis.models.pair import Pair
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.loans import Loans

SEX = Column("sex", "string", use="protected", constraints=Constraints(enum=("f", "m", "x")))
AGE = Column("age", "integer", use="segment")
# sex, age, label, log-odds, loans: 100 f of whom 60 are accepted, 80 m with 72, one without a sex.
ROWS = [
    (0, 20, 0, -1.0, 50),
    (0, 30, 0, 1.0, 20),
    (0, 40, 1, 1.0, 20),
    (0, 50, 1, -1.0, 10),
    (1, 20, 0, -2.0, 70),
    (1, 30, 1, -2.0, 2),
    (1, 40, 1, 2.0, 8),
    (np.nan, 60, 0, 2.0, 1),
]


def loans(alike=False, outside=(SEX, AGE), times=1):
    """Return test loans: all with features of their own, or those of a row alike."""
    kinds = pd.DataFrame(ROWS, columns=["sex", "age", "y", "log_odds", "loans"])
    rows = kinds.drop(columns="loans")
    counts = kinds["loans"].to_numpy(np.int64)
    if not alike:
        rows = rows.loc[np.repeat(np.arange(len(rows)), counts)].reset_index(drop=True)
        counts = np.full(len(rows), times)
    made = rows.assign(feature=np.arange(len(rows))).astype({"y": "int64"})
    log_odds = made.pop("log_odds").to_numpy()
    names = [each.name for each in outside]
    made = made[["feature", "y", *names]]
    test = Loans(made, counts, np.empty(0, np.int64), label="y", outside=outside)
    model = SimpleNamespace(log_odds=log_odds, decided=(log_odds > 0).astype(np.int64))
    return test, Pair(model, model)


def thresholds(own=None):
    found = None if own is None else Choice(own, Confusion(1, 1, 1, 1), 0.0)
    return SimpleNamespace(
        models=dict.fromkeys(("original", "oversampled"), SimpleNamespace(cheapest=found))
    )


def by_group(frame, column="sex", choice="original"):
    chosen = frame[(frame["column"] == column) & (frame["choice"] == choice)]
    return chosen.set_index("group").to_dict("index")


def test_by_hand():
    found = by_group(decisions.examine(*loans(), thresholds()))
    assert list(found) == ["f", "m", "missing"]
    women, men = found["f"], found["m"]
    assert (women["tn"], women["fp"], women["fn"], women["tp"]) == (50, 20, 10, 20)
    assert (women["loans"], women["high_risk"], women["use"]) == (100, 30, "protected")
    assert women["accepted"] == pytest.approx(0.6)
    assert men["accepted"] == pytest.approx(0.9)
    assert women["ratio"] == pytest.approx(2 / 3)
    assert women["against"] == "m"
    assert men["ratio"] == 1
    assert np.isnan(men["ratio_low"])
    assert women["refused"] == pytest.approx(20 / 70)
    expected = binomtest(20, 70).proportion_ci(method="wilson")
    assert (women["refused_low"], women["refused_high"]) == pytest.approx(tuple(expected))
    assert women["recall"] == pytest.approx(2 / 3)
    predicted = 60 / (1 + np.e) + 40 * np.e / (1 + np.e)
    assert women["observed_expected"] == pytest.approx(30 / predicted)
    assert women["observed_expected_low"] < 30 / predicted < women["observed_expected_high"]
    # 0.667 (Katz: 0.562 to 0.791), the joint limit further away.
    assert women["ratio_low"] == pytest.approx(0.562, abs=0.01)
    assert women["ratio_high"] == pytest.approx(0.791, abs=0.01)
    assert women["joint_high"] > women["ratio_high"]


def test_calibration_against_all_other_loans():
    found = by_group(decisions.examine(*loans(), thresholds()))
    women, men = found["f"], found["m"]
    expected = {
        "f": 60 / (1 + np.e) + 40 * np.e / (1 + np.e),
        "m": 72 / (1 + np.e**2) + 8 * np.e**2 / (1 + np.e**2),
        "missing": np.e**2 / (1 + np.e**2),
    }
    assert {name: each["expected"] for name, each in found.items()} == pytest.approx(expected)
    others = 10 / (expected["m"] + expected["missing"])
    assert women["calibration_ratio"] == pytest.approx(30 / expected["f"] / others)
    others = 30 / (expected["f"] + expected["missing"])
    assert men["calibration_ratio"] == pytest.approx(10 / expected["m"] / others)
    # Two groups that are not small, two models; statsmodels 0.14, confint_proportions_2indep
    # with compare="ratio" and method="log" gives nearly the same.
    share, rest, level = 30 / 100, 10 / 81, 1 - 0.05 / 4
    reach = norm.ppf((1 + level) / 2) * np.sqrt((1 - share) / 30 + (1 - rest) / 10)
    part = women["calibration_ratio"] / (share / rest)
    low, high = share / rest * np.exp([-reach, reach]) * part
    assert women["calibration_joint_low"] == pytest.approx(low, rel=0.1)
    assert women["calibration_joint_high"] == pytest.approx(high, rel=0.1)
    assert np.isnan(found["missing"]["calibration_ratio"])  # it is small


def test_small_groups_are_said_to_be_small_and_not_judged():
    found = by_group(decisions.examine(*loans(), thresholds()))["missing"]
    assert found["small"]
    assert found["accepted"] == 0
    assert found["ratio"] == 0
    assert np.isnan(found["joint_high"])
    assert np.isnan(found["recall"])  # it has no high-risk loan
    # Two in a hundred of the loans, however many that are.
    many = by_group(decisions.examine(*loans(times=50), thresholds()))["missing"]
    assert many["loans"] == 50
    assert many["small"]


def test_loans_that_are_alike_are_one_draw():
    alone = by_group(decisions.examine(*loans(), thresholds()))["f"]
    alike = by_group(decisions.examine(*loans(alike=True), thresholds()))["f"]
    assert alike["ratio"] == alone["ratio"]
    # 100² / (50² + 20² + 20² + 10²) = 2.9 draws in place of 100.
    expected = binomtest(3, 5).proportion_ci(method="wilson")
    assert alike["accepted_low"] < expected.low
    assert alike["ratio_high"] > alone["ratio_high"] + 0.2


def test_quarters_of_a_number():
    found = by_group(decisions.examine(*loans(), thresholds()), "age")
    assert list(found) == ["1", "2", "3"]  # two quarters are twenty years old
    assert (found["1"]["lower"], found["1"]["upper"]) == (20, 20)
    assert (found["3"]["lower"], found["3"]["upper"]) == (40, 60)


def test_both_models_at_one_half_and_at_their_own_threshold():
    frame = decisions.examine(*loans(), thresholds(0.2))
    assert list(frame["choice"].unique()) == [
        "original", "oversampled", "original_own", "oversampled_own",
    ]  # fmt: skip
    # At 0.2 the log-odds of -1 are above it, those of -2 are not.
    own = by_group(frame, choice="original_own")
    assert own["f"]["accepted"] == 0
    assert own["f"]["threshold"] == 0.2
    assert own["f"]["ratio"] == 0
    assert own["f"]["ratio_high"] < 0.2
    # The limits allow for twice as many choices.
    half = by_group(decisions.examine(*loans(), thresholds()))["f"]["joint_high"]
    assert by_group(frame)["f"]["joint_high"] > half


def test_nothing_where_no_group_is_accepted_or_large_enough():
    test, models = loans()
    everyone = SimpleNamespace(log_odds=np.ones(len(test)), decided=np.ones(len(test), np.int64))
    found = decisions.examine(test, Pair(everyone, everyone), thresholds())
    assert found["ratio"].isna().all()
    assert found["against"].isna().all()
    small = decisions.examine(
        test.counted(np.arange(len(test)) % 20 == 0), _every(models, 20), thresholds()
    )
    assert small["small"].all()
    assert small["ratio"].isna().all()


def _every(models, step):
    made = SimpleNamespace(
        log_odds=models.original.log_odds[::step], decided=models.original.decided[::step]
    )
    return Pair(made, made)


def test_no_groups():
    found = decisions.examine(*loans(outside=()), thresholds())
    assert len(found) == 0
    assert list(found.columns) == list(GroupFrame.to_schema().columns)


def test_a_group_column_that_no_loan_has_a_value_of():
    test, models = loans()
    empty = replace(test, rows=test.rows.assign(sex=np.nan))
    found = decisions.examine(empty, models, thresholds())
    (only,) = by_group(found).items()
    assert only[0] == "missing"
    assert (only[1]["loans"], only[1]["ratio"]) == (181, 1)
