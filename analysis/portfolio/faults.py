"""How it is told which rows of a loan file are wrong: how many, the first few with their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray

from analysis.base import display
from analysis.base.errors import Fault, printable, row_with
from analysis.portfolio.column import Column

SHOWN_ROWS, SHOWN_CHARACTERS = 3, 40
ROWS_REMEDY = (
    "mend or remove the rows named (row 1 is the first below the header; blank lines do not count)"
)
COUNTED_REMEDY = "mend such rows in the database, or leave them out in a query"


def counted_fault(
    column: Column, problem: str, wrong: NDArray[np.bool_], cells: Any, counts: NDArray[np.int64]
) -> Fault:
    """Make the fault of distinct rows of which some are wrong: how many rows have each value."""
    found: dict[str, int] = {}
    for at in np.flatnonzero(wrong).tolist():
        value = shown(cells[at])
        found[value] = found.get(value, 0) + int(counts[at])
    first = [f"{value} in {display.plural(rows, 'row')}" for value, rows in found.items()]
    fault = row_fault(column, problem, sum(found.values()), ())
    return fault._replace(first="\n".join(first[:SHOWN_ROWS]), remedy=COUNTED_REMEDY)


def row_fault(
    column: Column, problem: str, rows: int, first: Iterable[tuple[int, Any]], allowed: str = ""
) -> Fault:
    """Make the fault of some rows; the first few stand in it with their values."""
    lines = "\n".join(row_with(row, shown(value)) for row, value in first)
    return Fault(column.name, problem, rows, lines, allowed or column.allowed, ROWS_REMEDY)


def of_type(column: Column, kind: Any, rows: int, first: str, remedy: str) -> Fault:
    """Make the fault of a column that holds something else than numbers."""
    problem = f"the column holds {printable(str(kind))[:SHOWN_CHARACTERS]} values"
    return Fault(column.name, problem, rows, first, "numbers, or true and false", remedy)


def shown(value: Any) -> str:
    """Write one cell of a file for a message: quoted, on one line, of bounded length."""
    value = value.as_py() if isinstance(value, arrow.Scalar) else value
    text = value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
    cut = "…" if len(text) > SHOWN_CHARACTERS else ""
    return f"'{printable(text[:SHOWN_CHARACTERS])}{cut}'"


def merged(found: Iterable[Fault]) -> list[Fault]:
    """Join faults of one column and problem: their rows counted together, the first few shown."""
    joined: dict[tuple[str, str], Fault] = {}
    for fault in found:
        before = joined.setdefault((fault.column, fault.problem), fault._replace(rows=0, first=""))
        first = [*before.first.splitlines(), *fault.first.splitlines()][:SHOWN_ROWS]
        joined[fault.column, fault.problem] = before._replace(
            rows=before.rows + fault.rows, first="\n".join(first)
        )
    return list(joined.values())
