"""The distinct rows of a loan file held against what is declared: loans, or all the faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.base.errors import Fault, InputError
from analysis.portfolio.column import Column
from analysis.portfolio.declaration import Declaration
from analysis.portfolio.distinct import Distinct
from analysis.portfolio.faults import SHOWN_ROWS, counted_fault, merged, row_fault
from analysis.portfolio.loans import Loans, compact
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
    declared = reading.declared
    wrong = _wrong(declared, found.rows)
    faults = [*reading.faults, *(_fault(reading, found, each) for each in wrong if each.rows.any())]
    # Where rows could not be told apart, there is nothing to count.
    if all(fault.column for fault in faults):
        faults += _too_few(declared, found, least_per_label)
    if faults:
        places = {name: place for place, name in enumerate(declared.names)}
        raise InputError(
            reading.name, sorted(merged(faults), key=lambda fault: places.get(fault.column, -1))
        )
    schema = table(declared).select_columns([each for each in declared.names if each in found.rows])
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    columns = {
        name: found.rows[name].to_numpy().astype(kind, copy=False) for name, kind in types.items()
    }
    return Loans(
        compact(schema.validate(pd.DataFrame(columns, copy=False), inplace=True)),
        found.counts,
        found.inverse,
        label=declared.label_column.name,
        declared=declared.features,
        recipe=declared.recipe,
        outside=declared.groups,
    )


class _Wrong(NamedTuple):
    """Distinct rows, one true or false each, that are wrong in a column, and how."""

    column: Column
    problem: str
    rows: pd.Series[bool]
    allowed: str = ""
    remedy: str = ""


def _wrong(declared: Declaration, rows: pd.DataFrame) -> Iterator[_Wrong]:
    """Yield what may be wrong with numbers; those that are not whole then count as absent."""
    columns = {each.name: each for each in declared.columns if each.name in rows}
    for name, column in columns.items():
        if column.integer:
            fraction = rows[name].notna() & (rows[name] != rows[name].round())
            yield _Wrong(column, "number is not whole", fraction)
            rows = rows.assign(**{name: rows[name].mask(fraction)})
        held = [check(rows[name]).check_output for check in table(declared).columns[name].checks]
        if held:
            right = pd.concat(held, axis=1).all(axis=1)  # of the numbers that are there
            yield _Wrong(column, "number out of range", ~right.reindex(rows.index, fill_value=True))
    for ratio in declared.identities:
        if ratio.names <= set(rows):
            yield _off(columns[ratio.column], ratio, rows)


def _off(column: Column, ratio: Ratio, rows: pd.DataFrame) -> _Wrong:
    """Return the numbers that are not the quotient that they must be."""
    wrong = ~ratio.agrees(rows)
    if ratio.in_per_cent(rows):
        problem = f"number is in per cent: 100 times {ratio.text}"
        return _Wrong(column, problem, wrong, ratio.text, f"divide {column.name} by 100")
    allowed = f"the ratio to within {ratio.tolerance(rows):.1g}"
    return _Wrong(column, f"number is not {ratio.text}", wrong, allowed)


def _fault(reading: Reading, found: Distinct, wrong: _Wrong) -> Fault:
    """Make the fault of all rows whose distinct row is wrong."""
    distinct = wrong.rows.to_numpy()
    if not reading.numbered:
        cells = found.rows[wrong.column.name].to_numpy()
        fault = counted_fault(wrong.column, wrong.problem, distinct, cells, found.counts)
        allowed, remedy = wrong.allowed or fault.allowed, wrong.remedy or fault.remedy
        return fault._replace(allowed=allowed, remedy=remedy)
    places = np.flatnonzero(distinct[found.inverse])[:SHOWN_ROWS]
    values = found.rows[wrong.column.name].to_numpy()[found.inverse[places]]
    first = zip(reading.row_numbers(places), values, strict=True)
    count = int(found.counts[distinct].sum())
    fault = row_fault(wrong.column, wrong.problem, count, first, wrong.allowed)
    return fault._replace(remedy=wrong.remedy or fault.remedy)


def _too_few(declared: Declaration, found: Distinct, least: int) -> list[Fault]:
    """Name the labels with too few rows, even if every unreadable label were this one."""
    label, total = declared.label_column.name, found.total
    if label not in found.rows:
        return []
    labels = found.rows[label].to_numpy()
    counts = {each: int(found.counts[labels == each].sum()) for each in declared.label_names}
    unclear = total - sum(counts.values())
    allowed = f"at least {least} rows of each label, so that both can be split"
    remedy = "give a file with more loans of this label"
    few = {
        each: f"only {counts[each]:,} of {total:,} rows are {title} loans"
        for each, title in declared.label_names.items()
        if counts[each] + unclear < least
    }
    return [
        Fault(label, f"{problem} ({declared.label.written(each)})", 0, "", allowed, remedy)
        for each, problem in few.items()
    ]
