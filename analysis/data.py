"""A loan file, read once, fingerprinted and validated; or the simulated portfolio in its place."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa
import yaml

from analysis import simulate
from analysis.errors import Fault, InputError
from analysis.reader import MISSING, RawTable, parse
from analysis.schema import (
    LABEL,
    LABEL_NAMES,
    LEAST_ROWS_PER_LABEL,
    RATIO_TOLERANCE,
    LoanTable,
    column,
    columns,
)

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FILE = ROOT / "data" / "lending_data.csv"
SOURCE_FILE = ROOT / "data" / "SOURCE.yml"
ENVIRONMENT_VARIABLE = "LENDING_DATA"


@dataclass(frozen=True)
class KnownFile:
    """The file behind the published report, as data/SOURCE.yml records it."""

    name: str
    producer: str
    licence: str
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Portfolio:
    """A validated loan table with where it came from.

    Attributes
    ----------
    table : DataFrame
        Columns as in `LoanTable`, rows in the file's order.
    source : {"file", "simulated"}
        Whether a file was read.
    name : str
        The file's name without its folder, or a name for the simulated portfolio.
    sha256 : str
        Fingerprint of the file's bytes, 64 hexadecimal digits; of its CSV form when simulated.
    size_bytes : int
        How many bytes were read or would be written.
    notes : tuple of str
        What reading put right without guessing, a sentence each.
    known : KnownFile or None
        The record of this very file, where the fingerprint is the recorded one.
    """

    table: pd.DataFrame
    source: Literal["file", "simulated"]
    name: str
    sha256: str
    size_bytes: int
    notes: tuple[str, ...] = ()
    known: KnownFile | None = None


def locate(given: str | None = None) -> Path | None:
    """Return the loan file to read: the one given, LENDING_DATA, data/lending_data.csv, or none."""
    named = given or os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def load(given: str | None = None) -> Portfolio:
    """Read and validate the loan file that `locate` finds, or simulate a portfolio.

    Raises
    ------
    InputError
        When there is a file and it cannot be used.
    """
    path = locate(given)
    return simulated() if path is None else read(path)


def simulated() -> Portfolio:
    """Return the embedded portfolio, generated from its fixed seed."""
    table = simulate.portfolio()
    content = simulate.to_csv(table)
    return Portfolio(
        table=table,
        source="simulated",
        name="simulated portfolio",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


def read(path: Path) -> Portfolio:
    """Read, fingerprint and validate one loan file.

    Raises
    ------
    InputError
        With every fault found: in the file as a whole, in its columns, in its rows.
    """
    content = file_bytes(path)
    raw = parse(str(path), content)
    table = validate(str(path), raw)
    sha256 = hashlib.sha256(content).hexdigest()
    known = known_file()
    return Portfolio(
        table=table,
        source="file",
        name=path.name,
        sha256=sha256,
        size_bytes=len(content),
        notes=tuple(raw.notes),
        known=known if sha256 == known.sha256 else None,
    )


def file_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file; what is hashed is what is parsed."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _unreadable(path, "this is a directory")
        if not stat.S_ISREG(status.st_mode):
            raise _unreadable(path, "this is not a regular file")
        content = path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(path, "there is no such file") from None
    except PermissionError:
        raise _unreadable(path, "no permission to read it") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, f"it cannot be read ({error})") from None
    if len(content) != status.st_size:
        raise _unreadable(
            path, f"it changed while it was read ({status.st_size:,} to {len(content):,} bytes)"
        )
    return content


def _unreadable(path: Path, problem: str) -> InputError:
    return InputError.of_file(
        str(path),
        problem,
        "a readable CSV (also gzipped) or Parquet file",
        f"correct the path, or leave it out to use {DEFAULT_FILE.name} or the simulated portfolio",
    )


def validate(name: str, raw: RawTable) -> pd.DataFrame:
    """Turn the numbers of a file into a validated loan table.

    Cells that hold no usable number are reported by themselves and count as absent when the
    rest is held against `LoanTable`, so that all faults come out at once.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = list(raw.faults)
    numbers = raw.numbers.replace([np.inf, -np.inf], np.nan)
    declared = [each for each in columns() if each.name in numbers]
    for each in declared:
        for problem, wrong in _cell_faults(raw, each.name, each.integer):
            faults.append(_row_fault(raw, each.name, problem, wrong, each.allowed))
    faults += _schema_faults(raw, numbers)
    if not faults:
        faults = _label_faults(numbers)
    if faults:
        raise InputError(name, faults)
    types = {each.name: "int64" if each.integer else "float64" for each in columns()}
    return LoanTable.validate(numbers[list(types)].astype(types))


