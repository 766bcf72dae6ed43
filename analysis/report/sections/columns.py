"""What each column says of the label by itself: the section's sentences and table."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import count, digits, plural, share
from analysis.evidence.columns.dependence import Dependence
from analysis.evidence.columns.strength import Strengths
from analysis.evidence.numerics.proportions import known_to
from analysis.findings.columns import loud
from analysis.findings.finding import ALARM
from analysis.findings.wording import verb
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.tables import Table
from analysis.report.sections import correlations, strongest
from analysis.report.sections.description import mean
from analysis.results import Results

# What the figures of the table hold, shown or not.
FIGURES = (
    *("area", "information_value", "riskier", "log_loss"),
    *("mean_healthy", "mean_high_risk"),
)


def alone(results: Results) -> str:
    """Say how much single columns say, and how far all say the same."""
    found = results.evidence.columns
    best = max(found.strengths.columns, key=lambda each: each.area)
    values = [each.information_value for each in found.strengths.columns]
    alarming = sum(value > ALARM for value in values)
    sure = sum(loud(results.evidence, each) for each in found.strengths.columns)
    area = results.evidence.models[ORIGINAL].scores.roc_auc
    beside = "" if area is None else f", the original model one of {share(area, 5)}"
    title = display.capital(results.words.within(best.column))
    return (
        f"{title} alone has an area under the ROC curve of "
        f"{share(best.area, 5)} on the test loans{beside}. An information value above {ALARM:g} is "
        f"a usual alarm for a column that knows the label: {_above(alarming, len(values))} above it"
        f"{_beyond_chance(sure, alarming, len(values))}"
        f"{_as_wholes(found.strengths, alarming, results.words)}; {_range(values)}. "
        f"{correlations.together(found.dependence, results.words)}"
    )


def _above(alarming: int, columns: int) -> str:
    """Say how many columns are above the alarm, as the beginning of a clause."""
    if columns == 1:
        return "the only column is" if alarming else "the only column is not"
    many = f"{display.number_or_none(alarming)} of {count(columns)} columns"
    return f"{many} {'is' if alarming <= 1 else 'are'}"


def _beyond_chance(sure: int, alarming: int, columns: int) -> str:
    """Say how many of the columns above the alarm are so beyond chance, where not all are."""
    if sure == alarming:
        return ""
    if columns == 1 or alarming == 1:
        return ", which may be chance"
    return f" ({display.number_or_none(sure)} beyond chance)"


def _as_wholes(found: Strengths, columns: int, words: Words) -> str:
    """Count the features of several columns that are above the alarm; nothing where none is.

    Parameters
    ----------
    columns : int
        How many single columns are above it.
    """
    if not found.features:
        return ""
    alarming = sum(each.information_value > ALARM for each in found.features)
    if len(found.features) == 1:
        name = words.within(found.features[0].feature)
        if bool(columns) == bool(alarming):
            return f", and {name} as a whole {'is, too' if alarming else 'is not'}"
        return f", but {name} as a whole {'is' if alarming else 'is not'}"
    several = f"{count(len(found.features))} features of several columns as a whole"
    if not alarming:
        return f", {'but' if columns else 'and'} none of {several} is"
    if not columns:
        return f", but {count(alarming)} of {several} {verb(alarming, 'is', 'are')}"
    return f", and so {verb(alarming, 'is', 'are')} {count(alarming)} of {several}"


def _range(values: list[float]) -> str:
    low, high = share(min(values)), share(max(values))
    return f"the values run from {low} to {high}" if low != high else f"the value is {low}"


def strength(results: Results) -> Table:
    """Show what each column says of the label alone, beside the models."""
    frame, words = _strengths(results), results.words
    inflated = [
        why if pd.isna(value) else digits(value, 3)
        for why, value in zip(frame["why"], frame["inflation"], strict=True)
    ]
    columns: Columns = {
        "area": ("ROC AUC", partial(share, decimals=5)),
        "information_value": ("Information value", share),
        "mean_healthy": (f"Mean, {words.healthy}", mean),
        "mean_high_risk": (f"Mean, {words.high_risk}", mean),
        "inflation": ("Variance inflation", inflated),
    }
    caption = (
        "Each column alone, and the models, on the test loans; information values on the training "
        "loans"
    )
    figures = frame.drop(columns=["why", "column"])
    made = Table.of("strength", "By itself", figures, columns, caption, results.findings)
    return made.only(strongest.rows(results, frame["column"], strongest.MOST))


def _strengths(results: Results) -> pd.DataFrame:
    """Return the columns, whole features and models, a row each, and `why` one has no inflation."""
    found, words = results.evidence.columns, results.words
    inflation = found.dependence.variance_inflation
    rows: list[dict[str, Any]] = [
        {
            NAME: words.title(each.column),
            "column": each.column,
            **{key: getattr(each, key) for key in FIGURES},
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
    return pd.DataFrame(rows)


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


def _why(found: Dependence, name: str) -> str:
    """Say why a column has no variance inflation."""
    if name in found.constant:
        return "constant"
    return "given by others" if name in found.given else display.DASH


def shown(results: Results) -> str:
    """Say how many columns the tables show, and on how many loans, where not all of them."""
    return " ".join(filter(None, [_fewer(results), _sampled(results)]))


def _fewer(results: Results) -> str:
    columns = len(results.evidence.columns.strengths.columns)
    numbers = len(strongest.numbers(results)) or columns
    parts = [
        (strongest.MOST, columns, "here"),
        (strongest.SQUARE, columns, "in the square of rank correlations"),
        (strongest.LONG, columns, "among the coefficients"),
        (strongest.FOUR_ROWS, numbers, "in the statistics"),
    ]
    limits = [f"{most} {where}" for most, of, where in parts if most < of]
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
