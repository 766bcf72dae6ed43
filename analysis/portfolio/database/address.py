"""Where loans lie in a database: an address, or a small YAML file that holds it and its password.

An address is a URL: `duckdb:///loans.duckdb?table=loans`, `postgres://user@host/database?table=loans`
or what else Ibis connects to, with these parameters of this program's own: `table` or `query`, and
`order_by`. What stands in it of a password is never shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from pydantic import ConfigDict, Field, with_config

from analysis.base.errors import Fault, InputError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from analysis.base import yaml_file

# As Ibis calls the engines, and by which other names they are known, too.
DUCKDB, POSTGRES, SPARK = "duckdb", "postgres", "pyspark"
ENGINES = {"postgresql": POSTGRES, "spark": SPARK}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
OWN = ("table", "query", "order_by")
ELSEWHERE = ("file", "http", "https", "ftp", "s3", "gs", "abfs", "hdfs")  # where files lie
HIDDEN = "***"
PLAIN = (
    " *()=<>,.:;'\"`/|[]{}$!?"  # in a query as it is read, without another meaning in an address
)
VARIABLE = re.compile(r"\$\{(\w+)\}")
ALLOWED = "an address such as duckdb:///loans.duckdb?table=loans, with a table or a query"
Text = Annotated[str, Field(min_length=1)]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Written:
    """The YAML file of an address.

    Attributes
    ----------
    address : str
        As on the command line; `table`, `query` and `order_by` may stand in it or here.
    table, query, order_by : str
        What to read: a table, `schema.table`, or a query; by which columns its rows are ordered.
    password : str
        `${NAME}` is taken from the environment.
    portfolio : str
        The declaration of the loans, a path from this file.
    """

    address: Text
    table: Text = ""
    query: Text = ""
    order_by: Text = ""
    password: Text = ""
    portfolio: Text = ""


@dataclass(frozen=True)
class Address:
    """A table of a database, or a query put to it.

    Attributes
    ----------
    engine : str
        As Ibis calls it: `duckdb`, `postgres`, `pyspark`.
    url : SplitResult
        What Ibis connects to, without password and this program's own parameters.
    table, query : str
        One of them is "".
    order_by : tuple of str
        Columns that order the rows; none where they have no order.
    password : str
        "" for none.
    file : Path or None
        The YAML file that the address was read from.
    portfolio : Path or None
        The declaration that this file names.
    """

    engine: str
    url: SplitResult
    table: str = ""
    query: str = ""
    order_by: tuple[str, ...] = ()
    password: str = ""
    file: Path | None = None
    portfolio: Path | None = None

    def __repr__(self) -> str:
        """Show what may be shown."""
        return f"Address({self.name})"

    def __str__(self) -> str:
        """Return what another process is given to find the same loans; it may hold a password."""
        if self.file:
            return str(self.file)
        user, at, host = self.url.netloc.rpartition("@")
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        return self._text(f"{user}{secret}{at}{host}", self.url.path, self.url.query)

    @property
    def connected(self) -> str:
        """What Ibis connects to, as text."""
        url = self.url
        return f"{self.engine}://{url.netloc}{url.path}{'?' if url.query else ''}{url.query}"

    @property
    def others(self) -> dict[str, str]:
        """Parameters of the engine's own; their values are never shown."""
        return dict(_pairs(self.url.query))

    @cached_property
    def database(self) -> Path | None:
        """The file of a DuckDB database; None for any other."""
        if self.engine != DUCKDB:
            return None
        path = Path(unquote(self.url.netloc + self.url.path))
        return (path if path.exists() else Path(str(path).lstrip("/"))).absolute()

    @property
    def name(self) -> str:
        """What messages and the report call it: without a password, without the folders of a file.

        So the address is written that gives the same loans again.
        """
        if self.file:
            return self.file.name
        others = "&".join(f"{key}={HIDDEN}" for key in self.others)
        if self.database:
            return self._text("", f"/{quote(self.database.name)}", others)
        return self._text(self.url.netloc, self.url.path, others)

    def _text(self, netloc: str, path: str, others: str) -> str:
        """Write an address; `geturl` would leave slashes out where there is no host."""
        own = {"table": self.table, "query": self.query, "order_by": ",".join(self.order_by)}
        asked = [f"{key}={quote(text, safe=PLAIN)}" for key, text in own.items() if text]
        return f"{self.url.scheme}://{netloc}{path}?{'&'.join([*asked, *filter(None, [others])])}"

    def hidden(self, text: str) -> str:
        """Return what an engine says without the password and the values of its parameters."""
        secrets = [self.password, *self.others.values()]
        forms = {form for each in secrets if each for form in (each, quote(each, safe=""))}
        for each in sorted(forms, key=len, reverse=True):
            text = text.replace(each, HIDDEN)
        return text

    def absolute(self) -> Address:
        """Return the same from whichever folder: with the whole path of its file."""
        if self.file:
            return replace(self, file=self.file.absolute())
        if self.database:
            path = quote(str(self.database))
            return replace(self, url=self.url._replace(netloc="", path=path))
        return self

    def beside(self) -> tuple[Path, ...]:
        """Return the files that may declare these loans without being named."""
        place = self.file or self.database
        if not place:
            return ()
        paths = (place.parent / f"{self.stem}.yml", place.parent / f"{self.stem}.yaml")
        return tuple(each for each in paths if each != self.file)

    @property
    def stem(self) -> str:
        """A short name of the loans: their table's."""
        return self.table.rpartition(".")[2] or "loans"

    def refuse(self, problem: str, remedy: str, allowed: str = ALLOWED) -> InputError:
        """Make the error of a database that cannot be read."""
        return InputError.of_file(self.name, self.hidden(problem), allowed, remedy)


