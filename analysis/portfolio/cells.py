"""Cells of a loan file: what they mean as is declared, and what is wrong with those that do not."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray
from pyarrow import compute

from analysis.base.errors import Fault
from analysis.portfolio.column import NUMBERS, Column
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Declaration
from analysis.portfolio.faults import SHOWN_ROWS, counted_fault, row_fault

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

# Products of four numbers have to stay numbers, summed over all loans.
LARGEST = 1e70
LEFT_OUT = -1.0  # the label of a loan that is not decided
# As programs write numbers: ASCII digits, a point, perhaps an exponent, blanks around it.
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
BLANKS = " \t"
# What may stand around a number that is not bare: a sign before it stays, and brackets are one.
MONEY = r"(?:\s|[$€£¥%]|[A-Z]{3})*"
BRACKETS = rf"\A{MONEY}\(([^()+-]*)\){MONEY}\z"
AHEAD, BEHIND = r"\A\s*([+-]?)[^0-9.,+-]*", r"[^0-9.,]*\z"
GAPS = {"", "na", "n/a", "nan", "null", "none"}
NO_VALUE = "value is missing"  # the problem of a cell that holds nothing
INFINITE = r"\A[+-]?inf(inity)?\z"
MARKS = {".": "point", ",": "comma"}
AMOUNT = re.compile(r"\s*[+-]?[$€£¥]?\s*[+-]?[0-9][0-9.,]*\s*[%$€£¥]?\s*")
DECIMAL_REMEDY = (
    "write its decimals with the other mark, or declare the file so: dialect: {{decimalChar: "
    '"{mark}"}}; thousands are declared of a column: groupChar: "{mark}"'
)
AMOUNT_REMEDY = (
    "write the numbers alone, or declare of the column what stands around and within them: "
    'bareNumber: false, groupChar: ","'
)


class Piece(NamedTuple):
    """Some rows of a loan file.

    Attributes
    ----------
    columns : dict of int to Arrow array of shape (rows,)
        Cells by the place of their column in the file: texts, or values where the file has such.
    rows : array of shape (rows,)
        The number of each row in the file, from 0.
    counts : array of shape (rows,) or None
        How often each occurs, where these are distinct rows that have no number in a file.
    """

    columns: dict[int, Any]
    rows: Rows
    counts: Rows | None = None


def values(
    declared: Declaration, column: Column, piece: Piece, place: int
) -> tuple[Values, list[Fault]]:
    """Return what the cells of a column, by its place in the file, mean, and what is wrong there.

    Returns
    -------
    array of shape (rows,)
        Numbers; the place of a category's level among those declared; the label as 0 (healthy) or
        1 (high-risk), `LEFT_OUT` where the loan is not decided. NaN where there is none.
    list of Fault
        Cells that mean nothing that is declared.
    """
    cells = piece.columns[place] if column.plain else to_texts(piece.columns[place])
    if column.type not in NUMBERS:
        return _meant(declared, column, piece, cells)
    decimal = declared.dialect.decimal_char
    numbers, absent = _read(cells, column, declared.missing(column), decimal)
    numbers = np.where(np.abs(numbers) > LARGEST, np.inf, numbers)
    faults = _no_numbers(column, np.where(absent, 0.0, numbers), piece, cells, decimal)
    # Adding zero turns -0.0 into 0.0, so that rows that are equal have equal bytes.
    found = np.where(np.isfinite(numbers) & ~absent, numbers + 0.0, np.nan)
    if column.use != "label":
        return found, faults
    labels = np.full(len(found), np.nan)
    for text, label in label_values(declared).items():
        labels[found == _number(text)] = label
    wrong = np.isnan(labels) & ~np.isnan(found)
    return labels, faults + _faults(column, "number out of range", wrong, piece, cells)


def _read(
    cells: Any, column: Column, missing: tuple[str, ...], decimal: str
) -> tuple[Values, NDArray[np.bool_]]:
    """Return the numbers that cells are, and which of them are gaps, by their text or number."""
    written = cells
    if not column.plain:
        written = bare(cells, column.group_char, bare_number=column.bare_number)
    if missing and arrow.types.is_string(cells.type):
        gap = compute.is_in(compute.utf8_trim_whitespace(cells), arrow.array(missing))
        written = compute.if_else(gap, None, written)
    numbers = to_numbers(written, decimal)
    if not missing:
        return numbers, np.zeros(len(numbers), dtype=bool)
    coded = [number for number in map(_number, missing) if number is not None]
    absent = compute.is_null(written, nan_is_null=True)
    return numbers, np.asarray(absent) | np.isin(numbers, coded)


def is_number(kind: Any) -> bool:
    """Whether values of an Arrow type are numbers; true and false are 1 and 0."""
    of, types = kind.value_type if arrow.types.is_dictionary(kind) else kind, arrow.types
    tests = types.is_integer, types.is_floating, types.is_decimal, types.is_boolean
    return any(test(of) for test in tests)


def to_texts(cells: Any) -> Any:
    """Return an Arrow array as the texts that CSV would have; a null is an empty text."""
    if arrow.types.is_string(cells.type) and not cells.null_count:
        return cells
    if arrow.types.is_floating(cells.type):  # whole numbers beside gaps, as pandas keeps them
        whole = compute.cast(cells, arrow.int64(), safe=False)
        exact = compute.fill_null(
            compute.equal(compute.cast(whole, cells.type, safe=False), cells), True
        )
        cells = whole if compute.all(exact).as_py() else cells
    return compute.fill_null(compute.cast(cells, arrow.string()), "")


def bare(texts: Any, group_char: str, *, bare_number: bool) -> Any:
    """Return an Arrow array of texts without what stands between thousands and around numbers."""
    if group_char:
        texts = compute.replace_substring(texts, group_char, "")
    if bare_number:
        return texts
    signed = compute.replace_substring_regex(texts, BRACKETS, r"-\1")
    without = compute.replace_substring_regex(signed, AHEAD, r"\1")
    return compute.replace_substring_regex(without, BEHIND, "")


def to_numbers(cells: Any, decimal: str = ".") -> Values:
    """Read an Arrow array of numbers, or of texts as plain CSV writes numbers.

    Any other text is NaN, or infinite where it says so.

    Parameters
    ----------
    decimal : str
        What stands before the decimals of a text, a point or a comma.
    """
    if arrow.types.is_string(cells.type) and decimal != ".":
        other = compute.match_substring(cells, ".")
        cells = compute.if_else(other, None, compute.replace_substring(cells, decimal, "."))
    if not arrow.types.is_integer(cells.type):  # which NumPy makes floats of, however large
        try:
            cells = cells.cast(arrow.float64())
        except arrow.ArrowInvalid:
            written = compute.utf8_trim(cells, characters=BLANKS)
            numeric = compute.match_substring_regex(written, rf"\A(?:{NUMBER})\z")
            cells = compute.if_else(numeric, written, None).cast(arrow.float64())
    return np.asarray(cells.to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(text: str) -> float | None:
    with suppress(ValueError):
        return float(text)
    return None


def label_values(declared: Declaration) -> dict[str, float]:
    """Return what each value of the label means."""
    label = declared.label
    return (
        dict.fromkeys(label.high_risk, float(HIGH_RISK))
        | dict.fromkeys(label.healthy, float(HEALTHY))
        | dict.fromkeys(label.left_out, LEFT_OUT)
    )


def _meant(
    declared: Declaration, column: Column, piece: Piece, texts: Any
) -> tuple[Values, list[Fault]]:
    """Return what texts mean, each distinct one looked up once."""
    meant = dict.fromkeys(declared.missing(column), np.nan)
    meant |= {level: float(place) for place, level in enumerate(column.levels)}
    if column.use == "label":
        meant = label_values(declared)
    encoded = compute.dictionary_encode(compute.utf8_trim_whitespace(texts))
    words, places = encoded.dictionary.to_pylist(), np.asarray(encoded.indices)
    known = np.array([word in meant for word in words], dtype=bool)[places]
    blank = np.array([word.lower() in GAPS for word in words], dtype=bool)[places]
    found = np.array([meant.get(word, np.nan) for word in words], dtype=np.float64)[places]
    if column.others:
        found[~known & ~blank] = len(column.levels) - 1
        known |= ~blank
    other = "value is not one of those declared"
    return found, [
        *_faults(column, NO_VALUE, ~known & blank, piece, texts),
        *_faults(column, other, ~known & ~blank, piece, texts),
    ]


def _no_numbers(
    column: Column, numbers: Values, piece: Piece, cells: Any, decimal: str
) -> list[Fault]:
    """Name the cells that hold no finite number, by what they hold instead."""
    wrong = ~np.isfinite(numbers)
    if not wrong.any():
        return []
    (mark,) = MARKS.keys() - {decimal}
    other_mark = rf"\A[+-]?[0-9{decimal}]*\{mark}[0-9.,]*\z"
    cells = to_texts(cells)
    plain = compute.utf8_lower(compute.utf8_trim_whitespace(cells))
    blank = wrong & np.asarray(compute.is_in(plain, arrow.array(sorted(GAPS))))
    marked = wrong & np.asarray(compute.match_substring_regex(plain, other_mark))
    said = wrong & np.asarray(compute.match_substring_regex(plain, INFINITE))
    infinite = said | np.isinf(numbers)
    texts = wrong & ~blank & ~infinite & ~marked
    amounts = AMOUNT.fullmatch(cells[int(np.argmax(texts))].as_py())
    kinds = [
        (NO_VALUE, blank, ""),
        (
            f"number holds a {MARKS[mark]}, not a {MARKS[decimal]}",
            marked,
            DECIMAL_REMEDY.format(mark=mark),
        ),
        ("text where a number is expected", texts, AMOUNT_REMEDY if amounts else ""),
        ("number is infinite or too large to be one", infinite, ""),
    ]
    return [
        fault._replace(remedy=remedy or fault.remedy)
        for problem, here, remedy in kinds
        for fault in _faults(column, problem, here, piece, cells)
    ]


def _faults(
    column: Column, problem: str, wrong: NDArray[np.bool_], piece: Piece, cells: Any
) -> list[Fault]:
    if piece.counts is not None and wrong.any():
        return [counted_fault(column, problem, wrong, cells, piece.counts)]
    first = [(piece.rows[at], cells[at]) for at in np.flatnonzero(wrong)[:SHOWN_ROWS].tolist()]
    return [row_fault(column, problem, int(wrong.sum()), first)] if first else []
