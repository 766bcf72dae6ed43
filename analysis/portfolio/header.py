"""The names of a loan file's columns held against those declared."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.base.errors import Fault, InputError
from analysis.portfolio.cells import Piece, Values
from analysis.portfolio.column import Column
from analysis.portfolio.declaration import Declaration
from analysis.portfolio.faults import SHOWN_CHARACTERS, shown
from analysis.portfolio.reading import Reading

# As pandas names an index that is saved with a table.
INDEX_NAME = re.compile(r"|index|Unnamed: \d+(\.\d+)*|__index_level_\d+__")
INDEX_NOTE = "A column that only numbers the rows was left out."
OTHER_INDEX_NOTE = "The index of a table was left out: a column of no name of its own."
NOT_INDEX = "the column is not known and does not number the rows"
# Names that a column has only where nobody gave it one; the last is reserved by pandas.
UNNAMED, RESERVED = re.compile(r"|Unnamed: \d+(\.\d+)*"), re.compile(r"__index_level_\d+__")
SHOWN_NAMES = 4
DECLARE = 'declare what separates the fields, as in dialect: {delimiter: ":"}, or '
# A suggestion is worth making where at most about one letter in eight is another.
ALIKE = 0.87


@dataclass
class IndexColumn:
    """A column that may only number the rows, as the index of a pandas frame, also a filtered one.

    Attributes
    ----------
    name : str
        What the file calls it.
    place : int
        Where in the file it stands.
    numbers : bool
        Whether all that was seen of it were whole numbers that go up.
    whole : bool
        Whether they were whole numbers at least.
    """

    name: str
    place: int
    numbers: bool = True
    whole: bool = True
    last: float = -1.0

    @property
    def left_out(self) -> bool:
        """Whether it is no column of its own: it numbers the rows, or names them in its index."""
        unnamed = bool(UNNAMED.fullmatch(self.name))
        return self.numbers or (unnamed and self.whole) or bool(RESERVED.fullmatch(self.name))

    def see(self, values: Values | None) -> None:
        """Look at the next rows; what is no number is NaN, and None where they are none at all."""
        if values is None or not np.isfinite(values).all():
            self.numbers = self.whole = False
        elif len(values):
            up = np.diff(values, prepend=self.last) > 0
            self.whole &= bool((values == np.floor(values)).all())
            self.numbers &= self.whole and bool(up.all())
            self.last = values[-1]


@dataclass(frozen=True)
class Header:
    """What a file's column names are.

    Attributes
    ----------
    columns : dict of Column to int
        Where in the file each column stands that was found once, in the declared order.
    indexes : list of IndexColumn
        Columns that may only number the rows.
    """

    columns: dict[Column, int]
    indexes: list[IndexColumn]

    @property
    def wanted(self) -> list[int]:
        """Where the columns stand that have to be read."""
        return [*self.columns.values(), *(each.place for each in self.indexes)]


class Table(NamedTuple):
    """The table of a loan file.

    Attributes
    ----------
    names : list of str
        Of its columns.
    pieces : callable
        Gives, of the columns that a header wants, all rows in order, a piece at a time.
    typed : bool
        Whether its columns have types; else all cells are texts.
    """

    names: list[str]
    pieces: Callable[[Header], Iterator[Piece]]
    typed: bool = False


def check(reading: Reading, names: list[str]) -> Header:
    """Hold a file's column names against those declared.

    Names that are missing, unknown or repeated are faults. One that differs only in capitals,
    blanks, hyphens or underscores is taken, with a note, where no other could be meant.

    Raises
    ------
    InputError
        When none of the names is declared: then the rest is not worth reading.
    """
    declared = reading.declared
    meant = {each: places for each in declared.columns if (places := _places(each.name, names))}
    if not meant:
        held = ", ".join(shown(each) for each in names[:SHOWN_NAMES])
        more = ", …" if len(names) > SHOWN_NAMES else ""
        where = "its header names" if reading.numbered else "it has"
        problem = f"{where} none of the columns; it holds {held or 'nothing'}{more}"
        allowed = "a first line with the columns' names, the rows below"
        remedy = _remedy(declared)
        if not reading.numbered:
            allowed = "a table with these columns, or a query that selects them"
        elif len(names) == 1:
            remedy = f"{DECLARE}{remedy}"
        raise InputError.of_file(reading.name, problem, allowed, remedy)
    columns = {each: places[0] for each, places in meant.items() if len(places) == 1}
    taken = {place for places in meant.values() for place in places}
    taken |= {place for each in declared.ignored for place in _places(each.name, names)}
    others = [IndexColumn(each, at) for at, each in enumerate(names) if at not in taken]
    once = Counter(names)
    indexes = [each for each in others if INDEX_NAME.fullmatch(each.name) and once[each.name] == 1]
    absent = [each.name for each in declared.columns if each not in meant]
    needless = "" if reading.labelled else declared.label_column.name
    found = {
        **{each.name: f"the column stands {len(at)} times" for each, at in meant.items() if at[1:]},
        **{
            each.name: f"the column is not known{_suggestion(each.name, absent)}"
            for each in others
            if each not in indexes
        },
        **{name: "the column is missing" for name in absent if name != needless},
    }
    reading.faults += [name_fault(each, problem, declared) for each, problem in found.items()]
    reading.notes += _notes(names, columns)
    return Header(columns, indexes)


def _places(wanted: str, names: list[str]) -> list[int]:
    """Return where a column stands: by its very name, else by the only one written otherwise."""
    exact = [place for place, name in enumerate(names) if name == wanted]
    alike = [place for place, name in enumerate(names) if _plain(name) == _plain(wanted)]
    return exact or (alike if len(alike) == 1 else [])


def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]+", "", name.casefold())


def _notes(names: list[str], columns: dict[Column, int]) -> list[str]:
    written = [
        f"{shown(names[place])} was read as {each.name}"
        for each, place in columns.items()
        if names[place] != each.name
    ]
    in_order = list(columns.values()) == sorted(columns.values())
    return [
        *([f"Names were written otherwise: {', '.join(written)}."] if written else []),
        *([] if in_order else ["Its columns stood in another order."]),
    ]


def _suggestion(name: str, missing: list[str]) -> str:
    plain = {_plain(each): each for each in missing}
    near = difflib.get_close_matches(_plain(name)[:SHOWN_CHARACTERS], plain, 1, ALIKE)
    return f"; is it {plain[near[0]]}?" if near else ""


def name_fault(column: str, problem: str, declared: Declaration) -> Fault:
    """Make the fault of a column that is missing, unknown or repeated."""
    name = column[:SHOWN_CHARACTERS] or "(no name)"
    return Fault(name, problem, 0, "", "the columns listed below", _remedy(declared))


def _remedy(declared: Declaration) -> str:
    listed = ", ".join(declared.names)
    return (
        f"give each of these columns once, in any order, and no other: {listed}; for a table with "
        "other columns, draft its declaration: python -m analysis describe FILE"
    )
