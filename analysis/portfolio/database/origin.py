"""What the report says of the database that its loans came from."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.base.entries import Positive, Text


@dataclass(frozen=True)
class Origin:
    """Where loans of a database came from.

    Attributes
    ----------
    engine, version : str
        Which database answered.
    query : str
        The table or the query that was read.
    snapshot : str
        Which state of the data was read, as the engine names it.
    order : str
        By what the loans are ordered, on which a random split depends.
    rows : int
        How many there are.
    sampled : bool
        Whether only a sample of the distinct ones was fetched, by a hash of each.
    fetched_bytes : int
        How many crossed the wire.
    """

    engine: Text
    version: Text
    query: Text
    snapshot: Text
    order: Text
    rows: Positive
    sampled: bool
    fetched_bytes: Positive
