"""How a text file of which nothing is declared is written, as its first lines tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.portfolio.describe.seen import SIGN
from analysis.portfolio.dialect import (
    COMMA,
    SAMPLE,
    SEPARATORS,
    Delimiter,
    Dialect,
    fields,
    filled,
    of_header,
)

MOST_ABOVE = 5  # lines above a header
NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]+)?")
# A number with decimals, its mark before them; thousands and signs of money may be there.
DECIMALS = re.compile(
    rf"(?:[(+-]|\s|{SIGN})*(?:\d*|\d{{1,3}}(?:([.,])\d{{3}})+)(?!\1)([.,])\d+"
    rf"(?:[eE][+-]?\d+)?(?:\)|\s|{SIGN})*"
)


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
    marks = {found[2] for each in cells if (found := DECIMALS.fullmatch(each))}
    return Dialect(
        delimiter=None if delimiter == COMMA else delimiter,
        header=not (len(rows) > above + 1 and _alike(*rows[above : above + 2])),
        header_rows=(above + 1,),
        decimal_char="," if marks == {","} and delimiter != COMMA else ".",
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
