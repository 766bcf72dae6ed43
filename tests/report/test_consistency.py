"""A report that contradicts itself is not rendered."""

from dataclasses import replace

import pytest

from analysis.base import settings
from analysis.models.metrics import Confusion
from analysis.record import provenance
from analysis.record.made import Made
from analysis.report import consistency
from analysis.report.consistency import ContradictionError
from tests.support.changed import put
from tests.support.changed_evidence import changed, with_difference


def test_results_that_fit_pass(simulated_results):
    consistency.check(simulated_results)


def with_original(results, **changes):
    return put(results, original=replace(results.models.original, **changes))


def test_a_balanced_accuracy_that_the_counts_do_not_give_is_refused(simulated_results):
    with pytest.raises(ContradictionError, match=r"original: balanced accuracy 0\.7 "):
        consistency.check(with_original(simulated_results, balanced_accuracy=0.7))


def test_counts_that_do_not_cover_the_test_rows_are_refused(simulated_results):
    counts = simulated_results.models.original.confusion
    fewer = Confusion(counts.tn - 1, counts.fp, counts.fn, counts.tp)
    with pytest.raises(ContradictionError, match="19383 decisions on 19384 test rows"):
        consistency.check(with_original(simulated_results, confusion=fewer))


def test_results_of_odd_portfolios_pass(odd_results):
    for each in odd_results.values():
        consistency.check(each)


def with_evidence(results, field, **changes):
    return replace(results, evidence=changed(results.evidence, field, **changes))


def refused(results, match):
    with pytest.raises(ContradictionError, match=match):
        consistency.check(results)


def test_an_interval_around_another_figure_is_refused(simulated_results):
    intervals = simulated_results.evidence.models.original.intervals
    moved = replace(intervals["balanced_accuracy"], estimate=0.5)
    wrong = with_evidence(
        simulated_results, "original", intervals=intervals | {"balanced_accuracy": moved}
    )
    refused(wrong, r"original: the interval is around 0\.5, not 0\.9")


def test_a_paired_difference_that_the_results_do_not_give_is_refused(simulated_results):
    evidence = with_difference(simulated_results.evidence, 0.5, 0.4, 0.6)
    refused(replace(simulated_results, evidence=evidence), r"the paired difference 0\.5 is 0\.0")


@pytest.mark.parametrize(
    ("field", "name", "match"),
    [
        ("repeats", "rows", "5 loans are 77536 by the data"),
        ("repeats", "test_rows", "5 test loans that may repeat others are 19384"),
        ("comparison", "rows", "5 test loans compared are 19384"),
    ],
)
def test_evidence_on_other_loans_is_refused(simulated_results, field, name, match):
    refused(with_evidence(simulated_results, field, **{name: 5}), match)


def with_half(results, **changes):
    found = results.evidence.thresholds.models.original
    half = replace(found.at_half, **changes)
    return with_evidence(results, "thresholds", original=replace(found, at_half=half))


def test_costs_of_other_decisions_are_refused(simulated_results):
    other = simulated_results.models.oversampled.confusion
    refused(
        with_half(simulated_results, confusion=other),
        r"original: at one half the choice has Confusion\(.*the confusion matrix Confusion\(",
    )


def test_a_curve_of_other_decisions_is_refused(simulated_results):
    found = simulated_results.evidence.thresholds
    moved = replace(found.models.original, curve=found.models.oversampled.curve)
    refused(
        with_evidence(simulated_results, "thresholds", original=moved),
        "original: at one half the curve has Confusion",
    )


def test_a_cost_that_its_counts_do_not_give_is_refused(simulated_results):
    refused(with_half(simulated_results, expected_cost=0.25), r"a cost of 0\.25 at 0\.5 is 0\.03")


@pytest.mark.parametrize("taken", ["oversampled", "original"])
def test_a_range_in_which_another_choice_is_cheaper_is_refused(simulated_results, taken):
    ranges = tuple(
        replace(
            each, wins=each.choice == taken, lower=0.0, upper=None if taken == "original" else 5
        )
        for each in simulated_results.evidence.thresholds.ranges
    )
    refused(
        with_evidence(simulated_results, "thresholds", ranges=ranges),
        r"should be the cheapest at 10\.0, the costs are",
    )


def test_a_contradiction_stops_the_document(simulated_results, monkeypatch):
    from analysis.report import document  # noqa: PLC0415 -- drawn upon here alone

    bad = with_original(simulated_results, balanced_accuracy=0.7)
    found = Made(bad, provenance.trace(None), settings.load())
    monkeypatch.setattr(document.made, "handed_over", lambda: found)
    with pytest.raises(ContradictionError):
        document.load()
