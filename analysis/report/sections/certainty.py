"""How sure the comparison is: its sentences and its table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base.display import capital, count, difference, digits, plural, rate
from analysis.evidence.certainty.comparison import decide_alike, relied_on
from analysis.findings.comparison import METRIC, better, beyond_chance, doubts, own_bounds, too_few
from analysis.findings.finding import LEAST_COMBINATIONS
from analysis.findings.wording import signed
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.cells import NAME, Columns, ends, span
from analysis.report.drawing.measures import metrics
from analysis.report.drawing.tables import Table
from analysis.report.sections.choices import has_interval, with_intervals
from analysis.results import Results

LEAST_P = 1e-6


def intervals(results: Results) -> Table:
    """Show the headline figures of both models and their difference, each with 95 % intervals."""
    called, named = results.words.model_titles, metrics(results.words)
    frame = pd.DataFrame([_row(results, metric, title) for metric, title in named.items()])
    columns: Columns = {
        **{name: (title, span(frame, name)) for name, title in called.items()},
        "difference": ("Difference", span(frame, "difference", difference)),
        "no_skill": ("No skill", rate),
    }
    caption = f"Both models and their difference, model 2 minus model 1{with_intervals(results)}"
    return Table.of("intervals", "On the test loans", frame, columns, caption, results.findings)


def _row(results: Results, metric: str, title: str) -> dict[str, Any]:
    """Return a metric's figures, with the intervals to rely on and those over test rows alone."""
    evidence, bounded = results.evidence, has_interval(results)
    paired = evidence.comparison.differences[metric]
    over_splits = evidence.unconditional.differences[metric]
    return {
        NAME: title,
        ORIGINAL: paired.first,
        **ends(ORIGINAL, own_bounds(evidence, ORIGINAL, metric) if bounded else None),
        OVERSAMPLED: paired.second,
        **ends(OVERSAMPLED, own_bounds(evidence, OVERSAMPLED, metric) if bounded else None),
        "difference": paired.difference,
        **ends("difference", relied_on(paired) if bounded else None),
        **ends("difference_by_rows", paired.by_rows),
        "splits": over_splits.estimate,
        **ends("splits", over_splits),
        "no_skill": evidence.no_skill.get(metric),
    }


def over_splits(results: Results) -> str:
    """Say what the intervals take as given, and what the difference is over training and split."""
    found = results.evidence.unconditional
    mean = found.differences["balanced_accuracy"]
    given = "Intervals over test loans hold for these two fits and this split"
    if mean.estimate is None or mean.low is None or mean.high is None:
        return f"{given}; too few other splits could be made to say more."
    over = f"Over {count(found.splits)} other splits, each with its own fits"
    if mean.low == mean.high:
        return f"{given}. {over}, the difference is the same: {signed(mean.estimate)}."
    return (
        f"{given}. {over}, the difference "
        f"in balanced accuracy is {signed(mean.estimate)} on average, with a 95 % interval "
        f"from {signed(mean.low)} to {signed(mean.high)} that allows for the loans the "
        "splits share."
    )


def discordant(results: Results) -> Table:
    """Show on how many loans only one model is right, with the exact McNemar test."""
    compared, words = results.evidence.comparison, results.words
    found = {
        "All test loans": compared.mcnemar,
        f"{capital(words.high_risk)} ones": compared.mcnemar_high_risk,
        f"{capital(words.healthy)} ones": compared.mcnemar_healthy,
    }
    frame = pd.DataFrame([{NAME: name, **vars(each)} for name, each in found.items()])
    columns: Columns = {
        "only_first": (f"Only {words.models[ORIGINAL]} is right", count),
        "only_second": (f"Only {words.models[OVERSAMPLED]} is right", count),
        "p_value": ("p, by loans", p_value),
        "p_value_by_feature_rows": ("p, by features", p_value),
    }
    caption = "Loans that only one model gets right, with McNemar's exact test"
    return Table.of("discordant", "Loans", frame, columns, caption, results.findings)


def drawn(results: Results) -> str:
    """Say how many bootstrap replicates stand behind the intervals, and their seed."""
    found = results.evidence.comparison
    return (
        f"The bootstrap has {plural(found.replicates, 'replicate')}, drawn with the seed "
        f"{found.seed}; a limit is shown with the decimals that other draws would leave as they "
        f"are.{_merged(results)}{_all_alike(results)}"
    )


