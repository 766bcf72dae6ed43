"""How a loan file is written: what stands between its fields, its header, its decimals, its sheet.

As Frictionless Data's Table Dialect names them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, with_config
from pydantic.alias_generators import to_camel

from analysis.base import yaml_file

Delimiter = Literal[",", ";", "|", ":", "~", "^", "\t", " "]
COMMA: Final = ","
BLANKS: Final = " "
SEPARATORS: dict[Delimiter, str] = {
    COMMA: "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    BLANKS: "blanks",
}
SAMPLE = 20  # lines from which it is told how an undeclared file is written


def _tab(text: object) -> object:
    return "\t" if text in ("\\t", "tab") else text


@with_config(ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True))
@dataclass(frozen=True)
class Dialect:
    r"""How a loan file is written.

    Attributes
    ----------
    delimiter : str or None
        What stands between the fields of a text file: `,` `;` `|` `:` `~` `^` a tab (`\t`), or a
        blank, which stands for any number of blanks and tabs. Where it is left out: commas, or
        what the header leaves no doubt of.
    header : bool
        Whether the first line names the columns; else the fields declared are the columns in order.
    header_rows : tuple of int
        Which line the header is, blank lines not counted: what stands above is left out.
    decimal_char : str
        What stands before the decimals of a number: a point or a comma.
    sheet_name : str
        Of a workbook; its first sheet where it is left out.
    """

    delimiter: Annotated[Delimiter, BeforeValidator(_tab)] | None = None
    header: bool = True
    header_rows: tuple[Annotated[int, Field(ge=1, le=1_000)]] = (1,)
    decimal_char: Literal[".", ","] = "."
    sheet_name: Annotated[str, BeforeValidator(yaml_file.one_line), Field(max_length=100)] = ""


PLAIN = Dialect()


def fields(line: str, delimiter: str) -> list[str]:
    """Return the fields of one line."""
    if delimiter == BLANKS:
        line, delimiter = re.sub(r"[ \t]+", "\t", line.strip(" \t")), "\t"
    return next(csv.reader([line], delimiter=delimiter), [])


def filled(text: str) -> list[str]:
    """Return the lines that hold anything."""
    return [line for line in re.split(r"[\r\n]", text) if line]


def of_header(line: str, known: Iterable[str]) -> Delimiter:
    """Return what separates the names of a header: commas, unless another leaves no doubt.

    Parameters
    ----------
    known : iterable of str
        The names of the columns that there may be.
    """
    if len(fields(line, COMMA)) > 1:
        return COMMA
    names = set(known)
    counts = {each: len(names.intersection(fields(line, each))) for each in SEPARATORS}
    best = max(counts, key=lambda each: (counts[each], each != BLANKS and len(fields(line, each))))
    return best if len(fields(line, best)) > 1 and (counts[best] or best != BLANKS) else COMMA
