"""Which columns stand in tables that would be too long with all of them."""

from __future__ import annotations

import pandas as pd

from analysis.base.display import count
from analysis.results import Results

# How many columns a table shows, by what it needs for one: a row, a short row, four rows, a row
# and a column.
MOST, LONG, FOUR_ROWS, SQUARE = 20, 40, 8, 10


def ranked(results: Results) -> tuple[str, ...]:
    """Return the design's columns, the one that says most of the label alone first."""
    found = results.evidence.columns.strengths.columns
    strong = sorted(found, key=lambda each: -each.information_value)
    return tuple(each.column for each in strong)


def numbers(results: Results) -> tuple[str, ...]:
    """Return those of the design's columns that hold numbers, the strongest first."""
    return tuple(each for each in ranked(results) if results.words.is_number(each))


def names(results: Results, most: int = MOST) -> list[str]:
    """Return the columns that say most of the label alone, at most so many, in their order."""
    shown = set(ranked(results)[:most])
    found = results.evidence.columns.strengths.columns
    return [each.column for each in found if each.column in shown]


def rows(results: Results, columns: pd.Series[str], most: int) -> pd.Series[bool]:
    """Return which rows a table shows: those of at most so many columns, and of no column."""
    return columns.isna() | columns.isin(names(results, most))


def told(shown: int, columns: int, which: str, where: str) -> str:
    """Say that a table or figure shows some columns of more; nothing where it shows all."""
    if columns <= shown:
        return ""
    return f"{where} shows the {shown} of {count(columns)} columns {which}."


def by_information(results: Results, most: int, where: str) -> str:
    """Say so of those that `names` returns."""
    columns = len(results.evidence.columns.strengths.columns)
    return told(most, columns, "with the highest information value", where)
