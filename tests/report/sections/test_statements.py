"""Each sentence of the evidence sections, on both sides of each branch, against its table."""

import inspect
import re
from dataclasses import replace

import pytest

from analysis.evidence.thresholds.costs import CostRange
from analysis.models.metrics import Confusion
from analysis.report.sections import (
    baselines,
    certainty,
    columns,
    convergence,
    limits,
    probabilities,
    repeats,
    resplits,
    thresholds,
    verdict,
)
from tests.support.changed import with_data
from tests.support.changed_evidence import (
    changed,
    with_confusion,
    with_difference,
    with_discordant,
    with_fits,
    with_refit,
    with_rule,
    with_scores,
)

ABSENT = re.compile(r"\b(nan|NaN|inf)\b|\bNone\b(?! of)")
SECTIONS = (
    baselines,
    certainty,
    columns,
    convergence,
    limits,
    probabilities,
    repeats,
    resplits,
    thresholds,
    verdict,
)
SENTENCES = {
    f"{section.__name__}.{name}": function
    for section in SECTIONS
    for name, function in inspect.getmembers(section, inspect.isfunction)
    if function.__module__ == section.__name__
    and list(inspect.signature(function).parameters) == ["results"]
    and inspect.signature(function).return_annotation in {"str", "list[str]"}
    and not name.startswith("_")
}
SOME, MORE = (990, 10, 10, 90), (990, 10, 2, 98)


@pytest.fixture
def results(simulated_results):
    return simulated_results


@pytest.fixture
def say(results):
    """Return a function that says a sentence with changed evidence."""

    def said(sentence, change, *arguments, **changes):
        evidence = change(results.evidence, *arguments, **changes)
        return sentence(replace(results, evidence=evidence))

    return said


def texts(results):
    for name, sentence in SENTENCES.items():
        made = sentence(results)
        for text in made if isinstance(made, list) else [made]:
            yield name, text


def test_no_sentence_of_any_portfolio_is_broken(results, odd_results):
    assert len(SENTENCES) > 18
    for name, text in (pair for each in [results, *odd_results.values()] for pair in texts(each)):
        assert not ABSENT.search(text), (name, text)
        assert "  " not in text, (name, text)
        assert (
            not text
            or (text.endswith(".") and text.strip()[0].isupper())
            or (text[0].isdigit() and text.endswith("."))
        ), (name, text)
        assert not re.search(r"\b1 (\w+ ){0,2}(loans|combinations|findings|splits|ones)\b", text)


@pytest.mark.parametrize(
    ("interval", "opening"),
    [
        (
            (0.03, 0.01, 0.05),
            "The lead of the oversampled model is more than chance among the test loans explains: ",
        ),
        (
            (-0.03, -0.05, -0.01),
            "The lead of the original model is more than chance among the test loans explains: ",
        ),
        ((0.03, -0.01, 0.05), "The data do not show that one model is better: "),
        ((0.03, 0.0004, 0.05), "The data do not show that one model is better: "),
        ((None, None, None), "The difference between the models cannot be given an interval"),
    ],
)
def test_certainty(say, interval, opening):
    assert say(certainty.certainty, with_difference, *interval).startswith(opening)


def test_certainty_states_the_interval_relied_on(say):
    text = say(
        certainty.certainty, with_difference, 0.03, 0.02, 0.04, rows=(0.01, 0.05), wider="rows"
    )
    assert text.endswith("is +0.030, with a 95 % interval from +0.010 to +0.050.")


