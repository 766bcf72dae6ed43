"""What a loan file holds before it is validated, and what its header may be."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow

from analysis.base.errors import Fault, InputError, printable
from analysis.portfolio.schema import columns

INDEX_NAMES = {"", "index", "Unnamed: 0"}
COLUMN_LIST = ", ".join(column.name for column in columns())
ALLOWED_NAMES = "the columns listed below"
NAMES_REMEDY = f"give each of these columns once, in any order, and no other: {COLUMN_LIST}"
SHOWN_ROWS, SHOWN_NAMES, SHOWN_CHARACTERS = 3, 4, 40
# As programs write numbers: ASCII digits, a point, perhaps an exponent, blanks around it.
NUMBER = r"[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*"


@dataclass(frozen=True)
class Header:
    """What a file's column names are.

    Attributes
    ----------
    wanted : list of str
        The schema's columns that stand there once, in the file's order.
    index : str or None
        The name of a column that may only count the rows.
    faults : list of Fault
        Names that are missing, unknown or repeated.
    """

    wanted: list[str]
    index: str | None
    faults: list[Fault]

    @property
    def notes(self) -> list[str]:
        """Say so when the columns stand in another order than the schema's."""
        expected = [column.name for column in columns() if column.name in self.wanted]
        return [] if self.wanted == expected else ["Its columns stood in another order."]


def check_names(name: str, names: list[str]) -> Header:
    """Hold a file's column names against the schema's.

    Raises
    ------
    InputError
        When none of the names is a column of the schema: then the rest is not worth reading.
    """
    known = [column.name for column in columns()]
    count = Counter(names)
    if not any(count[each] for each in known):
        held = ", ".join(shown(each) for each in names[:SHOWN_NAMES])
        more = ", …" if len(names) > SHOWN_NAMES else ""
        raise InputError.of_file(
            name,
            f"its header names none of the columns; it holds {held or 'nothing'}{more}",
            "a first line with the columns' names, the rows below",
            NAMES_REMEDY,
        )
    unknown = [each for each in count if each not in known]
    index = next((each for each in unknown if each in INDEX_NAMES and count[each] == 1), None)
    faults = [
        name_fault(each, f"the column stands {count[each]} times")
        for each in known
        if count[each] > 1
    ]
    faults += [
        name_fault(each, _unknown(each, [near for near in known if not count[near]]))
        for each in unknown
        if each != index
    ]
    faults += [name_fault(each, "the column is missing") for each in known if not count[each]]
    return Header([each for each in names if each in known and count[each] == 1], index, faults)


def _unknown(name: str, missing: list[str]) -> str:
    near = difflib.get_close_matches(name[:SHOWN_CHARACTERS].lower(), missing, n=1)
    return "the column is not known" + (f"; is it {near[0]}?" if near else "")


def name_fault(column: str, problem: str) -> Fault:
    """Make the fault of a column name that is missing, unknown or repeated."""
    name = column[:SHOWN_CHARACTERS] or "(no name)"
    return Fault(name, problem, 0, "", ALLOWED_NAMES, NAMES_REMEDY)


def check_index(header: Header, values: pd.Series[Any], notes: list[str]) -> list[Fault]:
    """Leave out a column that only counts the rows; anything else in it is a fault.

    `values` stands under the row numbers of the file. A note is added to `notes`.
    """
    numbers = to_numbers(values) if values.dtype == "str" else values.astype(float)
    counted = numbers - values.index.to_numpy()
    if len(counted) and counted.iloc[0] in (0, 1) and (counted == counted.iloc[0]).all():
        notes.append("A column that only counts the rows was left out.")
        return []
    return [name_fault(header.index or "", "the column is not known and does not count the rows")]


def to_numbers(texts: pd.Series[str]) -> pd.Series[float]:
    """Read numbers as they are written in plain CSV; NaN for any other text."""
    written = texts.where(texts.str.fullmatch(NUMBER)).str.strip(" \t")
    numbers = arrow.array(written, arrow.large_string(), from_pandas=True).cast(arrow.float64())
    return pd.Series(numbers.to_numpy(zero_copy_only=False), index=texts.index)


def refuse(name: str, problem: str, remedy: str) -> InputError:
    """Make the error of a file that is no loan file as a whole."""
    allowed = f"CSV with commas (also gzipped) or Parquet, with the columns {COLUMN_LIST}"
    return InputError.of_file(name, problem, allowed, remedy)


def shown(value: Any) -> str:
    """Write one cell of a file for a message: quoted, on one line, of bounded length."""
    text = value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
    cut = "…" if len(text) > SHOWN_CHARACTERS else ""
    return f"'{printable(text[:SHOWN_CHARACTERS])}{cut}'"


def row_numbers(rows: int, left_out: list[int]) -> pd.Index[Any]:
    """Return the numbers, from 0, of the rows of a file that remain without those left out."""
    return pd.Index(np.delete(np.arange(rows), left_out)) if left_out else pd.RangeIndex(rows)
