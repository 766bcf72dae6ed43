"""How sure the comparison is: intervals, repeated loans, other splits."""

from __future__ import annotations

from analysis import display
from analysis.display import count, difference, plural, share
from analysis.evidence.comparison import McNemar
from analysis.evidence.drawing import MOST_ONE_BY_ONE
from analysis.evidence.resplits import Resplits
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.prose import NAMES, other
from analysis.results import Results
from analysis.rules.common import MOST, decide_alike, may_be_chance, portion, relied_on

CERTAIN = 0.001


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
    return f"The lead of {NAMES[best]} is more than chance among the test loans explains: {span}."


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
        chance = (
            "may be chance"
            if may_be_chance(bounds)
            else "is more than chance among the test loans explains"
        )
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
        "neither": "both are about equally wide, so the repeats do not feign certainty",
    }[paired.wider]
    return (
        "Equal loans are decided alike, so an interval that counts each as new evidence may be too "
        "narrow: it is also drawn over the "
        f"{plural(found.feature_rows, 'distinct combination')} of features among the "
        f"{count(found.rows)} test loans. For balanced accuracy {verdict}."
    )


def novelty(results: Results) -> str:
    """Say how many test loans training has already shown."""
    data = results.evidence.data.repeats
    seen = data.test_share_seen_in_training
    if not data.test_rows_seen_in_training:
        return "No test loan has features that also occur in training: the test loans are new."
    worth = ", so the test says little about loans unlike those" if seen >= MOST else ""
    return (
        f"{display.capital(portion(seen))} of the test loans have features that also occur in "
        f"training{worth}."
    )


def grouped(results: Results) -> str:
    """Say what splits give that keep equal loans on one side."""
    splits = results.evidence.data.repeats.grouped_splits
    made = [each for each in splits if each.original is not None and each.oversampled is not None]
    if not made:
        return "No split that keeps equal loans on one side has both labels on both sides."
    parts = [
        f"{_span([share(getattr(each, name), 3) for each in made])} for {NAMES[name]}"
        for name in (ORIGINAL, OVERSAMPLED)
    ]
    return (
        f"Splits that keep equal loans on one side give a balanced accuracy of "
        f"{display.listing(parts)} ({plural(len(made), 'seed')}), against "
        f"{share(results.original.balanced_accuracy, 3)} and "
        f"{share(results.oversampled.balanced_accuracy, 3)} on the test loans."
    )


def _span(figures: list[str]) -> str:
    """Write the lowest and the highest of some figures as shown, once where they are one."""
    low, high = min(figures), max(figures)
    return low if low == high else f"{low} to {high}"


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
        f"{NAMES[other(best)]} in {display.number_or_none(int(fewer))}; {means}."
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


def drawn(results: Results) -> str:
    """Say how the splits were drawn: loan by loan, or in a large portfolio by count."""
    if results.data.rows <= MOST_ONE_BY_ONE:
        return "Each seed splits the portfolio anew, loan by loan."
    return (
        f"In a portfolio of more than {count(MOST_ONE_BY_ONE)} loans each seed draws how many of "
        "each distinct loan are test loans, which has the same distribution as drawing loan by "
        "loan."
    )


def _summary(found: Resplits, metric: str, model: str) -> dict[str, float]:
    summary = found.summary
    rows = summary[(summary["metric"] == metric) & (summary["model"] == model)]
    return {name: float(rows[name].iloc[0]) for name in ("mean", "wins")}