def test_certainty_of_models_that_decide_alike(say):
    text = say(certainty.certainty, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert text.startswith("Both models make the same decision on each of the 19,384 test loans")


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


def test_sureness_counts_the_findings(results):
    high = [each for each in results.findings if each.severity == "high"]
    rest = tuple(each for each in results.findings if each.severity != "high")
    for number, ending in {
        0: ", and no finding of high severity speaks against it.",
        1: "; 1 finding of high severity limits what it is worth.",
        2: "; 2 findings of high severity limit what it is worth.",
    }.items():
        text = verdict.sureness(replace(results, findings=(*high[:number], *rest)))
        assert text.endswith(ending), text


def test_sureness_of_models_that_decide_alike(say):
    text = say(verdict.sureness, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert text.startswith("They make the same decision on every test loan; ")


def test_discordant(say):
    text = say(certainty.discordant, with_discordant, (14, 52, 2.8e-6), (1, 2, 1.0))
    assert text == (
        "Among all test loans, only the oversampled model is right on 52 and only the original one "
        "on 14 (exact McNemar test, p < 0.001). Among the high-risk ones, only the oversampled "
        "model is right on 2 and only the original one on 1 (exact McNemar test, p = 1.000)."
    )
    partly = say(certainty.discordant, with_discordant, (1, 3, 0.625), (0, 0, 1.0))
    assert partly.endswith("Among the high-risk ones there is none that only one model gets right.")
    nothing = say(certainty.discordant, with_discordant, (0, 0, 1.0), (0, 0, 1.0))
    assert nothing == "There is no test loan that only one of the models gets right."


@pytest.mark.parametrize(
    ("wider", "ending"),
    [
        ("rows", "the interval over rows is the wider one, and the one to rely on."),
        (
            "feature rows",
            "the interval over feature rows is the wider one, and the one to rely on.",
        ),
        (
            "neither",
            "both are about equally wide, so the repeats do not feign certainty.",
        ),
    ],
)
def test_wider(say, wider, ending):
    text = say(certainty.wider, with_difference, 0.01, 0.0, 0.02, wider=wider)
    assert text.endswith(f"For balanced accuracy {ending}")
    assert "over the 3,328 distinct combinations of features among the 19,384 test loans" in text


def test_wider_with_one_combination_and_with_none_shared(say):
    one = say(certainty.wider, changed, "comparison", feature_rows=1)
    assert "over the 1 distinct combination of features" in one
    none = say(certainty.wider, changed, "comparison", feature_rows=19_384)
    assert none.startswith("No two of the 19,384 test loans have the same features")


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (0, "No test loan has features that also occur in training: the test loans are new."),
        (1, "Less than 0.1 % of the test loans have features that also occur in training."),
        (4_000, "20.0 % of the test loans have features that also occur in training."),
        (19_000, "95.0 % of the test loans have features that also occur in training, so the test "
                 "says little about loans unlike those."),
    ],
)  # fmt: skip
def test_novelty(say, seen, text):
    shares = {"test_rows_seen_in_training": seen, "test_share_seen_in_training": seen / 20_000}
    assert say(repeats.novelty, changed, "repeats", **shares) == text


def test_grouped(results, say):
    first, *others = results.evidence.data.repeats.grouped_splits
    lacking = replace(first, original=None, oversampled=None)
    even = replace(first, original=0.9, oversampled=0.99)
    uneven = replace(first, original=0.95, oversampled=0.99)
    for splits, ending in {
        (even, uneven): "0.900 to 0.950 for the original model and 0.990 for the oversampled model "
        "(2 seeds), against ",
        (
            lacking,
            even,
        ): "0.900 for the original model and 0.990 for the oversampled model (1 seed), against ",
    }.items():
        assert say(repeats.grouped, changed, "repeats", grouped_splits=splits).count(ending)
    for splits in ((), (lacking,)):
        text = say(repeats.grouped, changed, "repeats", grouped_splits=splits)
        assert text.startswith("No split that keeps equal loans on one side has both labels")
    assert others


def fits(evidence, converged, after):
    evidence = with_fits(with_confusion(evidence, SOME), *converged)
    return with_refit(evidence, after)


@pytest.mark.parametrize(
    ("converged", "after", "text"),
    [
        ((False, False), MORE, "The original model's recall depends on where the optimiser stops: "
                               "0.900 as reported, "),
        ((False, False), SOME, "The optimiser was stopped before either model met its criterion; "
                               "at its optimum on standardised columns the original model has the "
                               "same balanced accuracy, 0.945."),
        ((True, False), SOME, "The optimiser was stopped before the oversampled model met its "
                              "criterion; at its optimum on"),
        ((True, False), MORE, "The optimiser was stopped before the oversampled model met its "
                              "criterion; fitted to convergence on standardised columns, the "
                              "original model has a balanced accuracy of 0.985 instead of 0.945."),
        ((False, True), (900, 100, 10, 90), "The optimiser was stopped before the original model "
                              "met its criterion; fitted to convergence on standardised columns, "
                              "the original model has a balanced accuracy of 0.900 instead of"),
        ((True, True), SOME, "Both models met their optimiser's criterion before it was stopped; "
                             "at its optimum on standardised columns the original model has the"),
        ((True, True), MORE, "Both models met their optimiser's criterion before it was stopped; "
                             "fitted to convergence on standardised columns, the original model "),
    ],
)  # fmt: skip
def test_optimum(say, converged, after, text):
    assert say(convergence.optimum, fits, converged, after).startswith(text)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (0.9, "90 % comes back without oversampling, by fitting the original model to"),
        (1.4, "more than the whole comes back without oversampling"),
        (0.0, "None of the gain in balanced accuracy comes back without oversampling."),
        (-0.3, "None of the gain in balanced accuracy comes back without oversampling."),
        (None, "The oversampled model shows no gain in balanced accuracy that could be shared"),
    ],
)
def test_gain(say, part, text):
    assert text in say(convergence.gain, changed, "converged", share_of_gain=part)


