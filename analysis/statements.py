"""The sentences of the evidence sections: each opens its section and follows from the results."""

from __future__ import annotations

from analysis import display
from analysis.display import count, difference, percent, plural, share
from analysis.evidence.comparison import McNemar
from analysis.evidence.resplits import Resplits
from analysis.evidence.thresholds import HALF, MATCHED
from analysis.findings import MATERIAL, rule_text
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.prose import NAMES, better, other
from analysis.results import Results
from analysis.schema import HIGH_RISK, LABEL_NAMES, column

CHOICES = {
    ORIGINAL: "the original model at one half",
    OVERSAMPLED: "the oversampled model at one half",
    MATCHED: "the original model at the matched threshold",
}
CERTAIN = 0.001


def certainty(results: Results) -> str:
    """Say how sure the difference between the models is."""
    found = results.evidence.comparison.differences["balanced_accuracy"]
    bounds = found.by_feature_rows
    if found.difference is None or bounds.low is None or bounds.high is None:
        return "The difference between the models cannot be given an interval on these loans."
    span = (
        f"the difference in balanced accuracy is {difference(found.difference)}, with a 95 % "
        f"interval from {difference(bounds.low)} to {difference(bounds.high)}"
    )
    if bounds.low <= 0 <= bounds.high:
        return f"The data do not show that one model is better: {span}."
    best = OVERSAMPLED if found.difference > 0 else ORIGINAL
    return f"The lead of {NAMES[best]} on these loans is not chance: {span}."


def sureness(results: Results) -> str:
    """Say in one sentence for a hurried reader how far the verdict can be trusted."""
    found = results.evidence.comparison.differences["balanced_accuracy"]
    bounds = found.by_feature_rows
    if found.difference is None or bounds.low is None or bounds.high is None:
        said = "The difference cannot be given an interval on these loans"
    else:
        chance = "may be chance" if bounds.low <= 0 <= bounds.high else "is not chance"
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


def discordant(results: Results) -> str:
    """Say on how many loans only one model is right, with the exact McNemar test."""
    compared = results.evidence.comparison
    return (
        f"{_discordant(compared.mcnemar, 'all test loans')} "
        f"{_discordant(compared.mcnemar_high_risk, 'the high-risk ones')}"
    )


def _discordant(found: McNemar, where: str) -> str:
    return (
        f"Among {where}, only the oversampled model is right on {count(found.only_second)} and "
        f"only the original one on {count(found.only_first)} "
        f"(exact McNemar test, {p_value(found.p_value)})."
    )


def p_value(value: float) -> str:
    """Write a p-value: p = 0.012, or p < 0.001."""
    return f"p < {CERTAIN}" if value < CERTAIN else f"p = {share(value, 3)}"


def wider(results: Results) -> str:
    """Say which of the two bootstrap intervals is wider, and why it matters."""
    found = results.evidence.comparison
    paired = found.differences["balanced_accuracy"]
    verdict = {
        "rows": "the interval over rows is the wider one, and the one to rely on",
        "feature rows": "the interval over feature rows is the wider one, and the one to rely on",
        "neither": "both are about equally wide",
    }[paired.wider]
    return (
        f"Equal loans are not independent of each other, so the intervals are also drawn over the "
        f"{count(found.feature_rows)} distinct combinations of features among the "
        f"{count(found.rows)} test loans. For balanced accuracy {verdict}."
    )


def novelty(results: Results) -> str:
    """Say how many test loans training has already shown."""
    data = results.evidence.repeats
    if not data.test_rows_seen_in_training:
        return "No test loan has features that also occur in training: the test loans are new."
    return (
        f"{percent(data.test_share_seen_in_training)} of the test loans have features that also "
        f"occur in training, so the test says little about loans unlike those."
        if data.test_share_seen_in_training >= HALF
        else f"{percent(data.test_share_seen_in_training)} of the test loans have features that "
        "also occur in training."
    )


def grouped(results: Results) -> str:
    """Say what splits give that keep equal loans on one side."""
    splits = results.evidence.repeats.grouped_splits
    parts = []
    for name in (ORIGINAL, OVERSAMPLED):
        values = [getattr(each, name) for each in splits if getattr(each, name) is not None]
        if values:
            parts.append(f"{share(min(values), 3)} to {share(max(values), 3)} for {NAMES[name]}")
    if not parts:
        return "No split that keeps equal loans on one side has both labels on both sides."
    return (
        f"Splits that keep equal loans on one side give a balanced accuracy of "
        f"{display.listing(parts)} ({plural(len(splits), 'seed')})."
    )


