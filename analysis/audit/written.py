"""The text of a report, a line at a time with its place: Markdown, text, HTML or a notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

from analysis.base.errors import InputError

# A report is read by people; what is larger is none.
LARGEST_BYTES = 20 * 2**20
LONGEST_LINE = 20_000
MOST_LETTERS = 2_000_000
MOST_LINES = 50_000
ALLOWED = "a report as Markdown, text, HTML or a notebook, of at most 20 MiB"
Kind = Literal["text", "code"]
_MARKDOWN_IMAGE = re.compile(r"!\[([^\]]{0,200})\]\(([^)\s]{1,500})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x1b]")


@dataclass(frozen=True)
class Line:
    """A line of a report.

    Attributes
    ----------
    where : str
        Its place, as a person finds it.
    text : str
        What stands there, without markup; a row of a table as cells between bars.
    kind : {"text", "code"}
        Whether it is read, or is a notebook's code, which only tells what its output is.
    starts : bool
        Whether a new part of the report begins with it.
    """

    where: str
    text: str
    kind: Kind = "text"
    starts: bool = False


@dataclass(frozen=True)
class Written:
    """A report as it was written.

    Attributes
    ----------
    name : str
        Of the file.
    lines : tuple of Line
        In their order.
    images : tuple of str
        Names of pictures: what they show is not read.
    """

    name: str
    lines: tuple[Line, ...]
    images: tuple[str, ...] = ()


@dataclass
class _Reading:
    lines: list[Line] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


def read(path: Path) -> Written:
    """Read a report.

    Raises
    ------
    InputError
        When the file cannot be read, is too large, or is a notebook that is none.
    """
    text = _text(path)
    reading = _Reading()
    if path.suffix.lower() == ".ipynb":
        _notebook(path, text, reading)
    elif path.suffix.lower() in (".html", ".htm") or re.match(
        r"\s*<(!doctype|html)", text[:500], re.I
    ):
        _html(text, reading)
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


def _plain(text: str, before: str, reading: _Reading) -> None:
    for at, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        reading.images += [
            name or place for name, place in _MARKDOWN_IMAGE.findall(line[:LONGEST_LINE])
        ]
        reading.lines.append(Line(f"{before}line {at}", _clean(line)))


def _clean(line: str) -> str:
    """Return a line without emphasis, tags within it and control characters."""
    line = _CONTROL.sub(" ", line[:LONGEST_LINE]).replace("\xa0", " ").replace("\u202f", " ")
    if "<" in line:
        line = re.sub(r"<[^<>]{0,200}>", " ", line)
    line = re.sub(r"\$(\s?=?\s?\d{0,3}\.?\d{1,9}\s?(?:\\?%)?)\$", r" \1 ", line)  # of LaTeX
    line = re.sub(r"\s?\.{4,}\s?", ": ", line)  # leaders between a name and its figure
    return re.sub(r"\*\*|__|`", "", _MARKDOWN_IMAGE.sub(" ", line))


class _Page(HTMLParser):
    """Collects the text of a page by lines, each row of a table as one."""

    BREAKS = frozenset(
        [
            "p",
            "div",
            "li",
            "ul",
            "ol",
            "br",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "article",
            "tr",
            "table",
        ]
    )
    SILENT = frozenset(("script", "style", "head"))

    def __init__(self, reading: _Reading) -> None:
        super().__init__(convert_charrefs=True)
        self.reading, self.silent, self.pre, self.row, self.cell = reading, 0, 0, False, False
        self.parts: list[str] = []
        self.heading = self.bullet = ""
        self.line = 1

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag == "img":
            given = dict(attributes)
            self.reading.images.append(given.get("alt") or str(given.get("src"))[:200])
        elif tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag in self.BREAKS:
            self.flush()
            self.heading = "#" * int(tag[1]) + " " if re.fullmatch("h[1-6]", tag) else self.heading
            self.bullet = "* " if tag == "li" else ""
        elif tag == "pre":
            self.flush()
            self.pre += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "tr":
            self.parts.append(" |")
            self.flush()
        elif tag in self.BREAKS or tag == "pre":
            self.flush()
            self.heading = ""
            if tag == "pre":
                self.pre = max(0, self.pre - 1)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        first = self.getpos()[0]
        for at, line in enumerate(data.split("\n")):
            if at and (self.pre or not self.in_row):
                self.flush(breaks=bool(self.pre))
            if line.strip() and not "".join(self.parts).strip(" |"):
                self.line = first + at
            self.parts.append(line)

    @property
    def in_row(self) -> bool:
        return any(part == " | " for part in self.parts)

    def flush(self, breaks: bool = True) -> None:
        """End a line; a paragraph's next line goes on with it where nothing breaks it."""
        text = "".join(self.parts)
        self.parts = []
        if text.strip() or (self.pre and breaks):
            text = text if self.pre else self.heading + self.bullet + " ".join(text.split())
            self.reading.lines.append(
                Line(f"line {self.line}", _CONTROL.sub(" ", text[:LONGEST_LINE]))
            )
            self.bullet = ""
        if breaks and not self.pre and self.reading.lines and self.reading.lines[-1].text:
            if not self.reading.lines[-1].text.startswith("|"):
                self.reading.lines.append(Line(f"line {self.line}", ""))


def _html(text: str, reading: _Reading) -> None:
    page = _Page(reading)
    page.feed(text)
    page.close()
    page.flush()


def _notebook(path: Path, text: str, reading: _Reading) -> None:
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


def _cell(cell: dict[str, Any], before: str, reading: _Reading) -> None:
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


def _shown(output: dict[str, Any], before: str, reading: _Reading) -> Any:
    if "text" in output:
        return output["text"]
    data = output.get("data", {})
    reading.images += [
        f"output of {before.strip()}" for name in data if str(name).startswith("image/")
    ]
    return data.get("text/plain", "") if not any(str(n).startswith("image/") for n in data) else ""


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
