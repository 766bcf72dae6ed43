"""All rows of a database as they are, for the draft of a declaration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from analysis.base import progress, settings
from analysis.portfolio.cells import Piece
from analysis.portfolio.database import connection
from analysis.portfolio.database.address import Address
from analysis.portfolio.header import Header
from analysis.portfolio.reading import Table


@contextmanager
def opened(address: Address) -> Iterator[Table]:
    """Open a table or a query, and close the database again.

    Raises
    ------
    InputError
        When the database cannot be read, or has more rows than the settings allow.
    """
    limits = settings.load().database
    with (
        progress.stage("Reading the database"),
        connection.opened(address, limits.seconds) as source,
    ):
        names = [each for each in source.table.columns if each != connection.ROW]
        total = int(source.table.count().execute())
        if not 0 < total <= limits.most_loans:
            allowed = f"1 to {limits.most_loans:,} rows (database: most_loans in settings.yml)"
            remedy = "describe a query with fewer: SELECT … LIMIT 100000" if total else "fill it"
            raise address.refuse(f"it has {total:,} rows, all of which are read", remedy, allowed)

        def pieces(header: Header) -> Iterator[Piece]:
            asked = source.table.select(*(names[at] for at in header.wanted))
            for batch in asked.to_pyarrow_batches():
                columns = dict(zip(header.wanted, batch.columns, strict=True))
                yield Piece(columns, np.arange(len(batch)))

        yield Table(names, pieces, typed=True)