def optimum(results: Results) -> str:
    """Say what fitting to the optimum changes for the original model."""
    models = results.evidence.models
    if all(model.converged for model in models.values()):
        return "Both models met their optimiser's criterion before it was stopped."
    refit = results.evidence.converged.original.standardised
    before = models[ORIGINAL].confusion
    change = refit.confusion.balanced_accuracy - before.balanced_accuracy
    if abs(change) < MATERIAL:
        return (
            "The optimiser was stopped short of its optimum, but going on changes the original "
            f"model's balanced accuracy by no more than {share(abs(change), 3)}."
        )
    return (
        f"Where the original model's optimiser stops decides its recall: {share(before.recall, 3)} "
        f"as reported, {share(refit.confusion.recall, 3)} when the same model is fitted to "
        "convergence on standardised columns."
    )


def gain(results: Results) -> str:
    """Say which share of the gain in balanced accuracy the refit alone makes."""
    part = results.evidence.converged.share_of_gain
    if part is None:
        return "The oversampled model shows no gain in balanced accuracy that could be shared out."
    if part <= 0:
        return "None of the gain in balanced accuracy comes back without oversampling."
    return (
        f"Of the gain in balanced accuracy that the oversampled model shows over the original "
        f"one, {percent(part, 0)} comes back without oversampling, by that refit alone."
    )


def moved(results: Results) -> str:
    """Name the coefficients that change sign or move most between stop and optimum."""
    parts = []
    refits = {
        ORIGINAL: results.evidence.converged.original,
        OVERSAMPLED: results.evidence.converged.oversampled,
    }
    for name, refit in refits.items():
        most = column(refit.moved_most).title.lower()
        flips = [column(each).title.lower() for each in refit.flipped]
        turned = f"; the sign of {display.listing(flips)} turns" if flips else ""
        parts.append(f"In {NAMES[name]} the coefficient of {most} moves most{turned}.")
    return " ".join(parts)


def one_column(results: Results) -> str:
    """Say what the best rule with one column does."""
    baselines = results.evidence.baselines
    rule, outcome = baselines.best_rule, baselines.best_rule_outcome
    if rule is None or outcome is None:
        return "Every column is constant among the training loans, so no rule can be made."
    differing = outcome.differing_decisions
    against = display.listing(
        [f"{count(differing[name])} from {NAMES[name]}'s" for name in (ORIGINAL, OVERSAMPLED)]
    )
    return (
        f"The rule {rule_text(rule.column, rule.direction, rule.threshold)} alone reaches a "
        f"balanced accuracy of {share(outcome.balanced_accuracy, 3)} on the test loans; of its "
        f"{count(outcome.confusion.rows)} decisions, {against} differ."
    )


def determined(results: Results) -> str:
    """Say which columns are functions of others, and which coefficients that leaves open."""
    evidence = results.evidence
    if not evidence.identities:
        return "No column is an exact function of one or two others."
    formulas = display.listing([display.markdown(each.formula) for each in evidence.identities])
    effect = (
        "their coefficients, marked in the table, could be others without any prediction changing"
        if evidence.design.unidentified
        else "every coefficient is identified all the same"
    )
    return (
        f"In every row, {formulas}; the design has rank {evidence.design.design_rank} of "
        f"{evidence.design.design_columns}, and {effect}."
    )


def probabilities(results: Results) -> str:
    """Say whether the models' probabilities can be read as such, and what a correction does."""
    found = results.evidence.recalibrated
    before, after = found.before.calibration, found.after.calibration
    if before.observed_expected is None or after.observed_expected is None:
        return "Neither model expects any high-risk loan, so calibration cannot be judged."
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
    return (
        f"The correction moves the log loss from {share(found.before.log_loss, 4)} to "
        f"{share(found.after.log_loss, 4)} and the Brier score from {share(found.before.brier, 4)} "
        f"to {share(found.after.brier, 4)}. At one half, the corrected model finds "
        f"{count(found.confusion_after.tp)} high-risk loans and refuses "
        f"{count(found.confusion_after.fp)} healthy ones."
    )


