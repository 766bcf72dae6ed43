"""Rules on whole portfolios: what they find on the real file, and where they keep silent."""

from dataclasses import replace

import pytest

from analysis.evidence.certainty.mcnemar import McNemar
from analysis.evidence.columns.identities import Identity
from analysis.findings import columns, comparison, find
from analysis.findings.finding import Facts
from analysis.findings.words import Words
from analysis.portfolio.declaration import module_12
from tests.support import odd_results


def ids(results):
    return [(each.severity, each.id) for each in results.findings]


def test_findings_of_the_real_file(real_results):
    assert ids(real_results) == [
        ("high", "one-score"),
        ("high", "one-column-rule"),
        ("high", "threshold-alone"),
        ("high", "gain-without-oversampling"),
        ("high", "not-converged"),
        ("medium", "repeated-rows"),
        ("medium", "knows-the-label"),
        ("medium", "miscalibrated-oversampled"),
        ("medium", "miscalibrated-in-places-original"),
        ("medium", "near-collinear"),
        ("medium", "exact-identities"),
        ("low", "conflicting-labels"),
    ]
    told = {each.id: each.statement for each in real_results.findings}
    assert "0.9997" in told["one-score"]
    assert "$84,028, healthy ones $48,062" in told["one-score"]
    assert "30.3 to be high-risk, observed: 6" in told["miscalibrated-in-places-original"]
    assert "19,111 of 19,384" in told["miscalibrated-in-places-original"]
    assert "75,848 of 77,536 rows" in told["repeated-rows"]
    assert "18,604 of 18,765 healthy ones and 369 of 619" in told["repeated-rows"]
    assert "238 loans of the file, 25 of the test" in told["conflicting-labels"]


def test_the_real_files_oversampled_model_is_better_at_one_half(real_results):
    assert comparison.better(real_results.evidence) == "oversampled"
    assert list(comparison.doubts(real_results.evidence)) == []


def test_a_dearer_model_is_not_better():
    evidence = odd_results.named("99 % high-risk").evidence
    assert evidence.comparison.differences["balanced_accuracy"].difference > 0.4
    assert comparison.better(evidence) is None
    assert any("costs" in each for each in comparison.doubts(evidence))


def test_a_lead_that_other_splits_do_not_share_is_none(real_results):
    evidence = real_results.evidence
    found = evidence.unconditional
    metric = "balanced_accuracy"
    turned = replace(found.differences[metric], estimate=-0.007)
    other = replace(found, differences=found.differences | {metric: turned})
    assert comparison.better(replace(evidence, unconditional=other)) is None
    few = replace(found, same_sign=found.same_sign | {metric: 0.9})
    assert comparison.better(replace(evidence, unconditional=few)) is None


def test_a_lead_on_so_few_loans_that_all_draws_give_it_is_none(real_results):
    evidence = real_results.evidence
    two = McNemar(0, 2, 0.5, 0.5)
    counts = evidence.models.original.confusion
    original = replace(evidence.models.original, confusion=replace(counts, fn=2, tp=0))
    few = replace(
        evidence,
        models=replace(evidence.models, original=original),
        comparison=replace(evidence.comparison, mcnemar_high_risk=two, mcnemar_healthy=two),
    )
    assert comparison.too_few(few) == 0.5
    assert any("so few test loans" in each for each in comparison.doubts(few))
    told = replace(two, p_value_by_feature_rows=0.01)
    sure = replace(few, comparison=replace(few.comparison, mcnemar_high_risk=told))
    assert comparison.too_few(sure) is None


def test_an_immaterial_lead_is_none(real_results):
    evidence = real_results.evidence
    compared = evidence.comparison
    found = compared.differences["balanced_accuracy"]
    small = replace(
        found,
        difference=0.004,
        by_feature_rows=replace(found.by_feature_rows, low=0.003, high=0.005),
        by_rows=replace(found.by_rows, low=0.003, high=0.005),
    )
    differences = compared.differences | {"balanced_accuracy": small}
    changed = replace(evidence, comparison=replace(compared, differences=differences))
    assert comparison.better(changed) is None


@pytest.mark.parametrize(
    ("name", "guess"),
    [("no signal", True), ("labels turned round at random", True), ("higher is safer", False)],
)
def test_a_guess_is_told_by_the_ranking(name, guess):
    found = {each.id for each in odd_results.named(name).findings}
    assert ({"guess-original", "guess-oversampled"} <= found) == guess


@pytest.mark.parametrize("name", ["no signal", "half high-risk", "XOR"])
def test_what_the_schema_demands_is_no_finding(name):
    assert "exact-identities" not in {each.id for each in odd_results.named(name).findings}


def test_only_the_schemas_own_quotient_is_demanded():
    names = ("total_debt", "borrower_income")
    own = Identity(
        "ratio", "debt_to_income", names, "debt_to_income = total_debt / borrower_income", 0
    )
    assert columns.demanded(own, Words(module_12()))
    twice = replace(own, formula="debt_to_income = 2 * total_debt / borrower_income")
    assert not columns.demanded(twice, Words(module_12()))
    assert not columns.demanded(
        replace(own, sources=("loan_size", "borrower_income")), Words(module_12())
    )


def test_a_column_that_gives_the_label_is_of_high_severity():
    found = {each.id: each for each in odd_results.named("perfect separation, half").findings}
    assert found["knows-the-label"].severity == "high"
    assert "without an error" in found["knows-the-label"].statement


def test_a_model_that_is_not_needed():
    results = odd_results.named("no signal")
    assert results.evidence.decision.chosen == "refuse_none"
    assert "no-model-needed" in {each.id for each in results.findings}


def test_findings_are_those_of_the_rules(real_results):
    published = real_results.published
    facts = Facts(real_results.evidence, published, verified=True, words=real_results.words)
    assert find.find(facts) == real_results.findings
    differing = published.assign(matches=published.index > 0)
    wrong = find.find(replace(facts, published=differing))[0]
    assert wrong.id == "published-disagree"
    assert wrong.statement.startswith("1 of 36 published figures differs from")
