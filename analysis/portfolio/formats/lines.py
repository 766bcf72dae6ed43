"""The lines of a CSV text in UTF-8: where they end, and which quotes can be understood.

A line ends in LF, CRLF or CR outside quotes, the header as the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from analysis.portfolio.reading import Reading

PART_BYTES = 8 * 2**20
LONGEST_LINE = 16 * 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# All whole lines of a text, each with its end outside quotes; an LF may follow a CR at the very
# end. What was matched is never given up again (`*+`): one pass, whatever the text is.
LINES = re.compile(rb'(?:[^"\r\n]*+(?:"[^"]*+"[^"\r\n]*+)*+(?:\r\n|\n|\r(?!\Z)))*+')
# The line of some number, those before it, and the end of both; blank lines do not count.
HEADER = rb"(?:[\r\n]*+([^\r\n]++)){%d}(?:\r\n|\r|\n|\Z)"
BLANK = re.compile(rb"\n[\r\n]")
# What blanks and tabs stand around, where they separate the fields themselves.
AT_ENDS, BETWEEN = re.compile(rb"[ \t]*([\r\n]+)[ \t]*"), re.compile(rb"[ \t]+")
QUOTED = re.compile(rb'("(?:[^"]|"")*"?)|[^"]+')
AS_UTF_8 = "save it as CSV in UTF-8"


class Part(NamedTuple):
    """Whole lines of a text, and the number of the first one in the file, from 1."""

    text: bytes
    line: int


def parts(reading: Reading, read: Callable[[int], bytes]) -> Iterator[Part]:
    """Yield a text in parts of whole lines, all of it UTF-8 without NUL or byte-order mark.

    Parameters
    ----------
    reading : Reading
        The file, for messages; what is unusual about the ends of lines is noted.
    read : callable
        Gives the next bytes, at most as many as asked for.

    Raises
    ------
    InputError
        When the bytes are no text, or a line does not end.
    """
    rest, line, place, block = b"", 1, 0, b"-"
    while block:
        if len(rest) > LONGEST_LINE:
            long = f"line {line:,} is longer than {LONGEST_LINE:,} bytes, or a quote is not closed"
            raise reading.refuse(long, "mend the line named (line 1 is the header)")
        block = read(PART_BYTES)
        if b"\x00" in block:
            raise reading.refuse("the file is not text: it holds NUL bytes", AS_UTF_8)
        text = rest + block
        whole = text[: _whole(text)] if block else text
        rest = text[len(whole) :]
        _hold_utf_8(reading, Part(whole, line), place)
        if not place and whole.startswith(BYTE_ORDER_MARK):
            reading.note("A byte-order mark at the start of the file was skipped.")
            whole = whole.removeprefix(BYTE_ORDER_MARK)
            place = len(BYTE_ORDER_MARK)
        _note_ends(reading, whole)
        if whole.strip(b"\r\n"):
            yield Part(whole, line)
        line += count(whole)
        place += len(whole)


def _whole(text: bytes) -> int:
    """Return how much of a text are whole lines."""
    if b'"' in text:
        return LINES.match(text).end()  # type: ignore[union-attr] # it matches nothing, too
    return max(text.rfind(b"\n"), text.rfind(b"\r", 0, len(text) - 1)) + 1


def _hold_utf_8(reading: Reading, part: Part, place: int) -> None:
    """Refuse a part, which begins after so many bytes, that is not UTF-8."""
    if part.text.isascii():
        return
    try:
        part.text.decode()
    except UnicodeDecodeError as error:
        line = part.line + count(part.text[: error.start])
        where = f"line {line:,}, byte {place + error.start:,}"
        problem = f"the file is not UTF-8 text: {where} is 0x{part.text[error.start]:02x}"
        raise reading.refuse(problem, AS_UTF_8) from None


def _note_ends(reading: Reading, text: bytes) -> None:
    """Note what is unusual about the ends of the lines of a part."""
    returns = text.count(b"\r")
    windows = returns and text.count(b"\r\n")
    if windows:
        reading.note("It has lines that end as on Windows (CRLF).")
    if returns > windows:
        reading.note("It has lines that end as on old Macintosh computers (CR).")
    if text.startswith((b"\n", b"\r")) or BLANK.search(text) or (returns and b"\r\r" in text):
        reading.note("Blank lines were skipped.")


def count(text: bytes) -> int:
    """Return how many line ends there are, those within quotes too."""
    returns = text.count(b"\r")
    return text.count(b"\n") + returns - (text.count(b"\r\n") if returns else 0)


def header(part: Part, number: int) -> tuple[bytes, Part]:
    """Return the line of this number, blank ones not counted, less its end, and what follows it.

    Both are empty where there are fewer lines.
    """
    found = re.match(HEADER % number, part.text)
    if not found:
        return b"", Part(b"", part.line)
    end = found.end()
    return found[1], Part(part.text[end:], part.line + count(part.text[:end]))


def tabbed(part: Part) -> Part:
    """Return a part with one tab between fields that blanks and tabs separate, however many."""
    return Part(with_tabs(part.text), part.line)


def with_tabs(text: bytes) -> bytes:
    """Put one tab for the blanks and tabs between fields outside quotes, and none at ends."""

    def put(found: re.Match[bytes]) -> bytes:
        return found[0] if found[1] else BETWEEN.sub(b"\t", AT_ENDS.sub(rb"\1", found[0]))

    return QUOTED.sub(put, text.strip(b" \t"))


@cache
def _sound(delimiter: str) -> re.Pattern[bytes]:
    """Return what matches a text up to the first quote that cannot be understood."""
    ends = re.escape(delimiter) + r"\r\n"
    field = rf'(?<![^{ends}])"[^"]*+(?:""[^"]*+)*+"(?![^{ends}])'
    return re.compile(rf'(?:[^"]*+{field})*+[^"]*+'.encode())


def understood(text: bytes, delimiter: str) -> int:
    """Return how much of a text can be understood, in whole lines.

    Quotes stand around whole fields, and doubled within them.
    """
    if b'"' not in text:
        return len(text)
    place = _sound(delimiter).match(text).end()  # type: ignore[union-attr] # it matches nothing, too
    return place if place == len(text) else LINES.match(text, 0, place + 1).end()  # type: ignore[union-attr]
