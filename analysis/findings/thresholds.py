"""Rules about decisions: what another threshold does, and whether a model is needed at all."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import amount, count
from analysis.evidence.thresholds.decision import REFUSE_ALL, REFUSE_NONE
from analysis.findings.comparison import better
from analysis.findings.finding import MATERIAL, Facts, Finding
from analysis.models.pair import ORIGINAL, OVERSAMPLED


def threshold_alone(facts: Facts) -> Iterator[Finding]:
    """Fire when the first model at another threshold does what the second does at one half."""
    found = facts.evidence.thresholds
    if found.matched is None or better(facts.evidence) != OVERSAMPLED:
        return
    first, second = found.matched.choice.confusion, found.models.oversampled.at_half.confusion
    if first.balanced_accuracy < second.balanced_accuracy - MATERIAL:
        return
    adjective = facts.words.declaration.recipe.resampled_adjective
    yield Finding(
        "threshold-alone",
        "high",
        f"Another threshold does what {facts.words.resampling} does",
        f"{count(first.fn)} missed at {found.matched.choice.threshold:g}, {adjective} "
        f"{count(second.fn)}",
        f"At a threshold of {found.matched.choice.threshold:g}, chosen on training loans, the "
        f"original model misses {count(first.fn)} and sends {count(first.fp)} "
        f"{facts.words.healthy} test loans to review; {facts.words.models[OVERSAMPLED]} at one "
        f"half misses {count(second.fn)} and sends {count(second.fp)}.",
        f"Set a threshold by cost instead of {facts.words.resampling}.",
        "tbl-thresholds",
    )


def no_model_needed(facts: Facts) -> Iterator[Finding]:
    """Fire when at the owner's cost ratio no choice is shown cheaper than one without a model."""
    found = facts.evidence.decision
    if found.chosen not in (REFUSE_ALL, REFUSE_NONE):
        return
    options = found.by_id
    what = "all loans" if found.chosen == REFUSE_ALL else "no loan"
    cost = options[found.chosen].cost.estimate or 0.0
    models = [options[name].cost.estimate or 0.0 for name in (ORIGINAL, OVERSAMPLED)]
    yield Finding(
        "no-model-needed",
        "high",
        f"No model is shown to be cheaper than sending {what} to review",
        f"costs {amount(cost)}, the models {amount(models[0])} and {amount(models[1])}",
        f"At the owner\u2019s ratio of {amount(found.cost_ratio)}, no choice made on the training "
        f"loans is cheaper there by more than one standard error than sending {what} to review. On "
        f"the test loans that costs {amount(cost)}, the original model at one half "
        f"{amount(models[0])} and {facts.words.models[OVERSAMPLED]} {amount(models[1])}.",
        "Use neither model at this ratio, or show that the ratio is another.",
        "tbl-thresholds",
    )