def _all_alike(results: Results) -> str:
    """Say where draws cannot tell how sure a recall is; nothing where they can."""
    if not has_interval(results):
        return ""
    words, said = results.words, ""
    for name, title in words.models.items():
        model = results.evidence.models[name]
        found, missed, recall = model.confusion.tp, model.confusion.fn, model.intervals["recall"]
        if found and missed:
            continue
        said += (
            f" {capital(title)} finds {'every' if found else 'no'} {words.high_risk} test loan, "
            "and so it does in every draw, which makes the intervals of what follows from that "
            f"too narrow: by Wilson's method its recall is from {rate(recall.low)} to "
            f"{rate(recall.high)}."
        )
    return said


def _merged(results: Results) -> str:
    """Say that neighbouring scores share a level in the draws; nothing where none do."""
    models = results.evidence.models.values()
    if all(each.score_levels == each.distinct_scores for each in models):
        return ""
    scores, levels = (
        max(getattr(each, name) for each in models) for name in ("distinct_scores", "score_levels")
    )
    return (
        f" For ranking and probabilities, up to {count(scores)} distinct scores share "
        f"{count(levels)} levels in the draws, which moves a limit by less than other draws do; "
        "the estimates use every score."
    )


def certainty(results: Results) -> str:
    """Say how sure the difference between the models is."""
    evidence = results.evidence
    compared = evidence.comparison
    found, bounds = compared.differences[METRIC], relied_on(compared.differences[METRIC])
    if decide_alike(compared):
        return (
            f"Both models make the same decision on each of the {count(compared.rows)} test loans: "
            "nothing in the test sets them apart."
        )
    if found.difference is None or bounds.low is None or bounds.high is None:
        return "The difference between the models cannot be given an interval on these loans."
    span = (
        f"the difference in balanced accuracy is {signed(found.difference)}, with a 95 % "
        f"interval from {signed(bounds.low)} to {signed(bounds.high)}"
    )
    if not beyond_chance(bounds):
        return f"The test loans do not show that one model is better: {span}."
    if (p := too_few(evidence)) is not None:
        return (
            f"The test loans do not show that one model is better: {span}, but a label has so few "
            f"test loans that McNemar's exact test, with a p of {p_value(p)}, is to be relied on."
        )
    best = results.words.models[OVERSAMPLED if found.difference > 0 else ORIGINAL]
    said = f"The lead of {best} is more than chance among the test loans explains: {span}."
    if better(evidence):
        return said
    why = "; ".join(doubts(evidence, results.words.models))
    return f"{said} Yet it is not shown to be better: {why}."


def p_value(value: float) -> str:
    """Write a p-value with two digits: 0.60 or 0.00012; below a millionth only that."""
    return f"< {digits(LEAST_P, 1)}" if value < LEAST_P else digits(value, 2)


def wider(results: Results) -> str:
    """Say which of the two bootstrap intervals is wider, and why it matters."""
    found = results.evidence.comparison
    if found.feature_rows == found.rows < LEAST_COMBINATIONS:
        return f"So few test loans, {count(found.rows)}, give no interval that says much."
    if found.feature_rows == found.rows:
        return (
            f"No two of the {count(found.rows)} test loans have the same features, so intervals "
            "drawn over loans and over combinations of features are the same but for chance."
        )
    kinds = plural(found.feature_rows, "combination")
    if found.feature_rows < LEAST_COMBINATIONS:
        return (
            f"The {count(found.rows)} test loans have only {kinds} of features, and equal loans "
            "are decided alike: no interval over them says much."
        )
    paired = found.differences[METRIC]
    verdict = {
        "rows": "the interval over rows is the wider one, and the one to rely on",
        "feature rows": "the interval over feature rows is the wider one, and the one to rely on",
        "neither": "both are about equally wide",
    }[paired.wider]
    return (
        "Equal loans are decided alike, so an interval that counts each as new evidence may be too "
        f"narrow: it is also drawn over the {kinds} of features among the {count(found.rows)} test "
        f"loans. For the difference in balanced accuracy {verdict}."
    )
