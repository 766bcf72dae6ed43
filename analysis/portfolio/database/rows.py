"""The rows of a database as a file's: grouped and counted there, so that few cross the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base import progress, settings
from analysis.portfolio import faults, frames
from analysis.portfolio.cells import Piece
from analysis.portfolio.checks import validated
from analysis.portfolio.column import Column
from analysis.portfolio.database import connection, sample
from analysis.portfolio.database.address import Address
from analysis.portfolio.database.connection import Connection
from analysis.portfolio.database.origin import Origin
from analysis.portfolio.distinct import Distinct, distinct
from analysis.portfolio.header import check
from analysis.portfolio.loans import MOST_ONE_BY_ONE
from analysis.portfolio.reading import Reading

COUNT, FIRST, PLACE = "module12_count", "module12_first", "module12_place"
SORTED = "all columns, since nothing else orders them"
MOST_SUSPECTS = 10_000  # distinct rows that may be wrong and are looked at
BY_COUNT = "none, since there are too many to fetch one by one; splits draw how many of each"


def read(reading: Reading, address: Address) -> tuple[Distinct, Origin]:
    """Read the distinct rows of a table or a query, each with its count.

    Parameters
    ----------
    reading : Reading
        What is found wrong or put right is added to it.

    Returns
    -------
    Distinct
        As of a file with the same rows in the same order. Where no order is known, sorted by all
        columns; where there are many as well, without places.
    Origin
        What the report says of it.

    Raises
    ------
    InputError
        When the database cannot be read, or has more distinct rows than the settings allow.
    """
    limits = settings.load().database

    def ask(source: Connection) -> tuple[Reading, Distinct, Origin]:
        rows = _Rows(reading, address, source)
        total = rows.total()
        ordered = bool(source.order_by) and total <= limits.most_loans
        groups, sampled = rows.groups(ordered, limits)
        ordered = ordered and not sampled
        found = rows.distinct(groups, ordered)
        frames.end(reading, rows.header)
        order = source.order if ordered else SORTED if len(found.inverse) else BY_COUNT
        return reading, found, source.origin(order, total, sampled, rows.fetched_bytes)

    with progress.stage("Reading the database"):
        read_, found, origin = connection.answered(address, limits.seconds, ask)
    vars(reading).update(vars(read_))  # it may be another process's
    return found, origin


class _Rows:
    """The rows of one database, and the questions that are put to it about them."""

    def __init__(self, reading: Reading, address: Address, source: Connection) -> None:
        self._reading, self._address, self._source = reading, address, source
        self.fetched_bytes = 0
        named = {each.name for each in reading.declared.schema.fields}
        self._names = [
            each for each in source.table.columns if each in named or each not in source.order_by
        ]
        self.header = check(reading, self._names)
        # What only numbers the rows has no say in which of them are equal.
        self._header = replace(self.header, indexes=[])
        self._texts = {f"c{at}" for each, at in self._header.columns.items() if not each.plain}
        self._columns = {
            f"c{place}": self._value(column, place)
            for column, place in self._header.columns.items()
            if not column.plain or self._is_number(place)
        }

    def _kind(self, place: int) -> Any:
        return self._source.table.schema()[self._names[place]]

    def _is_number(self, place: int) -> bool:
        return bool(self._kind(place).is_numeric() or self._kind(place).is_boolean())

    def _value(self, column: Column, place: int) -> Any:
        value = self._source.table[self._names[place]]
        if not column.plain:
            return value
        return (value.cast("int8") if self._kind(place).is_boolean() else value).cast("float64")

    def total(self) -> int:
        """Count the rows, and name the columns that hold no numbers where there must be."""
        self._reading.rows = total = int(self._source.table.count().execute())
        if not total:
            raise self._address.refuse("it has columns and no rows", "name a table with rows")
        self._hold_order(total)
        self._reading.faults += [
            faults.of_type(column, self._kind(place), total, "", "cast it in a query")
            for column, place in self._header.columns.items()
            if f"c{place}" not in self._columns
        ]
        return total

    def _hold_order(self, total: int) -> None:
        """Refuse an order in which two rows stand at the same place."""
        keys = self._address.order_by
        if keys and int(self._source.table.select(*keys).distinct().count().execute()) != total:
            problem = f"order_by does not tell all rows apart: {', '.join(keys)} repeats"
            remedy = "name a column that numbers the rows, or several, or leave order_by out"
            raise self._address.refuse(problem, remedy, "columns whose values are unlike")

    def groups(self, ordered: bool, limits: settings.Database) -> tuple[Any, bool]:
        """Fetch the distinct rows with their counts, or a sample of them, and say which.

        Returns
        -------
        Arrow table, bool
            In the order of the rows where they have one.
        """
        rows = self._source.table.select(**self._columns, **self._place(ordered))
        asked = {COUNT: rows.count()} | ({FIRST: rows[PLACE].min()} if ordered else {})
        groups = rows.group_by(list(self._columns)).agg(**asked)
        found = self._fetched(groups.limit(limits.most_loans + 1))
        sampled = len(found) > limits.most_loans
        if sampled:
            del found
            number = int(groups.count().execute())
            self._refuse_or_judge(groups, number, limits)
            seed, share = self._reading.declared.recipe.seed, limits.most_loans / number
            found = self._fetched(sample.drawn(groups, [*self._columns], self._texts, seed, share))
            self._reading.note(
                f"The database has {number:,} distinct loans: a sample of {len(found):,} was "
                "fetched, by a hash of each, every one with all its copies."
            )
        return (found.sort_by(FIRST) if ordered else found), sampled

    def _refuse_or_judge(self, groups: Any, number: int, limits: settings.Database) -> None:
        """Refuse more distinct rows than may be fetched, or look at those that may be wrong."""
        if limits.beyond == "refuse":
            problem = f"it has {number:,} distinct loans, which are not all fetched"
            remedy = (
                "select fewer columns or rows in a query; or in settings.yml raise database: "
                "most_loans, or write beyond: sample"
            )
            raise self._address.refuse(problem, remedy, f"at most {limits.most_loans:,}")
        declared = self._reading.declared
        names = {
            column.name: f"c{place}"
            for column, place in self._header.columns.items()
            if f"c{place}" in self._columns
        }
        found = self._fetched(sample.suspect(groups, declared, names).limit(MOST_SUSPECTS))
        if len(found):
            undecided = self._reading.undecided
            validated(self._reading, self.distinct(found, ordered=False), least_per_label=0)
            self._reading.undecided = undecided  # those of the sample are counted with it

    def _place(self, ordered: bool) -> dict[str, Any]:
        """Return what numbers the rows, from 0."""
        if not ordered:
            return {}
        import ibis  # noqa: PLC0415 -- loaded once an address is given

        keys = [self._source.table[each] for each in self._source.order_by]
        return {PLACE: ibis.row_number().over(order_by=keys)}

    def _fetched(self, asked: Any) -> Any:
        found = asked.to_pyarrow()
        self.fetched_bytes += found.nbytes
        return found

    def distinct(self, groups: Any, ordered: bool) -> Distinct:
        """Make of distinct rows as the engine has them those that are declared, each once."""
        counts = groups[COUNT].to_numpy().astype(np.int64)
        cells = {
            place: groups[f"c{place}"].combine_chunks()
            for place in self._header.columns.values()
            if f"c{place}" in groups.column_names
        }
        piece = Piece(cells, np.arange(len(counts)), counts)
        frame = frames.frame(self._reading, self._header, piece)
        kept = frame.index.to_numpy()
        found = distinct(frame)
        added = np.bincount(found.inverse, counts[kept], len(found)).astype(np.int64)
        if not ordered:
            return _sorted(found.rows, added)
        # Which distinct row each row of the engine's became; none for one that is left out.
        codes = np.full(len(groups), -1, dtype=np.int64)
        codes[kept] = found.inverse
        # A row that came since has no place among these: then the counts below differ.
        places = np.searchsorted(groups[FIRST].to_numpy(), self._first_places())
        inverse = codes[np.minimum(places, len(groups) - 1)]
        inverse = inverse[inverse >= 0]
        if not np.array_equal(np.bincount(inverse, minlength=len(found)), added):
            raise self._address.refuse(
                "it changed while it was read", "run the command again", "rows that stay"
            )
        return Distinct(found.rows, added, inverse)

    def _first_places(self) -> NDArray[np.int64]:
        """Return for each row, in order, the place of the first one that is equal to it."""
        rows = self._source.table.select(**self._columns, **self._place(ordered=True))
        first = rows[PLACE].min().over(group_by=list(self._columns))
        asked = rows.mutate(**{FIRST: first}).order_by(PLACE).select(FIRST)
        places: NDArray[np.int64] = self._fetched(asked)[FIRST].to_numpy().astype(np.int64)
        return places


def _sorted(rows: pd.DataFrame, counts: NDArray[np.int64]) -> Distinct:
    """Return distinct rows sorted by all columns: the same from every engine."""
    order = np.lexsort([rows[name] for name in reversed(rows.columns)])
    rows, counts = rows.take(order).reset_index(drop=True), counts[order]
    few = counts.sum() <= MOST_ONE_BY_ONE
    inverse = np.repeat(np.arange(len(counts)), counts) if few else np.empty(0, dtype=np.int64)
    return Distinct(rows, counts, inverse)
