"""The table that a declaration asks for, as pandera validates it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd
import pandera.pandas as pa

from analysis.portfolio.column import NUMBERS, Column
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Declaration
from analysis.portfolio.ratio import Ratio

# The least number of loans of a label that a quarter of the rows can be expected to hold.
LEAST_ROWS_PER_LABEL = 10


@cache
def table(declared: Declaration) -> pa.DataFrameSchema:
    """Return the schema of a validated loan table.

    Numbers in their ranges, NaN where one may be missing; categories by the place of their level;
    the label as 0 (healthy) or 1 (high-risk). No other column; the order is the declaration's.
    """
    return pa.DataFrameSchema(
        {each.name: _column(each) for each in declared.columns},
        checks=[_ratio(each) for each in declared.identities],
        strict=True,
    )


def _column(declared: Column) -> pa.Column:
    whole = declared.integer and declared.constraints.required
    return pa.Column(
        "int64" if whole or declared.use == "label" else "float64",
        list(_checks(declared)),
        nullable=not declared.constraints.required,
        title=declared.title,
        description=declared.description,
        metadata={"unit": declared.unit},
    )


def _checks(declared: Column) -> list[pa.Check]:
    if declared.use == "label":
        return [pa.Check.isin([HEALTHY, HIGH_RISK])]
    if declared.type not in NUMBERS:
        return [pa.Check.isin([float(at) for at in range(len(declared.levels))])]
    held = declared.constraints
    ends: list[tuple[Callable[[float], pa.Check], float | None]] = [
        (pa.Check.ge, held.minimum),
        (pa.Check.gt, held.exclusive_minimum),
        (pa.Check.le, held.maximum),
        (pa.Check.lt, held.exclusive_maximum),
    ]
    return [check(end) for check, end in ends if end is not None]


def _ratio(ratio: Ratio) -> pa.Check:
    def agrees(frame: pd.DataFrame) -> pd.Series[bool]:
        return ratio.agrees(frame)

    return pa.Check(agrees, name=ratio.column)
