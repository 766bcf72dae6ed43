"""Rules about the fits: whether they are at their optimum, and what that does to the gain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.base import display
from analysis.base.display import SHOWN, count, percent, rate, spelled
from analysis.evidence.convergence.refits import RefittedModel
from analysis.findings.comparison import better
from analysis.findings.finding import MATERIAL, MOST_OF_THE_GAIN, Facts, Finding
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED


def not_converged(facts: Facts) -> Iterator[Finding]:
    """Fire when a fit is not at its optimum: by the log loss that is left, not by its solver."""
    models, optimum = facts.evidence.models, facts.evidence.converged.models
    stopped = [name for name in models if not optimum[name].at_optimum]
    if not stopped:
        return
    moved = {
        name: optimum[name].standardised.balanced_accuracy
        - models[name].confusion.balanced_accuracy
        for name in stopped
    }
    most = max(moved, key=lambda name: abs(moved[name]))
    before, after = models[most].confusion, optimum[most].standardised.confusion
    yield Finding(
        "not-converged",
        "high" if abs(moved[most]) >= MATERIAL else "medium",
        "The optimiser stopped before its optimum",
        f"recall {rate(before.recall)}, there {rate(after.recall)}",
        f"{_models(facts, stopped)} stopped after {_iterations(facts, stopped)}, with training log "
        f"loss left to gain. {going_on(facts.words.models[most], before, optimum[most])}",
        "Fit to the optimum on standardised columns for any use beyond reproducing the report.",
        "tbl-refits",
    )


def going_on(name: str, before: Confusion, refit: RefittedModel) -> str:
    """Say what a figure of the model of that name is at its stop and at the optimum."""
    figures: dict[str, Callable[[Confusion], str]] = {
        "recall": lambda counts: rate(counts.recall),
        "balanced accuracy": lambda counts: rate(counts.balanced_accuracy),
    }
    for title, figure in figures.items():
        old, raw, scaled = (
            figure(counts) for counts in (before, refit.raw.confusion, refit.standardised.confusion)
        )
        if len({old, raw, scaled}) > 1:
            return (
                f"{display.capital(name)}'s {title} is {old} as reported, {raw} at the optimum on "
                f"the same columns and {scaled} at the optimum on standardised ones: it "
                f"depends {reasons(old, raw, scaled)}."
            )
    recall = f"{name}'s recall, {rate(before.recall)}"
    return f"Going on does not move {recall}, at {spelled(SHOWN)} decimals."


def reasons(reported: str, raw: str, scaled: str) -> str:
    """Say what a figure, as shown, depends on: as reported, at the optimum, on scaled columns."""
    found = ["on where the optimiser stops"] if raw != reported else []
    return display.listing(found + ["on the units of the columns"] * (scaled != raw))


def gain_without_oversampling(facts: Facts) -> Iterator[Finding]:
    """Fire when fitting the first model properly makes most of the gain of the second."""
    part = facts.evidence.converged.share_of_gain
    if part is None or part <= MOST_OF_THE_GAIN or better(facts.evidence) != OVERSAMPLED:
        return
    if facts.evidence.converged.models[ORIGINAL].at_optimum:
        return
    said = f"{percent(part, 0)} of the gain" if part <= 1 else "more than the whole gain"
    yield Finding(
        "gain-without-oversampling",
        "high",
        f"Most of the gain comes back without {facts.words.resampling}",
        percent(min(part, 1), 0) if part <= 1 else "all of it and more",
        "Fitting the original model to its optimum on standardised columns alone makes "
        f"{said} in balanced accuracy that the second model shows over the first.",
        f"Do not credit {facts.words.resampling} with it.",
        "tbl-refits",
    )


def _models(facts: Facts, names: list[str]) -> str:
    return "Both models" if len(names) > 1 else display.capital(facts.words.models[names[0]])


def _iterations(facts: Facts, names: list[str]) -> str:
    steps = sorted({facts.evidence.models[name].iterations for name in names})
    last = f"{steps[-1]} iteration{'' if steps == [1] else 's'}"
    return display.listing([*map(count, steps[:-1]), last])
