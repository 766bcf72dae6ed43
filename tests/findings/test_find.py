"""Each rule fires where it should, is silent where it should be, and says what is so."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.evidence.numerics.resampling import wilson
from analysis.evidence.probabilities.curves import ReliabilityFrame
from analysis.evidence.repeats.grouped import GroupedSplit
from analysis.findings import (
    baselines,
    certainty,
    columns,
    convergence,
    find,
    probabilities,
    published,
    repeats,
    thresholds,
)
from analysis.findings.finding import SEVERITIES, Facts
from analysis.findings.words import Words
from analysis.models.metrics import Confusion
from analysis.portfolio.declaration import module_12
from tests.support.changed_evidence import (
    changed,
    with_calibration,
    with_confusion,
    with_difference,
    with_fits,
    with_interval,
    with_model,
    with_refit,
    with_rule,
)

ABSENT = re.compile(r"\b(nan|None|inf)\b")
MORE_LOANS = "It expects more high-risk loans than there are (observed / expected"
FEWER_LOANS = MORE_LOANS.replace("more", "fewer")
# tn, fp, fn, tp: recall 0.9 and 0.98, balanced accuracy 0.945 and 0.985.
SOME, MORE = (990, 10, 10, 90), (990, 10, 2, 98)


@pytest.fixture
def evidence(simulated_results):
    return simulated_results.evidence


def facts(evidence, *, verified=False, wrong=0, words=None):
    compared = pd.DataFrame({"matches": [False] * wrong + [True] * (42 - wrong)})
    return Facts(evidence, compared, verified, words or Words(module_12()))


def found(rule, evidence, **changes):
    return list(rule(facts(evidence, **changes)))


def said(rule, evidence, **changes):
    (finding,) = found(rule, evidence, **changes)
    return finding.statement


@pytest.mark.parametrize(
    ("verified", "wrong", "fires"), [(True, 2, True), (True, 0, False), (False, 2, False)]
)
def test_published_figures_that_differ(evidence, verified, wrong, fires):
    made = found(published.published_disagree, evidence, verified=verified, wrong=wrong)
    assert [each.id for each in made] == ["published-disagree"] * fires
    assert all(each.statement.startswith("2 of 42 published figures differ from") for each in made)


def test_a_single_published_figure_that_differs(evidence):
    text = said(published.published_disagree, evidence, verified=True, wrong=1)
    assert text.startswith("1 of 42 published figures differs from")


@pytest.mark.parametrize(
    ("counts", "kind"),
    [((990, 0, 10, 0), "healthy"), ((0, 990, 0, 10), "high-risk"), ((900, 90, 5, 5), None)],
)
def test_a_model_that_predicts_one_label(evidence, counts, kind):
    evidence = with_confusion(evidence, counts)
    made = found(certainty.one_class_only, with_confusion(evidence, SOME, "oversampled"))
    assert [each.id for each in made] == ["one-class-original"] * bool(kind)
    assert all(f"It calls all 1,000 test loans {kind}, so" in each.statement for each in made)


def stopped(evidence, before=SOME, after=MORE, original=False, oversampled=False):
    for name in ("original", "oversampled"):
        evidence = with_confusion(evidence, before, name)
        evidence = with_refit(evidence, before, name)
    return with_refit(with_fits(evidence, original, oversampled), after, "original")


@pytest.mark.parametrize(
    ("raw", "scaled", "cause"),
    [
        (SOME, MORE, "on the units of the columns."),
        (MORE, MORE, "on where the optimiser stops."),
        ((990, 10, 5, 95), MORE, "on where the optimiser stops and on the units of the columns."),
        (MORE, SOME, "on where the optimiser stops and on the units of the columns."),
    ],
)
def test_what_a_fit_that_did_not_converge_depends_on_is_what_changes_it(
    evidence, raw, scaled, cause
):
    refitted = with_refit(evidence, raw).converged.models.original
    after = with_refit(evidence, scaled).converged.models.original.standardised
    text = convergence.going_on(
        "the original model", Confusion(*SOME), replace(refitted, standardised=after)
    )
    assert text.endswith(f"standardised ones: it depends {cause}")


@pytest.mark.parametrize(
    ("part", "gain", "text"),
    [
        (0.9, 0.04, "alone makes 90 % of the gain in"),
        (29.2, 0.04, "alone makes more than the whole gain in"),
        (0.5, 0.04, None),
        (None, -0.01, None),
        (0.9, 0.001, None),
    ],
)
def test_gain_without_oversampling(evidence, part, gain, text):
    evidence = with_difference(evidence, gain, gain - 0.001, gain + 0.001)
    evidence = changed(evidence, "converged", share_of_gain=part)
    made = found(convergence.gain_without_oversampling, evidence)
    assert len(made) == bool(text)
    assert all(text in each.statement for each in made)


def test_a_threshold_does_what_oversampling_does(evidence):
    gain = with_difference(evidence, 0.04, 0.03, 0.05)
    (made,) = found(thresholds.threshold_alone, gain)
    assert made.severity == "high"
    assert f"threshold of {evidence.thresholds.matched.choice.threshold:g}" in made.statement


def test_a_threshold_does_not_do_what_oversampling_does(evidence):
    gain = with_difference(evidence, 0.04, 0.03, 0.05)
    assert not found(thresholds.threshold_alone, with_difference(evidence, 0.001, 0.0, 0.002))
    assert not found(thresholds.threshold_alone, changed(gain, "thresholds", matched=None))
    matched = gain.thresholds.matched
    worse = replace(matched, choice=replace(matched.choice, confusion=Confusion(900, 100, 50, 50)))
    assert not found(thresholds.threshold_alone, changed(gain, "thresholds", matched=worse))


def with_models(evidence, original=SOME, oversampled=MORE):
    return with_confusion(with_confusion(evidence, original), oversampled, "oversampled")


@pytest.mark.parametrize(
    ("reached", "differing", "text"),
    [
        (
            0.985,
            0,
            "accuracy of 0.985, too, and makes the oversampled model's decisions on every one of",
        ),
        (0.985, 1, "and decides 1 test loan of 19,384 otherwise than the oversampled model."),
        (0.982, 7, "0.982 against 0.985 and decides 7 test loans of 19,384 otherwise than"),
        (0.97, 7, None),
    ],
)
def test_a_rule_with_one_column(evidence, reached, differing, text):
    evidence = with_rule(with_models(evidence), reached, 99, differing)
    made = found(baselines.one_column_rule, evidence)
    assert len(made) == bool(text)
    assert all(text in each.statement for each in made)


def test_no_rule_with_one_column(evidence):
    nothing = changed(evidence, "baselines", best_rule=None)
    assert not found(baselines.one_column_rule, nothing)


@pytest.mark.parametrize(
    ("name", "direction", "threshold", "text"),
    [
        ("interest_rate", ">=", 9.0, "“Interest rate ≥ 9 %”"),
        ("loan_size", "<", 13_600.0, "“Loan size < $13,600”"),
        ("borrower_income", ">=", 1e9, "“Borrower income ≥ $1,000,000,000 a year”"),
        ("num_of_accounts", ">=", 7.5, "“Number of accounts ≥ 7.5”"),
    ],
)
def test_the_text_of_a_rule(name, direction, threshold, text):
    assert Words(module_12()).rule(name, direction, threshold) == text


def with_repeats(evidence, distinct, rows, seen, grouped=((0.945, 0.985),)):
    """Return evidence with these repeats, and balanced accuracies of grouped splits."""
    evidence = with_models(evidence)
    splits = tuple(GroupedSplit(seed, rows, rows, *figures) for seed, figures in enumerate(grouped))
    return changed(
        evidence,
        "repeats",
        rows=rows,
        distinct_rows=distinct,
        repeated_rows=rows - distinct,
        test_share_seen_in_training=seen,
        grouped_splits=splits,
    )


# As published, the original model reaches 0.945 and the oversampled one 0.985.


@pytest.mark.parametrize(
    ("metric", "kind", "counts", "text"),
    [
        ("recall", "high-risk", (990, 10, 1, 9), "With 10 high-risk test loans, the share of them"),
        ("recall", "high-risk", (990, 10, 0, 1), "With 1 high-risk test loan, the share of them"),
        ("specificity", "healthy", (5, 1, 9, 91), "With 6 healthy test loans, the share of them"),
    ],
)
def test_too_few_loans_of_a_label(evidence, metric, kind, counts, text):
    evidence = with_interval(with_confusion(evidence, counts), "oversampled", metric, 0.6, 0.95)
    (made,) = found(certainty.few_of_a_label, evidence)
    assert made.id == f"few-{kind}"
    assert made.statement.startswith(text)
    assert "that the oversampled model recognises may lie anywhere from 0.600 to 0.950" in (
        made.statement
    )


def test_enough_loans_of_each_label(evidence):
    assert not found(certainty.few_of_a_label, evidence)
    undefined = with_interval(evidence, "original", "recall", None, None)
    assert not found(certainty.few_of_a_label, undefined)


def tenths(*rows):
    """Return a `ReliabilityFrame` of tenths as (loans, mean predicted, high-risk loans)."""
    bounds = [wilson(high_risk, loans) for loans, _, high_risk in rows]
    joint = [wilson(high_risk, loans, 0.995) for loans, _, high_risk in rows]
    return ReliabilityFrame.validate(
        pd.DataFrame(
            {
                "rows": [loans for loans, _, _ in rows],
                "mean_predicted": [predicted for _, predicted, _ in rows],
                "observed": [high_risk / loans for loans, _, high_risk in rows],
                "lower": [bound.low for bound in bounds],
                "upper": [bound.high for bound in bounds],
                "joint_lower": [bound.low for bound in joint],
                "joint_upper": [bound.high for bound in joint],
            }
        )
    )


def in_places(evidence, *rows, ratio=1.0, slope=1.0):
    """Return what the rule finds of an original model that is calibrated so in each tenth."""
    for name in ("original", "oversampled"):
        evidence = with_calibration(evidence, name, ratio, slope)
    curves = evidence.models.original.curves
    good = tenths((1_000, 0.05, 50))
    others = replace(evidence.models.oversampled.curves, reliability=good)
    evidence = with_model(evidence, "oversampled", curves=others)
    curves = replace(curves, reliability=tenths(*rows))
    return found(
        probabilities.miscalibrated_in_places, with_model(evidence, "original", curves=curves)
    )


def test_ten_intervals_are_wider_than_one(evidence):
    (tenth,) = tenths((100, 0.35, 46)).to_dict("records")
    assert tenth["joint_lower"] < tenth["mean_predicted"] < tenth["lower"]
    assert in_places(evidence, (100, 0.35, 54))


def test_coefficients_that_no_identity_of_three_columns_explains(evidence):
    evidence = changed(evidence, "design", design_rank=7, unidentified=("loan_size",))
    text = said(columns.exact_identities, changed_identities(evidence, ()))
    assert text == ("The design has rank 7 of 8: the coefficient of loan size is not identified.")


def test_no_identity(evidence):
    full = changed(evidence, "design", design_rank=8, unidentified=())
    assert not found(columns.exact_identities, changed_identities(full, ()))


def changed_identities(evidence, identities):
    return replace(evidence, data=replace(evidence.data, identities=identities))


@pytest.mark.parametrize(
    ("groups", "rows", "text"),
    [
        (226, 1_198, "226 combinations of features (1,198 loans) occur with both labels"),
        (1, 2, "1 combination of features (2 loans) occurs with both labels"),
        (0, 0, None),
    ],
)
def test_conflicting_labels(evidence, groups, rows, text):
    evidence = changed(evidence, "repeats", conflicting_feature_rows=groups, conflicting_rows=rows)
    made = found(repeats.conflicting_labels, evidence)
    assert len(made) == bool(text)
    assert all(each.statement.startswith(text) for each in made)


def test_findings_come_most_severe_first(evidence):
    made = find.find(facts(evidence, verified=True, wrong=3))
    severities = [SEVERITIES.index(each.severity) for each in made]
    assert severities == sorted(severities)
    assert made[0].id == "published-disagree"
    assert len({each.id for each in made}) == len(made) > 5


def test_no_finding_calls_the_second_model_after_another_resampler(evidence):
    recipe = replace(module_12().recipe, resampler="class_weights")
    words = Words(replace(module_12(), recipe=recipe))
    judged = find.find(facts(with_fits(evidence, 3), words=words))
    said = [f"{each.title} {each.figure} {each.statement} {each.action}" for each in judged]
    assert said
    assert not [each for each in said if "oversampl" in each]
