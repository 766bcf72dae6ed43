"""Rules about outcomes: differences within their uncertainty, wide intervals."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base import display
from analysis.base.display import SHOWN, count, plural, share
from analysis.evidence.certainty.comparison import decide_alike, may_be_chance, relied_on
from analysis.findings.finding import GUESS, WIDE, Facts, Finding
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.schema import LABEL_NAMES


def models_alike(facts: Facts) -> Iterator[Finding]:
    """Fire when the difference between the models is none, or within its uncertainty."""
    compared = facts.evidence.comparison
    bounds = relied_on(compared.differences["balanced_accuracy"])
    if decide_alike(compared):
        title = "Both models decide alike"
        said = (
            f"On each of the {count(compared.rows)} test loans both models make the same "
            "decision, so nothing in the test sets them apart."
        )
    elif bounds.low is not None and bounds.high is not None and may_be_chance(bounds):
        title = "The difference between the models is within its uncertainty"
        said = (
            "The 95 % interval of the difference in balanced accuracy runs from "
            f"{display.difference(bounds.low)} to {display.difference(bounds.high)}, so the data "
            "do not show that one is better."
        )
    else:
        return
    yield Finding("models-alike", "medium", title, said, "tbl-intervals")


def no_better_than_a_guess(facts: Facts) -> Iterator[Finding]:
    """Fire when a model's balanced accuracy may be that of a guess.

    Silent where it gives every loan the same label, of which `one_class_only` speaks.
    """
    for name, model in facts.evidence.models.items():
        found, counts = model.intervals["balanced_accuracy"], model.confusion
        if found.low is None or found.high is None or round(found.low, SHOWN) > GUESS:
            continue
        if 0 in (counts.tp + counts.fp, counts.tn + counts.fn):
            continue
        yield Finding(
            f"guess-{name}",
            "high",
            f"The {name} model may be no better than a guess",
            f"Its balanced accuracy is {share(counts.balanced_accuracy, 3)}, with a 95 % interval "
            f"from {share(found.low, 3)} to {share(found.high, 3)}; labels given at random reach "
            f"{share(GUESS, 3)}.",
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
        kind, (name, low, high) = LABEL_NAMES[label], wide
        yield Finding(
            f"few-{kind}",
            "medium",
            f"Too few {kind} loans for a narrow interval",
            f"With {plural(rows, f'{kind} test loan')}, the share of them that the {name} model "
            f"recognises may lie anywhere from {share(low, 3)} to {share(high, 3)} (95 %).",
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
        if 0 in (counts.tp + counts.fp, counts.tn + counts.fn):
            kind = "healthy" if counts.tp + counts.fp == 0 else "high-risk"
            yield Finding(
                f"one-class-{name}",
                "high",
                f"The {name} model predicts one label only",
                f"It calls all {count(counts.rows)} test loans {kind}, so it distinguishes nothing "
                "at a probability of one half.",
                f"tbl-confusion-{name}",
            )
