"""A results file read back: what a report wrote, nothing that only looks like it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import Strict, TypeAdapter, ValidationError

from analysis.base.errors import InputError
from analysis.base.files import read_small

ALLOWED = "a results.json that make report or python -m analysis run wrote"
REMEDY = "name another file"
LARGEST = 16_000_000  # bytes; the published loans' has 700,000
DEEPEST = 40  # levels within each other; a report has ten
MOST_DIGITS = 30
Number = Annotated[float, Strict()]  # no text that looks like one


@dataclass(frozen=True)
class Data:
    """What is read of the data of a report of whatever version."""

    name: str
    rows: Number
    sha256: str


@dataclass(frozen=True)
class Model:
    """What is read of a model."""

    balanced_accuracy: Number


@dataclass(frozen=True)
class Finding:
    """What is read of a finding."""

    id: str
    title: str


@dataclass(frozen=True)
class Evidence:
    """What is read of the evidence."""

    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Stated:
    """What the commands rely on in a results file of whatever version."""

    data: Data
    models: dict[str, Model]
    provenance: dict[str, Any]
    evidence: Evidence = field(default_factory=Evidence)


def load(path: Path) -> dict[str, Any]:
    """Read a results file.

    Raises
    ------
    InputError
        When there is none, or it is not one of ours.
    """
    content = read_small(path, LARGEST, ALLOWED, REMEDY)
    try:
        found: dict[str, Any] = json.loads(
            content,
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
        )
    except (ValueError, RecursionError) as error:
        raise _refuse(path, f"it cannot be read ({_said(error)})") from None
    if any(depth > DEEPEST for depth, _ in _walked(found)):
        raise _refuse(path, f"it cannot be read (more than {DEEPEST} levels)")
    try:
        TypeAdapter(Stated).validate_python(found)
    except ValidationError:
        raise _refuse(path, "it does not hold the results of a report") from None
    return found


def _walked(whole: Any) -> Iterator[tuple[int, Any]]:
    """Give every value with its depth, without calling itself: a foreign file may be deep."""
    waiting = [(0, whole)]
    while waiting:
        depth, value = waiting.pop()
        yield depth, value
        if depth <= DEEPEST and isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            waiting += [(depth + 1, each) for each in inner]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the entry {twice[:MOST_DIGITS]!r} stands twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"{text[:MOST_DIGITS]} is too large a number")
    return found


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"{text[:MOST_DIGITS]}… is too large a number")
    return int(text)


def _said(error: Exception) -> str:
    return "it is too deep" if isinstance(error, RecursionError) else str(error)


def _refuse(path: Path, problem: str) -> InputError:
    return InputError.of_file(str(path), problem, ALLOWED, REMEDY)