def moving(evidence, change, flipped, most="total_debt"):
    refit = evidence.converged.original
    frame = refit.coefficients.assign(change=change)
    made = replace(refit, coefficients=frame, flipped=flipped, moved_most=most)
    return changed(evidence, "converged", original=made)


@pytest.mark.parametrize(
    ("change", "flipped", "text"),
    [
        (0.05, (), "in the original model no coefficient moves by more than 0.1 per standard dev"),
        (-2.0, (), "in the original model the coefficient of total debt moves most; in the"),
        (-2.0, ("total_debt",), "the coefficient of total debt moves most and turns its sign; in"),
        (2.0, ("loan_size",), "moves most, and the coefficient of loan size turns its sign; in"),
        (2.0, ("loan_size", "total_debt"),
         "moves most, and the coefficients of loan size and total debt turn their signs; in the"),
    ],
)  # fmt: skip
def test_moved(say, change, flipped, text):
    assert text in say(convergence.moved, moving, change, flipped)


@pytest.mark.parametrize(
    ("standardised", "ending"),
    [
        (3.0, "sign."),
        (-0.05, "sign."),  # a change of sign this small says nothing
        (-3.0, " On standardised columns, the coefficient of loan size of the original model would "
               "have the opposite sign."),
    ],
)  # fmt: skip
def test_signs_on_standardised_columns(say, standardised, ending):
    def scaled(evidence):
        both = {}
        for name in ("original", "oversampled"):
            refit = getattr(evidence.converged, name)
            frame = refit.coefficients.assign(
                published=0.04, standardised=[standardised if name == "original" else 1] + [1.0] * 6
            )
            both[name] = replace(refit, coefficients=frame)
        return changed(evidence, "converged", **both)

    assert say(convergence.moved, scaled).endswith(ending)
    assert ("On standardised" in say(convergence.moved, scaled)) == (standardised < -1)


@pytest.mark.parametrize(
    ("differing", "ending"),
    [
        ((66, 0), "66 differ from the original model's and none from the oversampled model's."),
        ((1, 3), "1 differs from the original model's and 3 from the oversampled model's."),
        ((0, 1), "none differ from the original model's and 1 from the oversampled model's."),
    ],
)
def test_one_column(say, differing, ending):
    text = say(baselines.one_column, with_rule, 0.99, *differing)
    assert ending in text
    assert "balanced accuracy of 0.990 on the test loans; of its 19,384 decisions" in text


def test_no_column_to_make_a_rule_from(say):
    text = say(baselines.one_column, changed, "baselines", best_rule=None)
    assert text.startswith("Every column is constant among the training loans")


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


def recalibrated(evidence, before, after):
    found = evidence.recalibrated
    scores = [
        replace(each, calibration=replace(each.calibration, observed_expected=ratio))
        for each, ratio in ((found.before, before), (found.after, after))
    ]
    return changed(evidence, "recalibrated", before=scores[0], after=scores[1])


def test_probabilities(say):
    text = say(probabilities.probabilities, recalibrated, 0.5, 1.25)
    assert text.startswith("The oversampled model expects 2.00 times the high-risk loans that")
    assert "it expects 0.80 times as many" in text
    none = say(probabilities.probabilities, recalibrated, None, None)
    assert none.startswith("The oversampled model expects no high-risk loan")


def test_correction(results, say):
    found = results.evidence.recalibrated
    text = say(
        probabilities.correction,
        changed,
        "recalibrated",
        before=replace(found.before, log_loss=0.05, brier=0.006),
        after=replace(found.after, log_loss=0.02, brier=0.007),
        confusion_after=replace(found.confusion_after, tp=0, fn=1, fp=1),
    )
    assert text == (
        "Before the correction the log loss is 0.0500 and the Brier score 0.0060, after it 0.0200 "
        "and 0.0070. At one half, the corrected model finds 0 of 1 high-risk test loan and refuses "
        "1 healthy one."
    )


