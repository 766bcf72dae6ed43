"""Small YAML files as a person means them: texts as they are written, each with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from analysis.base.errors import ENTRY, Fault, InputError, printable
from analysis.base.files import read_small

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Kind = TypeVar("Kind")
Place = tuple[str | int, ...]
LARGEST = 1_000_000  # bytes; a file that a person writes is far smaller
SHOWN = 40  # characters of a value in a message
DEEPEST = 20  # lists and entries within each other
QUOTES = 'put a text with special characters in quotes, as in "A: B"'
NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Written:
    """What a file holds.

    Attributes
    ----------
    content : dict, list, str or None
        Every value is the text that stands there, a number, a date or `true` too; None where
        nothing does, or `null`.
    lines : dict of place to int
        The line, from 1, on which each entry begins; a place is the keys that lead to it.
    """

    content: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of an entry, or of the nearest around it that is there."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)

    def named(self, place: Place) -> str:
        """Name an entry with its line, its place in a list counted from 1."""
        keys = "/".join(str(each + 1 if isinstance(each, int) else each) for each in place)
        return f"{keys} (line {self.line(place)})" if keys else ""


def texts(path: Path, absent: str) -> Written:
    """Read a file without guessing what its texts are: `1.10`, `2026-11-24` and `no` stay so.

    Parameters
    ----------
    absent : str
        What to do where there is no such file.

    Raises
    ------
    InputError
        When it cannot be read, with the line and what to write.
    """
    _, node = _composed(path, absent)
    lines: dict[Place, int] = {}
    return Written(None if node is None else _texts(node, (), lines), lines)


def checked(
    path: Path, absent: str, kind: type[Kind], fault: Callable[[ErrorDetails, Written], Fault]
) -> tuple[Kind, Written]:
    """Read a file as the dataclass that it describes, and return it as it is written, too.

    Parameters
    ----------
    absent : str
        What to do where there is no such file.
    kind : type
        Whose fields are the file's entries.
    fault : callable
        Says of what pydantic finds wrong where it stands and what to do.

    Raises
    ------
    InputError
        With every entry that is missing, unknown or of the wrong kind.
    """
    written = texts(path, absent)
    try:
        return TypeAdapter(kind).validate_python(written.content), written
    except ValidationError as error:
        found = [fault(each, written) for each in error.errors(include_url=False)]
        raise InputError(path.name, found, ENTRY) from None


def values(path: Path, absent: str) -> Any:
    """Read a file with YAML's own kinds of values: numbers, true and false, dates.

    Parameters
    ----------
    absent : str
        What to do where there is no such file.

    Raises
    ------
    InputError
        When it cannot be read, with the line and what to write.
    """
    text, _ = _composed(path, absent)
    try:
        return yaml.safe_load(text)
    except ValueError as error:  # a day that no calendar has
        raise _refuse(path, str(error), QUOTES) from None


def one_line(text: object) -> object:
    """Take line breaks and blanks as what they are between words: one blank."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ") if isinstance(text, str) else text


PROBLEMS = {
    "missing": "the entry is missing",
    "unexpected_keyword_argument": "the entry is not known",
    "too_short": "the list is empty",
}


def problem(error: ErrorDetails) -> str:
    """Say what is wrong with an entry in a person's words."""
    kind, given = error["type"], error["input"]
    if kind in PROBLEMS:
        return PROBLEMS[kind]
    if kind == "too_long":
        return f"the list has {len(given):,} entries"
    if given is None or given == "":
        return "nothing is stated"
    if isinstance(given, dict | list):
        return f"{'entries stand' if isinstance(given, dict) else 'a list stands'} there"
    long = f", {len(given):,} characters long" if kind == "string_too_long" else ""
    return f"it is {given[:SHOWN]!r}{'…' if len(given) > SHOWN else ''}{long}"


def _composed(path: Path, absent: str) -> tuple[str, yaml.Node | None]:
    """Return a file's text and its tree of values, without doubled keys, anchors and tags."""
    text = _decoded(path, read_small(path, LARGEST, "a YAML file like the one delivered", absent))
    try:
        _check_events(path, text)
        node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = f"line {line}: it holds the control character {chr(error.character)!r}"
        raise _refuse(path, problem, "remove it") from None
    except yaml.MarkedYAMLError as error:
        said = error.problem or error.context or ""
        problem = f"line {_line(error, said)}: it is not YAML ({said})"
        raise _refuse(path, problem, "indent with blanks" if "'\\t'" in said else QUOTES) from None
    if node is not None:
        _check_keys(path, node)
    return text, node


def _line(error: yaml.MarkedYAMLError, said: str) -> int:
    """Return the line of an error; a quote that nothing closes is noticed at the file's end."""
    marks: list[Any] = [error.problem_mark, error.context_mark]
    for mark in marks[::-1] if "end of stream" in said else marks:
        if mark is not None:
            return int(mark.line) + 1
    return 1


def _check_keys(path: Path, node: yaml.Node) -> None:
    """Refuse an entry that stands twice, of which YAML would keep the last."""
    if not isinstance(node, yaml.CollectionNode):
        return
    seen: dict[str, int] = {}
    for each in node.value:
        if isinstance(node, yaml.MappingNode):
            key, line = each[0], each[0].start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _refuse(path, f"line {line}: the name of an entry is no text", QUOTES)
            if key.value in seen:
                problem = f"line {line}: {key.value!r} stands already on line {seen[key.value]}"
                raise _refuse(path, problem, "keep one of them")
            seen[key.value] = line
        _check_keys(path, each[1] if isinstance(node, yaml.MappingNode) else each)


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"line {line}: the byte {content[error.start]:#x} is not UTF-8"
        raise _refuse(path, problem, "save the file as UTF-8") from None


def _check_events(path: Path, text: str) -> None:
    """Refuse what makes another thing of a text than it looks like, and any depth of nesting."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = f"line {event.start_mark.line + 1 if event.start_mark else 1}: "
        opens = isinstance(event, yaml.CollectionStartEvent)
        depth += opens - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            problem = f"{line}more than {DEEPEST} levels stand within each other"
            raise _refuse(path, problem, "write it as the file delivered does")
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            problem = f"{line}an anchor (&), an alias (*) or a tag (!) stands there"
            raise _refuse(path, problem, f"write the text itself; {QUOTES}")


def _texts(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found = {}
        for key, value in node.value:
            inner = (*place, str(key.value))
            lines[inner] = key.start_mark.line + 1
            found[inner[-1]] = _texts(value, inner, lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_texts(each, (*place, number), lines) for number, each in enumerate(node.value)]
    return None if node.tag == NULL else node.value


def _refuse(path: Path, problem: str, remedy: str) -> InputError:
    allowed = "YAML in UTF-8, like the file delivered"
    return InputError.of_file(path.name, printable(problem), allowed, remedy)
