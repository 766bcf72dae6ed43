"""Rules about outcomes: differences within their uncertainty, guesses, wide intervals."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import capital, count, plural, rate
from analysis.evidence.certainty.comparison import decide_alike
from analysis.findings.comparison import better, doubts, guessing, own_bounds
from analysis.findings.finding import GUESS, WIDE, Facts, Finding
from analysis.findings.wording import signed
from analysis.models.metrics import Confusion
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK

# A finding's id stays the same whatever its loans are called.
IDS = {HEALTHY: "healthy", HIGH_RISK: "high-risk"}


def neither_better(facts: Facts) -> Iterator[Finding]:
    """Fire when neither model is shown to be better than the other."""
    evidence = facts.evidence
    if better(evidence):
        return
    if decide_alike(evidence.comparison):
        title, action = "Both models decide alike", "Keep the one that is simpler to keep."
        figure = f"on all {count(evidence.comparison.rows)} test loans"
    else:
        title = "Neither model is shown to be better"
        action = "Choose by cost, or by which model is simpler to keep."
        difference = evidence.comparison.differences["balanced_accuracy"].difference
        figure = f"balanced accuracy {signed(difference or 0.0)}"
    yield Finding(
        "neither-better",
        "medium",
        title,
        figure,
        f"{capital('; '.join(doubts(evidence, facts.words.models)))}.",
        action,
        "tbl-intervals",
    )


def no_better_than_a_guess(facts: Facts) -> Iterator[Finding]:
    """Fire when a model may rank, or at one half decide, no better than a guess.

    Silent where it gives every loan the same label, of which `one_class_only` speaks, unless its
    ranking is a guess too.
    """
    for name, model in facts.evidence.models.items():
        area = facts.evidence.areas.areas[name]
        low, high = area.interval.low, area.interval.high
        if area.value is not None and low is not None and high is not None and low <= GUESS:
            yield Finding(
                f"guess-{name}",
                "high",
                f"{capital(facts.words.models[name])} may rank no better than a guess",
                f"ROC AUC {rate(area.value)}, from {rate(low)}",
                f"Its area under the ROC curve is {rate(area.value)}, with a 95 % interval "
                f"from {rate(low)} to {rate(high)}; scores given at random reach "
                f"{rate(GUESS)}.",
                "Do not rank loans by it.",
                "tbl-scores",
            )
        elif not _one_class(model.confusion) and guessing(facts.evidence, name):
            bounds, counts = own_bounds(facts.evidence, name), model.confusion
            interval = (
                f"has a 95 % interval from {rate(bounds.low)} to {rate(bounds.high)}"
                if bounds.low is not None and bounds.high is not None
                else "cannot be given an interval"
            )
            yield Finding(
                f"guess-at-half-{name}",
                "medium",
                f"At one half {facts.words.models[name]} may decide like a guess",
                f"balanced accuracy {rate(counts.balanced_accuracy)}",
                f"Its balanced accuracy is {rate(counts.balanced_accuracy)} and {interval}; "
                f"labels given at random reach {rate(GUESS)}. Its ranking is better than that.",
                "Use it at another threshold, or to rank alone.",
                "tbl-intervals",
            )


def few_of_a_label(facts: Facts) -> Iterator[Finding]:
    """Fire when the test set has too few loans of a label for a narrow interval of its recall."""
    counts = facts.evidence.models.original.confusion
    labels = {
        HIGH_RISK: ("recall", counts.tp + counts.fn),
        HEALTHY: ("specificity", counts.tn + counts.fp),
    }
    for label, (metric, rows) in labels.items():
        wide = _wide(facts, metric)
        if wide is None:
            continue
        kind, (name, low, high) = facts.words.label(label), wide
        yield Finding(
            f"few-{IDS[label]}",
            "medium",
            f"Too few {kind} loans for a narrow interval",
            f"recall {rate(low)} to {rate(high)}",
            f"With {plural(rows, f'{kind} test loan')}, the share of them that "
            f"{facts.words.models[name]} recognises may lie anywhere from {rate(low)} to "
            f"{rate(high)} (95 %).",
            "Collect more loans of this label before a decision rests on that share.",
            "tbl-intervals",
        )


def _wide(facts: Facts, metric: str) -> tuple[str, float, float] | None:
    """Return the first model whose interval of a metric is wide, and the interval."""
    for name, model in facts.evidence.models.items():
        found = model.intervals[metric]
        if found.low is not None and found.high is not None and found.high - found.low > WIDE:
            return name, found.low, found.high
    return None


def one_class_only(facts: Facts) -> Iterator[Finding]:
    """Fire when a model gives every test loan the same label."""
    for name, model in facts.evidence.models.items():
        counts = model.confusion
        if _one_class(counts):
            kind = facts.words.predicate(HEALTHY if counts.tp + counts.fp == 0 else HIGH_RISK)
            yield Finding(
                f"one-class-{name}",
                "high",
                f"At one half {facts.words.models[name]} predicts one label only",
                f"all {count(counts.rows)} test loans {kind}",
                f"It calls all {count(counts.rows)} test loans {kind}, so it distinguishes nothing "
                "at a probability of one half.",
                "Do not use it at one half.",
                f"tbl-confusion-{name}",
            )


def _one_class(counts: Confusion) -> bool:
    return 0 in (counts.tp + counts.fp, counts.tn + counts.fn)
