"""The lines of a CSV text in UTF-8: where they end, and which quotes can be understood.

A line ends in LF, CRLF or CR outside quotes, the header as the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.portfolio.reading import Reading

PART_BYTES = 8 * 2**20
LONGEST_LINE = 16 * 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ENDS = b"\r\n"
FIRST = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
# What blanks and tabs stand around, where they separate the fields themselves.
AT_ENDS, BETWEEN = re.compile(rb"[ \t]*([\r\n]+)[ \t]*"), re.compile(rb"[ \t]+")
QUOTED = re.compile(rb'("(?:[^"]|"")*"?)|[^"]+')
FILLED = re.compile(rb"[^\r\n]")
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
        block = read(PART_BYTES)
        if b"\x00" in block:
            raise reading.refuse("the file is not text: it holds NUL bytes", AS_UTF_8)
        text = rest + block
        end = last_end(text) if block else len(text)
        if not end and len(text) > LONGEST_LINE:
            long = f"line {line:,} is longer than {LONGEST_LINE:,} bytes, or a quote is not closed"
            raise reading.refuse(long, "mend the line named (line 1 is the header)")
        if end:
            whole = text[:end]
            _hold_utf_8(reading, Part(whole, line), place)
            if not place and whole.startswith(BYTE_ORDER_MARK):
                reading.note("A byte-order mark at the start of the file was skipped.")
                whole = whole.removeprefix(BYTE_ORDER_MARK)
            lines = _note_ends(reading, whole)
            yield Part(whole, line)
            line += lines
        place, rest = place + end, text[end:]


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


def _note_ends(reading: Reading, text: bytes) -> int:
    """Note what is unusual about the ends of lines, and return how many there are."""
    places, returns, windows = _ends(text)
    if windows.any():
        reading.note("It has lines that end as on Windows (CRLF).")
    if (returns & ~windows).any():
        reading.note("It has lines that end as on old Macintosh computers (CR).")
    beside = np.diff(places, prepend=-1) == 1  # nothing stands before it in its line
    if (beside[1:] & ~windows[:-1]).any() or beside[:1].any():
        reading.note("Blank lines were skipped.")
    return len(places) - int(windows.sum())


def count(text: bytes) -> int:
    """Return how many line ends there are, those within quotes too."""
    places, _, windows = _ends(text)
    return len(places) - int(windows.sum())


def _ends(text: bytes) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where LF and CR stand, which are CR, and which of these stand before an LF.

    NumPy finds them in a tenth of the time that bytes take for as many.
    """
    characters = np.frombuffer(text, np.uint8)
    ends = characters == ord("\n")
    if b"\r" in text:
        ends |= characters == ord("\r")
    places = np.flatnonzero(ends)
    returns = characters[places] == ord("\r")
    beside = np.diff(places, append=len(text) + 1) == 1
    return places, returns, returns & beside & ~np.append(returns[1:], True)


def first(parts: Iterator[Part]) -> tuple[bytes, Part]:
    """Return the first line that holds anything, less its end, and what of its part follows it.

    Both are empty where no line holds anything.
    """
    for text, line in parts:
        filled = text.lstrip(ENDS)
        if filled and (found := FIRST.match(filled)):
            below = filled[found.end() :]
            return found[1], Part(below, line + count(text[: len(text) - len(below)]))
    return b"", Part(b"", 1)


def tabbed(part: Part) -> Part:
    """Return a part with one tab between fields that blanks and tabs separate, however many."""
    return Part(with_tabs(part.text), part.line)


def with_tabs(text: bytes) -> bytes:
    """Put one tab for the blanks and tabs between fields outside quotes, and none at ends."""

    def put(found: re.Match[bytes]) -> bytes:
        return found[0] if found[1] else BETWEEN.sub(b"\t", AT_ENDS.sub(rb"\1", found[0]))

    return QUOTED.sub(put, text.strip(b" \t"))


def last_end(text: bytes) -> int:
    """Return the place behind the last line end outside quotes; 0 where there is none.

    A CR at the very end does not count: an LF may follow it.
    """
    quotes = np.flatnonzero(np.frombuffer(text, np.uint8) == ord('"')) if b'"' in text else ()
    place = len(text)
    while place:
        returned = text.rfind(b"\r", 0, min(place, len(text) - 1))
        place = max(text.rfind(b"\n", 0, place), returned) + 1
        before = int(np.searchsorted(quotes, place))
        if before % 2 == 0:
            break
        place = int(quotes[before - 1])
    return place


def misplaced_quote(text: bytes, delimiter: str = ",") -> int | None:
    """Return the place of the first quote that cannot be understood; None where there is none.

    Quotes stand around whole fields, and doubled within them: the odd ones open, the even ones
    close. What is returned opens a field, and is not at its start or not closed at its end.
    """
    if b'"' not in text:
        return None
    characters = np.frombuffer(b"\n" + text + b"\n", np.uint8)
    quotes = np.flatnonzero(characters == ord('"'))
    beside = quotes + np.where(np.arange(len(quotes)) % 2, 1, -1)
    usual = np.frombuffer(delimiter.encode() + b'\r\n"', np.uint8)
    wrong = ~np.isin(characters[beside], usual)
    wrong[-1] |= len(quotes) % 2 == 1
    first = int(np.argmax(wrong))
    return int(quotes[first - first % 2]) - 1 if wrong.any() else None
