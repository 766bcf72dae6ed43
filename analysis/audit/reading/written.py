"""The text of a report, a line at a time with its place: Markdown, text, HTML or a notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.audit.reading.lines import CONTROL, LONGEST_LINE, Line, Reading, Written
from analysis.audit.reading.page import read_page
from analysis.base.errors import InputError

# A report is read by people; what is larger is none.
LARGEST_BYTES = 20 * 2**20
MOST_LETTERS = 2_000_000
MOST_LINES = 50_000
ALLOWED = "a report as Markdown, text, HTML or a notebook, of at most 20 MiB"
_MARKDOWN_IMAGE = re.compile(r"!\[([^\]]{0,200})\]\(([^)\s]{1,500})")


def read(path: Path) -> Written:
    """Read a report.

    Raises
    ------
    InputError
        When the file cannot be read, is too large, or is a notebook that is none.
    """
    text = _text(path)
    reading = Reading()
    if path.suffix.lower() == ".ipynb":
        _notebook(path, text, reading)
    elif path.suffix.lower() in (".html", ".htm") or re.match(
        r"\s*<(!doctype|html)", text[:500], re.I
    ):
        read_page(text, reading)
    else:
        _plain(text, "", reading)
    return Written(path.name, tuple(_bounded(reading.lines)), tuple(reading.images))


def _bounded(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines as long as a report of that length may be meant for people."""
    left = MOST_LETTERS
    for line in lines[:MOST_LINES]:
        left -= len(line.text)
        if left < 0:
            return
        yield line


def _text(path: Path) -> str:
    try:
        if path.is_file() and path.stat().st_size > LARGEST_BYTES:
            raise InputError.of_file(
                str(path), "it is too large for a report", ALLOWED, "name a smaller file"
            )
        content = path.read_bytes()
    except OSError as error:
        problem = f"it cannot be read: {error.strerror}"
        raise InputError.of_file(str(path), problem, ALLOWED, "name the report") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if text.count("\x00") > len(text) / 50:
        raise InputError.of_file(str(path), "it is no text", ALLOWED, "name the report's text")
    return text


def _plain(text: str, before: str, reading: Reading) -> None:
    for at, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        reading.images += [
            name or place for name, place in _MARKDOWN_IMAGE.findall(line[:LONGEST_LINE])
        ]
        reading.lines.append(Line(f"{before}line {at}", _clean(line)))


def _clean(line: str) -> str:
    """Return a line without emphasis, tags within it and control characters."""
    line = CONTROL.sub(" ", line[:LONGEST_LINE]).replace("\xa0", " ").replace("\u202f", " ")
    if "<" in line:
        line = re.sub(r"<[^<>]{0,200}>", " ", line)
    line = re.sub(r"\$(\s?=?\s?\d{0,3}\.?\d{1,9}\s?(?:\\?%)?)\$", r" \1 ", line)  # of LaTeX
    line = re.sub(r"\s?\.{4,}\s?", ": ", line)  # leaders between a name and its figure
    return re.sub(r"\*\*|__|`", "", _MARKDOWN_IMAGE.sub(" ", line))


def _notebook(path: Path, text: str, reading: Reading) -> None:
    try:
        cells = json.loads(text)["cells"]
        for number, cell in enumerate(cells, start=1):
            _cell(cell, f"cell {number} ", reading)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = f"it is no notebook ({type(error).__name__})"
        remedy = "save the notebook again, or export it as HTML"
        raise InputError.of_file(
            str(path), problem, "a Jupyter notebook, format 4", remedy
        ) from None


def _cell(cell: dict[str, Any], before: str, reading: Reading) -> None:
    source = _joined(cell.get("source", ""))
    start = len(reading.lines)
    if cell.get("cell_type") != "code":
        _plain(source, before, reading)
    else:
        reading.lines += [
            Line(before.strip(), line[:LONGEST_LINE], "code") for line in source.split("\n")
        ]
        outputs = cell.get("outputs", [])
        texts = [_joined(_shown(output, before, reading)).removesuffix("\n") for output in outputs]
        if any(texts):
            _plain("\n".join(texts), before, reading)
    reading.lines.append(Line(before.strip(), ""))
    if start < len(reading.lines):
        first = reading.lines[start]
        reading.lines[start] = Line(first.where, first.text, first.kind, starts=True)


def _shown(output: dict[str, Any], before: str, reading: Reading) -> Any:
    if "text" in output:
        return output["text"]
    data = output.get("data", {})
    reading.images += [
        f"output of {before.strip()}" for name in data if str(name).startswith("image/")
    ]
    return data.get("text/plain", "") if not any(str(n).startswith("image/") for n in data) else ""


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
