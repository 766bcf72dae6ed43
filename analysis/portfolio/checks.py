"""The numbers of a loan file held against the schema: a validated table, or all its faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.base.errors import Fault, InputError, row_with
from analysis.portfolio.distinct import Distinct
from analysis.portfolio.header import SHOWN_ROWS, shown
from analysis.portfolio.loans import Loans
from analysis.portfolio.schema import (
    LABEL,
    LABEL_NAMES,
    LEAST_ROWS_PER_LABEL,
    RATIO_COLUMNS,
    RATIO_TOLERANCE,
    LoanTable,
    column,
    columns,
)

MISSING = {"", "na", "n/a", "nan", "null", "none"}
INFINITE = r"[+-]?inf(inity)?"
WITH_COMMA = r"[+-]?[0-9.]*,[0-9.,]*"
ROWS_REMEDY = (
    "mend or remove the rows named (row 1 is the first below the header; blank lines do not count)"
)


def validate(name: str, raw: RawTable, least_per_label: int = LEAST_ROWS_PER_LABEL) -> pd.DataFrame:
    """Turn the numbers of a file into a validated loan table.

    Cells that hold no usable number are reported by themselves and count as absent when the
    rest is held against `LoanTable`, so that all faults come out at once.

    Parameters
    ----------
    name : str
        The file's path, for messages.
    raw : RawTable
        What was read.
    least_per_label : int
        How many rows of each label there must be; 0 for a file that is not to be split.

    Returns
    -------
    DataFrame
        A `LoanTable`, columns in the schema's order, rows in the file's.

    Raises
    ------
    InputError
        With every fault found.
    """
    numbers = _usable(raw.numbers)
    faults = [
        *raw.faults,
        *(fault for name in numbers for fault in _cell_faults(raw, str(name))),
        *_schema_faults(raw, numbers),
        *_label_faults(raw, numbers, least_per_label),
    ]
    if faults:
        raise InputError(name, sorted(faults, key=_place))
    return LoanTable.validate(numbers[list(_types())].astype(_types()), inplace=True)


def validated(found: Distinct, least_per_label: int = LEAST_ROWS_PER_LABEL) -> Loans | None:
    """Turn distinct rows of finite numbers into loans; None where `validate` would find a fault.

    Parameters
    ----------
    found : Distinct
        The schema's columns in its order, as floats.
    least_per_label : int
        How many loans of each label there must be.
    """
    rows = found.rows
    if not all(_is_whole(rows[each.name]).all() for each in columns() if each.integer):
        return None
    try:
        rows = LoanTable.validate(rows.astype(_types()), inplace=True)
    except pa.errors.SchemaError:
        return None
    loans = Loans(rows, found.counts, found.inverse)
    return loans if min(loans.label_counts.values()) >= least_per_label else None


def _types() -> dict[str, str]:
    """Return the type of each column, in the schema's order."""
    return {each.name: "int64" if each.integer else "float64" for each in columns()}


