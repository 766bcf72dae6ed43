"""A report that contradicts itself is not rendered."""

from dataclasses import replace

import pytest

from analysis import consistency, prose
from analysis.consistency import ContradictionError
from analysis.metrics import Confusion


def test_results_that_fit_pass(simulated_results):
    consistency.check(simulated_results)


def with_original(results, **changes):
    return replace(results, original=replace(results.original, **changes))


def test_a_balanced_accuracy_that_the_counts_do_not_give_is_refused(simulated_results):
    with pytest.raises(ContradictionError, match=r"original: balanced accuracy 0\.7 "):
        consistency.check(with_original(simulated_results, balanced_accuracy=0.7))


def test_counts_that_do_not_cover_the_test_rows_are_refused(simulated_results):
    counts = simulated_results.original.confusion
    fewer = Confusion(counts.tn - 1, counts.fp, counts.fn, counts.tp)
    with pytest.raises(ContradictionError, match="19383 decisions on 19384 test rows"):
        consistency.check(with_original(simulated_results, confusion=fewer))


def test_a_verdict_that_names_the_other_model_is_refused(simulated_results, monkeypatch):
    swapped = replace(
        simulated_results,
        original=simulated_results.oversampled,
        oversampled=simulated_results.original,
    )
    wrong = prose.headline(swapped)
    monkeypatch.setattr(prose, "headline", lambda _: wrong)
    with pytest.raises(ContradictionError, match="contradicts its table"):
        consistency.check(simulated_results)


def test_evidence_about_other_decisions_is_refused(simulated_results):
    evidence = simulated_results.evidence
    other = replace(evidence, original=evidence.oversampled)
    with pytest.raises(ContradictionError, match="original: the evidence is about other decisions"):
        consistency.check(replace(simulated_results, evidence=other))


def test_a_contradiction_stops_the_document(simulated_results, monkeypatch):
    from analysis import cache, document  # noqa: PLC0415 -- drawn upon here alone

    bad = with_original(simulated_results, balanced_accuracy=0.7)
    monkeypatch.setattr(cache, "results", lambda _: bad)
    with pytest.raises(ContradictionError):
        document.load()
