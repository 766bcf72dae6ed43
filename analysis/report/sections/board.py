"""The board's pages: monitoring plan, the models and their use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.base.display import count, percent, share
from analysis.base.errors import printable
from analysis.base.settings import Settings
from analysis.evidence.monitoring.stability import LARGE, LEVEL, SMALL, Limit
from analysis.models.fits import NAMES
from analysis.portfolio.schema import column, columns
from analysis.report.drawing import tables
from analysis.report.drawing.tables import FENCE, NAME, Link, align, draw, facts, texts
from analysis.report.sections.guidance import MATRIX
from analysis.results import Results


def monitoring(results: Results) -> Iterator[str]:
    """Say what to watch and from when on to act, a paragraph each."""
    yield (
        "Hold every later file against this report, with its labels or, while they are not known, "
        f"without: its scores and columns against the {count(results.split.train_rows)} training "
        "loans, its rates against those here. Each figure has limits that follow from the number "
        f"of loans in the file; the figures of an unchanged portfolio all stay within them in "
        f"{percent(LEVEL, 0)} of files or more, if its loans are independent of each other. "
        "A figure outside its limits is a shift: find its cause before the models are used further."
    )
    yield (
        "The limits say whether a change is more than chance, not how large it is; in a large file "
        "small ones are too. By convention a population stability index below "
        f"{SMALL:.2f} is a small change, and one from {LARGE:.2f} asks for fitting and reviewing "
        "the models again."
    )


def monitoring_table(results: Results) -> GT:
    """Draw each watched figure with its value here and its limits in later files of two sizes."""
    found = results.evidence.monitoring
    values: dict[tuple[str, str], float] = {
        (each.kind, each.name): each.value for each in found.baseline.rates
    }
    rows = [
        {NAME: WATCHED[each.kind](each.name), "here": _rate(each.kind, values.get(key))}
        | {str(plan.rows): _limits(plan.limits[place]) for plan in found.planned}
        for place, each in enumerate(found.planned[0].limits)
        for key in [(each.kind, each.name)]
    ]
    titles = {str(plan.rows): f"In {count(plan.rows)} loans" for plan in found.planned}
    return draw(pd.DataFrame(rows), "monitoring", "Watched", {"here": "Here"} | titles)


# What the table calls a watched figure of each kind.
WATCHED: dict[str, Callable[[str], str]] = {
    "score": lambda name: f"Index of {NAMES[name]}\u2019s score",
    "feature": lambda name: f"Index of {column(name).title.lower()}",
    "refused": lambda name: f"Refused by {NAMES[name]}",
    "high_risk": lambda _: "High-risk loans",
    "recall": lambda name: f"Recall of {NAMES[name]}",
    "observed_expected": lambda name: f"Observed / expected of {NAMES[name]}",
}


def _limits(limit: Limit) -> str:
    """Write between what a figure may lie; an index has no lower limit."""
    if limit.kind in {"score", "feature"}:
        return f"up to {limit.high:.3f}"
    return f"{_rate(limit.kind, limit.low)} to {_rate(limit.kind, limit.high)}"


def _rate(kind: str, value: float | None) -> str:
    if value is None:
        return display.DASH
    return share(value, 3) if kind == "observed_expected" else percent(value, 2)


def sign_off(settings: Settings) -> str:
    """Return the table to be signed as Markdown: on the page here, in the PDF on the cover.

    It has no number, so that tables are numbered alike in both.
    """
    table = tables.block(sign_off_table(settings))
    return (
        f'::: {{.content-visible when-format="html"}}\n{FENCE}{{=html}}\n'
        '<div class="table-frame" tabindex="0" role="group" aria-label="Sign-off">\n'
        f"{FENCE}\n{table}\n{FENCE}{{=html}}\n</div>\n{FENCE}\n:::\n\n"
        '::: {.content-visible when-format="typst"}\n'
        "The table to be signed stands on the cover.\n"
        ":::"
    )


def model(settings: Settings) -> GT:
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
    return facts(
        {name: printable(text) for name, text in rows.items()}, "model", "What", "As stated"
    )


def dictionary() -> GT:
    """Draw the data dictionary from the schema."""
    frame = pd.DataFrame(
        [
            {
                NAME: column.name,
                "title": column.title,
                "unit": column.unit,
                "allowed": column.allowed,
                "description": display.typographic(column.description),
            }
            for column in columns()
        ]
    )
    titles = {
        "title": "Title",
        "unit": "Unit",
        "allowed": "Allowed",
        "description": "Description",
    }
    return align(draw(frame, "dictionary", "Column", titles), list(titles), "left")


def guidance() -> GT:
    """Draw which section answers what each guidance asks; the answers link to the sections."""
    rows = [
        {NAME: each.source, "item": each.item, "answer": Link(each.answer, each.anchor)}
        for each in MATRIX
    ]
    return texts(
        pd.DataFrame(rows), "guidance", "Guidance", {"item": "Asks for", "answer": "Answer"}
    )


def sign_off_table(settings: Settings) -> GT:
    """Draw the table to be signed: a row a role, nothing filled in."""
    rows = [{NAME: role, "who": "", "decision": "", "signed": ""} for role in settings.sign_off]
    titles = {"who": "Name", "decision": "Decision", "signed": "Date and signature"}
    return texts(pd.DataFrame(rows), "sign-off", "Role", titles)


def change_log(settings: Settings) -> GT:
    """Draw the change log, newest last."""
    rows = [
        {NAME: each.version, "date": each.date, "change": each.change}
        for each in settings.change_log
    ]
    return texts(
        pd.DataFrame(rows, columns=[NAME, "date", "change"]),
        "changes",
        "Version",
        {"date": "Date", "change": "Change"},
    )