def ranking(results: Results) -> str:
    """Say which model ranks loans better."""
    models = results.evidence.models
    first, second = models[ORIGINAL].scores.roc_auc, models[OVERSAMPLED].scores.roc_auc
    if first is None or second is None:
        return "The ranking cannot be judged on these loans."
    best = better(first, second)
    if best is None:
        return (
            f"Both models rank loans alike (ROC AUC {share(first, 3)}): what sets them apart is "
            "where the threshold falls, not what they know."
        )
    high, low = max(first, second), min(first, second)
    return (
        f"{NAMES[best].capitalize()} ranks loans better, with a ROC AUC of {share(high, 3)} "
        f"against {share(low, 3)} of {NAMES[other(best)]}."
    )


def costs(results: Results) -> str:
    """Say which choice is the cheapest at which cost ratio."""
    found = results.evidence.thresholds
    parts = []
    for each in found.ranges:
        if not each.wins or each.lower is None:
            continue
        if each.upper is None:
            span = f"from {share(each.lower)} upwards" if each.lower else "at every ratio"
        else:
            span = f"from {share(each.lower)} to {share(each.upper)}"
        parts.append(f"{CHOICES[each.choice]} {span}")
    return (
        "Counted in refused healthy loans for one missed high-risk loan, the cheapest choice is "
        f"{display.listing(parts)}; the report's ratio is {found.cost_ratio:g}."
    )


def matched(results: Results) -> str:
    """Say what the original model costs at the recall of the oversampled one."""
    found = results.evidence.thresholds.matched
    if found is None:
        return "There are too few training loans of a label to choose a threshold on them."
    choice = found.choice
    return (
        f"At a threshold of {choice.threshold:g}, chosen by {found.folds}-fold cross-validation "
        f"on the training loans to reach the oversampled model's recall, the original model "
        f"finds {count(choice.confusion.tp)} of the "
        f"{plural(choice.confusion.tp + choice.confusion.fn, 'high-risk test loan')} and refuses "
        f"{count(choice.confusion.fp)} healthy ones."
    )


def other_splits(results: Results) -> str:
    """Say how the comparison comes out on other splits."""
    found = results.evidence.resplits
    if not found.made:
        return "No other split has both labels on both sides."
    wins = {name: int(_summary(found, "balanced_accuracy", name)["wins"]) for name in NAMES}
    best = max(wins, key=lambda name: wins[name])
    if wins[best] == wins[other(best)]:
        return f"Over {plural(found.made, 'other split')} neither model wins more often."
    return (
        f"Over {plural(found.made, 'random split')}, {NAMES[best]} has the better balanced "
        f"accuracy in {count(wins[best])}, and a mean of "
        f"{share(_summary(found, 'balanced_accuracy', best)['mean'], 3)} against "
        f"{share(_summary(found, 'balanced_accuracy', other(best))['mean'], 3)}."
    )


def left_out(results: Results) -> str:
    """Say how many splits were not made, and why; nothing where all were."""
    found = results.evidence.resplits
    parts = []
    if found.not_tried:
        parts.append(f"{plural(found.not_tried, 'seed')} not tried because the file is large")
    if found.left_out:
        parts.append(f"{plural(found.left_out, 'split')} lacked a label on one side")
    return f" Of {count(found.requested)} seeds, {display.listing(parts)}." if parts else ""


def _summary(found: Resplits, metric: str, model: str) -> dict[str, float]:
    summary = found.summary
    rows = summary[(summary["metric"] == metric) & (summary["model"] == model)]
    return {name: float(rows[name].iloc[0]) for name in ("mean", "lower", "upper", "wins")}


def limitations(results: Results) -> list[str]:
    """List what this report cannot know, computed where it can be."""
    data = results.data
    high_risk = results.split.test_counts.get(HIGH_RISK, 0)
    lines = [
        f"One portfolio of {count(data.rows)} loans without dates: nothing is known of other "
        "lenders, products or years, and no test is later in time than the training.",
        f"The test holds {plural(high_risk, LABEL_NAMES[HIGH_RISK] + ' loan')}; figures of that "
        "label move by "
        f"{share(1 / high_risk, 4)} with each one of them.",
        "No protected attribute is among the columns, so fairness between groups of borrowers "
        "cannot be assessed from this data.",
        "How the label was decided is not recorded; a rule that the label was made by would "
        "explain figures this high.",
        "Both models are linear in the log-odds, with no interaction between columns.",
    ]
    if data.source == "simulated":
        lines.insert(0, "The loans are simulated; no figure says anything about real borrowers.")
    if results.evidence.repeats.repeated_rows:
        lines.append(
            f"{percent(results.evidence.repeats.repeated_rows / data.rows)} of the rows repeat "
            "others, so the portfolio holds less information than its size suggests."
        )
    return lines
