"""A report line by line, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

LONGEST_LINE = 20_000
Kind = Literal["text", "code"]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x1b]")


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
class Reading:
    """What is read of a report so far: its lines, and the names of its pictures."""

    lines: list[Line] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
