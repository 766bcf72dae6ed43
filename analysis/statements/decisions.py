"""Probabilities, ranking, and the choice of a threshold."""

from __future__ import annotations

from analysis import display
from analysis.display import count, plural, share
from analysis.evidence.costs import CostRange
from analysis.evidence.thresholds import MATCHED
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.prose import NAMES, better, other
from analysis.results import Results
from analysis.rules.common import GUESS, MATERIAL, decide_alike

CHOICES = {
    ORIGINAL: "the original model at one half",
    OVERSAMPLED: "the oversampled model at one half",
    MATCHED: "the original model at the matched threshold",
}


def probabilities(results: Results) -> str:
    """Say whether the models' probabilities can be read as such, and what a correction does."""
    found = results.evidence.recalibrated
    before, after = found.before.calibration, found.after.calibration
    if before.observed_expected is None or after.observed_expected is None:
        return (
            "The oversampled model expects no high-risk loan, so its calibration cannot be judged."
        )
    return (
        f"The oversampled model expects {share(1 / before.observed_expected)} times the high-risk "
        f"loans that there are; after the closed-form correction for its training prevalence it "
        f"expects {share(1 / after.observed_expected)} times as many, with the same ranking."
        if before.observed_expected and after.observed_expected
        else "No test loan is high-risk, so calibration cannot be judged."
    )


def correction(results: Results) -> str:
    """Say what the prior correction does to log loss, Brier score and decisions."""
    found = results.evidence.recalibrated
    counts = found.confusion_after
    return (
        f"Before the correction the log loss is {share(found.before.log_loss, 4)} and the Brier "
        f"score {share(found.before.brier, 4)}, after it {share(found.after.log_loss, 4)} and "
        f"{share(found.after.brier, 4)}. At one half, the corrected model finds "
        f"{count(counts.tp)} of {plural(counts.tp + counts.fn, 'high-risk test loan')} and refuses "
        f"{plural(counts.fp, 'healthy one')}."
    )


def ranking(results: Results) -> str:
    """Say which model ranks the test loans better."""
    models = results.evidence.models
    first, second = models[ORIGINAL].scores.roc_auc, models[OVERSAMPLED].scores.roc_auc
    if first is None or second is None:
        return "The ranking cannot be judged on these loans."
    best = better(first, second)
    high, low = max(first, second), min(first, second)
    guess = "" if share(high, 3) > share(GUESS, 3) else ", no better than a guess"
    if best is None:
        apart = (
            ": what sets them apart is where the threshold falls, not what they know"
            if _threshold_decides(results) and not guess
            else ""
        )
        return f"Both models rank loans equally well (ROC AUC {share(first, 3)}){guess}{apart}."
    return (
        f"{NAMES[best].capitalize()} ranks the test loans better, with a ROC AUC of "
        f"{share(high, 3)} against {share(low, 3)} of {NAMES[other(best)]}{guess}."
    )


def _threshold_decides(results: Results) -> bool:
    """Whether models that decide otherwise would decide alike at another threshold of the first."""
    found = results.evidence.thresholds
    if found.matched is None or decide_alike(results.evidence.comparison):
        return False
    first, second = found.matched.choice.confusion, found.oversampled.at_half.confusion
    return abs(first.balanced_accuracy - second.balanced_accuracy) < MATERIAL


def costs(results: Results) -> str:
    """Say which choice is the cheapest at which cost ratio."""
    found = results.evidence.thresholds
    winners: dict[str, list[str]] = {}
    for each in sorted(found.ranges, key=lambda each: each.lower or 0):
        if each.wins:
            winners.setdefault(ratios(each), []).append(CHOICES[each.choice])
    # Two choices that are the cheapest at more than one ratio make as many errors of each kind.
    parts = [f"{_alike(names)} {span}" for span, names in winners.items()]
    return (
        "Counted in refused healthy loans for one missed high-risk loan, the cheapest choice is "
        f"{display.listing(parts)}; the report's ratio is {display.amount(found.cost_ratio)}."
    )


def ratios(found: CostRange) -> str:
    """Write a range of cost ratios."""
    if found.upper is None:
        return f"from {share(found.lower)} upwards" if found.lower else "at every ratio"
    if not found.lower:
        return f"up to {share(found.upper)}"
    return f"from {share(found.lower)} to {share(found.upper)}"


def _alike(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or, equally, {names[-1]}"


def matched(results: Results) -> str:
    """Say what the original model costs at the recall of the oversampled one."""
    found = results.evidence.thresholds.matched
    if found is None:
        return "There are too few training loans of a label to choose a threshold on them."
    counts = found.choice.confusion
    return (
        f"At a threshold of {found.choice.threshold:g}, chosen by {found.folds}-fold "
        "cross-validation on the training loans to reach the oversampled model's recall there "
        f"({share(found.target_recall, 3)}), the original model finds {count(counts.tp)} of "
        f"{plural(counts.tp + counts.fn, 'high-risk test loan')} and refuses "
        f"{plural(counts.fp, 'healthy one')}."
    )
