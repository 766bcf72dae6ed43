"""What a board must know before it signs: found by rules over the results, most severe first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis import display
from analysis.display import count, percent, plural, share
from analysis.evidence.collect import Evidence
from analysis.evidence.comparison import Bounds, Comparison, PairedDifference
from analysis.evidence.scores import Scores
from analysis.metrics import Confusion
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.schema import HEALTHY, HIGH_RISK, LABEL_NAMES, column

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
# Figures are shown with so many decimals.
SHOWN = 3
# Shares below this would be shown as 0.0 %.
LEAST_PORTION = 0.001
# The area under the curve of a model that knows nothing.
GUESS = 0.5
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
            f"{_verb(facts.published_wrong, 'differs', 'differ')} from the regenerated ones, "
            "although the data are the same.",
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
    yield Finding(
        "not-converged",
        "high" if abs(moved[most]) >= MATERIAL else "medium",
        "The optimiser was stopped before its optimum",
        f"{_models(stopped)} stopped after {_iterations(facts, stopped)} without converging. "
        f"Fitted to convergence on standardised columns, the {most} model's "
        f"{going_on(models[most].confusion, optimum[most].standardised.confusion)}.",
        "Where the optimiser stopped",
    )


def going_on(before: Confusion, after: Confusion) -> str:
    """Say what a figure is at the optimum, and was where the optimiser stopped."""
    figures = {
        "recall": (before.recall, after.recall),
        "balanced accuracy": (before.balanced_accuracy, after.balanced_accuracy),
    }
    for name, (old, new) in figures.items():
        if share(old, 3) != share(new, 3):
            return (
                f"{name} is {share(new, 3)} instead of {share(old, 3)}: the figure reported is "
                "where the optimiser happened to stop"
            )
    return f"recall stays at {share(after.recall, 3)}"


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
    """Fire when loans repeat each other, across the split or within the file."""
    data = facts.evidence.repeats
    seen = data.test_share_seen_in_training
    if seen < SOME and data.repeated_rows / data.rows < SOME:
        return
    again = f"{portion(seen)} of the test loans have" if seen else "no test loan has"
    worth = ": the test says little about borrowers unlike these" if seen >= MOST else ""
    yield Finding(
        "repeated-rows",
        "high" if seen >= MOST else "medium",
        "The test loans are not new" if seen >= MOST else "Some loans repeat others",
        f"{_distinct(data.distinct_rows, data.rows)}, {'and' if seen else 'but'} {again} features "
        f"that also occur in training{worth}.",
        "Whether the test loans are new",
    )


def _distinct(distinct: int, rows: int) -> str:
    """Say how many rows are distinct."""
    if distinct == rows:
        return f"All {count(rows)} rows are distinct"
    return f"Only {count(distinct)} of {count(rows)} rows {_verb(distinct, 'is', 'are')} distinct"


def portion(value: float) -> str:
    """Write a share above 0 in percent, so that it never reads as nothing."""
    return percent(value) if value >= LEAST_PORTION else f"less than {percent(LEAST_PORTION)}"


def few_of_a_label(facts: Facts) -> Iterator[Finding]:
    """Fire when the test set has too few loans of a label for a narrow interval of its recall."""
    counts = facts.evidence.original.confusion
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
            "How sure the figures are",
        )


def _wide(facts: Facts, metric: str) -> tuple[str, float, float] | None:
    """Return the first model whose interval of a metric is wide, and the interval."""
    for name, model in facts.evidence.models.items():
        found = model.intervals[metric]
        if found.low is not None and found.high is not None and found.high - found.low > WIDE:
            return name, found.low, found.high
    return None


def miscalibrated(facts: Facts) -> Iterator[Finding]:
    """Fire when a model's probabilities are too high, too low, or wrongly spread."""
    for name, model in facts.evidence.models.items():
        found = model.scores.calibration
        faults = [*_level(found.observed_expected), *_spread(found.slope)]
        if not faults:
            continue
        said = " and ".join(faults)
        ranks = "its scores rank loans, but" if _ranks(model.scores) else "they"
        yield Finding(
            f"miscalibrated-{name}",
            "medium",
            f"The {name} model's probabilities are not probabilities",
            f"{said[0].upper()}{said[1:]}; {ranks} must not be priced.",
            "Probabilities and ranking",
        )