def _cell_faults(
    raw: RawTable, name: str, integer: bool
) -> list[tuple[str, pd.Series[bool]]]:
    numbers = raw.numbers[name]
    absent = numbers.isna()
    if name in raw.texts:
        blank = raw.texts[name].str.strip().str.lower().isin(MISSING)
        infinite = raw.texts[name].str.strip().str.lower().str.fullmatch(r"[+-]?inf(inity)?")
        infinite |= np.isinf(numbers)
        text = absent & ~blank & ~infinite
        comma = text & raw.texts[name].str.fullmatch(r"\s*[+-]?\d+,\d+\s*")
    else:
        blank, infinite = absent, pd.Series(np.isinf(numbers))
        text = comma = pd.Series(data=False, index=numbers.index)
    found = [
        ("value is missing", absent & blank),
        ("number has a decimal comma", comma),
        ("text where a number is expected", text & ~comma),
        ("number is infinite or too large to be one", infinite),
    ]
    if integer:
        found.append(("number is not whole", ~absent & ~infinite & (numbers % 1 != 0)))
    return [(problem, wrong) for problem, wrong in found if wrong.any()]


def _row_fault(
    raw: RawTable, column: str, problem: str, wrong: pd.Series[bool], allowed: str
) -> Fault:
    remedy = "mend or remove the rows named (row 1 is the first below the header)"
    return Fault(column, problem, int(wrong.sum()), raw.cells(column, wrong), allowed, remedy)


def _schema_faults(raw: RawTable, numbers: pd.DataFrame) -> list[Fault]:
    """Hold the cells that are numbers against the ranges and the ratio of the schema."""
    schema = LoanTable.to_schema()
    absent = [name for name in schema.columns if name not in numbers]
    if absent:
        schema = schema.remove_columns(absent)
        schema.checks = []
    anything = {"nullable": True, "dtype": "float64"}
    schema = schema.update_columns({name: anything for name in schema.columns})
    try:
        schema.validate(numbers, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    cases = cases.assign(column=cases["column"].where(cases["schema_context"] == "Column", ""))
    faults = []
    for (name, _), failed in cases.groupby(["column", "check"], sort=False):
        wrong = pd.Series(raw.numbers.index.isin(failed["index"]))
        if name:
            allowed = column(str(name)).allowed
            faults.append(_row_fault(raw, str(name), "number out of range", wrong, allowed))
        else:
            problem = "number is not total_debt / borrower_income"
            allowed = f"the ratio to within {RATIO_TOLERANCE:g}"
            faults.append(_row_fault(raw, "debt_to_income", problem, wrong, allowed))
    return faults


def _label_faults(table: pd.DataFrame) -> list[Fault]:
    counts = table[LABEL].value_counts()
    return [
        Fault(
            LABEL,
            f"only {counts.get(label, 0):,} of {len(table):,} rows are {name} loans ({label})",
            0,
            "",
            f"at least {LEAST_ROWS_PER_LABEL} rows of each label, so that both can be split",
            "give a file with both labels",
        )
        for label, name in LABEL_NAMES.items()
        if counts.get(label, 0) < LEAST_ROWS_PER_LABEL
    ]


@cache
def known_file() -> KnownFile:
    """Return what data/SOURCE.yml records of the file behind the published report."""
    return KnownFile(**yaml.safe_load(SOURCE_FILE.read_text(encoding="utf-8")))
