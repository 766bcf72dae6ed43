"""The distinct rows of a loan file held against what is declared: loans, or all the faults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.base.errors import Fault, InputError
from analysis.portfolio.cells import SHOWN_ROWS, merged, row_fault
from analysis.portfolio.declaration import Column
from analysis.portfolio.distinct import Distinct
from analysis.portfolio.loans import Loans
from analysis.portfolio.ratio import Ratio
from analysis.portfolio.reading import Reading
from analysis.portfolio.schema import table


def validated(reading: Reading, found: Distinct, least_per_label: int) -> Loans:
    """Turn the distinct rows of a file into validated loans.

    Cells that hold no usable number are reported by themselves and count as absent when the rest
    is held against the declaration, so that all faults come out at once.

    Parameters
    ----------
    reading : Reading
        The file, read as far as it goes.
    found : Distinct
        The rows of the columns found, float64, NaN where a cell holds no finite number.
    least_per_label : int
        How many loans of each label there must be; 0 for a file that is not to be split.

    Raises
    ------
    InputError
        With every fault found, by column; what is no column comes first.
    """
    declared, check = reading.declared, _Check(reading, found)
    faults = [*reading.faults, *check.fractions(), *check.ranges(), *check.ratios()]
    # Where rows could not be told apart, there is nothing to count.
    if all(fault.column for fault in faults):
        faults += check.labels(least_per_label)
    if faults:
        places = {name: place for place, name in enumerate(declared.names)}
        raise InputError(
            reading.name, sorted(merged(faults), key=lambda fault: places.get(fault.column, -1))
        )
    schema = table(declared).select_columns([each for each in declared.names if each in found.rows])
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    return Loans(
        schema.validate(found.rows[list(types)].astype(types), inplace=True),
        found.counts,
        found.inverse,
        label=declared.label_column.name,
        declared=declared.features,
        recipe=declared.recipe,
        outside=declared.groups,
    )


class _Check:
    """What is wrong with the distinct rows of a file; each method names faults of one kind."""

    def __init__(self, reading: Reading, found: Distinct) -> None:
        self._reading, self._found = reading, found
        self._declared, self._rows = reading.declared, found.rows
        self._columns = [each for each in self._declared.columns if each.name in found.rows]

    def fractions(self) -> list[Fault]:
        """Name numbers that are not whole where they must be; they count as absent from then on."""
        faults = []
        for each in self._columns:
            if each.integer:
                numbers = self._rows[each.name]
                wrong = numbers.notna() & (numbers != numbers.round())
                faults += self._faults(each, "number is not whole", wrong)
                self._rows = self._rows.assign(**{each.name: numbers.mask(wrong)})
        return faults

    def ranges(self) -> list[Fault]:
        """Name numbers out of the ranges declared."""
        schema = table(self._declared)
        schema = schema.select_columns([each.name for each in self._columns])
        schema.checks = []
        anything = {"nullable": True, "dtype": "float64"}
        try:
            schema.update_columns(dict.fromkeys(schema.columns, anything)).validate(
                self._rows, lazy=True
            )
        except pa.errors.SchemaErrors as error:
            failed = error.failure_cases.groupby("column")["index"]
        else:
            return []
        wrong = {name: pd.Series(self._rows.index.isin(index)) for name, index in failed}
        return [
            fault
            for each in self._columns
            if each.name in wrong
            for fault in self._faults(each, "number out of range", wrong[each.name])
        ]

    def ratios(self) -> list[Fault]:
        """Name numbers that are not the quotient that they must be."""
        faults = []
        for ratio in self._declared.identities:
            column = next((each for each in self._columns if each.name == ratio.column), None)
            if column and ratio.names <= set(self._rows):
                faults += self._ratio_faults(column, ratio)
        return faults

    def _ratio_faults(self, column: Column, ratio: Ratio) -> list[Fault]:
        wrong = ~ratio.agrees(self._rows)
        if not ratio.in_per_cent(self._rows):
            allowed = f"the ratio to within {ratio.tolerance(self._rows):.1g}"
            return self._faults(column, f"number is not {ratio.text}", wrong, allowed)
        problem, allowed = f"number is in per cent: 100 times {ratio.text}", ratio.text
        remedy = f"divide {column.name} by 100"
        return [
            fault._replace(remedy=remedy) for fault in self._faults(column, problem, wrong, allowed)
        ]

    def labels(self, least: int) -> list[Fault]:
        """Name the labels with too few rows, even if every unreadable label were this one."""
        label, total = self._declared.label_column.name, self._found.total
        if label not in self._rows:
            return []
        labels = self._rows[label].to_numpy()
        counts = {
            each: int(self._found.counts[labels == each].sum())
            for each in self._declared.label_names
        }
        unclear = total - sum(counts.values())
        written = self._declared.label.written
        return [
            Fault(
                label,
                f"only {counts[each]:,} of {total:,} rows are {title} loans ({written(each)})",
                0,
                "",
                f"at least {least} rows of each label, so that both can be split",
                "give a file with more loans of this label",
            )
            for each, title in self._declared.label_names.items()
            if counts[each] + unclear < least
        ]

    def _faults(
        self, column: Column, problem: str, wrong: pd.Series[bool], allowed: str = ""
    ) -> list[Fault]:
        """Make the fault of all rows whose distinct row is wrong, where there are any."""
        distinct = wrong.to_numpy()
        places = np.flatnonzero(distinct[self._found.inverse])[:SHOWN_ROWS]
        values = self._found.rows[column.name].to_numpy()[self._found.inverse[places]]
        first = zip(self._reading.row_numbers(places), values, strict=True)
        count = int(self._found.counts[distinct].sum())
        return [row_fault(column, problem, count, first, allowed)] if count else []
