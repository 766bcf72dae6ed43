"""Loan files that cannot be used: how to make each, and what its message must name."""

import numpy as np


def saved(change):
    """Return a maker of a CSV file of a changed table."""

    def make(folder, table):
        path = folder / "bad.csv"
        change(table).to_csv(path, index=False)
        return path

    return make


def written(content, name="bad.csv"):
    """Return a maker of a file with this content."""

    def make(folder, _):
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def cell(column, value, row=6):
    """Return a maker of a CSV file with one cell changed."""

    def change(table):
        table = table.astype({column: object})
        table.loc[row, column] = value
        return table

    return saved(change)


def absent(folder, _):
    return folder / "bad.csv"


def directory(folder, _):
    path = folder / "bad.csv"
    path.mkdir()
    return path


BAD_FILES = {
    "missing file": (absent, ["no such file"]),
    "directory": (directory, ["directory"]),
    "empty file": (written(b""), ["empty"]),
    "missing column": (saved(lambda t: t.drop(columns="loan_size")), ["loan_size", "missing"]),
    "unknown column": (saved(lambda t: t.assign(region=1)), ["region", "not known"]),
    "text": (cell("loan_size", "ten"), ["loan_size", "row 7", "ten"]),
    "missing value": (cell("interest_rate", np.nan), ["interest_rate", "missing", "row 7"]),
    "infinity": (cell("borrower_income", np.inf), ["borrower_income", "infinite", "row 7"]),
    "another label": (cell("loan_status", 2), ["loan_status", "row 7", "2", "0 or 1"]),
    "one class": (saved(lambda t: t.assign(loan_status=0)), ["loan_status", "high-risk"]),
    "another ratio": (cell("debt_to_income", 7.5), ["debt_to_income", "row 7", "7.5"]),
    "not text": (written(bytes(range(128, 256)) * 8), ["UTF-8"]),
    "not text but zeros": (written(b"\0" * 64), ["NUL"]),
    "no rows": (
        saved(lambda t: t.head(0)),
        ["bad.csv"],
    ),
}
