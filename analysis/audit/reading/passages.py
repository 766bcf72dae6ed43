"""Lines that belong together, and their sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_SENTENCE = re.compile(r"(?<!\bvs\.)(?:(?<=[.!?])\s+(?=[A-Z(\"'*])|(?<=[a-z)]\.)\s+(?=\d))")


@dataclass
class Passage:
    """Lines that belong together, joined to one text.

    Attributes
    ----------
    text : str
        The lines with a blank between them.
    starts, places : list
        Where each line begins in the text, and its place in the report.
    """

    text: str = ""
    starts: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def add(self, where: str, text: str) -> None:
        """Add a line."""
        if self.text:
            self.text += " "
        self.starts.append(len(self.text))
        self.places.append(where)
        self.text += text

    def where(self, offset: int) -> str:
        """Return the place in the report of a place in the text."""
        return self.places[max(0, bisect_right(self.starts, offset) - 1)]

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield each sentence with where it begins."""
        start = 0
        for gap in _SENTENCE.finditer(self.text):
            yield start, self.text[start : gap.start()]
            start = gap.end()
        yield start, self.text[start:]


@dataclass(frozen=True)
class Spoken:
    """A sentence.

    Attributes
    ----------
    text : str
        Its words.
    passage : Passage
        Where it stands.
    start : int
        Where it begins in the passage.
    model : str or None
        Which model the headings and sentences before it speak of.
    """

    text: str
    passage: Passage
    start: int
    model: str | None

    def where(self, offset: int) -> str:
        """Return the place in the report of a place in the sentence."""
        return self.passage.where(self.start + offset)
