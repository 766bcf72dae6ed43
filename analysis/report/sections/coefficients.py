"""Which columns determine each other, and what that leaves of the coefficients."""

from __future__ import annotations

from typing import TypeGuard

import pandas as pd

from analysis.base import display
from analysis.base.display import DASH, MINUS, count, digits
from analysis.models.pair import ORIGINAL
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.tables import Table
from analysis.report.sections import strongest
from analysis.results import Results

# Beyond this, and below its inverse, an odds ratio says no more than that the labels separate.
LARGEST_ODDS = 1e6
MOST_ODDS_DECIMALS = 3
DIGITS = 6  # with four, loans at the threshold are decided otherwise


def determined(results: Results) -> str:
    """Say which columns are functions of others, and which coefficients that leaves open."""
    found, design = results.evidence.data.identities, results.evidence.data.design
    formulas = display.some([each.formula for each in found])
    given = (
        f"In every row, {display.listing(formulas)}"
        if found
        else "No column is an exact function of one or two others"
    )
    effect = (
        f"{results.words.coefficients(design.unidentified)}, marked in the table, could be others "
        "without any prediction changing"
        if design.unidentified
        else "every coefficient is identified"
    )
    return (
        f"{given}; the design has rank {design.design_rank} of {design.design_columns}: {effect}."
    )


def coefficients(results: Results) -> Table:
    """Show both models' coefficients and odds ratios, unidentified ones marked."""
    called = results.words.model_titles
    frame = _coefficients(results)
    odds = {name: frame[f"{name}_odds_ratio_per_sd"].to_list()[:-1] for name in called}
    identified = ["yes" if each else "no" for each in frame["identified"][:-1]]
    columns: Columns = {
        **{name: (title, _digits) for name, title in called.items()},
        **{
            f"{name} odds": (f"{title}, odds", [*_odds(odds[name]), DASH])
            for name, title in called.items()
        },
        "identified": ("Identified", [*identified, DASH]),
    }
    caption = (
        "Coefficients of the models as reported, in log-odds a unit, and as odds ratios per "
        "standard deviation"
    )
    made = Table.of("coefficients", "Column", frame, columns, caption, results.findings)
    return made.only(strongest.rows(results, frame["column"], strongest.LONG))


def _coefficients(results: Results) -> pd.DataFrame:
    """Return coefficients and odds ratios, a row a column and one for the intercepts."""
    models = results.evidence.models
    columns = models[ORIGINAL].coefficients
    return pd.DataFrame(
        {
            NAME: [*(results.words.title(each.name) for each in columns), "Intercept"],
            "column": [*(each.name for each in columns), None],
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


def _digits(value: float) -> str:
    """Write a coefficient with digits enough to decide by, in powers of ten where it is tiny."""
    return f"{value:#.{DIGITS}g}".replace("-", MINUS)


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
        return f"{value:,.{decimals}f}" if close else digits(value, 3)
    if pd.isna(value) or value > LARGEST_ODDS:
        return f"over {count(LARGEST_ODDS)}"
    return f"below {digits(1 / LARGEST_ODDS, 1)}"
