"""What stands in the cells of a table: figures, and figures with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

import pandas as pd

from analysis.base.display import DASH, SHOWN, decimals_for, share

NAME = "name"  # the column of a frame that holds the names of its rows
Writer = Callable[[Any], str]
# By the name of a column: what stands above it, and how a figure of it is written (an undefined one
# comes as None), or all its texts.
Columns = Mapping[str, tuple[str, Writer | list[str]]]
Decimals = Callable[[float, int], str]


def written(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the texts of a table of figures, `name` first."""
    texts = {
        name: how if isinstance(how, list) else _each(frame[name], how)
        for name, (_, how) in columns.items()
    }
    return pd.DataFrame({NAME: frame[NAME], **texts})


def _each(values: pd.Series[Any], write: Writer) -> list[str]:
    return [write(None if pd.isna(value) else value) for value in values]


class Limits(Protocol):
    """An interval, as evidence gives it."""

    @property
    def low(self) -> float | None:
        """Its lower limit."""

    @property
    def high(self) -> float | None:
        """Its upper limit."""

    @property
    def error(self) -> float | None:
        """How far its limits may move with other draws."""


def ends(name: str, found: Limits | None) -> dict[str, float | None]:
    """Return an interval as entries of a row: what it is of, and `_low`, `_high`, `_error`."""
    return {f"{name}_{end}": getattr(found, end, None) for end in ("low", "high", "error")}


def span(frame: pd.DataFrame, name: str, write: Decimals = share, most: int = SHOWN) -> list[str]:
    """Write a column's figures with their intervals: 0.909 (0.884 to 0.930).

    Where only the interval is undefined the figure stands alone; a dash where both are. Limits
    have the digits that their draws carry.

    Parameters
    ----------
    name : str
        The column, as `ends` names it too.
    write : function of a figure and a number of decimals
        As `display.share` or `display.difference`.
    most : int
        Decimals of the figures, and at most of their limits.
    """
    columns = frame[[name, f"{name}_low", f"{name}_high", f"{name}_error"]].astype(float)
    texts = []
    for value, low, high, error in columns.to_numpy():
        bounded = not (pd.isna(low) or pd.isna(high))
        decimals = _decimals(low, high, error, most) if bounded else most
        within = _limits(low, high, error, partial(_rounded, write, decimals))
        texts.append(DASH if pd.isna(value) else f"{write(value, decimals)}{within}")
    return texts


def _decimals(low: float, high: float, error: float, most: int) -> int:
    """Return the decimals that show on which side of 0 both limits lie, if their draws tell."""
    needed = max(decimals_for(end, most) for end in (low, high))
    carried = math.floor(-math.log10(2 * error)) if error > 0 else needed
    return needed if needed <= carried else most


def _limits(low: float, high: float, error: float, write: Callable[[float, float], str]) -> str:
    if pd.isna(low) or pd.isna(high):
        return ""
    return f" ({write(low, error)} to {write(high, error)})"


def _rounded(write: Decimals, most: int, value: float, error: float) -> str:
    """Write a limit with the digits that other draws, which move it by its error, would leave."""
    if pd.isna(error) or not error:
        return write(value, most)
    carried = min(most, math.floor(-math.log10(2 * error)))
    # A share keeps a decimal, however few draws it has; an amount may end in noughts.
    carried = max(carried, 1) if most else carried
    return write(round(value, carried), max(carried, 0))
