"""How sure the comparison is: its sentences and its table."""

from __future__ import annotations

import pandas as pd

from analysis.base.display import count, difference, plural, share
from analysis.evidence.certainty.comparison import (
    McNemar,
    decide_alike,
    may_be_chance,
    relied_on,
)
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.report.drawing.tables import METRICS, NAME, Table, span
from analysis.results import Results

CERTAIN = 0.001


def intervals(results: Results) -> Table:
    """Show every headline figure of both models with its 95 % interval, and the difference."""
    evidence = results.evidence
    rows = []
    for metric, title in METRICS.items():
        paired = evidence.comparison.differences[metric]
        rows.append(
            {
                NAME: title,
                **{
                    name: model.intervals[metric].estimate
                    for name, model in evidence.models.items()
                },
                "difference": paired.difference,
                **{
                    f"{name}_{end}": getattr(model.intervals[metric], end)
                    for name, model in evidence.models.items()
                    for end in ("low", "high")
                },
                "rows_low": paired.by_rows.low,
                "rows_high": paired.by_rows.high,
                "features_low": paired.by_feature_rows.low,
                "features_high": paired.by_feature_rows.high,
            }
        )
    frame = pd.DataFrame(rows)
    texts = frame[[NAME]].assign(
        **{name: span(frame, name, name) for name in SHORT_TITLES},
        rows=span(frame, "difference", "rows", difference),
        features=span(frame, "difference", "features", difference),
    )
    titles = SHORT_TITLES | {
        "rows": "Difference, by rows",
        "features": "Difference, by features",
    }
    return Table("intervals", "On the test loans", frame, texts, titles, results.findings)


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
