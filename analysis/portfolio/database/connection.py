"""A connection to a database through Ibis: it ends in time, and what goes wrong is one line.

Ibis and the engines load here alone, once an address is given.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from analysis.base import display, parallel
from analysis.base.errors import InputError, printable
from analysis.portfolio.database import spark
from analysis.portfolio.database.address import DUCKDB, POSTGRES, SPARK, Address
from analysis.portfolio.database.origin import Origin

Answer = TypeVar("Answer")
TITLES = {DUCKDB: "DuckDB", POSTGRES: "PostgreSQL", SPARK: "Spark"}
INSTALL = {DUCKDB: "make databases", POSTGRES: "make databases", SPARK: "make spark"}
SHOWN = 200  # characters of what an engine says
CONNECT_SECONDS = 10
GRACE_SECONDS = 1  # for an engine to end a query
ROW = "module12_row"  # the name of the number by which DuckDB keeps a row
INSERTED = "rowid, which is how DuckDB keeps rows as they were inserted"
# How a query that is under way is ended.
CANCEL: dict[str, Callable[[Any], object]] = {
    DUCKDB: lambda ibis: ibis.con.interrupt(),
    POSTGRES: lambda ibis: ibis.con.cancel_safe(),
    SPARK: lambda ibis: ibis._session.sparkContext.cancelAllJobs(),
}


@dataclass(frozen=True)
class Connection:
    """An open database.

    Attributes
    ----------
    table : Ibis table
        What is read of it, unexecuted.
    order_by : list of str
        Columns of it by which its rows are ordered; none where they have no order.
    order : str
        The same in words.
    origin : callable
        Gives what the report says of it, once its order is known, and what was counted.
    """

    table: Any
    order_by: list[str]
    order: str
    origin: Callable[..., Origin]


def answered(address: Address, seconds: float, ask: Callable[[Connection], Answer]) -> Answer:
    """Put questions to a database, and return what they give.

    In a process of its own where that can be, and there in a thread: an engine may hear neither
    Ctrl-C nor that time is over.

    Parameters
    ----------
    seconds : float
        After so many, what it still does is ended.
    ask : callable
        Puts the questions.

    Raises
    ------
    InputError
        When it cannot be reached or read, or takes longer.
    """
    with parallel.beside(partial(_answered, address, seconds, ask)) as waiting:
        return waiting()


def _answered(address: Address, seconds: float, ask: Callable[[Connection], Answer]) -> Answer:
    answer: Future[Answer] = Future()
    held: list[Any] = []  # the open database, once it is
    threading.Thread(target=_ask, args=(address, ask, held, answer), daemon=True).start()
    try:
        return answer.result(seconds)
    except (InputError, MemoryError):
        raise
    except (KeyboardInterrupt, SystemExit):  # or a signal of whoever asked
        _end(address, held, answer)
        raise
    except Exception as error:  # each engine has its own
        if not answer.done():
            _end(address, held, answer)
            problem = f"its answer took longer than {seconds:g} seconds"
            remedy = "raise database: seconds: in settings.yml, or ask for less"
            raise address.refuse(problem, remedy, "an answer in time") from None
        said = re.sub(r"\s+", " ", address.hidden(str(error))).strip() or type(error).__name__
        problem = f"the database says: {printable(said)[:SHOWN]}"
        remedy = "correct the address, table or query, or see to the database"
        raise address.refuse(problem, remedy) from None


def _ask(
    address: Address, ask: Callable[[Connection], Answer], held: list[Any], answer: Future[Answer]
) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Ibis, about what it calls itself
            with _connected(address) as ibis:
                held.append(ibis)
                found = ask(_opened(ibis, address))
    except BaseException as error:
        answer.set_exception(error)
    else:
        answer.set_result(found)


def _end(address: Address, held: list[Any], answer: Future[Any]) -> None:
    """End what is under way, and wait a little until it has."""
    with suppress(Exception):
        CANCEL[address.engine](held[0])
    wait([answer], GRACE_SECONDS)


@contextmanager
def _connected(address: Address) -> Iterator[Any]:
    """Open a database, and close it at the end."""
    if address.database and not address.database.is_file():
        raise address.refuse("there is no such DuckDB file", "correct the path")
    with ExitStack() as closing:
        try:
            ibis = _backend(address, closing)
        except ImportError as error:
            name = error.name or f"what Ibis needs for {address.engine}"
            problem = f"{name} is not installed, which such an address needs"
            other = f".venv/bin/pip install 'ibis-framework[{address.engine}]'"
            remedy = f"install it: {INSTALL.get(address.engine, other)}"
            allowed = "an address of DuckDB, PostgreSQL or Spark"
            raise address.refuse(problem, remedy, allowed) from None
        yield ibis


def _backend(address: Address, closing: ExitStack) -> Any:
    if address.engine == SPARK:
        return closing.enter_context(spark.opened(address))
    import ibis  # noqa: PLC0415 -- installed and loaded only for databases

    if address.database:
        found = ibis.duckdb.connect(address.database, read_only=True)
    else:
        told: dict[str, Any] = {"password": address.password} if address.password else {}
        if address.engine == POSTGRES:
            told |= {"connect_timeout": CONNECT_SECONDS}
        found = ibis.connect(address.connected, **told)
    closing.callback(found.disconnect)
    return found


def _check_one(ibis: Any, address: Address) -> None:
    """Refuse several statements in one query: Ibis would execute all, and the others could write.

    DuckDB and PostgreSQL tell without executing any; Spark takes but one.
    """
    said = b""
    if address.engine == POSTGRES:
        said = ibis.con.pgconn.prepare(b"", address.query.encode()).error_message
    elif address.engine == DUCKDB and len(ibis.con.extract_statements(address.query)) > 1:
        said = b"the query is several statements"
    if said:
        raise ValueError(said.decode(errors="replace"))


def _opened(ibis: Any, address: Address) -> Connection:
    if address.query:
        _check_one(ibis, address)
    table = ibis.sql(address.query) if address.query else _table(ibis, address)
    if address.engine == POSTGRES:  # only now: Ibis makes a view to see a query's columns
        ibis.raw_sql("SET default_transaction_read_only = on").close()
    if unknown := [each for each in address.order_by if each not in table.columns]:
        problem = f"order_by names {unknown[0]}, which is no column of it"
        raise address.refuse(problem, "name one of its columns", ", ".join(table.columns))
    order_by, order = list(address.order_by), ", ".join(address.order_by)
    if not order_by and _keeps_order(ibis, address):
        table, order_by, order = table.mutate(**{ROW: table.rowid()}), [ROW], INSERTED
    title = TITLES.get(address.engine, address.engine)
    query = address.query or f"table {address.table}"
    origin = partial(Origin, title, str(ibis.version), query, _snapshot(ibis, address))
    return Connection(table, order_by, order, origin)


def _table(ibis: Any, address: Address) -> Any:
    from ibis.common.exceptions import TableNotFound  # noqa: PLC0415 -- as above

    schema, _, name = address.table.rpartition(".")
    try:
        return ibis.table(name, database=schema or None)
    except TableNotFound:
        found = ibis.list_tables(database=schema or None) or ibis.list_tables() or ["it has none"]
        allowed = f"one of its tables: {', '.join(display.some(list(map(str, found))))}"
        problem = f"there is no table {address.table!r}"
        raise address.refuse(problem, "name another", allowed) from None


def _keeps_order(ibis: Any, address: Address) -> bool:
    """Whether rows can be had in the order in which they were inserted: of a table of DuckDB."""
    if address.engine != DUCKDB or address.query:
        return False
    tables = ibis.sql("SELECT schema_name, table_name FROM duckdb_tables()")
    schema, _, name = address.table.rpartition(".")
    named = tables.filter(tables.table_name == name, tables.schema_name == (schema or "main"))
    return bool(named.count().execute())


def _snapshot(ibis: Any, address: Address) -> str:
    if address.database:
        status = address.database.stat()
        day = datetime.fromtimestamp(int(status.st_mtime), UTC).strftime("%Y-%m-%d %H:%M:%S")
        return f"file of {status.st_size:,} bytes, changed {day} UTC"
    if address.engine == POSTGRES:
        with ibis.raw_sql("SELECT pg_current_snapshot()::text") as cursor:
            return f"pg_current_snapshot {cursor.fetchone()[0]}"
    return "none that the engine names"
