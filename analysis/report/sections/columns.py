"""Columns that determine each other: the section's sentence and table."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeGuard

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.base.display import count
from analysis.findings.wording import coefficients_of
from analysis.models.fits import ORIGINAL, SHORT_TITLES
from analysis.portfolio.schema import column
from analysis.report.drawing import escape
from analysis.report.drawing.tables import NAME, draw
from analysis.results import Results

# Beyond this, and below its inverse, an odds ratio says no more than that the labels separate.
LARGEST_ODDS = 1e6
MOST_ODDS_DECIMALS = 3


def coefficients(results: Results) -> GT:
    """Draw both models' coefficients and odds ratios, unidentified ones marked."""
    models = results.evidence.models
    columns = models[ORIGINAL].coefficients
    intercepts = {name: each.fitted.intercept for name, each in results.models.items()}
    frame = pd.DataFrame(
        {
            NAME: [*(column(each.name).title for each in columns), "Intercept"],
            **{
                name: display.aligned(
                    [*(each.coefficient for each in model.coefficients), intercepts[name]]
                )
                for name, model in models.items()
            },
            **{
                f"{name} odds": [
                    *_odds([each.odds_ratio_per_sd for each in model.coefficients]),
                    display.DASH,
                ]
                for name, model in models.items()
            },
            "identified": [*("yes" if each.identified else "no" for each in columns), display.DASH],
        }
    )
    odds = {f"{name} odds": f"{SHORT_TITLES[name]}, odds" for name in models}
    titles = SHORT_TITLES | odds | {"identified": "Identified"}
    return draw(frame, "coefficients", "Column", titles)


def _odds(values: list[float | None]) -> list[str]:
    """Write odds ratios with three digits and no exponent; only the order of extreme ones.

    Their points align, unless small ones would give large ones digits that mean nothing.
    """
    decimals = display.decimals_of([value for value in values if _moderate(value)])
    return [_odds_ratio(value, decimals) for value in values]


def _moderate(value: float | None) -> TypeGuard[float]:
    return value is not None and 1 / LARGEST_ODDS <= value <= LARGEST_ODDS


def _odds_ratio(value: float | None, decimals: int) -> str:
    if _moderate(value):
        close = decimals <= MOST_ODDS_DECIMALS
        return f"{value:,.{decimals}f}" if close else f"{Decimal(f'{value:.3g}'):,f}"
    if value is None or value > LARGEST_ODDS:
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