def ranked(evidence, first, second, alike=False):
    evidence = with_scores(evidence, "original", roc_auc=first)
    evidence = with_scores(evidence, "oversampled", roc_auc=second)
    return with_discordant(evidence, (0, 0, 1.0), (0, 0, 1.0)) if alike else evidence


@pytest.mark.parametrize(
    ("areas", "text"),
    [
        ((0.99, 0.99), "Both models rank loans equally well (ROC AUC 0.990): what sets them"),
        ((0.99, 0.99, True), "Both models rank loans equally well (ROC AUC 0.990)."),
        ((0.5, 0.5), "Both models rank loans equally well (ROC AUC 0.500), no better than a"),
        ((0.9, 0.8), "The original model ranks the test loans better, with a ROC AUC of 0.900 "
                     "against 0.800 of the oversampled model."),
        ((0.3, 0.45), "The oversampled model ranks the test loans better, with a ROC AUC of 0.450 "
                      "against 0.300 of the original model, no better than a guess."),
        ((None, None), "The ranking cannot be judged on these loans."),
    ],
)  # fmt: skip
def test_ranking(say, areas, text):
    assert say(probabilities.ranking, ranked, *areas).startswith(text)


def test_a_threshold_that_does_not_set_models_apart_is_not_said_to(results, say):
    found = results.evidence.thresholds.matched
    far = replace(found, choice=replace(found.choice, confusion=Confusion(900, 100, 50, 50)))
    for matched in (far, None):
        text = say(probabilities.ranking, changed, "thresholds", matched=matched)
        assert text.startswith("Both models rank loans equally well (ROC AUC 0.99")
        assert text.endswith(").")


def won(choice, lower=0.0, upper=None):
    return CostRange(choice, wins=True, lower=lower, upper=upper)


def lost(choice):
    return CostRange(choice, wins=False, lower=None, upper=None)


@pytest.mark.parametrize(
    ("ranges", "text"),
    [
        ((won("original", 0.0, 3.0), won("oversampled", 3.0), lost("matched")),
         "is the original model at one half up to 3.00 and the oversampled model at one half from "
         "3.00 upwards; the report's ratio is 10."),
        ((won("oversampled", 2.0), won("matched", 2.0), won("original", 0.0, 2.0)),
         "is the original model at one half up to 2.00 and the oversampled model at one half or, "
         "equally, the original model at the matched threshold from 2.00 upwards;"),
        ((won("original"), won("oversampled"), won("matched")),
         "is the original model at one half, the oversampled model at one half or, equally, the "
         "original model at the matched threshold at every ratio;"),
        ((won("original", 4.0), won("matched", 1.0, 4.0), won("oversampled", 0.0, 1.0)),
         "is the oversampled model at one half up to 1.00, the original model at the matched "
         "threshold from 1.00 to 4.00 and the original model at one half from 4.00 upwards;"),
        ((won("original"), lost("oversampled")), "is the original model at one half at every"),
    ],
)  # fmt: skip
def test_costs(say, ranges, text):
    assert text in say(thresholds.costs, changed, "thresholds", ranges=ranges)


@pytest.mark.parametrize(("ratio", "shown"), [(2.5, "2.5"), (1e6, "1,000,000"), (10.0, "10")])
def test_the_cost_ratio_is_shown_as_it_was_given(say, ratio, shown):
    text = say(thresholds.costs, changed, "thresholds", cost_ratio=ratio)
    assert text.endswith(f"the report's ratio is {shown}.")


def test_matched(results, say):
    found = results.evidence.thresholds.matched
    counts = replace(found.choice.confusion, tp=1, fn=0, fp=1)
    choice = replace(found.choice, threshold=0.05, confusion=counts)
    made = replace(found, choice=choice, folds=5, target_recall=0.994)
    assert say(thresholds.matched, changed, "thresholds", matched=made) == (
        "At a threshold of 0.05, chosen by 5-fold cross-validation on the training loans to reach "
        "the oversampled model's recall there (0.994), the original model finds 1 of 1 high-risk "
        "test loan and refuses 1 healthy one."
    )
    none = say(thresholds.matched, changed, "thresholds", matched=None)
    assert none.startswith("There are too few training loans of a label")


