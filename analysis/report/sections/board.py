"""The board's pages: monitoring plan, the models and their use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.base.display import count, percent, share
from analysis.base.errors import printable
from analysis.base.settings import Settings
from analysis.evidence.monitoring import SHIFT, WATCH
from analysis.evidence.numerics.resampling import Interval
from analysis.models.fits import NAMES, SHORT_TITLES
from analysis.portfolio.schema import column, columns
from analysis.report.drawing import tables
from analysis.report.drawing.tables import FENCE, NAME, Link, align, draw, facts, texts
from analysis.report.sections.guidance import MATRIX
from analysis.results import Results


def monitoring(results: Results) -> Iterator[str]:
    """Say what to watch and from when on to act, a paragraph each."""
    yield (
        f"Hold every later file against the {count(results.split.train_rows)} training loans: "
        f"below a population stability index of {WATCH:.2f} nothing has changed to speak of, from "
        f"{SHIFT:.2f} the portfolio is another one and the models are to be fitted and reviewed "
        "again."
    )
    yield (
        "When labels become known, review where a figure leaves its 95 % interval: the share of "
        f"high-risk loans {_interval(results.evidence.data.prevalence, percent)}; "
        f"their recall {_of_both(results, 'recall')}; "
        f"observed / expected {_of_both(results, 'observed_expected')}."
    )


def _of_both(results: Results, metric: str) -> str:
    """Write a metric of both models with its intervals."""
    return display.listing(
        [
            f"{_interval(model.intervals[metric], partial(share, decimals=3))} of {NAMES[name]}"
            for name, model in results.evidence.models.items()
        ]
    )


def _interval(found: Interval, write: Callable[[float], str]) -> str:
    if found.estimate is None:
        return display.DASH
    if found.low is None or found.high is None:
        return write(found.estimate)
    return f"{write(found.estimate)} ({write(found.low)} to {write(found.high)})"


def monitoring_table(results: Results) -> GT:
    """Draw which scores and columns are watched, in how many bins, and the limits."""
    rows = [
        {
            NAME: f"{SHORT_TITLES[each.name]} score"
            if each.kind == "score"
            else column(each.name).title,
            "bins": count(len(each.shares)),
            "largest": percent(max(each.shares)),
            "watch": f"{WATCH:.2f}",
            "act": f"{SHIFT:.2f}",
        }
        for each in results.evidence.monitoring.bins
    ]
    titles = {
        "bins": "Bins",
        "largest": "Loans in the fullest bin",
        "watch": "Watch from",
        "act": "Act from",
    }
    return draw(pd.DataFrame(rows), "monitoring", "Watched", titles)


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
        {NAME: each.source, "item": each.item, "answer": Link.to_heading(each.answer)}
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
