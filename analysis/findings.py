"""What a board must know before it signs: found by rules over the results, most severe first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from analysis import display
from analysis.display import count, percent, plural, share
from analysis.evidence.collect import Evidence
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.schema import column

Severity = Literal["high", "medium", "low", "note"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "note")

# Differences in balanced accuracy below this are not worth a board's time.
MATERIAL = 0.005
# A share of the gain from which on the gain is not oversampling's own.
MOST_OF_THE_GAIN = 0.5
# Repeats are worth a word from one loan in a hundred, and decide what a test is worth from half.
SOME, MOST = 0.01, 0.5
# Calibration between these is usually taken as acceptable.
CALIBRATED = (0.9, 1.1)
# A recall that may lie five points to either side cannot carry a decision about a few points.
WIDE = 0.10


@dataclass(frozen=True)
class Finding:
    """One thing that a reader must know.

    Attributes
    ----------
    id : str
        Stays the same from report to report.
    title : str
        A few words.
    statement : str
        A sentence or two with the figures, plain text.
    evidence : str
        The heading of the section that shows it.
    """

    id: str
    severity: Severity
    title: str
    statement: str
    evidence: str


@dataclass(frozen=True)
class Facts:
    """What the rules look at.

    Attributes
    ----------
    verified : bool
        Whether the data are the published report's own.
    published_wrong, published_cells : int
        Published figures that do not come out again, and all of them.
    """

    evidence: Evidence
    verified: bool
    published_wrong: int
    published_cells: int


def find(facts: Facts) -> tuple[Finding, ...]:
    """Apply every rule and sort what they find by severity."""
    found = [finding for rule in RULES for finding in rule(facts)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def published_disagree(facts: Facts) -> Iterator[Finding]:
    """Fire when the published report's own data give other figures than it published."""
    if facts.verified and facts.published_wrong:
        yield Finding(
            "published-disagree",
            "high",
            "Published figures do not come out again",
            f"{count(facts.published_wrong)} of {count(facts.published_cells)} published figures "
            "differ from the regenerated ones, although the data are the same.",
            "Published and regenerated figures",
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
                "Thresholds and costs",
            )


def not_converged(facts: Facts) -> Iterator[Finding]:
    """Fire when a published fit is not at its optimum."""
    models = facts.evidence.models
    stopped = [name for name, model in models.items() if not model.converged]
    if not stopped:
        return
    optimum = {
        ORIGINAL: facts.evidence.converged.original,
        OVERSAMPLED: facts.evidence.converged.oversampled,
    }
    moved = {
        name: optimum[name].standardised.balanced_accuracy
        - models[name].confusion.balanced_accuracy
        for name in stopped
    }
    most = max(moved, key=lambda name: abs(moved[name]))
    refit = optimum[most].standardised
    yield Finding(
        "not-converged",
        "high" if abs(moved[most]) > MATERIAL else "medium",
        "The optimiser was stopped before its optimum",
        f"{_models(stopped)} stopped after {_iterations(facts, stopped)} iterations without "
        f"converging. Fitted to convergence on standardised columns, the {most} model's recall is "
        f"{share(refit.confusion.recall, 3)} instead of {share(models[most].confusion.recall, 3)}: "
        "the figure reported is where the optimiser happened to stop.",
        "Where the optimiser stopped",
    )


def gain_without_oversampling(facts: Facts) -> Iterator[Finding]:
    """Fire when fitting the first model properly makes most of the gain of the second."""
    part = facts.evidence.converged.share_of_gain
    if part is not None and part >= MOST_OF_THE_GAIN:
        yield Finding(
            "gain-without-oversampling",
            "high",
            "Most of the gain comes back without oversampling",
            f"Fitting the original model to convergence on standardised columns alone makes "
            f"{percent(part, 0)} of the gain in balanced accuracy that the second model shows "
            "over the first.",
            "Where the optimiser stopped",
        )


def one_column_rule(facts: Facts) -> Iterator[Finding]:
    """Fire when a threshold on one column does as well as the better model."""
    baselines = facts.evidence.baselines
    rule, outcome = baselines.best_rule, baselines.best_rule_outcome
    if rule is None or outcome is None:
        return
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
        "What one column can do",
    )


def repeated_rows(facts: Facts) -> Iterator[Finding]:
    """Fire when loans repeat each other across the split."""
    data = facts.evidence.repeats
    seen = data.test_share_seen_in_training
    if seen < SOME and data.repeated_rows / data.rows < SOME:
        return
    yield Finding(
        "repeated-rows",
        "high" if seen >= MOST else "medium",
        "The test loans are not new" if seen >= MOST else "Some loans repeat others",
        f"Only {count(data.distinct_rows)} of {count(data.rows)} rows are distinct, and "
        f"{percent(seen)} of the test loans have features that also occur in training: the test "
        "says little about borrowers unlike these.",
        "Whether the test loans are new",
    )


