"""The summary's sentences: which model is shown to be better, and what each does."""

from __future__ import annotations

from analysis.base import display
from analysis.base.display import capital, count, plural
from analysis.evidence.certainty.comparison import decide_alike, relied_on
from analysis.findings.comparison import METRIC, better, doubts
from analysis.findings.wording import signed, told_apart
from analysis.models.pair import ORIGINAL, OVERSAMPLED, other
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.results import Results


def headline(results: Results) -> str:
    """Say which model is shown to be better at one half, with the figures, or why neither is."""
    called = results.words.models
    evidence = results.evidence
    best = better(evidence)
    if best is None:
        found = "; ".join(doubts(evidence, results.words.models))
        return f"Neither model is shown to be better at one half: {found}."
    compared, repeated = evidence.comparison.differences[METRIC], evidence.unconditional
    bounds = relied_on(compared)
    figures = {name: model.balanced_accuracy for name, model in results.models.items()}
    high, low = told_apart(figures[best], figures[other(best)])
    agree = round(repeated.same_sign[METRIC] * repeated.splits)
    return (
        f"At one half {called[best]} is better, with a balanced accuracy of {high} against {low} "
        f"on the test loans: a difference of {signed(compared.difference or 0.0)} (95 % interval "
        f"{signed(bounds.low or 0.0)} to {signed(bounds.high or 0.0)}), of the same sign in "
        f"{count(agree)} of {plural(repeated.splits, 'other split')}."
    )


def found(results: Results) -> str:
    """Say how many of the high-risk loans each model finds."""
    called = results.words.models
    first, second = results.models.original.confusion, results.models.oversampled.confusion
    actual = results.words.loans(first.tp + first.fn, HIGH_RISK)
    if first.tp + first.fn == 1:
        return _only(results, HIGH_RISK, first.tp, second.tp)
    if first.tp == second.tp:
        return f"Both find {display.number_or_none(first.tp)} of the {actual}."
    best = ORIGINAL if first.tp > second.tp else OVERSAMPLED
    more, fewer = max(first.tp, second.tp), min(first.tp, second.tp)
    return (
        f"{capital(called[best])} finds {count(more)} of the {actual}, {called[other(best)]} "
        f"{display.number_or_none(fewer)}."
    )


def refused(results: Results) -> str:
    """Say how many of the healthy loans each model sends to review."""
    called = results.words.models
    first, second = results.models.original.confusion, results.models.oversampled.confusion
    actual = results.words.loans(first.tn + first.fp, HEALTHY)
    if first.tn + first.fp == 1:
        return _only(results, HEALTHY, first.fp, second.fp)
    if first.fp == second.fp:
        return f"Both send {display.number_or_none(first.fp)} of the {actual} to review."
    best = ORIGINAL if first.fp < second.fp else OVERSAMPLED
    fewer, more = min(first.fp, second.fp), max(first.fp, second.fp)
    return (
        f"{capital(called[best])} sends {display.number_or_none(fewer)} of the {actual} to review, "
        f"{called[other(best)]} {count(more)}."
    )


def _only(results: Results, label: int, first: int, second: int) -> str:
    """Say which model sends the only test loan of a label to review."""
    called, loan = results.words.models, f"the only {results.words.label(label)} test loan"
    if first == second:
        return f"{'Both send' if first else 'Neither model sends'} {loan} to review."
    sends = ORIGINAL if first else OVERSAMPLED
    return f"{capital(called[sends])} sends {loan} to review, {called[other(sends)]} does not."


def verdict(results: Results) -> str:
    """Weigh the errors of both models at one half; the summary's closing sentence."""
    called = results.words.models
    if decide_alike(results.evidence.comparison):
        return "There is nothing to choose between the two: they decide every test loan alike."
    first, second = results.models.original.confusion, results.models.oversampled.confusion
    missed, extra = first.fn - second.fn, second.fp - first.fp
    if not missed and not extra:
        return "There is nothing to choose between the two: they make as many errors of each kind."
    if missed * extra > 0:
        finder = OVERSAMPLED if missed > 0 else ORIGINAL
        return (
            f"Which of the two is preferable at one half depends on the cost of an error: choosing "
            f"{called[finder]} means "
            f"{plural(abs(missed), f'missed {results.words.high_risk} loan')} fewer and "
            f"{plural(abs(extra), 'needless review')} more."
        )
    fewer = OVERSAMPLED if missed > 0 or extra < 0 else ORIGINAL
    kinds = "of both kinds" if missed and extra else "of one kind and as many of the other"
    sure = "" if better(results.evidence) == fewer else ", which does not show that it is better"
    return f"On these test loans {called[fewer]} makes fewer errors {kinds}{sure}."
