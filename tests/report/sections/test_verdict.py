"""Sentences that follow from the results: other results, other sentences."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.models import fits
from analysis.portfolio import published_loans
from analysis.portfolio.schema import columns
from analysis.record import provenance as record
from analysis.report.sections import outcomes, overview, provenance, verdict
from tests.support.changed import with_convergence, with_counts, with_data, with_training
from tests.support.changed_evidence import with_difference, with_discordant

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


def test_headline_names_the_better_model(results, swapped):
    assert verdict.headline(results) == (
        "The oversampled model does better, with a balanced accuracy of 0.994 against 0.952 on "
        "the test loans."
    )
    assert verdict.headline(swapped).startswith(
        "The original model does better, with a balanced accuracy of 0.994 against 0.952"
    )


def test_headline_when_neither_is_better(equal, small_results):
    expected = "Neither model does better: both reach a balanced accuracy of 0.952"
    assert verdict.headline(equal).startswith(expected)
    # One loan's difference that three decimals do not show is none that a reader could check.
    close = with_counts(small_results, PUBLISHED[0], (18_662, 103, 56, 563))
    assert verdict.headline(close).startswith(expected)


def test_better_follows_the_figures_as_shown():
    assert fits.better(0.9516, 0.9524) is None
    assert fits.better(0.9516, 0.9526) == "oversampled"
    assert fits.better(0.9526, 0.9516) == "original"


def test_other_is_the_other_model():
    assert fits.other("original") == "oversampled"
    assert fits.other("oversampled") == "original"


def test_found_counts_the_high_risk_loans(results, swapped, equal):
    assert verdict.found(results) == (
        "The oversampled model finds 615 of the 619 high-risk loans, the original model 563."
    )
    assert verdict.found(swapped) == (
        "The original model finds 615 of the 619 high-risk loans, the oversampled model 563."
    )
    assert verdict.found(equal) == "Both find 563 of the 619 high-risk loans."


def test_refused_counts_the_healthy_loans(results, swapped, equal):
    assert verdict.refused(results) == (
        "The original model refuses 102 of the 18,765 healthy loans, the oversampled model 116."
    )
    assert verdict.refused(swapped) == (
        "The oversampled model refuses 102 of the 18,765 healthy loans, the original model 116."
    )
    assert verdict.refused(equal) == "Both refuse 102 of the 18,765 healthy loans."


def test_verdict_weighs_the_errors_when_each_is_better_at_one(results, swapped):
    assert "depends on the cost of an error" in verdict.verdict(results)
    assert (
        "choosing the oversampled model means 52 missed high-risk loans fewer and 14 refused "
        "healthy loans more" in verdict.verdict(results)
    )
    assert "choosing the original model means 52" in verdict.verdict(swapped)


def test_verdict_when_nothing_differs(equal):
    assert "nothing to choose" in verdict.verdict(equal)


@pytest.mark.parametrize(
    ("original", "oversampled", "text"),
    [
        ((90, 10, 5, 5), (95, 5, 1, 9), "The oversampled model is better on both labels"),
        ((95, 5, 1, 9), (90, 10, 5, 5), "The original model is better on both labels"),
        ((90, 10, 5, 5), (90, 10, 1, 9), "The oversampled model is better on one label and as"),
        ((95, 5, 5, 5), (90, 10, 5, 5), "The original model is better on one label and as"),
    ],
)
def test_verdict_when_one_is_better_and_never_worse(small_results, original, oversampled, text):
    made = verdict.verdict(with_counts(small_results, original, oversampled))
    assert made.startswith(text)
    assert made.endswith("on these loans.")


def test_verdict_speaks_of_one_loan_in_the_singular(small_results):
    made = verdict.verdict(with_counts(small_results, (91, 9, 5, 5), (90, 10, 4, 6)))
    assert "1 missed high-risk loan fewer and 1 refused healthy loan more" in made


def counts(errors):
    refused, missed = errors
    return (30 - refused, refused, missed, 30 - missed)


ERRORS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(counts)


@given(ERRORS, ERRORS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sentence_contradicts_the_counts(small_results, original, oversampled):
    made = with_counts(small_results, original, oversampled)
    best = re.match(
        r"The (\w+) model does better.* of ([\d.]+) against ([\d.]+)", verdict.headline(made)
    )
    if best:
        models = made.models
        first = models.pop(best[1])
        (second,) = models.values()
        assert first.balanced_accuracy > second.balanced_accuracy
        assert float(best[2]) > float(best[3])
    else:
        assert verdict.headline(made).startswith("Neither")
    if "on both labels" in verdict.verdict(made):
        winner = verdict.verdict(made).split()[1]
        (loser,) = set(made.models) - {winner}
        won, lost = made.models[winner].confusion, made.models[loser].confusion
        assert won.fp < lost.fp
        assert won.fn < lost.fn


def claims(results):
    """Return the model and the figures that each sentence must state, by the reports alone."""
    reports = [model.classification_report for model in results.models.values()]
    positives, negatives = (reports[0][label]["support"] for label in ("1", "0"))
    found = [round(report["1"]["recall"] * positives) for report in reports]
    refused = [round((1 - report["0"]["recall"]) * negatives) for report in reports]
    shown = [float(f"{model.balanced_accuracy:.3f}") for model in results.models.values()]
    errors = {abs(found[0] - found[1]), abs(refused[0] - refused[1])}
    weighed = (found[0] - found[1]) * (refused[0] - refused[1]) > 0
    more_found, fewer_refused = first(found), first([-each for each in refused])
    return {
        verdict.headline: (first(shown), set(shown)),
        verdict.found: (more_found, {*found, positives}),
        verdict.refused: (fewer_refused, {*refused, negatives}),
        verdict.verdict: (more_found or fewer_refused, errors if weighed else set()),
    }


def first(figures):
    """Return the model with the higher of two figures, None where they are equal."""
    return (
        None if figures[0] == figures[1] else ["original", "oversampled"][figures[0] < figures[1]]
    )


def stated(text):
    """Return the model that a sentence names first, None where it names none, and its figures."""
    named = re.search(r"the (original|oversampled) model", text.lower())
    numbers = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
    return named and named[1], {float(each.replace(",", "")) for each in numbers}


@given(ERRORS, ERRORS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_sentence_states_the_model_and_the_figures_of_the_reports(
    small_results, original, oversampled
):
    made = with_counts(small_results, original, oversampled)
    for sentence, claimed in claims(made).items():
        assert stated(sentence(made)) == claimed


def test_sentences_of_any_portfolio_state_their_reports(simulated_results, odd_results):
    for results in (simulated_results, *odd_results.values()):
        for sentence, claimed in claims(results).items():
            assert stated(sentence(results)) == claimed


def test_the_other_model_winning_swaps_the_names(results, swapped):
    for sentence in (verdict.headline, verdict.found, verdict.refused, verdict.verdict):
        there, back = sentence(results), sentence(swapped)
        assert there != back
        renamed = back.replace("original", "\0").replace("oversampled", "original")
        assert renamed.replace("\0", "oversampled") == there


def test_bullets_list_balanced_accuracy_precision_and_recall(results):
    assert outcomes.bullets(results.models.original).splitlines() == [
        "- Balanced accuracy: 0.952",
        "- Healthy loans: precision 0.997, recall 0.995",
        "- High-risk loans: precision 0.847, recall 0.910",
    ]


@pytest.mark.parametrize(
    ("made", "missing"),
    [((100, 0, 10, 0), "no high-risk loan"), ((0, 100, 0, 10), "no healthy loan")],
)
def test_a_model_that_predicts_one_label_only_is_said_to(small_results, made, missing):
    changed = with_counts(small_results, made, made)
    text = outcomes.bullets(changed.models.original)
    assert f"predicts {missing} at all" in text
    assert "undefined and shown as 0" in text
    assert "0.500" in text
    assert "nan" not in text
    assert verdict.headline(changed).startswith("Neither")


def test_a_model_that_predicts_both_labels_is_not(results):
    assert "at all" not in outcomes.bullets(results.models.original)


def test_oversampling_names_the_label_that_was_repeated(small_results):
    rare = with_training(small_results, {0: 900, 1: 100}, {0: 900, 1: 900})
    assert "from the 100 high-risk loans" in overview.oversampling(rare)
    assert "until there were 900, as many as healthy ones" in overview.oversampling(rare)
    common = with_training(small_results, {0: 100, 1: 900}, {0: 900, 1: 900})
    assert "from the 100 healthy loans" in overview.oversampling(common)
    assert "as many as high-risk ones" in overview.oversampling(common)
    even = with_training(small_results, {0: 500, 1: 500}, {0: 500, 1: 500})
    assert "nothing to repeat" in overview.oversampling(even)


def test_solver_says_which_model_was_stopped(small_results):
    def said(original, oversampled):
        return overview.solver(with_convergence(small_results, original, oversampled))

    assert "33 iterations" in said(original=True, oversampled=True)
    assert "both models reached their optimum" in said(original=True, oversampled=True)
    assert "the original model had not reached" in said(original=False, oversampled=True)
    assert "the oversampled model had not reached" in said(original=True, oversampled=False)
    both = said(original=False, oversampled=False)
    assert "the original model and the oversampled model had not reached" in both


def test_features_are_the_schemas():
    text = overview.features().replace("\\", "")
    for column in columns():
        assert (f"{column.title.lower()} ({column.unit})" in text) == (column.name != "loan_status")


def test_agreement_on_other_data_is_not_expected(small_results):
    text = outcomes.agreement(small_results)
    assert "not expected to agree" in text
    matching = int(small_results.published["matches"].sum())
    assert f"{matching} of 36 cells do" in text


def test_agreement_on_the_published_data(results, small_results):
    known = published_loans.known_file()
    agreed = with_data(results, source="file", known=known)
    assert outcomes.agreement(agreed).startswith("All 36 published figures come out again")
    differing = with_data(
        with_counts(small_results, PUBLISHED[0], PUBLISHED[0]), source="file", known=known
    )
    wrong = int((~differing.published["matches"]).sum())
    assert wrong > 0
    assert outcomes.agreement(differing).startswith(
        f"{wrong} of 36 published figures do not come out"
    )


def test_source_names_the_data(small_results):
    assert "simulated" in overview.source(small_results)
    assert "no loan in it is real" in overview.source(small_results)
    other = with_data(small_results, source="file", name="my_loans.csv")
    assert "my\\_loans" in overview.source(other)
    assert "not the published report's data" in overview.source(other)
    known = with_data(other, name="lending_data.csv", known=published_loans.known_file())
    assert "verified as the published report's data" in overview.source(known)
    assert "simulated" not in overview.source(known)


@pytest.fixture
def trace():
    return record.trace(None)


def test_provenance_rows_hold_what_identifies_a_report(small_results, trace):
    rows = provenance.provenance_rows(small_results, replace(trace, commit="a" * 40, clean=True))
    assert rows["Commit"] == "a" * 40
    assert rows["Data"] == "small portfolio (simulated)"
    assert rows["Rows"] == "2,000"
    assert rows["Seed of split, oversampler and solver"] == "1"
    assert rows["scikit-learn"] == trace.libraries["scikit-learn"]
    assert rows["Made again by"] == "make report"


def test_uncommitted_changes_are_said(small_results, trace):
    changed = replace(trace, commit="a" * 40, clean=False)
    assert "uncommitted" in provenance.provenance_rows(small_results, changed)["Commit"]
    assert "aaaaaaaaaaaa (changed)" in provenance.footer(small_results, changed)
    unknown = replace(trace, commit="unknown", clean=False)
    assert provenance.provenance_rows(small_results, unknown)["Commit"] == "unknown"
    foot = provenance.footer(small_results, unknown)
    assert f"· code {trace.code_sha256[:12]} ·" in foot  # what else would tell two codes apart?
    assert "changed" not in foot


def test_other_versions_than_the_locked_are_said(small_results, trace):
    other = replace(trace, as_locked=False)
    said = "(other versions ran)"
    assert said in provenance.footer(small_results, other)
    assert said in provenance.provenance_rows(small_results, other)["Lock file SHA-256"]
    assert said not in provenance.footer(small_results, replace(trace, as_locked=True))


def test_what_reading_put_right_is_said(small_results, trace):
    noted = with_data(small_results, notes=("One thing.", "Another thing."))
    assert "One thing. Another thing." in provenance.provenance_rows(noted, trace).values()
    assert "thing" not in " ".join(provenance.provenance_rows(small_results, trace).values())


def test_a_verified_file_is_named_as_such(small_results, trace):
    known = with_data(
        small_results, source="file", name="a.csv", known=published_loans.known_file()
    )
    assert provenance.provenance_rows(known, trace)["Data"] == "a.csv (file, verified)"


def test_footer_holds_fingerprints_and_date(small_results, trace):
    text = provenance.footer(small_results, trace)
    assert small_results.data.sha256[:12] in text
    assert trace.lock_sha256[:12] in text
    assert trace.date in text


@pytest.mark.parametrize(
    ("interval", "opening"),
    [
        (
            (0.03, 0.01, 0.05),
            "The difference of +0.030 is more than chance among the test",
        ),
        ((0.03, -0.01, 0.05), "The difference of +0.030 may be chance (95 % interval \u22120.010"),
        ((None, None, None), "The difference cannot be given an interval on these loans"),
    ],
)
def test_sureness(say, interval, opening):
    assert say(verdict.sureness, with_difference, *interval).startswith(opening)


def test_sureness_counts_the_findings(simulated_results):
    high = [each for each in simulated_results.findings if each.severity == "high"]
    rest = tuple(each for each in simulated_results.findings if each.severity != "high")
    for number, ending in {
        0: ", and no finding of high severity speaks against it.",
        1: "; 1 finding of high severity limits what it is worth.",
        2: "; 2 findings of high severity limit what it is worth.",
    }.items():
        text = verdict.sureness(replace(simulated_results, findings=(*high[:number], *rest)))
        assert text.endswith(ending), text


def test_sureness_of_models_that_decide_alike(say):
    text = say(verdict.sureness, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert text.startswith("They make the same decision on every test loan; ")