def _usable(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers without those that are not finite, or not whole in a column of counts."""
    # Adding 0 turns -0.0 into 0.0, so that rows that are equal have equal bytes too.
    numbers = numbers.replace([np.inf, -np.inf], np.nan) + 0.0
    whole = [each.name for each in columns() if each.integer and each.name in numbers]
    return numbers.assign(**{name: numbers[name].where(_is_whole(numbers[name])) for name in whole})


def _is_whole(numbers: pd.Series[float]) -> pd.Series[bool]:
    return numbers == numbers.round()


def _place(fault: Fault) -> int:
    """Order faults as the schema has the columns, what is no column of it first."""
    names = [each.name for each in columns()]
    return names.index(fault.column) if fault.column in names else -1


def _cell_faults(raw: RawTable, name: str) -> list[Fault]:
    """Name the cells of one column that hold no usable number."""
    numbers = raw.numbers[name]
    absent, infinite = numbers.isna(), np.isinf(numbers)
    none = pd.Series(data=False, index=numbers.index)
    blank, comma = absent, none
    if name in raw.texts:
        texts = raw.texts[name].str.strip().str.lower()
        blank = absent & texts.isin(MISSING)
        infinite |= texts.str.fullmatch(INFINITE)
        comma = absent & texts.str.fullmatch(WITH_COMMA)
    fraction = np.isfinite(numbers) & ~_is_whole(numbers) if column(name).integer else none
    found = {
        "value is missing": blank,
        "number holds a comma, not a point": comma,
        "text where a number is expected": absent & ~blank & ~infinite & ~comma,
        "number is infinite or too large to be one": infinite,
        "number is not whole": fraction,
    }
    return [
        _row_fault(raw, name, problem, wrong, column(name).allowed)
        for problem, wrong in found.items()
        if wrong.any()
    ]


def _row_fault(
    raw: RawTable, name: str, problem: str, wrong: pd.Series[bool], allowed: str
) -> Fault:
    return Fault(name, problem, int(wrong.sum()), raw.cells(name, wrong), allowed, ROWS_REMEDY)


def _schema_faults(raw: RawTable, numbers: pd.DataFrame) -> list[Fault]:
    """Hold the cells that are numbers against the ranges and the ratio of the schema."""
    try:
        _lenient(numbers).validate(numbers, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    of_column = cases["schema_context"] == "Column"
    faults = []
    for name, failed in cases[of_column].groupby("column", sort=False):
        wrong = pd.Series(numbers.index.isin(failed["index"]))
        allowed = column(str(name)).allowed
        faults.append(_row_fault(raw, str(name), "number out of range", wrong, allowed))
    if not of_column.all():
        wrong = pd.Series(numbers.index.isin(cases.loc[~of_column, "index"]))
        problem = "number is not total_debt / borrower_income"
        allowed = f"the ratio to within {RATIO_TOLERANCE:g}"
        faults.append(_row_fault(raw, "debt_to_income", problem, wrong, allowed))
    return faults


def _lenient(numbers: pd.DataFrame) -> pa.DataFrameSchema:
    """Return the schema for the columns that are there, with absent cells let through."""
    schema = LoanTable.to_schema()
    schema = schema.remove_columns([name for name in schema.columns if name not in numbers])
    if not set(RATIO_COLUMNS) <= set(numbers):
        schema.checks = []
    anything = {"nullable": True, "dtype": "float64"}
    return schema.update_columns(dict.fromkeys(schema.columns, anything))


def _label_faults(raw: RawTable, numbers: pd.DataFrame, least: int) -> list[Fault]:
    """Name the labels with too few rows, even if every unreadable label were this one.

    Where rows could not be told apart, there is nothing to count.
    """
    if LABEL not in numbers or len(numbers) < raw.rows:
        return []
    counts = numbers[LABEL].value_counts().reindex(list(LABEL_NAMES), fill_value=0)
    unclear = raw.rows - counts.sum()
    return [
        Fault(
            LABEL,
            f"only {counts[label]:,} of {raw.rows:,} rows are {title} loans ({label})",
            0,
            "",
            f"at least {least} rows of each label, so that both can be split",
            "give a file with more loans of this label",
        )
        for label, title in LABEL_NAMES.items()
        if counts[label] + unclear < least
    ]


@dataclass(frozen=True)
class RawTable:
    """What a file holds, before it is validated.

    Attributes
    ----------
    numbers : DataFrame
        The schema's columns that the file has, float64, NaN where a cell is no number; the index
        counts the file's rows from 0.
    texts : DataFrame
        The cells as they were written, same shape; empty where every cell was a number.
    rows : int
        How many rows the file has, those that could not be read among them.
    faults : list of Fault
        What is wrong with the header, the fields or the types.
    notes : list of str
        What was put right without guessing, a sentence each.
    """

    numbers: pd.DataFrame
    texts: pd.DataFrame
    rows: int
    faults: list[Fault]
    notes: list[str]

    def cells(self, column: str, wrong: pd.Series[bool]) -> str:
        """Name the first few rows where `wrong` holds, a line each, with its value."""
        source = self.texts if column in self.texts else self.numbers
        found = source.loc[wrong.to_numpy(), column].head(SHOWN_ROWS)
        return "\n".join(
            row_with(row, shown(value))
            for row, value in zip(found.index.tolist(), found, strict=True)
        )