DataSource = Path | Address  # of loans: a file, or where they lie in a database


def shown(source: DataSource) -> str:
    """Return how messages name it: a path as it was given, an address without its secrets."""
    return str(source) if isinstance(source, Path) else source.name


def is_address(given: str) -> bool:
    """Whether a text names a database: by its address, or by a YAML file that holds it."""
    return bool(SCHEME.match(given)) or given.endswith((".yml", ".yaml"))


def read(given: str) -> Address:
    """Read an address, or the YAML file that holds it.

    Raises
    ------
    InputError
        When it is none, with what to write.
    """
    if SCHEME.match(given):
        return _parsed(given, given)
    from analysis.base import yaml_file  # noqa: PLC0415 -- for an address in a file alone

    path = Path(given)
    absent = f"write it with an entry address: {ALLOWED}"
    found, _ = yaml_file.checked(path, absent, Written, _fault)
    own = {key: getattr(found, key) for key in OWN if getattr(found, key)}
    address = _parsed(found.address, path.name, own, path.parent)
    return replace(
        address,
        password=_filled(found.password, path.name) or address.password,
        file=path,
        portfolio=path.parent / found.portfolio if found.portfolio else None,
    )


def _fault(error: ErrorDetails, written: yaml_file.Written) -> Fault:
    """Say what is wrong with an entry, and nothing of what may be a password."""
    from analysis.base.yaml_file import problem as told  # noqa: PLC0415 -- as above

    place = tuple(error["loc"])
    # Nothing of the file may be an entry: it may be an address with its password.
    problem = told(error) if place else "it has no entries"
    problem = "it is no text" if place[-1:] == ("password",) else problem
    entries = "the entries address, table or query, order_by, password, portfolio"
    remedy = f"line {written.line(place)}: correct it; see docs/portfolio.md"
    return Fault(written.named(place), problem, 0, "", entries, remedy)


def _parsed(
    given: str, source: str, told: Mapping[str, str] | None = None, folder: Path | None = None
) -> Address:
    """Take an address apart; what a YAML file tells besides is added."""
    source = source if "://" not in source else f"{source.split('://', maxsplit=1)[0]}://…"
    try:
        url = urlsplit(given, allow_fragments=False)
        password, _ = unquote(url.password or ""), url.port
        if _cut_short(url) or not url.scheme:
            raise ValueError(source)
    except ValueError:
        raise InputError.of_file(
            source,
            "the address cannot be read",
            ALLOWED,
            "write special characters of a password as %40 and the like",
        ) from None
    if url.scheme in ELSEWHERE:
        problem = "this is the address of a file, not of a database"
        raise InputError.of_file(source, problem, ALLOWED, "copy the file here, and give its path")
    pairs = [*_pairs(url.query), *(told or {}).items()]
    parameters = dict(pairs)
    own = {key: parameters.pop(key, "") for key in OWN}
    named = [key for key, _ in pairs if key in ("table", "query")]
    if len(named) != 1 or not own[named[0]]:
        problem = f"the address names {' and '.join(named) or 'neither a table nor a query'}"
        remedy = "name one: ?table=NAME or ?query=SELECT…"
        raise InputError.of_file(source, problem, ALLOWED, remedy)
    user, at, host = url.netloc.rpartition("@")
    netloc, path = f"{user.split(':')[0]}{at}{host}", url.path
    engine = ENGINES.get(url.scheme, url.scheme)
    if folder and engine == DUCKDB and not Path(netloc + path).exists():
        netloc, path = "", quote(str(folder.absolute() / (netloc + path).lstrip("/")))
    plain = SplitResult(url.scheme, netloc, path, urlencode(parameters, quote_via=quote), "")
    order_by = tuple(each.strip() for each in own["order_by"].split(",") if each.strip())
    return Address(engine, plain, own["table"], own["query"], order_by, _filled(password, source))


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters of an address; a plus stands for itself, as it does in a query."""
    return parse_qsl(query.replace("+", "%2B"), keep_blank_values=True)


def _cut_short(url: SplitResult) -> bool:
    """Whether a / or ? of a password seems to end the host: then the @ of the host comes later."""
    if "@" in url.netloc or ENGINES.get(url.scheme, url.scheme) == DUCKDB:
        return False
    others = [each for each in url.query.split("&") if each.partition("=")[0] not in OWN]
    return any("@" in each for each in (url.path, *others))


def _filled(text: str, source: str) -> str:
    """Put the values of the environment's variables in the place of `${NAME}`."""
    if missing := [name for name in VARIABLE.findall(text) if name not in os.environ]:
        raise InputError.of_file(
            source,
            f"the environment variable {missing[0]} is not set",
            "a password, or ${NAME} of a variable that holds it",
            f"set {missing[0]}",
        )
    return VARIABLE.sub(lambda match: os.environ[match[1]], text)
