"""The board's pages: monitoring plan, the models and their use."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from great_tables import GT

from analysis import display
from analysis.display import count, percent
from analysis.evidence.monitoring import SHIFT, WATCH
from analysis.models import SHORT_TITLES
from analysis.results import Results
from analysis.schema import column
from analysis.settings import Settings
from analysis.tables import NAME, draw, facts


def monitoring(results: Results) -> Iterator[str]:
    """Say what to watch and from when on to act, a paragraph each."""
    share = results.data.label_counts.get(1, 0) / results.data.rows
    yield (
        f"Hold every later file against the {count(results.split.train_rows)} training loans: "
        f"below a population stability index of {WATCH:.2f} nothing has changed to speak of, from "
        f"{SHIFT:.2f} the portfolio is another one and the models are to be fitted and reviewed "
        "again."
    )
    yield (
        f"When labels become known, hold the share of high-risk loans ({percent(share)} here), "
        "recall and observed / expected against this report's intervals; outside of them, review."
    )


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
        "largest": "Largest bin",
        "watch": "Watch from",
        "act": "Act from",
    }
    return draw(pd.DataFrame(rows), "monitoring", "Watched", titles)


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
        {name: display.one_line(text) for name, text in rows.items()}, "model", "What", "As stated"
    )
