"""What the cells of a declared column mean: numbers, places of levels, labels, gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray
from pyarrow import compute

from analysis.base.errors import Fault
from analysis.portfolio import cells
from analysis.portfolio.cells import Rows, Values
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, NUMBERS, Column, Declaration

LEFT_OUT = -1.0  # the label of a loan that is not decided


def is_text(column: Column) -> bool:
    """Whether the cells of a column are read as they are written."""
    return not column.plain


def gaps(declared: Declaration) -> list[str]:
    """Return how a gap is written in every column of numbers that may have one."""
    numbers = [each for each in declared.columns if not is_text(each)]
    written = [declared.missing(each) for each in numbers if declared.missing(each)]
    return sorted(set.intersection(*map(set, written))) if written else []


def values(
    declared: Declaration, column: Column, rows: Rows, numbers: Values | None, texts: Any
) -> tuple[Values, list[Fault]]:
    """Return the values of some cells, and what is wrong with them.

    Parameters
    ----------
    rows : array of shape (cells,)
        The number of each cell's row in the file, from 0.
    numbers : array of shape (cells,) or None
        The cells of a column of numbers, NaN where one is none.
    texts : Arrow array of shape (cells,) or None
        The cells as they are written, where they were read so.

    Returns
    -------
    array of shape (cells,)
        Numbers; the place of a category's level among those declared; the label as 0 (healthy) or
        1 (high-risk), `LEFT_OUT` where the loan is not decided. NaN where there is none.
    list of Fault
        Cells that mean nothing that is declared.
    """
    if numbers is None and column.type in NUMBERS:
        written = cells.bare(texts, column.group_char, bare_number=column.bare_number)
        numbers = cells.to_numbers(written, declared.dialect.decimal_char)
    if numbers is None:
        return _places(column, _meant(declared, column), rows, texts)
    absent = _absent(declared.missing(column), numbers, texts)
    decimal = declared.dialect.decimal_char
    faults = cells.faults(column, np.where(absent, 0.0, numbers), rows, texts, decimal)
    # Adding zero turns -0.0 into 0.0, so that rows that are equal have equal bytes.
    found = np.where(np.isfinite(numbers) & ~absent, numbers + 0.0, np.nan)
    if column.use == "label":
        return _labels(declared, column, rows, found, faults)
    return found, faults


def _absent(missing: tuple[str, ...], numbers: Values, texts: Any) -> NDArray[np.bool_]:
    """Return which cells are gaps, by their text or by the number that stands for one."""
    if not missing:
        return np.zeros(len(numbers), dtype=bool)
    coded = [number for number in map(_number, missing) if number is not None]
    absent = np.isin(numbers, coded)
    if texts is None:  # a null, or one of `gaps`
        return absent | np.isnan(numbers)
    plain = compute.utf8_trim_whitespace(texts)
    written: NDArray[np.bool_] = np.asarray(compute.is_in(plain, arrow.array(list(missing))))
    return absent | written


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _meant(declared: Declaration, column: Column) -> dict[str, float]:
    """Return what each text of a column of texts means."""
    if column.use == "label":
        return _label_values(declared)
    meant = {level: float(place) for place, level in enumerate(column.levels)}
    return dict.fromkeys(declared.missing(column), np.nan) | meant


def _label_values(declared: Declaration) -> dict[str, float]:
    label = declared.label
    return (
        dict.fromkeys(label.high_risk, float(HIGH_RISK))
        | dict.fromkeys(label.healthy, float(HEALTHY))
        | dict.fromkeys(label.left_out, LEFT_OUT)
    )


def _labels(
    declared: Declaration, column: Column, rows: Rows, numbers: Values, faults: list[Fault]
) -> tuple[Values, list[Fault]]:
    """Return what the label's numbers mean."""
    found = np.full(len(numbers), np.nan)
    for text, label in _label_values(declared).items():
        found[numbers == _number(text)] = label
    wrong = np.isnan(found) & ~np.isnan(numbers)
    return found, faults + _faults(column, "number out of range", wrong, rows, numbers)


def _places(
    column: Column, meant: dict[str, float], rows: Rows, texts: Any
) -> tuple[Values, list[Fault]]:
    """Return what texts mean, each distinct one looked up once."""
    encoded = compute.dictionary_encode(compute.utf8_trim_whitespace(texts))
    words = encoded.dictionary.to_pylist()
    places = np.asarray(encoded.indices)
    known = np.array([word in meant for word in words], dtype=bool)[places]
    blank = np.array([word.lower() in cells.GAPS for word in words], dtype=bool)[places]
    found = np.array([meant.get(word, np.nan) for word in words], dtype=np.float64)[places]
    return found, [
        *_faults(column, "value is missing", ~known & blank, rows, texts),
        *_faults(column, "value is not one of those declared", ~known & ~blank, rows, texts),
    ]


def _faults(
    column: Column, problem: str, wrong: NDArray[np.bool_], rows: Rows, written: Any
) -> list[Fault]:
    first = [(rows[at], written[at]) for at in np.flatnonzero(wrong)[: cells.SHOWN_ROWS].tolist()]
    return [cells.row_fault(column, problem, int(wrong.sum()), first)] if first else []
