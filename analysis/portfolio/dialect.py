"""How a loan file is written: what stands between its fields, its header, its decimals, its sheet.

As Frictionless Data's Table Dialect names them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
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
MOST_ABOVE = 5  # lines above a header
SAMPLE = 20  # lines from which it is told how an undeclared file is written
NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]+)?")


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


def of_sample(text: str) -> Dialect:
    """Tell how a text file is written from its beginning.

    Where its fields are separated alike in all lines, and what stands above its header.
    """
    lines = [line for line in filled(text) if line.strip()][:SAMPLE]
    above, delimiter = _above_and_between(lines)
    rows = [fields(line, delimiter) for line in lines]
    while above < len(rows) - 2 and sum(bool(each.strip()) for each in rows[above]) <= 1:
        above += 1  # a title in a sheet, as wide as the table
    cells = [cell.strip() for row in rows[above + 1 :] for cell in row]
    numbers = [each for each in cells if NUMBER.fullmatch(each)]
    comma = any("," in each for each in numbers) and not any("." in each for each in numbers)
    return Dialect(
        delimiter=None if delimiter == COMMA else delimiter,
        header=not (len(rows) > above + 1 and _alike(*rows[above : above + 2])),
        header_rows=(above + 1,),
        decimal_char="," if comma and delimiter != COMMA else ".",
    )


def _above_and_between(lines: Sequence[str]) -> tuple[int, Delimiter]:
    """Return how many lines stand above the table, and what separates its fields.

    Of the usual separators, the first that gives every line as many fields, and more than one,
    less a few lines above them that have fewer.
    """
    for above in range(min(MOST_ABOVE, max(len(lines) - 2, 0)) + 1):
        for delimiter in SEPARATORS:
            width = len(fields(lines[above], delimiter)) if lines else 0
            fewer = all(len(fields(line, delimiter)) < width for line in lines[:above])
            if fewer and _even(lines[above:], delimiter):
                return above, delimiter
    return 0, of_header(lines[0] if lines else "", ())


def _even(lines: Sequence[str], delimiter: str) -> bool:
    counts = {len(fields(line, delimiter)) for line in lines}
    return len(counts) == 1 and min(counts) > 1


def _alike(first: list[str], second: list[str]) -> bool:
    """Whether the first line is a row as the second: numbers stand where numbers stand."""
    kinds = [[bool(NUMBER.fullmatch(each.strip())) for each in row] for row in (first, second)]
    return any(kinds[0]) and kinds[0] == kinds[1]
