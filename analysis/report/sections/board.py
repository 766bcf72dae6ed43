"""The board's pages: monitoring plan, the models and their use."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.base import display
from analysis.base.display import count, decimals_for, percent, rate, share
from analysis.base.errors import printable
from analysis.base.settings import Settings
from analysis.evidence.monitoring.stability import (
    LARGE,
    LEVEL,
    MATERIAL_INDEX,
    MATERIAL_PART,
    SMALL,
    Limit,
)
from analysis.findings.words import Words
from analysis.portfolio.declaration import Column
from analysis.report.drawing.cells import NAME
from analysis.report.drawing.markdown import Markdown, joined, only, raw
from analysis.report.drawing.tables import Link, Table, facts
from analysis.report.sections import strongest
from analysis.report.sections.guidance import answered
from analysis.results import Results


def monitoring(results: Results) -> str:
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


def monitoring_table(results: Results) -> Table:
    """Show each watched figure with its value here and its limits in later files of two sizes."""
    found = results.evidence.monitoring
    values: dict[tuple[str, str], float] = {
        (each.kind, each.name): each.value for each in found.baseline.rates
    }
    strong = strongest.names(results)
    figures, shown = [], []
    for place, each in enumerate(found.planned[0].limits):
        value = values.get((each.kind, each.name))
        limits = {str(plan.rows): plan.limits[place] for plan in found.planned}
        watched = {NAME: WATCHED[each.kind](each.name, results.words)}
        ends = {
            f"{rows}_{end}": getattr(limit, end)
            for rows, limit in limits.items()
            for end in ("low", "high")
        }
        figures.append(watched | {"here": value} | ends)
        if each.kind != "feature" or each.name in strong:
            texts = {rows: _limits(limit) for rows, limit in limits.items()}
            shown.append(watched | {"here": _rate(each.kind, value)} | texts)
    titles = {str(plan.rows): f"In {count(plan.rows)} loans" for plan in found.planned}
    titles = {"here": "Here"} | titles
    caption = "What is watched in a later file, and its limits by the number of loans in it"
    return Table(
        "monitoring",
        "Watched",
        pd.DataFrame(figures),
        pd.DataFrame(shown),
        titles,
        caption,
        results.findings,
    )


# What the table calls a watched figure of each kind.
WATCHED: dict[str, Callable[[str, Words], str]] = {
    "score": lambda name, words: f"Index of {words.models[name]}\u2019s score",
    "feature": lambda name, words: f"Index of {words.within(name)}",
    "refused": lambda name, words: f"Sent to review by {words.models[name]}",
    "high_risk": lambda _, words: f"{display.capital(words.high_risk)} loans",
    "recall": lambda name, words: f"Recall of {words.models[name]}",
    "observed_expected": lambda name, words: f"Observed / expected of {words.models[name]}",
}


def _limits(limit: Limit) -> str:
    """Write between what a figure may lie; an index has no lower limit."""
    if limit.kind in {"score", "feature"}:
        return f"up to {share(limit.high, decimals_for(limit.high))}"
    return f"{_rate(limit.kind, limit.low)} to {_rate(limit.kind, limit.high)}"


def _rate(kind: str, value: float | None) -> str:
    if value is None:
        return display.DASH
    return rate(value) if kind == "observed_expected" else percent(value, 2)


def sign_off(settings: Settings) -> Markdown:
    """Return the table to be signed: on the page here, in the PDF on the cover.

    It has no number, so that tables are numbered alike in both.
    """
    frame = '<div class="table-frame" tabindex="0" role="group" aria-label="Sign-off">'
    table = [raw("html", frame), sign_off_table(settings).block(), raw("html", "</div>")]
    elsewhere = "The table to be signed stands on the cover."
    return joined([only("html", joined(table)), only("typst", elsewhere)])


def model(settings: Settings) -> Table:
    """Draw what the owner states of the models and their use."""
    stated = settings.model
    rows = {
        "Name": stated.name,
        "Version": stated.version,
        "Status": stated.status,
        "Owner": stated.owner,
        "Reviewer": stated.reviewer,
        "Materiality": stated.materiality,
        "Intended use": stated.intended_use,
        "Out of scope": stated.out_of_scope_use,
    }
    caption = "The models and their use, as the owner states them"
    rows = {name: printable(text) for name, text in rows.items()}
    return facts("model", "What", "As stated", rows, caption)


def assumptions(settings: Settings, results: Results) -> list[str]:
    """List what the figures rest on, as the owner states it, and why a missed loan costs it."""
    words = results.words
    reason = words.declaration.label.cost_reason or (
        f"The cost ratio of {display.amount(results.evidence.decision.cost_ratio)}, what a missed "
        f"{words.high_risk} loan costs in needless reviews of {words.healthy} ones, is an "
        "assumption for the reader to set (cost_ratio in settings.yml); the declaration of these "
        "loans gives no reason for it (cost_reason)."
    )
    return [*settings.assumptions, display.typographic(reason)]


def dictionary(results: Results) -> Table:
    """Draw the data dictionary from the declaration: what is read, then what is left out."""
    declared = results.words.declaration
    fields = [*declared.columns, *declared.ignored]
    titles = {"title": "Title", "unit": "Unit", "allowed": "Allowed"}
    if len({each.use for each in fields} - {"label"}) > 1:  # else all but the label are features
        titles |= {"use": "Use"}
    if any(each.description or each.reason for each in fields):
        titles |= {"description": "Description"}
    frame = pd.DataFrame([_described(each) for each in fields])[[NAME, *titles]]
    return Table.of_words("dictionary", "Column", frame, titles, "The columns of a loan file")


def _described(column: Column) -> dict[str, str]:
    ignored = column.use == "ignored"
    return {
        NAME: column.name,
        "title": column.title,
        "unit": column.unit,
        "allowed": display.DASH if ignored else column.allowed,
        "use": "left out" if ignored else column.use,
        "description": display.typographic(column.description or column.reason),
    }


def guidance(settings: Settings, results: Results) -> Table:
    """Draw which section answers what each guidance asks; the answers link to the sections."""
    rows = [
        {NAME: each.source, "item": each.item, "answer": Link(each.answer, each.anchor)}
        for each in answered(settings, results.words.declaration)
    ]
    titles = {"item": "Asks for", "answer": "Answer"}
    caption = "Where each listed item is answered"
    return Table.of_words("guidance", "Guidance", pd.DataFrame(rows), titles, caption)


def sign_off_table(settings: Settings) -> Table:
    """Draw the table to be signed: a row a role, nothing filled in."""
    rows = [{NAME: role, "who": "", "decision": "", "signed": ""} for role in settings.sign_off]
    titles = {"who": "Name", "decision": "Decision", "signed": "Date and signature"}
    return Table.of_words("sign-off", "Role", pd.DataFrame(rows), titles)


def change_log(settings: Settings) -> Table:
    """Draw the change log, newest last."""
    rows = [
        {NAME: each.version, "date": each.date, "change": each.change}
        for each in settings.change_log
    ]
    texts = pd.DataFrame(rows, columns=[NAME, "date", "change"])
    titles = {"date": "Date", "change": "Change"}
    return Table.of_words("changes", "Version", texts, titles, "Change log")
