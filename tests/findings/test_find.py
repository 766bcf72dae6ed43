"""Each rule fires where it should, is silent where it should be, and says what is so."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.evidence.numerics.resampling import wilson
from analysis.evidence.probabilities.curves import ReliabilityFrame
from analysis.evidence.repeats import GroupedSplit
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
    wording,
)
from analysis.findings.find import RULES
from analysis.findings.finding import SEVERITIES, Facts
from analysis.findings.probabilities import stretches
from analysis.models.metrics import Confusion
from tests.conftest import ROOT
from tests.support.changed_evidence import (
    changed,
    with_calibration,
    with_confusion,
    with_difference,
    with_discordant,
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


def facts(evidence, **changes):
    given = {"verified": False, "published_wrong": 0, "published_cells": 42}
    return Facts(evidence=evidence, **(given | changes))


def found(rule, evidence, **changes):
    return list(rule(facts(evidence, **changes)))


def said(rule, evidence, **changes):
    (finding,) = found(rule, evidence, **changes)
    return finding.statement


@pytest.mark.parametrize(
    ("verified", "wrong", "fires"), [(True, 2, True), (True, 0, False), (False, 2, False)]
)
def test_published_figures_that_differ(evidence, verified, wrong, fires):
    made = found(published.published_disagree, evidence, verified=verified, published_wrong=wrong)
    assert [each.id for each in made] == ["published-disagree"] * fires
    assert all(each.statement.startswith("2 of 42 published figures differ from") for each in made)


def test_a_single_published_figure_that_differs(evidence):
    text = said(published.published_disagree, evidence, verified=True, published_wrong=1)
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


def test_a_fit_that_did_not_converge(evidence):
    (made,) = found(convergence.not_converged, stopped(evidence))
    assert made.severity == "high"
    assert made.statement.startswith("Both models stopped after 33 iterations without converging.")
    assert "The original model's recall is 0.900 as reported, " in made.statement
    assert " and 0.980 fitted to convergence on standardised ones" in made.statement
    assert not found(convergence.not_converged, with_fits(evidence))


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
    text = convergence.going_on("original", Confusion(*SOME), replace(refitted, standardised=after))
    assert text.endswith(f"standardised ones: it depends {cause}")


@pytest.mark.parametrize(
    ("low", "counts", "fires"),
    [(0.463, SOME, True), (0.5004, SOME, True), (0.51, SOME, False), (0.5, (990, 0, 10, 0), False)],
)
def test_a_model_that_may_guess(evidence, low, counts, fires):
    changed = with_interval(evidence, "oversampled", "balanced_accuracy", low, 0.61)
    changed = with_confusion(changed, counts, "oversampled")
    made = found(certainty.no_better_than_a_guess, changed)
    assert [each.id for each in made] == ["guess-oversampled"] * fires
    assert all(f"from {low:.3f} to 0.610; labels given" in each.statement for each in made)


def test_a_fit_of_one_model_that_did_not_converge(evidence):
    text = said(convergence.not_converged, stopped(evidence, original=True))
    assert text.startswith("The oversampled model stopped after 33 iterations")
    assert "the oversampled model's recall stays at 0.900." in text


def test_iterations_of_their_own(evidence):
    one = with_model(stopped(evidence), "original", iterations=1)
    assert "stopped after 1 and 33 iterations" in said(convergence.not_converged, one)
    alone = with_fits(one, original=False)
    assert "stopped after 1 iteration without" in said(convergence.not_converged, alone)


@pytest.mark.parametrize(
    ("after", "severity", "text"),
    [
        (SOME, "medium", "the original model's recall stays at 0.900."),
        ((980, 20, 10, 90), "high", "balanced accuracy is 0.945 as reported, 0.940 at"),
        ((900, 100, 10, 90), "high", "balanced accuracy is 0.945 as reported, 0.900 at"),
    ],
)
def test_a_refit_that_moves_little_is_not_said_to_move(evidence, after, severity, text):
    (made,) = found(convergence.not_converged, stopped(evidence, after=after))
    assert text in made.statement
    assert made.severity == severity


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
        (0.985, 0, "against 0.985 and makes the oversampled model's decisions on every one of"),
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
    assert wording.rule_text(name, direction, threshold) == text


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


@pytest.mark.parametrize(
    ("distinct", "seen", "severity", "text"),
    [
        (70, 0.979, "medium", "Only 70 of 1,000 rows are distinct, and 97.9 % of the test loans"),
        (
            900,
            0.2,
            "low",
            "and 20.0 % of the test loans have features that also occur in training. Where",
        ),
        (950, 0.0, "low", "are distinct, but no test loan has features that also occur in"),
        (900, 0.0001, "low", "and less than 0.1 % of the test loans have features"),
        (1_000, 0.02, "low", "All 1,000 rows are distinct, and 2.0 % of the test loans have"),
        (1, 1.0, "medium", "Only 1 of 1,000 rows is distinct"),
        (995, 0.005, None, None),
    ],
)
def test_repeated_rows(evidence, distinct, seen, severity, text):
    made = found(repeats.repeated_rows, with_repeats(evidence, distinct, 1_000, seen))
    assert [each.severity for each in made] == [severity] * bool(severity)
    for each in made:
        assert text in each.statement
        assert ("says little about borrowers unlike" in each.statement) == (seen > 0.5)
        assert each.title == (
            "The test loans are not new" if seen > 0.5 else "Some loans repeat others"
        )


# As published, the original model reaches 0.945 and the oversampled one 0.985.
@pytest.mark.parametrize(
    ("seen", "grouped", "severity", "text"),
    [
        (
            0.9,
            [(0.90, 0.97), (0.93, 0.96)],
            "high",
            "the original model's balanced accuracy falls from ",
        ),
        (0.9, [(0.90, 0.97), (0.93, 0.96)], "high", "0.945 to 0.930 or less."),
        (0.1, [(0.96, 0.97), (0.95, 0.96)], "high", "the oversampled model's balanced accuracy"),
        (0.9, [(0.90, 0.985), (0.95, 0.96)], "medium", "neither model loses balanced accuracy"),
        (0.1, [(0.941, 0.981)], "low", "neither model loses balanced accuracy to speak of."),
        (0.9, [], "high", "What that is worth to the models cannot be measured."),
        (0.1, [(None, None)], "medium", "What that is worth to the models cannot be measured."),
    ],
)
def test_repeats_weigh_what_they_are_worth_to_the_models(evidence, seen, grouped, severity, text):
    evidence = with_repeats(evidence, 100, 1_000, seen, grouped)
    (made,) = found(repeats.repeated_rows, evidence)
    assert made.severity == severity
    assert text in made.statement


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


@pytest.mark.parametrize(
    ("ratio", "slope", "text"),
    [
        (0.69, 0.74, f"{MORE_LOANS} 0.69) and its probabilities are too extreme ("),
        (1.3, 1.0, f"{FEWER_LOANS} 1.30); its scores rank loans, but must not be priced."),
        (1.0, 1.5, "Its probabilities are too moderate (calibration slope 1.50); its scores rank"),
        (0.99, None, None),
        (0.5, None, f"{MORE_LOANS} 0.50); its scores rank loans"),
        (
            1.0,
            -0.2,
            "Its probabilities are the wrong way round (calibration slope \u22120.20); they",
        ),
        (None, None, "It expects no high-risk loan at all; its scores rank loans, but must not"),
        (1.05, 0.95, None),
    ],
)
def test_calibration(evidence, ratio, slope, text):
    evidence = with_calibration(evidence, "oversampled", 1.0, 1.0)
    made = found(probabilities.miscalibrated, with_calibration(evidence, "original", ratio, slope))
    assert [each.id for each in made] == ["miscalibrated-original"] * bool(text)
    assert all(each.statement.startswith(text) for each in made)


def test_scores_no_better_than_a_guess_are_not_said_to_rank(evidence):
    evidence = with_calibration(evidence, "original", 0.5, 1.0)
    for least in (0.5, 0.41, None):
        changed = with_interval(evidence, "original", "roc_auc", least, 0.6)
        made = found(probabilities.miscalibrated, changed)
        assert made[0].statement.endswith("; they must not be priced.")


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


def test_probabilities_that_hold_on_the_whole_and_not_along_the_scale(evidence):
    rows = [(900, 0.01, 9), (40, 0.15, 30), (60, 0.25, 40), (100, 0.55, 55), (300, 0.95, 240)]
    (made,) = in_places(evidence, *rows)
    assert (made.id, made.severity) == ("miscalibrated-in-places-original", "medium")
    assert made.evidence == "fig-reliability"
    assert made.statement.startswith(
        "Of 100 loans with a probability from 0.1 to 0.3 the model expects 21 to be high-risk and "
        "70 are; of 300 loans with a probability from 0.9 to 1 the model expects 285 to be "
        "high-risk and 240 are."
    )
    assert "they hold 400 of 1,400 test loans." in made.statement


@pytest.mark.parametrize(
    ("rows", "severity"),
    [
        ([(1_000, 0.05, 100), (10, 0.95, 9)], "high"),
        ([(1_000, 0.01, 10), (20, 0.15, 15)], "medium"),
        ([(10_000, 0.01, 100), (20, 0.15, 15)], "low"),
    ],
)
def test_places_weigh_by_the_loans_in_them(evidence, rows, severity):
    assert [each.severity for each in in_places(evidence, *rows)] == [severity]


@pytest.mark.parametrize(
    "rows",
    [
        [(1_000, 0.05, 50), (100, 0.55, 55)],  # as predicted
        [(1_000, 0.05, 50), (4, 0.15, 4)],  # too few loans
        [(1_000_000, 0.001, 4_000)],  # beyond chance, but by less than one in a hundred
        [(100, 0.35, 46)],  # outside its own 95 % interval, within the one that holds for ten
    ],
)
def test_places_that_are_right_or_may_be_chance(evidence, rows):
    assert in_places(evidence, *rows) == []


def test_ten_intervals_are_wider_than_one(evidence):
    (tenth,) = tenths((100, 0.35, 46)).to_dict("records")
    assert tenth["joint_lower"] < tenth["mean_predicted"] < tenth["lower"]
    assert in_places(evidence, (100, 0.35, 54))


def test_places_are_left_to_the_finding_about_the_whole(evidence):
    rows = [(1_000, 0.05, 100)]
    assert in_places(evidence, *rows)
    assert not in_places(evidence, *rows, ratio=0.5)
    assert not in_places(evidence, *rows, slope=0.5)


def test_a_single_stretch_is_told_apart_from_its_neighbour_on_the_other_side():
    found = stretches(tenths((50, 0.45, 45), (50, 0.55, 10), (50, 0.6, 10), (50, 0.95, 20)))
    assert [(each.first, each.last) for each in found] == [(4, 4), (5, 6), (9, 9)]
    # 0.6 exactly is of the tenth from 0.6, whatever its last digit.
    (lone,) = stretches(tenths((50, 0.6 - 1e-16, 0)))
    assert lone.first == 6


def test_identities(evidence):
    text = said(columns.exact_identities, evidence)
    assert text.startswith("total_debt = borrower_income - 30000 and debt_to_income = ")
    assert text.endswith(
        "The design has rank 7 of 8: the coefficients of borrower income and total debt are not "
        "identified."
    )
    full = changed(evidence, "design", design_rank=8, unidentified=())
    assert said(columns.exact_identities, full).endswith("in every row.")


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


def test_models_within_their_uncertainty(evidence):
    text = said(certainty.models_alike, with_difference(evidence, 0.01, -0.002, 0.02))
    assert "runs from \u22120.002 to +0.020, so the data do not show" in text
    # What is shown as 0.000 counts as 0.
    assert found(certainty.models_alike, with_difference(evidence, 0.01, 0.0004, 0.02))
    assert found(certainty.models_alike, with_difference(evidence, -0.01, -0.02, 0.0))
    assert not found(certainty.models_alike, with_difference(evidence, 0.01, 0.001, 0.02))
    assert not found(certainty.models_alike, with_difference(evidence, -0.01, -0.02, -0.001))
    assert not found(certainty.models_alike, with_difference(evidence, None, None, None))


def test_the_wider_interval_is_relied_on(evidence):
    narrow, wide = (0.01, 0.03), (-0.01, 0.05)
    by_rows = with_difference(evidence, 0.02, *narrow, rows=wide, wider="rows")
    assert "runs from \u22120.010 to +0.050" in said(certainty.models_alike, by_rows)
    by_features = with_difference(evidence, 0.02, *wide, rows=narrow, wider="feature rows")
    assert "runs from \u22120.010 to +0.050" in said(certainty.models_alike, by_features)


def test_models_that_decide_alike(evidence):
    same = with_discordant(evidence, (0, 0, 1.0), (0, 0, 1.0))
    (made,) = found(certainty.models_alike, same)
    assert made.title == "Both models decide alike"
    assert "On each of the 19,384 test loans both models make the same decision" in made.statement


def test_findings_come_most_severe_first(evidence):
    made = find.find(facts(evidence, verified=True, published_wrong=3))
    severities = [SEVERITIES.index(each.severity) for each in made]
    assert severities == sorted(severities)
    assert made[0].id == "published-disagree"
    assert len({each.id for each in made}) == len(made) > 5


def test_findings_of_the_real_file(real_results):
    assert [each.id for each in real_results.findings] == [
        "not-converged",
        "gain-without-oversampling",
        "threshold-alone",
        "one-column-rule",
        "repeated-rows",
        "miscalibrated-oversampled",
        "miscalibrated-in-places-original",
        "exact-identities",
        "conflicting-labels",
    ]
    texts = {each.id: each.statement for each in real_results.findings}
    for key, figures in {
        "not-converged": ["0.984", "0.940", "0.910", "33 iterations"],
        "threshold-alone": ["threshold of 0.062", "misses 4 and refuses 116"],
        "gain-without-oversampling": ["89 %"],
        "one-column-rule": ["0.994", "oversampled model's decisions on every one of the 19,384"],
        "repeated-rows": ["5,229 of 77,536", "97.9 %", "neither model loses balanced accuracy"],
        "miscalibrated-oversampled": ["0.69", "0.74", "more high-risk loans than there are"],
        "miscalibrated-in-places-original": [
            "Of 93 loans with a probability from 0.1 to 0.6 the model expects 40",
            "and 77 are",
            "expects 345 to be high-risk and 307 are",
            "454 of 19,384",
        ],
        "exact-identities": ["total_debt = borrower_income - 30000", "rank 7 of 8"],
        "conflicting-labels": ["226 combinations of features (1,198 loans) occur"],
    }.items():
        assert all(figure in texts[key] for figure in figures), texts[key]


def test_findings_of_odd_portfolios_are_sentences(odd_results):
    fired = set()
    for results in odd_results.values():
        for each in results.findings:
            fired.add(each.id)
            text = f"{each.title}. {each.statement}"
            assert not ABSENT.search(text), text
            assert each.statement.endswith(".")
            assert each.statement[0] == each.statement[0].upper() or "_" in each.statement
    assert {"one-class-original", "models-alike", "few-high-risk", "few-healthy"} <= fired


def test_every_finding_leads_to_a_table_or_figure_that_leads_back(simulated_results, odd_results):
    text = (ROOT / "report.qmd").read_text()
    every = [simulated_results, *odd_results.values()]
    targets = {each.evidence for results in every for each in results.findings}
    targets |= {
        each.evidence
        for each in found(
            published.published_disagree,
            simulated_results.evidence,
            verified=True,
            published_wrong=1,
        )
    }
    assert len(targets) > 8
    for target in targets:
        shown = max(text.find(f"#| label: {target}\n"), text.find(f'pictures.figure("{target}"'))
        assert 0 <= shown < text.find(f'links.back(results, "{target}")'), target


def test_every_rule_is_tested():
    assert [rule.__name__ for rule in RULES] == [
        "published_disagree",
        "one_class_only",
        "no_better_than_a_guess",
        "not_converged",
        "gain_without_oversampling",
        "threshold_alone",
        "one_column_rule",
        "repeated_rows",
        "models_alike",
        "few_of_a_label",
        "miscalibrated",
        "miscalibrated_in_places",
        "exact_identities",
        "conflicting_labels",
    ]