def splits(evidence, first, second, means=(0.9, 0.8), made=10):
    summary = evidence.resplits.summary.copy()
    for model, wins, mean in zip(("original", "oversampled"), (first, second), means, strict=True):
        rows = (summary["model"] == model) & (summary["metric"] == "balanced_accuracy")
        summary.loc[rows, ["wins", "mean"]] = [wins, mean]
    return changed(evidence, "resplits", summary=summary, made=made)


@pytest.mark.parametrize(
    ("wins", "text"),
    [
        ((3, 7), "Over 10 random splits, the oversampled model has the better balanced accuracy in "
                 "7, the original model in 3; the means are 0.900 for the original model and 0.800 "
                 "for the oversampled model."),
        ((4, 0), "Over 10 random splits, the original model has the better balanced accuracy in 4, "
                 "the oversampled model in none;"),
        ((4, 4), "Over 10 random splits neither model wins more often in balanced accuracy; the"),
    ],
)  # fmt: skip
def test_other_splits(say, wins, text):
    assert say(resplits.other_splits, splits, *wins).startswith(text)


def test_one_split_and_none(say):
    assert say(resplits.other_splits, splits, 0, 1, made=1).startswith("Over 1 random split, ")
    none = say(resplits.other_splits, changed, "resplits", made=0)
    assert none == "No other split has both labels on both sides."


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (500_000, "Each seed splits the portfolio anew, loan by loan."),
        (500_001, "In a portfolio of more than 500,000 loans each seed draws how many of each "
                  "distinct loan are test loans, which has the same distribution as"),
    ],
)  # fmt: skip
def test_how_the_splits_were_drawn(results, rows, text):
    assert resplits.drawn(with_data(results, rows=rows)).startswith(text)


@pytest.mark.parametrize(
    ("not_tried", "left_out", "text"),
    [
        (0, 0, ""),
        (0, 1, "Of 100 seeds, 1 gave a split that lacks a label on one side."),
        (1, 0, "Of 100 seeds, 1 was not tried because the file is large."),
        (95, 2, "Of 100 seeds, 95 were not tried because the file is large and 2 gave a split "
                "that lacks a label on one side."),
    ],
)  # fmt: skip
def test_left_out(say, not_tried, left_out, text):
    counts = {"requested": 100, "not_tried": not_tried, "left_out": left_out}
    assert say(resplits.left_out, changed, "resplits", **counts) == text


def test_limitations(results, odd_results):
    lines = limits.limitations(results)
    assert lines[0].startswith("The loans are simulated")
    assert "The test holds 619 high-risk loans; one of them more or less" in lines[2]
    assert lines[2].endswith("recall by 0.0016.")
    assert lines[-1].startswith("93.2 % of the rows repeat others")
    assert any("would explain figures this high" in each for each in lines)
    noise = limits.limitations(odd_results["noise"])
    assert noise[0].startswith("One portfolio of 800 loans")
    assert "How the label was decided is not recorded." in noise
    assert not any("repeat" in each or "this high" in each for each in noise)


def test_a_limitation_of_a_single_loan_and_of_a_single_repeat(results):
    split = replace(results.split, test_counts={0: 5, 1: 1})
    evidence = changed(results.evidence, "repeats", repeated_rows=1)
    lines = limits.limitations(replace(results, split=split, evidence=evidence))
    assert any("The test holds 1 high-risk loan; one of them" in each for each in lines)
    assert lines[-1].startswith("Less than 0.1 % of the rows repeat others")


def test_figures_of_the_real_file(real_results):
    said = {}
    for name, text in texts(real_results):
        short = name.rpartition(".")[2]
        said[short] = f"{said.get(short, '')} {text}"
    for name, figures in {
        "certainty": [
            "oversampled model is more than chance among the test loans explains",
            "+0.042",
        ],
        "discordant": ["right on 52", "on 14", "on 0", "p < 0.001"],
        "novelty": ["97.9 %"],
        "optimum": ["0.910 as reported, 0.940 at", "0.984 fitted"],
        "gain": ["89 %", "37 % does"],
        "one_column": ["0.994", "none from the oversampled model's"],
        "determined": ["rank 7 of 8"],
        "probabilities": ["1.45 times", "1.05 times"],
        "correction": ["0.0485", "0.0066", "0.0259", "0.0063"],
        "ranking": ["equally well (ROC AUC 0.994): what sets"],
        "moved": ["of loan size and total debt of the original model"],
        "other_splits": ["oversampled model has the better balanced accuracy in 100"],
    }.items():
        assert all(figure in said[name] for figure in figures), said[name]
