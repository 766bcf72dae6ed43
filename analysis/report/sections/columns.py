"""Columns that determine each other: the section's sentence and table."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeGuard

import pandas as pd

from analysis.base import display
from analysis.base.display import count
from analysis.findings.wording import coefficients_of
from analysis.models.fits import ORIGINAL, SHORT_TITLES
from analysis.portfolio.schema import column
from analysis.report.drawing import escape
from analysis.report.drawing.tables import NAME, Table
from analysis.results import Results

# Beyond this, and below its inverse, an odds ratio says no more than that the labels separate.
LARGEST_ODDS = 1e6
MOST_ODDS_DECIMALS = 3


def coefficients(results: Results) -> Table:
    """Show both models' coefficients and odds ratios, unidentified ones marked."""
    frame = _coefficients(results)
    odds = {f"{name} odds": f"{name}_odds_ratio_per_sd" for name in SHORT_TITLES}
    texts = pd.DataFrame(
        {
            NAME: frame[NAME],
            **{name: display.aligned(frame[name].to_list()) for name in SHORT_TITLES},
            **{
                name: [*_odds(frame[column].to_list()[:-1]), display.DASH]
                for name, column in odds.items()
            },
            "identified": [
                *("yes" if each else "no" for each in frame["identified"][:-1]),
                display.DASH,
            ],
        }
    )
    titles = dict(zip(odds, (f"{title}, odds" for title in SHORT_TITLES.values()), strict=True))
    titles = SHORT_TITLES | titles | {"identified": "Identified"}
    return Table("coefficients", "Column", frame, texts, titles, results.findings)


def _coefficients(results: Results) -> pd.DataFrame:
    """Return coefficients and odds ratios, a row a column and one for the intercepts."""
    models = results.evidence.models
    columns = models[ORIGINAL].coefficients
    return pd.DataFrame(
        {
            NAME: [*(column(each.name).title for each in columns), "Intercept"],
            **{
                name: [
                    *(each.coefficient for each in model.coefficients),
                    results.models[name].fitted.intercept,
                ]
                for name, model in models.items()
            },
            **{
                f"{name}_odds_ratio_per_sd": [
                    *(each.odds_ratio_per_sd for each in model.coefficients),
                    None,
                ]
                for name, model in models.items()
            },
            "identified": [*(each.identified for each in columns), None],
        }
    )


def _odds(values: list[float | None]) -> list[str]:
    """Write odds ratios with three digits and no exponent; only the order of extreme ones.

    Their points align, unless small ones would give large ones digits that mean nothing.
    """
    decimals = display.decimals_of([value for value in values if _moderate(value)])
    return [_odds_ratio(value, decimals) for value in values]


def _moderate(value: float | None) -> TypeGuard[float]:
    return not pd.isna(value) and 1 / LARGEST_ODDS <= value <= LARGEST_ODDS


def _odds_ratio(value: float | None, decimals: int) -> str:
    if _moderate(value):
        close = decimals <= MOST_ODDS_DECIMALS
        return f"{value:,.{decimals}f}" if close else f"{Decimal(f'{value:.3g}'):,f}"
    if pd.isna(value) or value > LARGEST_ODDS:
        return f"over {count(LARGEST_ODDS)}"
    return f"below {Decimal(f'{1 / LARGEST_ODDS:g}'):f}"


def determined(results: Results) -> str:
    """Say which columns are functions of others, and which coefficients that leaves open."""
    found, design = results.evidence.data.identities, results.evidence.data.design
    formulas = [escape.markdown(each.formula) for each in found]
    given = (
        f"In every row, {display.listing(formulas)}"
        if found
        else "No column is an exact function of one or two others"
    )
    effect = (
        f"{coefficients_of(design.unidentified)}, marked in the table, could be others without "
        "any prediction changing"
        if design.unidentified
        else "every coefficient is identified"
    )
    return (
        f"{given}; the design has rank {design.design_rank} of {design.design_columns}: {effect}."
    )
