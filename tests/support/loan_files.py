"""Loan files from bytes, and tables as files of each form."""

import io

import pandas as pd

from analysis.portfolio import frames
from analysis.portfolio.checks import validated
from analysis.portfolio.declaration import module_12
from analysis.portfolio.file import LoanFile
from analysis.portfolio.formats import kinds
from analysis.portfolio.reading import Reading
from analysis.portfolio.schema import LEAST_ROWS_PER_LABEL
from tests.support import plain


def opened(content):
    """Return bytes as an open loan file."""
    return LoanFile(io.BufferedReader(io.BytesIO(content)))


def distinct_rows(reading, content):
    """Read the distinct rows of a file from its bytes."""
    return frames.distinct_rows(reading, kinds.table(reading, opened(content)))


def loans(name, content, least=LEAST_ROWS_PER_LABEL):
    """Read a file from its bytes: its loans, and what was noted."""
    reading = Reading(name, module_12())
    rows = distinct_rows(reading, content)
    return validated(reading, rows, least), reading.notes


def table(name, content, least=LEAST_ROWS_PER_LABEL):
    """Read a file from its bytes: its rows, and what was noted."""
    found, notes = loans(name, content, least)
    return plain.table(found), notes


def faults(error):
    """Return the faults of an error as text, a line each."""
    return "\n".join(
        f"{fault.column}: {fault.problem} | {fault.rows} | {fault.first} | {fault.allowed}"
        for fault in error.faults
    )


def to_workbook(**sheets):
    """Return tables as a workbook's bytes, a sheet each."""
    stream = io.BytesIO()
    with pd.ExcelWriter(stream) as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title, index=False)
    return stream.getvalue()


def to_parquet(frame, **settings):
    """Return a table as a Parquet file's bytes."""
    stream = io.BytesIO()
    frame.to_parquet(stream, **({"index": False} | settings))
    return stream.getvalue()
