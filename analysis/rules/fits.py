"""Rules about the fits: whether they come out again, are at their optimum, beat one column."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis import display
from analysis.display import count, percent, plural, share
from analysis.evidence.convergence import RefittedModel
from analysis.metrics import Confusion
from analysis.rules.common import MATERIAL, MOST_OF_THE_GAIN, Facts, Finding, rule_text, verb


def published_disagree(facts: Facts) -> Iterator[Finding]:
    """Fire when the published report's own data give other figures than it published."""
    if facts.verified and facts.published_wrong:
        yield Finding(
            "published-disagree",
            "high",
            "Published figures do not come out again",
            f"{count(facts.published_wrong)} of {count(facts.published_cells)} published figures "
            f"{verb(facts.published_wrong, 'differs', 'differ')} from the regenerated ones, "
            "although the data are the same.",
            "tbl-published-original",
        )


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


def not_converged(facts: Facts) -> Iterator[Finding]:
    """Fire when a published fit is not at its optimum."""
    models = facts.evidence.models
    stopped = [name for name, model in models.items() if not model.converged]
    if not stopped:
        return
    optimum = facts.evidence.converged.models
    moved = {
        name: optimum[name].standardised.balanced_accuracy
        - models[name].confusion.balanced_accuracy
        for name in stopped
    }
    most = max(moved, key=lambda name: abs(moved[name]))
    yield Finding(
        "not-converged",
        "high" if abs(moved[most]) >= MATERIAL else "medium",
        "The optimiser was stopped before its optimum",
        f"{_models(stopped)} stopped after {_iterations(facts, stopped)} without converging. "
        f"{going_on(most, models[most].confusion, optimum[most])}",
        "tbl-refits",
    )


def going_on(name: str, before: Confusion, refit: RefittedModel) -> str:
    """Say what a figure is where the optimiser stopped, and at the optimum on both scalings."""
    figures: dict[str, Callable[[Confusion], str]] = {
        "recall": lambda counts: share(counts.recall, 3),
        "balanced accuracy": lambda counts: share(counts.balanced_accuracy, 3),
    }
    for title, figure in figures.items():
        old, raw, scaled = (
            figure(counts) for counts in (before, refit.raw.confusion, refit.standardised.confusion)
        )
        if len({old, raw, scaled}) > 1:
            return (
                f"The {name} model's {title} is {old} as reported, {raw} at the optimum on the "
                f"same columns and {scaled} fitted to convergence on standardised ones: it "
                f"depends {reasons(old, raw, scaled)}."
            )
    return (
        f"Going on changes nothing: the {name} model's recall stays at {share(before.recall, 3)}."
    )


def reasons(reported: str, raw: str, scaled: str) -> str:
    """Say what a figure, as shown, depends on: as reported, at the optimum, on scaled columns."""
    found = ["on where the optimiser stops"] if raw != reported else []
    return display.listing(found + ["on the units of the columns"] * (scaled != raw))


def gain_without_oversampling(facts: Facts) -> Iterator[Finding]:
    """Fire when fitting the first model properly makes most of the gain of the second."""
    part = facts.evidence.converged.share_of_gain
    gain = facts.evidence.comparison.differences["balanced_accuracy"].difference
    if part is None or gain is None or part <= MOST_OF_THE_GAIN or gain < MATERIAL:
        return
    said = f"{percent(part, 0)} of the gain" if part <= 1 else "more than the whole gain"
    yield Finding(
        "gain-without-oversampling",
        "high",
        "Most of the gain comes back without oversampling",
        "Fitting the original model to convergence on standardised columns alone makes "
        f"{said} in balanced accuracy that the second model shows over the first.",
        "tbl-refits",
    )


def threshold_alone(facts: Facts) -> Iterator[Finding]:
    """Fire when the first model at another threshold does what the second does at one half."""
    found = facts.evidence.thresholds
    gain = facts.evidence.comparison.differences["balanced_accuracy"].difference
    if found.matched is None or gain is None or gain < MATERIAL:
        return
    first, second = found.matched.choice.confusion, found.oversampled.at_half.confusion
    if first.balanced_accuracy < second.balanced_accuracy - MATERIAL:
        return
    yield Finding(
        "threshold-alone",
        "high",
        "Another threshold does what oversampling does",
        f"At a threshold of {found.matched.choice.threshold:g}, chosen on training loans, the "
        f"original model misses {count(first.fn)} and refuses {count(first.fp)} of the test loans; "
        f"the oversampled model at one half misses {count(second.fn)} and refuses "
        f"{count(second.fp)}.",
        "tbl-thresholds",
    )


def one_column_rule(facts: Facts) -> Iterator[Finding]:
    """Fire when a threshold on one column does as well as the better model."""
    baselines = facts.evidence.baselines
    if baselines.best_rule is None:
        return
    rule, outcome = baselines.best_rule.rule, baselines.best_rule.outcome
    models = facts.evidence.models
    best = max(models, key=lambda name: models[name].confusion.balanced_accuracy)
    if outcome.balanced_accuracy < models[best].confusion.balanced_accuracy - MATERIAL:
        return
    differing = outcome.differing_decisions[best]
    same = (
        f"makes the {best} model's decisions on every one of the {count(outcome.confusion.rows)} "
        "test loans"
        if differing == 0
        else f"decides {plural(differing, 'test loan')} of {count(outcome.confusion.rows)} "
        f"otherwise than the {best} model"
    )
    yield Finding(
        "one-column-rule",
        "high",
        "A rule with one column does as well",
        f"{rule_text(rule.column, rule.direction, rule.threshold)}, chosen on training loans "
        f"alone, reaches a balanced accuracy of {share(outcome.balanced_accuracy, 3)} against "
        f"{share(models[best].confusion.balanced_accuracy, 3)} and {same}.",
        "tbl-baselines",
    )


def _models(names: list[str]) -> str:
    return "Both models" if len(names) > 1 else f"The {names[0]} model"


def _iterations(facts: Facts, names: list[str]) -> str:
    steps = sorted({facts.evidence.models[name].iterations for name in names})
    last = f"{steps[-1]} iteration{'' if steps == [1] else 's'}"
    return display.listing([*map(count, steps[:-1]), last])
