"""The monitoring plan: what to watch in later files, and within which limits."""

from __future__ import annotations

import pandas as pd

from analysis.base.display import capital, count, decimals_for, percent, rate, share
from analysis.evidence.monitoring.stability import (
    LARGE,
    LEVEL,
    MATERIAL_INDEX,
    MATERIAL_PART,
    SMALL,
    Limit,
)
from analysis.findings.words import Words
from analysis.report.drawing.cells import NAME
from analysis.report.drawing.tables import Table
from analysis.report.sections import strongest
from analysis.results import Results


def plan(results: Results) -> str:
    """Say what to watch and how."""
    return (
        "Hold every later file against this report, with its labels or, while they are not known, "
        f"without: its scores and columns against the {count(results.split.train_rows)} training "
        "loans, its rates against those here. Each figure has limits that follow from the number "
        f"of loans in the file; the figures of an unchanged portfolio all stay within them in "
        f"{percent(LEVEL, 0)} of files or more, if its loans are independent of each other. "
        "A figure outside its limits is a shift: find its cause before the models are used further."
        f"{strongest.by_information(results, strongest.MOST, ' The table')}"
    )


def shifts() -> str:
    """Say what the limits do not say: how large a shift is."""
    return (
        "The limits say whether a change is more than chance and than an index of "
        f"{MATERIAL_INDEX:.2f} or {percent(MATERIAL_PART, 0)} of a rate, not how large it is. "
        "By convention a population stability index below "
        f"{SMALL:.2f} is a small change, and one from {LARGE:.2f} asks for fitting and reviewing "
        "the models again."
    )


def table(results: Results) -> Table:
    """Show each watched figure with its value here and its limits in later files of two sizes."""
    found = results.evidence.monitoring
    values: dict[tuple[str, str], float] = {
        (each.kind, each.name): each.value for each in found.baseline.rates
    }
    strong = strongest.names(results)
    figures, shown = [], []
    for place, first in enumerate(found.planned[0].limits):
        value = values.get((first.kind, first.name))
        limits = {str(each.rows): each.limits[place] for each in found.planned}
        named = {NAME: watched(first.kind, first.name, results.words)}
        ends = {
            f"{rows}_{end}": getattr(limit, end)
            for rows, limit in limits.items()
            for end in ("low", "high")
        }
        figures.append(named | {"here": value} | ends)
        if first.kind != "feature" or first.name in strong:
            within = {rows: _limits(limit) for rows, limit in limits.items()}
            shown.append(named | {"here": _rate(first.kind, value)} | within)
    titles = {str(each.rows): f"In {count(each.rows)} loans" for each in found.planned}
    titles = {"here": "Here"} | titles
    caption = "What is watched in a later file, and its limits by the number of loans in it"
    frame, texts = pd.DataFrame(figures), pd.DataFrame(shown)
    return Table("monitoring", "Watched", frame, texts, titles, caption, results.findings)


def watched(kind: str, name: str, words: Words) -> str:
    """Return what a watched figure of a kind, of a model or a column, is called."""
    if kind == "feature":
        return f"Index of {words.within(name)}"
    if kind == "high_risk":
        return f"{capital(words.high_risk)} loans"
    model = words.models[name]
    return {
        "score": f"Index of {model}\u2019s score",
        "refused": f"Sent to review by {model}",
        "recall": f"Recall of {model}",
        "observed_expected": f"Observed / expected of {model}",
    }[kind]


def _limits(limit: Limit) -> str:
    """Write between what a figure may lie; an index has no lower limit."""
    if limit.kind in {"score", "feature"}:
        return f"up to {share(limit.high, decimals_for(limit.high))}"
    return f"{_rate(limit.kind, limit.low)} to {_rate(limit.kind, limit.high)}"


def _rate(kind: str, value: float | None) -> str:
    return rate(value) if kind == "observed_expected" else percent(value, 2)
