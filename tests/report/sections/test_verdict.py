"""Sentences that follow from the results: other results, other sentences."""

import re
from dataclasses import replace

import pytest

from analysis.models.pair import other
from analysis.portfolio import published_loans
from analysis.record import provenance as record
from analysis.report.sections import (
    outcomes,
    overview,
    provenance,
    published,
    verdict,
)
from tests.support.changed import with_counts, with_data, with_training
from tests.support.columns import columns

PUBLISHED = (18_663, 102, 56, 563), (18_649, 116, 4, 615)


@pytest.fixture(scope="module")
def results(small_results):
    return with_counts(small_results, *PUBLISHED)


@pytest.fixture(scope="module")
def swapped(small_results):
    return with_counts(small_results, *reversed(PUBLISHED))


@pytest.fixture(scope="module")
def equal(small_results):
    return with_counts(small_results, PUBLISHED[0], PUBLISHED[0])


def test_other_is_the_other_model():
    assert other("original") == "oversampled"
    assert other("oversampled") == "original"


def test_found_counts_the_high_risk_loans(results, swapped, equal):
    assert verdict.found(results) == (
        "The oversampled model finds 615 of the 619 high-risk loans, the original model 563."
    )
    assert verdict.found(swapped) == (
        "The original model finds 615 of the 619 high-risk loans, the oversampled model 563."
    )
    assert verdict.found(equal) == "Both find 563 of the 619 high-risk loans."


def test_verdict_when_nothing_differs(equal):
    assert "nothing to choose" in verdict.verdict(equal)


def stated(text):
    """Return the model that a sentence names first, None where it names none, and its figures."""
    named = re.search(r"the (original|oversampled) model", text.lower())
    numbers = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
    return named and named[1], {float(each.replace(",", "")) for each in numbers}


def test_bullets_list_balanced_accuracy_precision_and_recall(results):
    assert outcomes.bullets(results, "original") == [
        "Balanced accuracy: 0.952",
        "Healthy loans: precision 0.997, recall 0.995",
        "High-risk loans: precision 0.847, recall 0.910",
    ]


@pytest.mark.parametrize(
    ("made", "missing"),
    [((100, 0, 10, 0), "no high-risk loan"), ((0, 100, 0, 10), "no healthy loan")],
)
def test_a_model_that_predicts_one_label_only_is_said_to(small_results, made, missing):
    changed = with_counts(small_results, made, made)
    text = " ".join(outcomes.bullets(changed, "original"))
    assert f"predicts {missing} at all" in text
    assert "undefined and shown as 0" in text
    assert "0.500" in text
    assert "nan" not in text
    assert verdict.headline(changed).startswith("Neither")


def test_a_model_that_predicts_both_labels_is_not(results):
    assert "at all" not in " ".join(outcomes.bullets(results, "original"))


def test_oversampling_names_the_label_that_was_repeated(small_results):
    rare = with_training(small_results, {0: 900, 1: 100}, {0: 900, 1: 900})
    assert "from the 100 high-risk loans" in overview.oversampling(rare)
    assert "until there were 900, as many as healthy ones" in overview.oversampling(rare)
    common = with_training(small_results, {0: 100, 1: 900}, {0: 900, 1: 900})
    assert "from the 100 healthy loans" in overview.oversampling(common)
    assert "as many as high-risk ones" in overview.oversampling(common)
    even = with_training(small_results, {0: 500, 1: 500}, {0: 500, 1: 500})
    assert "nothing to repeat" in overview.oversampling(even)


def test_features_are_the_schemas(small_results):
    text = overview.features(small_results)
    for column in columns():
        assert (f"{column.title.lower()} ({column.unit})" in text) == (column.name != "loan_status")


def test_agreement_on_other_data_is_not_expected(small_results):
    text = published.agreement(small_results)
    assert "not expected to agree" in text
    matching = int(small_results.published["matches"].sum())
    assert f"{matching} of 36 cells do" in text


def test_agreement_on_the_published_data(results, small_results):
    known = published_loans.known_file()
    agreed = with_data(results, source="file", known=known)
    assert published.agreement(agreed).startswith("All 36 published figures come out again")
    differing = with_data(
        with_counts(small_results, PUBLISHED[0], PUBLISHED[0]), source="file", known=known
    )
    wrong = int((~differing.published["matches"]).sum())
    assert wrong > 0
    assert published.agreement(differing).startswith(
        f"{wrong} of 36 published figures do not come out"
    )


def test_source_names_the_data(small_results):
    assert "simulated" in overview.source(small_results)
    assert "no loan in it is real" in overview.source(small_results)
    copied = with_data(small_results, source="file", name="my_loans.parquet")
    assert overview.source(copied).endswith("has the published report's loans in another form")
    other = with_data(small_results, source="file", name="my_loans.csv")
    # As loans are fitted that are not the published report's
    fitted = other.models.map(lambda it: replace(it, fitted=replace(it.fitted, recipe="converged")))
    other = replace(other, models=fitted)
    assert "my_loans" in overview.source(other)
    assert "not the published report's data" in overview.source(other)
    known = with_data(other, name="lending_data.csv", known=published_loans.known_file())
    assert "verified as the published report's data" in overview.source(known)
    assert "simulated" not in overview.source(known)


@pytest.fixture
def trace():
    return record.trace(None)


def test_provenance_rows_hold_what_identifies_a_report(small_results, trace):
    rows = provenance.identity(small_results, replace(trace, commit="a" * 40, clean=True))
    assert rows["Commit"] == "a" * 40
    assert rows["Data"] == "small portfolio (simulated)"
    assert rows["Rows"] == "2,000"
    assert rows["Seed of split, oversampler and solver"] == "1"
    assert rows["scikit-learn"] == trace.libraries["scikit-learn"]
    assert rows["Made again by"] == "make report"


def test_uncommitted_changes_are_said(small_results, trace):
    changed = replace(trace, commit="a" * 40, clean=False)
    assert "uncommitted" in provenance.identity(small_results, changed)["Commit"]
    assert "aaaaaaaaaaaa (changed)" in provenance.footer(small_results, changed)
    unknown = replace(trace, commit="unknown", clean=False)
    assert provenance.identity(small_results, unknown)["Commit"] == "unknown"
    foot = provenance.footer(small_results, unknown)
    assert f"· code {trace.code_sha256[:12]} ·" in foot  # what else would tell two codes apart?
    assert "changed" not in foot


def test_other_versions_than_the_locked_are_said(small_results, trace):
    other = replace(trace, as_locked=False)
    said = "(other versions ran)"
    assert said in provenance.footer(small_results, other)
    assert said in provenance.identity(small_results, other)["Lock file SHA-256"]
    assert said not in provenance.footer(small_results, replace(trace, as_locked=True))


def test_what_reading_put_right_is_said(small_results, trace):
    noted = with_data(small_results, notes=("One thing.", "Another thing."))
    assert "One thing. Another thing." in provenance.identity(noted, trace).values()
    assert "thing" not in " ".join(provenance.identity(small_results, trace).values())


def test_a_verified_file_is_named_as_such(small_results, trace):
    known = with_data(
        small_results, source="file", name="a.csv", known=published_loans.known_file()
    )
    assert provenance.identity(known, trace)["Data"] == "a.csv (file, verified)"


def test_footer_holds_fingerprints_and_date(small_results, trace):
    text = provenance.footer(small_results, trace)
    assert small_results.data.sha256[:12] in text
    assert trace.lock_sha256[:12] in text
    assert trace.date in text