def _ranks(scores: Scores) -> bool:
    """Whether higher scores go with more high-risk loans."""
    slope = scores.calibration.slope
    return scores.roc_auc is not None and scores.roc_auc > GUESS and (slope is None or slope > 0)


def _level(ratio: float | None) -> Iterator[str]:
    """Say on which side a model's mean probability is wrong; nothing where it is right."""
    low, high = CALIBRATED
    if ratio is None:
        yield "it expects no high-risk loan at all"
    elif not low <= ratio <= high:
        side = "more" if ratio < 1 else "fewer"
        yield (
            f"it expects {side} high-risk loans than there are (observed / expected {share(ratio)})"
        )


def _spread(slope: float | None) -> Iterator[str]:
    """Say how a model's probabilities are spread wrongly; nothing where they are right."""
    low, high = CALIBRATED
    if slope is not None and not low <= slope <= high:
        kind = "too extreme" if slope < 1 else "too moderate"
        side = kind if slope > 0 else "the wrong way round"
        yield f"its probabilities are {side} (calibration slope {share(slope)})"


def exact_identities(facts: Facts) -> Iterator[Finding]:
    """Fire when columns are exact functions of others, or coefficients are not identified."""
    design, found = facts.evidence.design, facts.evidence.identities
    open_ones = design.unidentified
    parts = []
    if found:
        parts.append(f"{display.listing([each.formula for each in found])} in every row.")
    if open_ones:
        parts.append(
            f"The design has rank {design.design_rank} of {design.design_columns}: "
            f"{coefficients_of(open_ones)} {_verb(len(open_ones), 'is', 'are')} not identified."
        )
    if parts:
        yield Finding(
            "exact-identities",
            "medium",
            "Columns are exact functions of others",
            " ".join(parts),
            "Columns that determine each other",
        )


def coefficients_of(names: Sequence[str]) -> str:
    """Name the coefficients of some columns: the coefficients of loan size and total debt."""
    titles = display.listing([column(name).title.lower() for name in names])
    return f"the coefficient{'' if len(names) == 1 else 's'} of {titles}"


def conflicting_labels(facts: Facts) -> Iterator[Finding]:
    """Fire when equal loans carry both labels."""
    data = facts.evidence.repeats
    if data.conflicting_feature_rows:
        yield Finding(
            "conflicting-labels",
            "low",
            "Equal loans carry both labels",
            f"{plural(data.conflicting_feature_rows, 'combination')} of features "
            f"({plural(data.conflicting_rows, 'loan')}) "
            f"{_verb(data.conflicting_feature_rows, 'occurs', 'occur')} with both labels, so no "
            "model with these columns can be right on all of them.",
            "Whether the test loans are new",
        )


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
    yield Finding("models-alike", "medium", title, said, "How sure the figures are")


def decide_alike(compared: Comparison) -> bool:
    """Whether both models make the same decision on every test loan."""
    return compared.mcnemar.only_first + compared.mcnemar.only_second == 0


def relied_on(paired: PairedDifference) -> Bounds:
    """Return the wider interval of a difference; that over feature rows unless that over rows is.

    Few distinct feature rows can make their interval too narrow.
    """
    return paired.by_rows if paired.wider == "rows" else paired.by_feature_rows


def may_be_chance(bounds: Bounds) -> bool:
    """Whether an interval of a difference, as it is shown, reaches 0."""
    if bounds.low is None or bounds.high is None:
        return True
    return round(bounds.low, SHOWN) <= 0 <= round(bounds.high, SHOWN)


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
    last = f"{steps[-1]} iteration{'' if steps == [1] else 's'}"
    return display.listing([*map(count, steps[:-1]), last])


def _verb(number: int, one: str, many: str) -> str:
    """Return the form of a verb that agrees with a count."""
    return one if number == 1 else many


RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    published_disagree,
    one_class_only,
    not_converged,
    gain_without_oversampling,
    one_column_rule,
    repeated_rows,
    models_alike,
    few_of_a_label,
    miscalibrated,
    exact_identities,
    conflicting_labels,
)
