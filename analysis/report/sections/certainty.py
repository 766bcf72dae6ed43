"""How sure the comparison is: its sentences and its table."""

from __future__ import annotations

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.base.display import count, difference, plural, share
from analysis.evidence.certainty.comparison import (
    Bounds,
    McNemar,
    decide_alike,
    may_be_chance,
    relied_on,
)
from analysis.evidence.numerics.resampling import Interval
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.report.drawing.tables import METRICS, NAME, draw
from analysis.results import Results

CERTAIN = 0.001


def intervals(results: Results) -> GT:
    """Draw every headline figure of both models with its 95 % interval, and the difference."""
    evidence = results.evidence
    rows = []
    for metric, title in METRICS.items():
        paired = evidence.comparison.differences[metric]
        rows.append(
            {
                NAME: title,
                ORIGINAL: _interval(evidence.models.original.intervals[metric]),
                OVERSAMPLED: _interval(evidence.models.oversampled.intervals[metric]),
                "rows": _difference(paired.difference, paired.by_rows),
                "features": _difference(paired.difference, paired.by_feature_rows),
            }
        )
    titles = SHORT_TITLES | {
        "rows": "Difference, by rows",
        "features": "Difference, by features",
    }
    return draw(pd.DataFrame(rows), "intervals", "On the test loans", titles)


def _interval(found: Interval) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return share(found.estimate, 3)
    return f"{share(found.estimate, 3)} ({share(found.low, 3)} to {share(found.high, 3)})"


def _difference(value: float | None, bounds: Bounds) -> str:
    if value is None or bounds.low is None or bounds.high is None:
        return display.DASH
    return f"{difference(value)} ({difference(bounds.low)} to {difference(bounds.high)})"


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
