"""Loan files with declarations of their own, small: what findings and sentences must fit, too."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.portfolio.checks import validated
from analysis.portfolio.column import Column, Constraints, Use
from analysis.portfolio.declaration import Declaration, Label, Table
from analysis.portfolio.read import Portfolio
from analysis.portfolio.reading import Reading
from analysis.portfolio.recipe import Recipe
from tests.support.loan_files import distinct_rows

ROWS = 700
LABEL = "outcome"
REGIONS = ("north", "south", "east")


def loans(seed: int = 1, base: float = -1.2, rows: int = ROWS) -> pd.DataFrame:
    """Return loans with two numbers, a category, groups that have nothing to do with the label."""
    generator = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "income": generator.normal(40, 10, rows).round(1),
            "debt": generator.gamma(2, 5, rows).round(1),
            "region": generator.choice(REGIONS, rows),
            "sex": generator.choice(["f", "m"], rows),
        }
    )
    log_odds = base + 0.08 * (table["debt"] - 10) - 0.05 * (table["income"] - 40)
    return table.assign(**{LABEL: outcomes(log_odds, seed)})


def outcomes(log_odds: "pd.Series[float]", seed: int = 1) -> np.ndarray:
    drawn = np.random.default_rng([seed, 7]).random(len(log_odds)) < expit(log_odds)
    return np.where(drawn, "Defaulted", "Repaid")


def declared(table: pd.DataFrame, **uses: Use) -> Declaration:
    """Declare a table as a person would: texts are categories, blanks may be missing."""
    fields = []
    for name in table:
        texts = not pd.api.types.is_numeric_dtype(table[name])
        levels = tuple(sorted(set(table[name].dropna()))) if texts else ()
        use = "label" if name == LABEL else uses.get(name, "feature")
        held = Constraints(enum=levels, required=bool(table[name].notna().all()))
        kind = "string" if texts else "number"
        fields.append(Column(name, kind, title=name.capitalize(), use=use, constraints=held))
    label = Label(("Defaulted",), ("Repaid",), high_risk_name="unpaid", healthy_name="paid")
    return Declaration("Loans of a bank", Table(tuple(fields)), label)


def _unequal() -> tuple[pd.DataFrame, Declaration]:
    """Women have far higher debts, and so are sent to review far more often."""
    table = loans(base=-0.6, rows=1_600)
    table["debt"] = table["debt"] * np.where(table["sex"] == "f", 2.5, 0.5)
    log_odds = -1.5 + 0.15 * (table["debt"] - 10)
    table[LABEL] = outcomes(log_odds)
    table["age"] = np.random.default_rng(3).integers(20, 70, len(table))
    table.loc[table.index[:9], "age"] = np.nan
    return table, declared(table, sex="protected", age="segment")


def _unequally_calibrated() -> tuple[pd.DataFrame, Declaration]:
    """Men and women with the same features default unlike: no model knows why."""
    table = loans(rows=1_600)
    log_odds = 0.08 * (table["debt"] - 10) - 0.05 * (table["income"] - 40)
    table[LABEL] = outcomes(log_odds + np.where(table["sex"] == "f", 0.3, -2.2))
    return table, declared(table, sex="protected")


def _gaps() -> tuple[pd.DataFrame, Declaration]:
    """Those who hide their debt default; half of a category is missing, and tells nothing."""
    table = loans()
    hidden = np.random.default_rng(5).random(len(table)) < 0.25
    chance = pd.Series(np.where(hidden, 1.0, -2.0))
    table[LABEL] = outcomes(chance)
    table.loc[hidden, "debt"] = np.nan
    table.loc[np.random.default_rng(6).random(len(table)) < 0.6, "region"] = np.nan
    return table, declared(table)


def _rare_levels() -> tuple[pd.DataFrame, Declaration]:
    table = loans()
    table.loc[table.index[:3], "region"] = "an island"
    table.loc[table.index[3:20], "region"] = "abroad"
    return table, declared(table)


def _after() -> tuple[pd.DataFrame, Declaration]:
    """What came back of a loan is only known of loans that went wrong."""
    table = loans()
    back = np.random.default_rng(8).uniform(1, 20, len(table)).round(1)
    some = np.random.default_rng(9).random(len(table)) < 0.6
    table["came_back"] = np.where((table[LABEL] == "Defaulted") & some, back, 0.0)
    table["recoveries"] = np.random.default_rng(10).normal(size=len(table)).round(2)
    return table, declared(table)


def _turned_round() -> tuple[pd.DataFrame, Declaration]:
    table = loans()
    table[LABEL] = np.where(table[LABEL] == "Repaid", "Defaulted", "Repaid")
    return table, declared(table)


def _categories() -> tuple[pd.DataFrame, Declaration]:
    table = loans()[["region", "sex", LABEL]]
    table["owner"] = np.where(np.random.default_rng(4).random(len(table)) < 0.4, "yes", "no")
    return table, declared(table, sex="segment")


def _plain() -> tuple[pd.DataFrame, Declaration]:
    table = loans()
    return table, declared(table, sex="protected")


def _one_feature() -> tuple[pd.DataFrame, Declaration]:
    table = loans()[["debt", LABEL]]
    return table, declared(table)


def _yes_or_no() -> tuple[pd.DataFrame, Declaration]:
    """A single category of two levels: splits by equal loans can train on one of them alone."""
    table = loans()[["sex", LABEL]]
    table[LABEL] = outcomes(pd.Series(np.where(table["sex"] == "f", -0.6, -1.8)))
    return table, declared(table)


def _first_level() -> tuple[pd.DataFrame, Declaration]:
    """The level that the models have no column for tells the most."""
    table = loans()[["region", LABEL]]
    table["region"] = table["region"].replace("east", "a coast")
    chance = pd.Series(np.where(table["region"] == "a coast", 1.5, -1.5))
    table[LABEL] = outcomes(chance)
    return table, declared(table)


def _few_and_dated() -> tuple[pd.DataFrame, Declaration]:
    """Few loans, some columns of large numbers and of years."""
    table = loans(seed=2, rows=100).drop(columns=["sex", "region"])
    table["income"] = table["income"] * 1e9
    table["year"] = np.random.default_rng(1).integers(2015, 2022, len(table))
    return table, declared(table, income="segment")


def _wide() -> tuple[pd.DataFrame, Declaration]:
    """A hundred columns, of which one has as many levels as a category may have."""
    table = loans()
    generator = np.random.default_rng(12)
    noise = generator.normal(size=(len(table), 60)).round(3)
    table = table.assign(**{f"figure_{at}": noise[:, at] for at in range(60)})
    table["town"] = [f"town {at:02d}" for at in generator.integers(0, 40, len(table))]
    return table, declared(table)


def _undersampled() -> tuple[pd.DataFrame, Declaration]:
    """Names and units that mean something to Markdown; rows that are not decided are left out."""
    table = loans().rename(columns={"income": "in*come_", "debt": "<b>debt</b>"})
    table.loc[table.index[:40], LABEL] = "Open"
    found = declared(table)
    fields = [
        replace(each, unit="\u20ac", use="ignored" if each.name == "sex" else each.use)
        for each in found.schema.fields
    ]
    label = replace(found.label, left_out=("Open",), high_risk_name="*late*")
    recipe = Recipe(resampler="random_undersampling", stratified=True, test_share=0.3)
    schema = replace(found.schema, fields=tuple(fields))
    return table, replace(found, schema=schema, label=label, recipe=recipe)


def _weighted() -> tuple[pd.DataFrame, Declaration]:
    table = loans(seed=3)
    recipe = Recipe(resampler="class_weights", scaled=False, solver="lbfgs", iterations=200)
    return table, replace(declared(table), recipe=recipe)


def _smote() -> tuple[pd.DataFrame, Declaration]:
    table = loans(seed=4)[["income", "debt", LABEL]]
    return table, replace(declared(table), recipe=Recipe(resampler="smote", seed=7))


SHAPES: Mapping[str, Callable[[], tuple[pd.DataFrame, Declaration]]] = {
    "declared": _plain,
    "a group refused far more": _unequal,
    "a group expected wrongly": _unequally_calibrated,
    "gaps that tell": _gaps,
    "levels that few loans have": _rare_levels,
    "known after the outcome": _after,
    "most loans unpaid": _turned_round,
    "all categories": _categories,
    "one feature": _one_feature,
    "one category of two levels": _yes_or_no,
    "a first level that tells": _first_level,
    "few, of large numbers and years": _few_and_dated,
    "wide": _wide,
    "undersampled, with odd names": _undersampled,
    "weighted": _weighted,
    "SMOTE": _smote,
}


def portfolio(table: pd.DataFrame, declaration: Declaration) -> Portfolio:
    """Read a table as the program reads its file."""
    reading = Reading("loans.csv", declaration)
    content = table.to_csv(index=False).encode()
    found = validated(reading, distinct_rows(reading, content), 10)
    return Portfolio(declaration, found, "file", "loans.csv", "0" * 64, len(content))


def made(name: str) -> Portfolio:
    """Return the portfolio of a shape."""
    return portfolio(*SHAPES[name]())