def few_high_risk(facts: Facts) -> Iterator[Finding]:
    """Fire when the test set has too few high-risk loans for a narrow interval."""
    for name, model in facts.evidence.models.items():
        recall = model.intervals["recall"]
        if recall.low is None or recall.high is None or recall.high - recall.low <= WIDE:
            continue
        high_risk = model.confusion.tp + model.confusion.fn
        yield Finding(
            "few-high-risk",
            "medium",
            "Too few high-risk loans for a narrow interval",
            f"With {plural(high_risk, 'high-risk test loan')}, the {name} model's recall may lie "
            f"anywhere from {share(recall.low, 3)} to {share(recall.high, 3)} (95 %).",
            "How sure the figures are",
        )
        return


def miscalibrated(facts: Facts) -> Iterator[Finding]:
    """Fire when a model's probabilities are too high, too low, or too extreme."""
    low, high = CALIBRATED
    for name, model in facts.evidence.models.items():
        ratio, slope = (
            model.scores.calibration.observed_expected,
            model.scores.calibration.slope,
        )
        if ratio is None or (low <= ratio <= high and (slope is None or low <= slope <= high)):
            continue
        side = "more" if ratio < 1 else "fewer"
        spread = "" if slope is None else f", and its calibration slope is {share(slope)}"
        yield Finding(
            f"miscalibrated-{name}",
            "medium",
            f"The {name} model's probabilities are not probabilities",
            f"It expects {side} high-risk loans than there are (observed / expected "
            f"{share(ratio)}){spread}; its scores rank loans, but must not be priced.",
            "Probabilities and ranking",
        )


def exact_identities(facts: Facts) -> Iterator[Finding]:
    """Fire when columns are exact functions of others."""
    found = facts.evidence.identities
    if not found:
        return
    design = facts.evidence.design
    effect = (
        f" The design has rank {design.design_rank} of {design.design_columns}: the coefficients "
        f"of {display.listing([column(name).title.lower() for name in design.unidentified])} are "
        "not identified."
        if design.unidentified
        else ""
    )
    yield Finding(
        "exact-identities",
        "medium",
        "Columns are exact functions of others",
        f"{display.listing([each.formula for each in found])} in every row.{effect}",
        "Columns that determine each other",
    )


def conflicting_labels(facts: Facts) -> Iterator[Finding]:
    """Fire when equal loans carry both labels."""
    data = facts.evidence.repeats
    if data.conflicting_feature_rows:
        yield Finding(
            "conflicting-labels",
            "low",
            "Equal loans carry both labels",
            f"{plural(data.conflicting_feature_rows, 'combination')} of features "
            f"({plural(data.conflicting_rows, 'loan')}) occur with both labels, so no model with "
            "these columns can be right on all of them.",
            "Whether the test loans are new",
        )


def models_alike(facts: Facts) -> Iterator[Finding]:
    """Fire when the difference between the models is within its uncertainty."""
    difference = facts.evidence.comparison.differences["balanced_accuracy"]
    bounds = difference.by_feature_rows
    if bounds.low is None or bounds.high is None or not bounds.low <= 0 <= bounds.high:
        return
    yield Finding(
        "models-alike",
        "medium",
        "The difference between the models is within its uncertainty",
        f"The 95 % interval of the difference in balanced accuracy runs from "
        f"{display.difference(bounds.low)} to {display.difference(bounds.high)}, so the data do "
        "not show that one is better.",
        "How sure the figures are",
    )


def rule_text(name: str, direction: str, threshold: float) -> str:
    """Write a one-column rule: interest rate ≥ 9 %."""
    declared = column(name)
    unit = {"%": " %", "$": " $", "$ a year": " $ a year"}.get(declared.unit, "")
    sign = "≥" if direction == ">=" else "<"
    return f"“{declared.title} {sign} {threshold:,.10g}{unit}”"


def _models(names: list[str]) -> str:
    return "Both models" if len(names) > 1 else f"The {names[0]} model"


def _iterations(facts: Facts, names: list[str]) -> str:
    steps = sorted({facts.evidence.models[name].iterations for name in names})
    return display.listing([count(each) for each in steps])


RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    published_disagree,
    one_class_only,
    not_converged,
    gain_without_oversampling,
    one_column_rule,
    repeated_rows,
    models_alike,
    few_high_risk,
    miscalibrated,
    exact_identities,
    conflicting_labels,
)
