"""Read the Quarto subset that the report uses; anything else is an error that names its line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FRONT_MATTER = {"title", "subtitle", "jupyter", "bibliography"}
CELL_OPTIONS = {"tags", "include"}
PARAMETERS = ["parameters"]
CALLOUTS = {f"callout-{kind}" for kind in ("note", "tip", "important", "warning", "caution")}
DIV_CLASSES = CALLOUTS | {"content-visible"}
DIV_ATTRIBUTES = {"when-format"}
FORMATS = {"html", "typst"}
INLINE = re.compile(r"(?<!`)`\{python\}[ \t]+([^`]+)`")
FENCE = re.compile(r"^(`{3,})\s*\{?([^}\s]*)\}?\s*$")
DIV = re.compile(r"^:{3,}\s*\{(?P<attributes>.*)\}\s*$")
UNSUPPORTED = {
    r"\{\{<": "a shortcode",
    r"`{3}|~{3}": "a fence written like this",
    r"`\{(?!=html\}|=typst\})": "inline code written like this",
    r"(?<![\w@])@(?!tbl-|fig-)[a-z]+-": "a cross-reference to something else than tbl- or fig-",
    r"^:{3,}\s*[^\s{:]": "a div with a bare class",
    r"^#{1,6} .*\{(?!\.unnumbered\}|#[\w-]+\})": "a heading with these attributes",
    r"^(?!#|:{3,}).*\{#": "an identifier in this place",
    r"[\])]\{": "a span, link or image with attributes",
    r"^(?:---|\.\.\.)\s*$": "a rule or a metadata block",
}


class QuartoError(RuntimeError):
    """The document uses something that the embedded route does not read."""


@dataclass(frozen=True)
class Text:
    """A run of Markdown, with inline `{python}` values still in it."""

    source: str
    line: int


@dataclass(frozen=True)
class Cell:
    """A `{python}` cell that shows nothing.

    Attributes
    ----------
    source : str
        Its code, with its `#|` options.
    line : int
        That of its fence.
    parameters : bool
        Whether it declares the document's parameters.
    """

    source: str
    line: int
    parameters: bool


@dataclass(frozen=True)
class Document:
    """The document: its front matter and its blocks in order."""

    metadata: dict[str, Any]
    blocks: list[Text | Cell]

    @property
    def code(self) -> list[list[str]]:
        """What is executed, a list a block: a cell's source, or a text's inline values."""
        return [
            INLINE.findall(each.source) if isinstance(each, Text) else [each.source]
            for each in self.blocks
        ]

    def woven(self, outputs: Sequence[Sequence[str]]) -> str:
        """Return the document as Markdown, with what its code gave in place of the code.

        Parameters
        ----------
        outputs : sequence
            Markdown, in the form of `code`.
        """
        return "\n\n".join(map(_woven, self.blocks, outputs))


def _woven(block: Text | Cell, outputs: Sequence[str]) -> str:
    if isinstance(block, Cell):
        return ""
    values = iter(outputs)
    return INLINE.sub(lambda _: next(values), block.source)


def read(path: Path) -> Document:
    """Read a Quarto document.

    Raises
    ------
    QuartoError
        When it uses something outside the subset; the message names the file and the line.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return _document(lines)
    except QuartoError as error:
        raise QuartoError(f"{path.name}: {error}; the embedded route does not read it") from None


def _document(lines: list[str]) -> Document:
    start, metadata = 0, {}
    if lines and lines[0] == "---":
        if "---" not in lines[1:]:
            raise QuartoError("line 1: front matter that is never closed")
        start = lines.index("---", 1) + 1
        metadata = _mapping(lines[1 : start - 1], "front matter", 1)
        _only(set(metadata), FRONT_MATTER, "front matter", 1)
    blocks: list[Text | Cell] = []
    place = first = start
    while place < len(lines):
        fence = FENCE.match(lines[place])
        if not fence:
            _check(lines[place], place + 1)
            place += 1
            continue
        end = _closed(lines, place, fence[1])
        if fence[2] == "python" and "{" in lines[place]:
            blocks.append(Text("\n".join(lines[first:place]), first + 1))
            blocks.append(_cell(lines[place + 1 : end], place + 1))
            first = end + 1
        elif "{" in lines[place] and fence[2] not in {f"={name}" for name in FORMATS}:
            raise QuartoError(f"line {place + 1}: a {{{fence[2]}}} block")
        place = end + 1
    blocks.append(Text("\n".join(lines[first:]), first + 1))
    return Document(metadata, blocks)


def _cell(lines: list[str], line: int) -> Cell:
    head = list(itertools.takewhile(lambda each: each.startswith("#|"), lines))
    options = _mapping([each[2:] for each in head], "cell options", line)
    _only(set(options), CELL_OPTIONS, "cell option", line)
    parameters = options.get("tags") == PARAMETERS
    if not parameters and options.get("include") is not False:
        raise QuartoError(
            f"line {line}: a cell that may show something: what it makes is shown by inline "
            "values, and it has the option include: false"
        )
    return Cell("\n".join(lines), line, parameters)


def _closed(lines: list[str], place: int, fence: str) -> int:
    """Return where the fence that opens at `place` closes."""
    for end in range(place + 1, len(lines)):
        if re.fullmatch(f"`{{{len(fence)},}}\\s*", lines[end]):
            return end
    raise QuartoError(f"line {place + 1}: a fence that is never closed")


def _mapping(lines: list[str], what: str, line: int) -> dict[str, Any]:
    try:
        found = yaml.safe_load("\n".join(lines)) or {}
    # no day of the calendar, too deep
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise QuartoError(f"line {line}: {what} that is not YAML ({error})") from None
    if not isinstance(found, dict):
        raise QuartoError(f"line {line}: {what} without names")
    return found


def _check(text: str, line: int) -> None:
    bare = INLINE.sub("", text)
    for pattern, what in UNSUPPORTED.items():
        if re.search(pattern, bare):
            raise QuartoError(f"line {line}: {what}")
    if div := DIV.match(text):
        attributes = div["attributes"]
        classes = set(re.findall(r"(?:^|\s)\.([\w-]+)", attributes))
        keys = dict(re.findall(r"([\w-]+)=\"?([^\"\s]*)", attributes))
        names = set(re.findall(r"(?:^|\s)#(\w+)-", attributes))
        _only(classes, DIV_CLASSES, "div class", line)
        _only(set(keys), DIV_ATTRIBUTES, "div attribute", line)
        _only(names, {"tbl", "fig"}, "div label", line)
        _only(set(keys.values()), FORMATS, "format", line)


def _only(found: set[str], allowed: set[str], what: str, line: int) -> None:
    if unknown := found - allowed:
        raise QuartoError(f"line {line}: the {what} {sorted(unknown)[0]!r}")
