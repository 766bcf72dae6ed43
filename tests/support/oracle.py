"""A plain reader of loan files, line by line and cell by cell: what the program must find."""

import csv
import gzip
import io
import math
import re

from tests.support.columns import columns

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NAMES = [column.name for column in columns()]
WHOLE = {column.name for column in columns() if column.integer}
# From, to; the first may not be reached where it says so.
RANGES = {
    "loan_size": (0, 1e12, "above"),
    "interest_rate": (0, 100, ""),
    "borrower_income": (0, 1e12, "above"),
    "debt_to_income": (0, 1e12, ""),
    "num_of_accounts": (0, 1_000_000, ""),
    "derogatory_marks": (0, 1_000_000, ""),
    "total_debt": (0, 1e12, ""),
    "loan_status": (0, 1, ""),
}
INDEX = re.compile(r"|index|Unnamed: \d+(\.\d+)*|__index_level_\d+__")


class UnfitError(Exception):
    """The file cannot be used."""


def rows(name, content):
    """Return the rows of a CSV file as numbers in the declared order.

    Raises
    ------
    UnfitError
        When any part of it cannot be read without guessing.
    """
    text = _text(name, content)
    separator = _separator(text)
    if separator == " ":
        text = _single(text)
    lines = [fields for fields in _fields(text, separator) if fields != [("", False)]]
    if len(lines) < 2:
        raise UnfitError
    header = [text.strip(" \t") for text, _ in lines[0]]
    if any(end in name for name in header for end in "\r\n"):
        raise UnfitError
    places = _places(header)
    table = []
    for fields in lines[1:]:
        if len(fields) != len(header):
            raise UnfitError
        table.append([_number(fields[place][0]) for place in places])
    _check_indexes(header, places, lines[1:])
    for row in table:
        _check_row(row)
    return table


def _text(name, content):
    if name.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, gzip.zlib.error):
            raise UnfitError from None
    if b"\x00" in content or content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PAR1")):
        raise UnfitError
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UnfitError from None


def _separator(text):
    """Return what stands between the names: commas, unless only another gives more than one."""
    first = next((line for line in re.split(r"[\r\n]", text) if line), "")
    found = {}
    for separator in ",;\t| ":
        names = first.split() if separator == " " else first.split(separator)
        plain = {name.strip(' \t"') if separator == " " else name.strip('"') for name in names}
        known = len(plain & set(NAMES))
        if len(names) > 1 and (known or separator != " "):
            found[separator] = known, separator != " " and len(names)
    return "," if "," in found else max(found, key=found.get, default=",")


def _single(text):
    """Return a text with one blank between fields outside quotes, and none at ends of lines."""
    parts = re.split(r'("(?:[^"]|"")*"?)', text)
    for place in range(0, len(parts), 2):
        part = re.sub(r"[ \t]+", " ", parts[place])
        parts[place] = re.sub(r" ?([\r\n]) ?", r"\1", re.sub(r" ?([\r\n]) ?", r"\1", part))
    return "".join(parts).strip(" ")


def _fields(text, separator):
    """Yield each line as a list of fields, each with whether it was quoted."""
    place, line = 0, []
    while place < len(text) or line:
        if text[place : place + 1] == '"':
            end = place + 1
            while text[end : end + 1] != '"' or text[end + 1 : end + 2] == '"':
                if end >= len(text):
                    raise UnfitError
                end += 2 if text[end] == '"' else 1
            line.append((text[place + 1 : end].replace('""', '"'), True))
            place = end + 1
        else:
            end = place
            while end < len(text) and text[end] not in separator + '"\r\n':
                end += 1
            line.append((text[place:end], False))
            place = end
        following = text[place : place + 1]
        if following == separator:
            place += 1
            if place < len(text):
                continue
            line.append(("", False))
        elif following not in ("", "\r", "\n"):
            raise UnfitError
        yield line
        line = []
        place += 2 if text[place : place + 2] == "\r\n" else 1


def _places(header):
    """Return where each declared column stands, by its name or one written otherwise."""
    places = []
    for name in NAMES:
        exact = [place for place, each in enumerate(header) if each == name]
        plain = [place for place, each in enumerate(header) if _plain(each) == _plain(name)]
        found = exact or plain
        if len(found) != 1:
            raise UnfitError
        places += found
    return places


def _plain(name):
    return "".join(each for each in name.casefold() if each not in "_.-" and not each.isspace())


def _check_indexes(header, places, lines):
    for place, name in enumerate(header):
        if place in places:
            continue
        if not INDEX.fullmatch(name) or header.count(name) > 1:
            raise UnfitError
        if name.startswith("__index_level"):
            continue
        values = [_number(fields[place][0]) for fields in lines]
        if any(value != math.floor(value) for value in values):
            raise UnfitError
        up = all(a < b for a, b in zip([-1.0, *values], values, strict=False))
        if not up and name == "index":
            raise UnfitError


def _number(text):
    text = text.strip(" \t")
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise UnfitError
    return float(text) + 0.0


def _check_row(row):
    values = dict(zip(NAMES, row, strict=True))
    for name, (lowest, highest, above) in RANGES.items():
        value = values[name]
        if not lowest <= value <= highest or (above and value == lowest):
            raise UnfitError
        if name in WHOLE and value != round(value):
            raise UnfitError
    ratio = values["total_debt"] / values["borrower_income"]
    if abs(values["debt_to_income"] - ratio) > 1e-6:
        raise UnfitError


def to_csv(table):
    """Write rows as plain CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(table)
    return stream.getvalue().encode()
