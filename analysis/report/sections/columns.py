"""What the columns say, alone and together: sentences and tables of two sections."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, TypeGuard

import pandas as pd

from analysis.base import display
from analysis.base.display import count, percent, share
from analysis.evidence.columns.dependence import Dependence
from analysis.findings.wording import coefficients_of, verb
from analysis.models.fits import ORIGINAL, TITLES
from analysis.portfolio.schema import column
from analysis.report.drawing import escape
from analysis.report.drawing.tables import NAME, Table, written
from analysis.results import Results

# Beyond this, and below its inverse, an odds ratio says no more than that the labels separate.
LARGEST_ODDS = 1e6
MOST_ODDS_DECIMALS = 3
DIGITS = 6  # with four, loans at the threshold are decided otherwise
# From this information value on, a column is usually suspected of knowing the label.
ALARM = 0.5


def coefficients(results: Results) -> Table:
    """Show both models' coefficients and odds ratios, unidentified ones marked."""
    frame = _coefficients(results)
    odds = {f"{name} odds": f"{name}_odds_ratio_per_sd" for name in TITLES}
    texts = pd.DataFrame(
        {
            NAME: frame[NAME],
            **{name: [_digits(value) for value in frame[name]] for name in TITLES},
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
    titles = dict(zip(odds, (f"{title}, odds" for title in TITLES.values()), strict=True))
    titles = TITLES | titles | {"identified": "Identified"}
    return Table("coefficients", "Column", frame, texts, titles, results.findings)


def _digits(value: float) -> str:
    """Write a coefficient with digits enough to decide by, in powers of ten where it is small."""
    return f"{value:.{DIGITS - 1}e}".replace("-", display.MINUS)


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


def strength(results: Results) -> Table:
    """Show what each column says of the label alone, beside the models."""
    found = results.evidence.columns
    inflation = found.dependence.variance_inflation
    rows: list[dict[str, Any]] = [
        {
            NAME: column(each.column).title,
            **{key: getattr(each, key) for key in (*ALONE, *UNSHOWN, *MEANS)},
            "inflation": inflation.get(each.column),
            "why": _why(found.dependence, each.column),
        }
        for each in found.strengths.columns
    ]
    rows += [
        {
            NAME: f"{TITLES[name]} model",
            "area": model.scores.roc_auc,
            "log_loss": model.scores.log_loss,
            "why": display.DASH,
        }
        for name, model in results.evidence.models.items()
    ]
    frame = pd.DataFrame(rows)
    texts = written(
        frame,
        {
            "area": partial(share, decimals=5),
            "information_value": partial(share, decimals=2),
            **dict.fromkeys(MEANS, _mean),
        },
    ).assign(
        inflation=[
            why if pd.isna(value) else _three(value)
            for why, value in zip(frame["why"], frame["inflation"], strict=True)
        ]
    )
    titles = ALONE | MEANS | {"inflation": "Variance inflation"}
    frame = frame.drop(columns="why")
    return Table("strength", "By itself", frame, texts[[NAME, *titles]], titles, results.findings)


ALONE = {"area": "ROC AUC", "information_value": "Information value"}
UNSHOWN = ("riskier", "log_loss")  # in the figures all the same
MEANS = {"mean_healthy": "Mean, healthy", "mean_high_risk": "Mean, high-risk"}


def _why(found: Dependence, name: str) -> str:
    """Say why a column has no variance inflation."""
    if name in found.constant:
        return "constant"
    return "given by others" if name in found.given else display.DASH


def _three(value: float) -> str:
    return f"{Decimal(f'{value:.3g}'):,f}"


def _mean(value: float | None) -> str:
    """Write a mean in its column's unit with four digits, in full."""
    return display.DASH if value is None else f"{Decimal(f'{value:.4g}'):,f}"


def ranks(results: Results) -> Table:
    """Show the rank correlation of each two columns that vary."""
    found = results.evidence.columns.dependence.rank_correlations
    names = [*dict.fromkeys([*found["first"], *found["second"]])]
    square = found.pivot(index="second", columns="first", values="correlation")
    square = square.reindex(index=names[1:], columns=names[:-1])
    frame = square.set_axis([column(name).title for name in square.index]).rename_axis(NAME)
    frame = frame.reset_index().rename_axis(columns=None)
    titles = {name: column(name).title for name in square.columns}
    writers = dict.fromkeys(titles, lambda value: "" if value is None else share(value, 4))
    return Table("ranks", "Column", frame, written(frame, writers), titles, results.findings)


GROUPS = {"healthy": "healthy", "high_risk": "high-risk", "training": "training", "test": "test"}
STATISTICS = {
    "mean": "Mean",
    "sd": "SD",
    "minimum": "Least",
    "lower_quartile": "25 %",
    "median": "Median",
    "upper_quartile": "75 %",
    "maximum": "Largest",
}


def description(results: Results) -> Table:
    """Show the statistics of each column by label and by side of the split."""
    found = results.evidence.columns.description
    frame = found[found["group"].isin(list(GROUPS))].reset_index(drop=True)
    names = [
        f"{column(row['column']).title}, {GROUPS[row['group']]}" for row in frame.to_dict("records")
    ]
    frame = frame.assign(**{NAME: names})[[NAME, "loans", *STATISTICS]]
    texts = written(frame, dict.fromkeys(STATISTICS, _mean))
    return Table("description", "Column and loans", frame, texts, STATISTICS, results.findings)


def alone(results: Results) -> str:
    """Say how much single columns say, and how far all say the same."""
    found = results.evidence.columns
    best = max(found.strengths.columns, key=lambda each: each.area)
    values = [each.information_value for each in found.strengths.columns]
    alarming = sum(value > ALARM for value in values)
    area = results.evidence.models[ORIGINAL].scores.roc_auc
    beside = "" if area is None else f", the original model one of {share(area, 5)}"
    return (
        f"{column(best.column).title} alone has an area under the ROC curve of "
        f"{share(best.area, 5)} on the test loans{beside}. An information value above {ALARM:g} is "
        f"a usual alarm for a column that knows the label: {display.number_or_none(alarming)} of "
        f"{count(len(values))} columns {verb(alarming, 'is', 'are')} above it; the values run from "
        f"{share(min(values), 2)} to {share(max(values), 2)}. {_together(found.dependence)}"
    )


def _together(found: Dependence) -> str:
    """Say which columns put the loans in the same order, and what one direction explains."""
    same = "No two columns put the loans in nearly the same order"
    if found.same_order and found.same_order_least is not None:
        titles = display.listing([column(name).title.lower() for name in found.same_order])
        same = (
            f"{display.capital(titles)} put the loans in nearly the same order (rank correlations "
            f"of {share(found.same_order_least, 4)} or more in size)"
        )
    if found.first_component_share is None:
        return f"{same}."
    return (
        f"{same}; one direction holds {percent(found.first_component_share)} of the variance of "
        "all standardised columns."
    )


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
