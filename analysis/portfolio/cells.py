"""Cells of a loan file: which texts are numbers, and what is wrong with those that are none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray
from pyarrow import compute

from analysis.base.errors import Fault, printable, row_with
from analysis.portfolio.declaration import Column

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

SHOWN_ROWS, SHOWN_CHARACTERS = 3, 40
# As programs write numbers: ASCII digits, a point, perhaps an exponent, blanks around it.
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
BLANKS = " \t"
# What may stand around a number that is not bare: a sign before it stays.
AHEAD, BEHIND = r"\A\s*([+-]?)[^0-9.,+-]*", r"[^0-9.,]*\z"
GAPS = {"", "na", "n/a", "nan", "null", "none"}
NO_VALUE = "value is missing"  # the problem of a cell that holds nothing
INFINITE = r"\A[+-]?inf(inity)?\z"
OTHER_MARK = {".": r"\A[+-]?[0-9.]*,[0-9.,]*\z", ",": r"\A[+-]?[0-9,]*\.[0-9.,]*\z"}
OTHER_DECIMAL = {
    ".": "number holds a comma, not a point",
    ",": "number holds a point, not a comma",
}
AMOUNT = re.compile(r"\s*[+-]?[$€£¥]?\s*[+-]?[0-9][0-9.,]*\s*[%$€£¥]?\s*")
DECIMAL_REMEDY = (
    'write its decimals with the other mark, or declare the file so: dialect: {decimalChar: ","}; '
    'thousands are declared of a column: groupChar: ","'
)
AMOUNT_REMEDY = (
    "write the numbers alone, or declare of the column what stands around and within them: "
    'bareNumber: false, groupChar: ","'
)
ROWS_REMEDY = (
    "mend or remove the rows named (row 1 is the first below the header; blank lines do not count)"
)


def bare(texts: Any, group_char: str, *, bare_number: bool) -> Any:
    """Return an Arrow array of texts without what stands between thousands and around numbers."""
    if group_char:
        texts = compute.replace_substring(texts, group_char, "")
    if bare_number:
        return texts
    without = compute.replace_substring_regex(texts, AHEAD, r"\1")
    return compute.replace_substring_regex(without, BEHIND, "")


def to_numbers(texts: Any, decimal: str = ".") -> Values:
    """Read an Arrow array of texts as numbers, as plain CSV writes them.

    Any other text is NaN, or infinite where it says so.

    Parameters
    ----------
    decimal : str
        What stands before the decimals, a point or a comma.
    """
    written = compute.utf8_trim(texts, characters=BLANKS)
    if decimal != ".":
        other = compute.match_substring(written, ".")
        written = compute.if_else(other, None, compute.replace_substring(written, decimal, "."))
    try:
        numbers = written.cast(arrow.float64())
    except arrow.ArrowInvalid:
        numeric = compute.match_substring_regex(written, rf"\A(?:{NUMBER})\z")
        numbers = compute.if_else(numeric, written, None).cast(arrow.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def faults(
    column: Column, numbers: Values, rows: Rows, texts: Any = None, decimal: str = "."
) -> list[Fault]:
    """Name the cells of a column that hold no finite number.

    Parameters
    ----------
    column : Column
        What is declared of it.
    numbers : array of shape (rows,)
        NaN where a cell is no number.
    rows : array of shape (rows,)
        The number of each row in the file, from 0.
    texts : Arrow array of shape (rows,), optional
        The cells as they were written; without them, a cell is a number or absent.
    decimal : str
        What stands before the decimals.
    """
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if not len(wrong):
        return []
    written: Any = numbers[wrong] if texts is None else texts.take(arrow.array(wrong))
    found = []
    kinds = _kinds(numbers[wrong], None if texts is None else written, decimal)
    for problem, here in kinds.items():
        first = [
            (rows[wrong[at]], written[at]) for at in np.flatnonzero(here)[:SHOWN_ROWS].tolist()
        ]
        if first:
            fault = row_fault(column, problem, int(here.sum()), first)
            found.append(fault._replace(remedy=_remedy(problem, first[0][1])))
    return found


def _remedy(problem: str, written: Any) -> str:
    """Say what to do about cells that hold no number, of which this is the first."""
    if problem in OTHER_DECIMAL.values():
        return DECIMAL_REMEDY
    text = written.as_py() if isinstance(written, arrow.Scalar) else ""
    return AMOUNT_REMEDY if isinstance(text, str) and AMOUNT.fullmatch(text) else ROWS_REMEDY


def _kinds(numbers: Values, texts: Any, decimal: str) -> dict[str, NDArray[np.bool_]]:
    """Say of each cell that holds no finite number what it holds instead."""
    infinite = np.isinf(numbers)
    if texts is None:
        blank, comma = ~infinite, np.zeros(len(numbers), dtype=bool)
    else:
        plain = compute.utf8_lower(compute.utf8_trim_whitespace(texts))
        blank = np.asarray(compute.is_in(plain, arrow.array(sorted(GAPS))))
        comma = np.asarray(compute.match_substring_regex(plain, OTHER_MARK[decimal]))
        infinite |= np.asarray(compute.match_substring_regex(plain, INFINITE))
    return {
        NO_VALUE: blank,
        OTHER_DECIMAL[decimal]: comma,
        "text where a number is expected": ~blank & ~infinite & ~comma,
        "number is infinite or too large to be one": infinite,
    }


def row_fault(
    column: Column, problem: str, rows: int, first: Iterable[tuple[int, Any]], allowed: str = ""
) -> Fault:
    """Make the fault of some rows; the first few stand in it with their values."""
    lines = "\n".join(row_with(row, shown(value)) for row, value in first)
    return Fault(column.name, problem, rows, lines, allowed or column.allowed, ROWS_REMEDY)


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
