"""The report's sentences, each following from the results."""

from __future__ import annotations

from collections.abc import Callable

from analysis.base import display
from analysis.base.display import difference, plural
from analysis.evidence.certainty.comparison import decide_alike, may_be_chance, relied_on
from analysis.findings.wording import loans_of
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, better, other
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.results import ModelResult, Results


def headline(results: Results) -> str:
    """Say in one sentence which model does better, by balanced accuracy."""
    first, second = (
        results.models.original.balanced_accuracy,
        results.models.oversampled.balanced_accuracy,
    )
    best = better(first, second)
    if best is None:
        return (
            f"Neither model does better: both reach a balanced accuracy of "
            f"{display.share(first, 3)} on the test loans."
        )
    high, low = max(first, second), min(first, second)
    return (
        f"{NAMES[best].capitalize()} does better, with a balanced accuracy of "
        f"{display.share(high, 3)} against {display.share(low, 3)} on the test loans."
    )


def errors(results: Results) -> str:
    """Say in one sentence what each model finds and refuses."""
    first, second = results.models.original.confusion, results.models.oversampled.confusion
    return (
        f"{NAMES[ORIGINAL].capitalize()} finds {display.count(first.tp)} of "
        f"{loans_of(first.tp + first.fn, HIGH_RISK)} and refuses {display.count(first.fp)} of "
        f"{loans_of(first.tn + first.fp, HEALTHY)}, {NAMES[OVERSAMPLED]} "
        f"{display.count(second.tp)} and {display.count(second.fp)}."
    )


def found(results: Results) -> str:
    """Say which model finds more of the high-risk loans."""
    first, second = results.models.original.confusion, results.models.oversampled.confusion
    actual = first.tp + first.fn
    if first.tp == second.tp:
        return f"Both find {display.count(first.tp)} of the {loans_of(actual, HIGH_RISK)}."
    best = ORIGINAL if first.tp > second.tp else OVERSAMPLED
    more, fewer = max(first.tp, second.tp), min(first.tp, second.tp)
    return (
        f"{NAMES[best].capitalize()} finds {display.count(more)} of the "
        f"{loans_of(actual, HIGH_RISK)}, {NAMES[other(best)]} {display.count(fewer)}."
    )


def refused(results: Results) -> str:
    """Say which model refuses fewer healthy loans."""
    first, second = results.models.original.confusion, results.models.oversampled.confusion
    actual = first.tn + first.fp
    if first.fp == second.fp:
        return f"Both refuse {display.count(first.fp)} of the {loans_of(actual, HEALTHY)}."
    best = ORIGINAL if first.fp < second.fp else OVERSAMPLED
    fewer, more = min(first.fp, second.fp), max(first.fp, second.fp)
    return (
        f"{NAMES[best].capitalize()} refuses {display.count(fewer)} of the "
        f"{loans_of(actual, HEALTHY)}, {NAMES[other(best)]} {display.count(more)}."
    )


def verdict(results: Results) -> str:
    """Weigh what each model does better; the summary's closing sentence."""
    by_recall = _lead(results, lambda model: float(model.confusion.tp))
    by_healthy = _lead(results, lambda model: -float(model.confusion.fp))
    if by_recall is None and by_healthy is None:
        return "There is nothing to choose between the two: they make as many errors of each kind."
    if by_recall is None or by_healthy is None or by_recall == by_healthy:
        best = by_recall or by_healthy or ORIGINAL
        where = (
            "on both labels" if by_recall == by_healthy else "on one label and as good on the other"
        )
        return (
            f"{NAMES[best].capitalize()} is better {where}, so nothing speaks for "
            f"{NAMES[other(best)]} on these loans."
        )
    missed = abs(results.models.original.confusion.fn - results.models.oversampled.confusion.fn)
    extra = abs(results.models.original.confusion.fp - results.models.oversampled.confusion.fp)
    return (
        f"Which is preferable depends on the cost of an error: choosing {NAMES[by_recall]} means "
        f"{display.plural(missed, 'missed high-risk loan')} fewer and "
        f"{display.plural(extra, 'refused healthy loan')} more."
    )


def _lead(results: Results, measure: Callable[[ModelResult], float]) -> str | None:
    first, second = measure(results.models.original), measure(results.models.oversampled)
    if first == second:
        return None
    return ORIGINAL if first > second else OVERSAMPLED


def sureness(results: Results) -> str:
    """Say in one sentence for a hurried reader how far the verdict can be trusted."""
    compared = results.evidence.comparison
    found = compared.differences["balanced_accuracy"]
    bounds = relied_on(found)
    if decide_alike(compared):
        said = "They make the same decision on every test loan"
    elif found.difference is None or bounds.low is None or bounds.high is None:
        said = "The difference cannot be given an interval on these loans"
    else:
        chance = (
            "may be chance"
            if may_be_chance(bounds)
            else "is more than chance among the test loans explains"
        )
        said = (
            f"The difference of {difference(found.difference)} {chance} (95 % interval "
            f"{difference(bounds.low)} to {difference(bounds.high)})"
        )
    high = sum(finding.severity == "high" for finding in results.findings)
    if not high:
        return f"{said}, and no finding of high severity speaks against it."
    return f"{said}; {plural(high, 'finding')} of high severity {_limit(high)} what it is worth."


def _limit(number: int) -> str:
    return "limits" if number == 1 else "limit"
