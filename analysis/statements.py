"""The sentences of the evidence sections: each opens its section and follows from the results."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import display
from analysis.display import count, difference, percent, plural, share
from analysis.evidence.comparison import McNemar
from analysis.evidence.convergence import LEAST_CHANGE, RefittedModel
from analysis.evidence.costs import CostRange
from analysis.evidence.resplits import Resplits
from analysis.evidence.thresholds import MATCHED
from analysis.findings import (
    GUESS,
    MATERIAL,
    MOST,
    coefficients_of,
    decide_alike,
    may_be_chance,
    portion,
    relied_on,
    rule_text,
)
from analysis.metrics import Confusion
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.prose import NAMES, better, other
from analysis.results import Results
from analysis.schema import HIGH_RISK, LABEL_NAMES

CHOICES = {
    ORIGINAL: "the original model at one half",
    OVERSAMPLED: "the oversampled model at one half",
    MATCHED: "the original model at the matched threshold",
}
CERTAIN = 0.001
# From this balanced accuracy on, a reader should ask whether the label was made from the columns.
HIGH_ACCURACY = 0.95


def certainty(results: Results) -> str:
    """Say how sure the difference between the models is."""
    compared = results.evidence.comparison
    found = compared.differences["balanced_accuracy"]
    bounds = relied_on(found)
    if decide_alike(compared):
        return (
            f"Both models make the same decision on each of the {count(compared.rows)} test loans: "
            "nothing in the test sets them apart."
        )
    if found.difference is None or bounds.low is None or bounds.high is None:
        return "The difference between the models cannot be given an interval on these loans."
    span = (
        f"the difference in balanced accuracy is {difference(found.difference)}, with a 95 % "
        f"interval from {difference(bounds.low)} to {difference(bounds.high)}"
    )
    if may_be_chance(bounds):
        return f"The data do not show that one model is better: {span}."
    best = OVERSAMPLED if found.difference > 0 else ORIGINAL
    return f"The lead of {NAMES[best]} on these loans is not chance: {span}."


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
        chance = "may be chance" if may_be_chance(bounds) else "is not chance"
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
    if decide_alike(compared):
        return "There is no test loan that only one of the models gets right."
    return (
        f"{_discordant(compared.mcnemar, 'all test loans')} "
        f"{_discordant(compared.mcnemar_high_risk, 'the high-risk ones')}"
    )


def _discordant(found: McNemar, where: str) -> str:
    if not found.only_first + found.only_second:
        return f"Among {where} there is none that only one model gets right."
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
    if found.feature_rows == found.rows:
        return (
            f"No two of the {count(found.rows)} test loans have the same features, so intervals "
            "drawn over loans and over combinations of features are the same but for chance."
        )
    paired = found.differences["balanced_accuracy"]
    verdict = {
        "rows": "the interval over rows is the wider one, and the one to rely on",
        "feature rows": "the interval over feature rows is the wider one, and the one to rely on",
        "neither": "both are about equally wide",
    }[paired.wider]
    return (
        f"Equal loans are not independent of each other, so the intervals are also drawn over the "
        f"{plural(found.feature_rows, 'distinct combination')} of features among the "
        f"{count(found.rows)} test loans. For balanced accuracy {verdict}."
    )


def novelty(results: Results) -> str:
    """Say how many test loans training has already shown."""
    data = results.evidence.repeats
    seen = data.test_share_seen_in_training
    if not data.test_rows_seen_in_training:
        return "No test loan has features that also occur in training: the test loans are new."
    worth = ", so the test says little about loans unlike those" if seen >= MOST else ""
    return (
        f"{_capital(portion(seen))} of the test loans have features that also occur in "
        f"training{worth}."
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def grouped(results: Results) -> str:
    """Say what splits give that keep equal loans on one side."""
    splits = results.evidence.repeats.grouped_splits
    made = [each for each in splits if each.original is not None and each.oversampled is not None]
    if not made:
        return "No split that keeps equal loans on one side has both labels on both sides."
    parts = [
        f"{_span([share(getattr(each, name), 3) for each in made])} for {NAMES[name]}"
        for name in (ORIGINAL, OVERSAMPLED)
    ]
    return (
        f"Splits that keep equal loans on one side give a balanced accuracy of "
        f"{display.listing(parts)} ({plural(len(made), 'seed')})."
    )


def _span(figures: list[str]) -> str:
    """Write the lowest and the highest of some figures as shown, once where they are one."""
    low, high = min(figures), max(figures)
    return low if low == high else f"{low} to {high}"


def optimum(results: Results) -> str:
    """Say what fitting to the optimum changes for the original model."""
    models = results.evidence.models
    before = models[ORIGINAL].confusion
    after = results.evidence.converged.original.standardised.confusion
    stopped = [NAMES[name] for name, model in models.items() if not model.converged]
    moved = abs(after.balanced_accuracy - before.balanced_accuracy)
    if not models[ORIGINAL].converged and moved >= MATERIAL and _recall(before) != _recall(after):
        return (
            f"Where the original model's optimiser stops decides its recall: {_recall(before)} as "
            f"reported, {_recall(after)} when the same model is fitted to convergence on "
            "standardised columns."
        )
    met = (
        f"The optimiser was stopped before {_all(stopped)} met its criterion"
        if stopped
        else "Both models met their optimiser's criterion before it was stopped"
    )
    old, new = share(before.balanced_accuracy, 3), share(after.balanced_accuracy, 3)
    if old == new:
        return f"{met}; at its optimum on standardised columns {_stays(old)}."
    return (
        f"{met}; fitted to convergence on standardised columns, the original model has a balanced "
        f"accuracy of {new} instead of {old}."
    )


def _all(names: list[str]) -> str:
    return names[0] if len(names) == 1 else "both models"


def _recall(counts: Confusion) -> str:
    return share(counts.recall, 3)


def _stays(figure: str) -> str:
    return f"the original model has the same balanced accuracy, {figure}"


def gain(results: Results) -> str:
    """Say which share of the gain in balanced accuracy the refit alone makes."""
    part = results.evidence.converged.share_of_gain
    if part is None:
        return "The oversampled model shows no gain in balanced accuracy that could be shared out."
    if part <= 0:
        return "None of the gain in balanced accuracy comes back without oversampling."
    came = f"{percent(part, 0)} comes back" if part <= 1 else "more than the whole comes back"
    return (
        "Of the gain in balanced accuracy that the oversampled model shows over the original one, "
        f"{came} without oversampling, by fitting the original model to convergence on "
        "standardised columns."
    )


def moved(results: Results) -> str:
    """Name the coefficients that change sign or move most between stop and optimum."""
    refits = {
        ORIGINAL: results.evidence.converged.original,
        OVERSAMPLED: results.evidence.converged.oversampled,
    }
    parts = [f"in {NAMES[name]} {_moved(refit)}" for name, refit in refits.items()]
    return f"Between the reported fit and the optimum on raw columns, {'; '.join(parts)}."


def _moved(refit: RefittedModel) -> str:
    if refit.coefficients["change"].abs().max() <= LEAST_CHANGE:
        return f"no coefficient moves by more than {LEAST_CHANGE} per standard deviation"
    most = f"{coefficients_of([refit.moved_most])} moves most"
    if not refit.flipped:
        return most
    if refit.flipped == (refit.moved_most,):
        return f"{most} and turns its sign"
    turns = "turns its sign" if len(refit.flipped) == 1 else "turn their signs"
    return f"{most}, and {coefficients_of(refit.flipped)} {turns}"


def one_column(results: Results) -> str:
    """Say what the best rule with one column does."""
    baselines = results.evidence.baselines
    rule, outcome = baselines.best_rule, baselines.best_rule_outcome
    if rule is None or outcome is None:
        return "Every column is constant among the training loans, so no rule can be made."
    first, second = (outcome.differing_decisions[name] for name in (ORIGINAL, OVERSAMPLED))
    written = display.markdown(rule_text(rule.column, rule.direction, rule.threshold))
    return (
        f"The rule {written} alone reaches a "
        f"balanced accuracy of {share(outcome.balanced_accuracy, 3)} on the test loans; of its "
        f"{count(outcome.confusion.rows)} decisions, {_number(first)} {_differ(first)} from "
        f"{NAMES[ORIGINAL]}'s and {_number(second)} from {NAMES[OVERSAMPLED]}'s."
    )


def _number(value: int) -> str:
    return count(value) if value else "none"


def _differ(number: int) -> str:
    return "differs" if number == 1 else "differ"


def determined(results: Results) -> str:
    """Say which columns are functions of others, and which coefficients that leaves open."""
    found, design = results.evidence.identities, results.evidence.design
    formulas = [display.markdown(each.formula) for each in found]
    given = (
        f"In every row, {display.listing(formulas)}"
        if found
        else "No column is an exact function of one or two others"
    )
    effect = (
        f"{coefficients_of(design.unidentified)}, marked in the table, could be others without "
        "any prediction changing"
        if design.unidentified
        else "every coefficient is identified"
    )
    return (
        f"{given}; the design has rank {design.design_rank} of {design.design_columns}: {effect}."
    )


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
            ""
            if decide_alike(results.evidence.comparison) or guess
            else ": what sets them apart is where the threshold falls, not what they know"
        )
        return f"Both models rank loans alike (ROC AUC {share(first, 3)}){guess}{apart}."
    return (
        f"{NAMES[best].capitalize()} ranks the test loans better, with a ROC AUC of "
        f"{share(high, 3)} against {share(low, 3)} of {NAMES[other(best)]}{guess}."
    )


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


def other_splits(results: Results) -> str:
    """Say how the comparison comes out on other splits."""
    found = results.evidence.resplits
    if not found.made:
        return "No other split has both labels on both sides."
    first, second = (_summary(found, "balanced_accuracy", name) for name in NAMES)
    means = (
        f"the means are {share(first['mean'], 3)} for {NAMES[ORIGINAL]} and "
        f"{share(second['mean'], 3)} for {NAMES[OVERSAMPLED]}"
    )
    splits = plural(found.made, "random split")
    if first["wins"] == second["wins"]:
        return f"Over {splits} neither model wins more often in balanced accuracy; {means}."
    best = ORIGINAL if first["wins"] > second["wins"] else OVERSAMPLED
    more, fewer = max(first["wins"], second["wins"]), min(first["wins"], second["wins"])
    return (
        f"Over {splits}, {NAMES[best]} has the better balanced accuracy in {count(more)}, "
        f"{NAMES[other(best)]} in {_number(int(fewer))}; {means}."
    )


def left_out(results: Results) -> str:
    """Say how many splits were not made, and why; nothing where all were."""
    found = results.evidence.resplits
    parts = []
    if found.not_tried:
        was = "was" if found.not_tried == 1 else "were"
        parts.append(f"{count(found.not_tried)} {was} not tried because the file is large")
    if found.left_out:
        parts.append(f"{count(found.left_out)} gave a split that lacks a label on one side")
    return f" Of {plural(found.requested, 'seed')}, {display.listing(parts)}." if parts else ""


def _summary(found: Resplits, metric: str, model: str) -> dict[str, float]:
    summary = found.summary
    rows = summary[(summary["metric"] == metric) & (summary["model"] == model)]
    return {name: float(rows[name].iloc[0]) for name in ("mean", "wins")}


def limitations(results: Results) -> list[str]:
    """List what this report cannot know, computed where it can be."""
    data = results.data
    high_risk = results.split.test_counts[HIGH_RISK]
    return [
        *_simulated(results),
        f"One portfolio of {count(data.rows)} loans without dates: nothing is known of other "
        "lenders, products or years, and no test is later in time than the training.",
        f"The test holds {plural(high_risk, LABEL_NAMES[HIGH_RISK] + ' loan')}; one of them more "
        f"or less recognised moves that label's recall by {share(1 / high_risk, 4)}.",
        "No protected attribute is among the columns, so fairness between groups of borrowers "
        "cannot be assessed from this data.",
        _label_making(results),
        "Both models are linear in the log-odds, with no interaction between columns.",
        *_repeated(results),
    ]


def _simulated(results: Results) -> Iterator[str]:
    if results.data.source == "simulated":
        yield "The loans are simulated; no figure says anything about real borrowers."


def _label_making(results: Results) -> str:
    said = "How the label was decided is not recorded"
    if max(model.balanced_accuracy for model in results.models.values()) < HIGH_ACCURACY:
        return f"{said}."
    return f"{said}; a rule that the label was made by would explain figures this high."


def _repeated(results: Results) -> Iterator[str]:
    repeated = results.evidence.repeats.repeated_rows
    if repeated:
        yield (
            f"{_capital(portion(repeated / results.data.rows))} of the rows repeat others, so the "
            "portfolio holds less information than its size suggests."
        )
