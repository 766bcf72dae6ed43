"""The board's pages: the models and their use, sign-off, guidance and the data dictionary."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.errors import printable
from analysis.base.settings import Settings
from analysis.portfolio.column import Column
from analysis.report.drawing.cells import NAME
from analysis.report.drawing.markdown import Markdown, joined, only, raw
from analysis.report.drawing.tables import Link, Table, facts
from analysis.report.sections.guidance import answered
from analysis.results import Results


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
