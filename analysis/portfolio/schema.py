"""The loan table: each column declared once, with its type, range, title and unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from analysis.portfolio.ratio import Ratio

LABEL = "loan_status"
HEALTHY: Final = 0
HIGH_RISK: Final = 1
LABEL_NAMES = {HEALTHY: "healthy", HIGH_RISK: "high-risk"}
DEBT_RATIO = Ratio("debt_to_income", "total_debt", "borrower_income")
# A loan, an income or a debt beyond this is a slip of the keyboard, and its square overflows.
LARGEST_AMOUNT = 1e12
LARGEST_COUNT = 1_000_000
# The least number of loans of a label that a quarter of the rows can be expected to hold.
LEAST_ROWS_PER_LABEL = 10


class LoanTable(pa.DataFrameModel):
    """A portfolio: one row a loan, seven features and the label.

    Amounts are in dollars, the interest rate in percent; no value is missing or infinite.
    """

    loan_size: Series[float] = pa.Field(
        gt=0,
        le=LARGEST_AMOUNT,
        title="Loan size",
        description="Amount of the loan",
        metadata={"unit": "$"},
    )
    interest_rate: Series[float] = pa.Field(
        ge=0,
        le=100,
        title="Interest rate",
        description="Yearly interest rate of the loan",
        metadata={"unit": "%"},
    )
    borrower_income: Series[float] = pa.Field(
        gt=0,
        le=LARGEST_AMOUNT,
        title="Borrower income",
        description="Yearly income of the borrower",
        metadata={"unit": "$ a year"},
    )
    debt_to_income: Series[float] = pa.Field(
        ge=0,
        le=LARGEST_AMOUNT,
        title="Debt to income",
        description="Total debt divided by borrower income",
        metadata={"unit": "ratio"},
    )
    num_of_accounts: Series[int] = pa.Field(
        ge=0,
        le=LARGEST_COUNT,
        title="Number of accounts",
        description="Accounts that the borrower holds",
        metadata={"unit": "count"},
    )
    derogatory_marks: Series[int] = pa.Field(
        ge=0,
        le=LARGEST_COUNT,
        title="Derogatory marks",
        description="Negative entries in the borrower's credit record",
        metadata={"unit": "count"},
    )
    total_debt: Series[float] = pa.Field(
        ge=0,
        le=LARGEST_AMOUNT,
        title="Total debt",
        description="Everything that the borrower owes",
        metadata={"unit": "$"},
    )
    loan_status: Series[int] = pa.Field(
        isin=[HEALTHY, HIGH_RISK],
        title="Loan status",
        description="The label: 0 for a healthy loan, 1 for a high-risk loan",
        metadata={"unit": "0 or 1"},
    )

    class Config:
        """No other column; the order of columns is the schema's."""

        strict = True

    @pa.dataframe_check(name="debt_to_income")
    def ratio_agrees(cls, frame: pd.DataFrame) -> pd.Series[bool]:  # noqa: N805 -- pandera's form
        """Hold debt_to_income against total_debt / borrower_income."""
        return DEBT_RATIO.agrees(frame)


@dataclass(frozen=True)
class Column:
    """What the report says of one column: taken from the schema, never typed again."""

    name: str
    title: str
    unit: str
    description: str
    allowed: str
    integer: bool


@dataclass(frozen=True)
class Declaration:
    """What a loan file is to hold: all that the reader knows of columns.

    Attributes
    ----------
    columns : tuple of Column
        In the order of the table that is read.
    table : DataFrameSchema
        Their types and ranges.
    ratios : tuple of Ratio
        Columns that follow from others; `table` holds them too.
    label : str
        The column of the label.
    labels : dict of int to str
        Its values, and what their loans are called.
    labelled : bool
        Whether the label has to be there.
    """

    columns: tuple[Column, ...]
    table: pa.DataFrameSchema
    ratios: tuple[Ratio, ...]
    label: str
    labels: dict[int, str]
    labelled: bool = True

    @property
    def needed(self) -> list[str]:
        """The names of the columns that have to be there."""
        return [name for name in self.names if self.labelled or name != self.label]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    @property
    def types(self) -> dict[str, str]:
        """The type of each column once it is validated."""
        return {each.name: "int64" if each.integer else "float64" for each in self.columns}


@cache
def declaration() -> Declaration:
    """Return what a loan file is to hold."""
    return Declaration(columns(), LoanTable.to_schema(), (DEBT_RATIO,), LABEL, LABEL_NAMES)


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns of the loan table in the schema's order."""
    return tuple(_column(name, column) for name, column in LoanTable.to_schema().columns.items())


def feature_names() -> list[str]:
    """Return the names of the seven features in the schema's order."""
    return [column.name for column in columns() if column.name != LABEL]


def column(name: str) -> Column:
    """Return the column called `name`; KeyError when the schema has none."""
    return {column.name: column for column in columns()}[name]


def _column(name: str, declared: pa.Column) -> Column:
    integer = str(declared.dtype) == "int64"
    return Column(
        name=name,
        title=str(declared.title),
        unit=str((declared.metadata or {})["unit"]),
        description=str(declared.description),
        allowed=_allowed(declared, integer),
        integer=integer,
    )


def _allowed(declared: pa.Column, integer: bool) -> str:
    bounds = {check.name: check.statistics for check in declared.checks}
    if "isin" in bounds:
        return " or ".join(str(value) for value in bounds["isin"]["allowed_values"])
    kind = "a whole number" if integer else "a number"
    lower = (
        f"above {bounds['greater_than']['min_value']:,.0f}"
        if "greater_than" in bounds
        else f"from {bounds['greater_than_or_equal_to']['min_value']:,.0f}"
    )
    upper = bounds["less_than_or_equal_to"]["max_value"]
    return f"{kind} {lower} to {upper:,.0f}"
