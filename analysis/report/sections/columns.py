"""What the columns say, alone and together: sentences and tables of two sections."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, TypeGuard

import pandas as pd

from analysis.base import display
from analysis.base.display import count, finer, percent, plural, share
from analysis.evidence.columns.dependence import Dependence
from analysis.evidence.columns.strength import Strengths
from analysis.evidence.numerics.proportions import known_to
from analysis.findings.wording import verb
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL
from analysis.report.drawing.tables import NAME, Table, written
from analysis.report.sections import strongest
from analysis.results import Results

# Beyond this, and below its inverse, an odds ratio says no more than that the labels separate.
LARGEST_ODDS = 1e6
MOST_ODDS_DECIMALS = 3
DIGITS = 6  # with four, loans at the threshold are decided otherwise
# From this information value on, a column is usually suspected of knowing the label.
ALARM = 0.5


def coefficients(results: Results) -> Table:
    """Show both models' coefficients and odds ratios, unidentified ones marked."""
    called = results.words.model_titles
    frame = _coefficients(results)
    odds = {f"{name} odds": f"{name}_odds_ratio_per_sd" for name in called}
    texts = pd.DataFrame(
        {
            NAME: frame[NAME],
            **{name: [_digits(value) for value in frame[name]] for name in called},
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
    titles = dict(zip(odds, (f"{title}, odds" for title in called.values()), strict=True))
    titles = called | titles | {"identified": "Identified"}
    shown = _shown(results, frame["column"], strongest.LONG)
    caption = (
        "Coefficients of the models as reported, in log-odds a unit, and as odds ratios per "
        "standard deviation"
    )
    return Table("coefficients", "Column", frame, texts[shown], titles, caption, results.findings)


def _shown(results: Results, columns: pd.Series[str], most: int) -> pd.Series[bool]:
    """Return which rows a table shows: those of the strongest columns, and of no column."""
    return columns.isna() | columns.isin(strongest.names(results, most))


def _digits(value: float) -> str:
    """Write a coefficient with digits enough to decide by, in powers of ten where it is tiny."""
    return f"{value:#.{DIGITS}g}".replace("-", display.MINUS)


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
    found, words = results.evidence.columns, results.words
    inflation = found.dependence.variance_inflation
    rows: list[dict[str, Any]] = [
        {
            NAME: words.title(each.column),
            "column": each.column,
            **{key: getattr(each, key) for key in (*ALONE, *UNSHOWN, *MEANS)},
            "inflation": inflation.get(each.column),
            "why": _why(found.dependence, each.column),
        }
        for each in found.strengths.columns
    ]
    rows += _whole_features(results)
    rows += [
        {
            NAME: f"{words.model_titles[name]} model",
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
    means = dict(zip(MEANS, (f"Mean, {words.healthy}", f"Mean, {words.high_risk}"), strict=True))
    titles = ALONE | means | {"inflation": "Variance inflation"}
    texts = texts[_shown(results, frame["column"], strongest.MOST)]
    frame = frame.drop(columns=["why", "column"])
    caption = (
        "Each column alone, and the models, on the test loans; information values on the training "
        "loans"
    )
    return Table("strength", "By itself", frame, texts, titles, caption, results.findings)


def _whole_features(results: Results) -> list[dict[str, Any]]:
    """Return rows of the features that have several columns, the strongest ones."""
    found = sorted(
        results.evidence.columns.strengths.features, key=lambda each: -each.information_value
    )
    return [
        {
            NAME: f"{results.words.title(each.feature)}, as a whole",
            "area": each.area,
            "information_value": each.information_value,
            "log_loss": each.log_loss,
            "why": display.DASH,
        }
        for each in found[: strongest.SQUARE]
    ]


ALONE = {"area": "ROC AUC", "information_value": "Information value"}
UNSHOWN = ("riskier", "log_loss")  # in the figures all the same
MEANS = ("mean_healthy", "mean_high_risk")


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


RANKS = "Rank correlations of the columns"
# Titles that stand side by side above a table: of more, or of longer ones, their numbers do.
MOST_HEADS, LONGEST_HEAD = 8, 20


def ranks(results: Results) -> Table:
    """Show the rank correlation of each two columns that vary: of many, among the strongest."""
    found, title = results.evidence.columns.dependence.rank_correlations, results.words.title
    if found.empty:
        frame = pd.DataFrame({NAME: ["No two columns vary"], "value": [None]})
        texts = written(frame, {"value": lambda _: display.DASH})
        return Table("ranks", "Column", frame, texts, {"value": "Rank correlation"}, RANKS)
    varying = {*found["first"], *found["second"]}
    shown = [each for each in strongest.ranked(results) if each in varying][: strongest.SQUARE]
    found = found[found["first"].isin(shown) & found["second"].isin(shown)]
    names = [*dict.fromkeys([*found["first"], *found["second"]])]
    square = found.pivot(index="second", columns="first", values="correlation")
    titles = {name: title(name) for name in names}
    rows, decimals, first = titles, 4, 1
    if len(names) > MOST_HEADS or max(map(len, titles.values())) > LONGEST_HEAD:
        rows = {name: f"{place}. {titles[name]}" for place, name in enumerate(names, 1)}
        titles = {name: str(place) for place, name in enumerate(names, 1)}
        decimals, first = 2, 0  # what the first number stands for, its own row says
    square = square.reindex(index=names[first:], columns=names[:-1])
    frame = square.set_axis([rows[name] for name in square.index]).rename_axis(NAME)
    frame = frame.reset_index().rename_axis(columns=None)
    titles = {name: titles[name] for name in square.columns}
    writers = dict.fromkeys(titles, partial(_rank, decimals=decimals))
    texts = written(frame, writers)
    return Table("ranks", "Column", frame, texts, titles, RANKS, results.findings)


def _rank(value: float | None, decimals: int) -> str:
    # Plus 0, so that none reads as less than nothing.
    return "" if value is None else share(round(value, decimals) + 0.0, decimals)


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
    found, words = results.evidence.columns.description, results.words
    groups = {"healthy": words.healthy, "high_risk": words.high_risk}
    groups |= {"training": "training", "test": "test"}
    found = found[found["group"].isin(list(groups))].reset_index(drop=True)
    names = [
        f"{words.title(row['column'])}, {groups[row['group']]}" for row in found.to_dict("records")
    ]
    frame = found.assign(**{NAME: names})[[NAME, "loans", *STATISTICS]]
    shown = _shown(results, found["column"], strongest.FOUR_ROWS)
    texts = written(frame[shown], dict.fromkeys(STATISTICS, _mean))
    caption = "Statistics of the columns, by label over all loans and by side of the split"
    head = "Column and loans"
    return Table("description", head, frame, texts, STATISTICS, caption, results.findings)


def shown(results: Results) -> str:
    """Say how many columns the tables show, and on how many loans, where not all of them."""
    return " ".join(filter(None, [_fewer(results), _sampled(results)]))


def _fewer(results: Results) -> str:
    columns = len(results.evidence.columns.strengths.columns)
    parts = {
        strongest.MOST: "here",
        strongest.SQUARE: "in the square of rank correlations",
        strongest.LONG: "among the coefficients",
        strongest.FOUR_ROWS: "in the statistics",
    }
    limits = [f"{most} {where}" for most, where in parts.items() if most < columns]
    if not limits:
        return ""
    return (
        f"Of {count(columns)} columns the tables show those with the highest information value: "
        f"{display.listing(limits)}; results.json has all."
    )


def _sampled(results: Results) -> str:
    found, split = results.evidence.columns.strengths, results.split
    used, there = (found.training_loans, found.test_loans), (split.train_rows, split.test_rows)
    if used == there:
        return ""
    return (
        "What a column says alone, how columns are related and where their quartiles lie was "
        f"measured on seeded samples, of {plural(used[0], 'training loan')} and "
        f"{plural(used[1], 'test loan')} for the former: a share of so many is known to "
        f"{100 * known_to(min(used)):.2f} percentage points or better."
    )


def alone(results: Results) -> str:
    """Say how much single columns say, and how far all say the same."""
    found = results.evidence.columns
    best = max(found.strengths.columns, key=lambda each: each.area)
    values = [each.information_value for each in found.strengths.columns]
    alarming = sum(value > ALARM for value in values)
    area = results.evidence.models[ORIGINAL].scores.roc_auc
    beside = "" if area is None else f", the original model one of {share(area, 5)}"
    title = display.capital(results.words.within(best.column))
    return (
        f"{title} alone has an area under the ROC curve of "
        f"{share(best.area, 5)} on the test loans{beside}. An information value above {ALARM:g} is "
        f"a usual alarm for a column that knows the label: {_above(alarming, len(values))} above it"
        f"{_as_wholes(found.strengths, results.words)}; {_range(values)}. "
        f"{_together(found.dependence, results.words)}"
    )


def _above(alarming: int, columns: int) -> str:
    """Say how many columns are above the alarm, as the beginning of a clause."""
    if columns == 1:
        return "the only column is" if alarming else "the only column is not"
    many = f"{display.number_or_none(alarming)} of {count(columns)} columns"
    return f"{many} {'is' if alarming <= 1 else 'are'}"


def _as_wholes(found: Strengths, words: Words) -> str:
    """Count the features of several columns that are above the alarm; nothing where none is."""
    if not found.features:
        return ""
    alarming = sum(each.information_value > ALARM for each in found.features)
    if len(found.features) == 1:
        name = words.within(found.features[0].feature)
        return f", and {name} as a whole {'is, too' if alarming else 'is not'}"
    several = f"{count(len(found.features))} features of several columns as a whole"
    if not alarming:
        return f", and none of {several} is"
    return f", and so {verb(alarming, 'is', 'are')} {count(alarming)} of {several}"


def _range(values: list[float]) -> str:
    low, high = share(min(values)), share(max(values))
    return f"the values run from {low} to {high}" if low != high else f"the value is {low}"


def _together(found: Dependence, words: Words) -> str:
    """Say which columns put the loans in the same order, and what one direction explains."""
    if found.rank_correlations.empty:
        return "No two columns vary, so none can be held against another."
    same = "No two columns put the loans in nearly the same order"
    if found.same_order and found.same_order_least is not None:
        same = (
            f"{display.capital(words.listing(found.same_order))} put the loans in nearly the same "
            f"order (rank correlations {_at_least(found.same_order_least)} in size)"
        )
    if found.first_component_share is None:
        return f"{same}."
    return (
        f"{same}; one direction holds {percent(found.first_component_share)} of the variance of "
        "all standardised columns."
    )


def _at_least(value: float) -> str:
    """Write the least rank correlation of some, which is never more than 1."""
    if value == 1:
        return "of 1"
    text = finer(value)
    return f"of {text} or more" if float(text) < 1 else "of nearly 1"


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
