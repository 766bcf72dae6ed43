"""All rows of a database as they are, for the draft of a declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from analysis.base import progress, settings
from analysis.portfolio.cells import Piece
from analysis.portfolio.database import connection
from analysis.portfolio.database.address import Address
from analysis.portfolio.database.connection import Connection
from analysis.portfolio.header import Header, Table


def table(address: Address) -> Table:
    """Return a table, or what a query gives, with all of its rows.

    Raises
    ------
    InputError
        When the database cannot be read, or has more rows than the settings allow.
    """
    limits = settings.load().database

    def ask(source: Connection) -> Any:
        total = int(source.table.count().execute())
        if not 0 < total <= limits.most_loans:
            allowed = f"1 to {limits.most_loans:,} rows (database: most_loans in settings.yml)"
            remedy = "describe a query with fewer: SELECT … LIMIT 100000" if total else "fill it"
            raise address.refuse(f"it has {total:,} rows, all of which are read", remedy, allowed)
        columns = {
            name: _plain(source.table[name], kind)
            for name, kind in source.table.schema().items()
            if name != connection.ROW
        }
        return source.table.select(**columns).to_pyarrow()

    with progress.stage("Reading the database"):
        found = connection.answered(address, limits.seconds, ask)

    def pieces(header: Header) -> Iterator[Piece]:
        for batch in found.to_batches():
            columns = {at: batch.column(at) for at in header.wanted}
            yield Piece(columns, np.arange(len(batch)))

    return Table(found.column_names, pieces, typed=True)


def _plain(column: Any, kind: Any) -> Any:
    """Return a column as Arrow can have it, whichever engine it is of.

    Arrow's decimals have a fixed number of places, those of PostgreSQL any.
    """
    if kind.is_decimal():
        return column.cast("float64")
    return column.cast("string") if kind.is_uuid() or kind.is_inet() else column
