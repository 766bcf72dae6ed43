"""Who bears the decisions: the section's sentence and table."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import amount, count, percent
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, TITLES
from analysis.portfolio.schema import column
from analysis.report.drawing.tables import NAME, Table, written
from analysis.results import Results

SHOWN = ("borrower_income", "loan_size", "derogatory_marks")
BEARING = "borrower_income"


def segments(results: Results) -> Table:
    """Show both models in quarters of the columns that a reader asks of first."""
    found = results.evidence.segments
    found = found[found["column"].isin(SHOWN)]
    keys = ["column", "segment", "lower", "upper", "loans", "high_risk"]
    of_models = [
        found[found["model"] == name]
        .set_index(keys)[[*FIGURES, "share_of_refused"]]
        .add_suffix(f"_{name}")
        for name in NAMES
    ]
    frame = pd.concat(of_models, axis="columns")
    frame = frame.loc[[name for name in SHOWN if name in frame.index.get_level_values(0)]]
    frame = frame.reset_index()
    names = [_segment(*row) for row in frame[["column", "lower", "upper"]].itertuples(index=False)]
    frame = frame.assign(**{NAME: names})[[NAME, *frame.columns]]
    shares = {
        f"{figure}_{model}": f"{TITLES[model]} {title}"
        for model in (ORIGINAL, OVERSAMPLED)
        for figure, title in FIGURES.items()
    }
    titles = {"loans": "Loans", "high_risk": "High-risk", **shares}
    texts = written(
        frame, dict.fromkeys(("loans", "high_risk"), count) | dict.fromkeys(shares, _part)
    )
    return Table("segments", "Test loans with", frame, texts, titles, results.findings)


FIGURES = {"refused_share": "predicts", "recall": "recall"}


def _segment(name: str, lower: float, upper: float) -> str:
    title, ends = column(name).title, [_value(lower), _value(upper)]
    return f"{title} {' to '.join(dict.fromkeys(ends))}"


def _value(value: float) -> str:
    return amount(round(value, 6))


def _part(value: float | None) -> str:
    return display.DASH if value is None else percent(value)


def bearing(results: Results) -> str:
    """Say which quarter of income bears the decisions."""
    found = results.evidence.segments
    found = found[found["column"] == BEARING]
    parts = []
    for name, title in NAMES.items():
        rows = found[(found["model"] == name) & found["share_of_refused"].notna()]
        if not len(rows):
            parts.append(f"{title} predicts no loan to be high-risk")
            continue
        most = rows.loc[[rows["share_of_refused"].idxmax()]].to_dict("records")[0]
        bounds = f"{_value(most['lower'])} to {_value(most['upper'])}"
        parts.append(
            f"of the loans that {title} predicts to be high-risk, "
            f"{percent(most['share_of_refused'])} have "
            f"{column(BEARING).title.lower()} from {bounds}"
        )
    return f"{display.capital('; '.join(parts))}."
