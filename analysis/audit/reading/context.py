"""What a place in a report speaks of: the model, label and measure of the headings above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from analysis.audit.reading.words import Vocabulary

HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)")
BULLET = re.compile(r"(\s*)(?:[-*+•\u2013]|\d{1,2}[.)])\s+(?=\S)")
RULE = re.compile(r"\s*[-=_~*]{3,}\s*$")
SECTION = re.compile(
    r"\s*(?:summary|results?|conclusions?|discussion|overview|recommendation|verdict|analysis"
    r"|notes?)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\d\.\d|\d\s?%|\d\s?per ?cent")
LONGEST_HEADING = 90
SHORT = 4  # words of a heading that has no mark of one
# How deep the parts of a report lie in one another.
NOTEBOOK, LINE, LIST, CODE, MENTION = 50, 70, 100, 900, 1_000


@dataclass
class Context:
    """The headings above a place, the outermost first.

    Attributes
    ----------
    words : Vocabulary
        What finds the words in them.
    above : list of tuples
        Depth, and what is named there: model, label, measure, order of both models.
    """

    words: Vocabulary
    above: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def enter(self, depth: int, text: str) -> None:
        """Go on below a heading, which ends all that lay as deep or deeper."""
        self.leave(depth)
        named = {kind: self.words.only(text, kind) for kind in ("label", "measure")}
        whose = {"model": self.words.model(text), "order": self.words.order(text)}
        self.above.append((depth, named | whose))

    def leave(self, depth: int) -> None:
        """Go back above a depth."""
        self.above = [each for each in self.above if each[0] < depth]

    def end_list(self) -> None:
        """Go on below a list, at the text that follows it."""
        self.above = [each for each in self.above if not LIST <= each[0] < CODE]

    def mention(self, model: str) -> None:
        """Go on below a sentence that speaks of one model."""
        self.leave(MENTION)
        self.above.append((MENTION, {"model": model}))

    def of(self, kind: str) -> Any:
        """Return what the nearest heading that names a model, label or measure names.

        One that names both models, in an order, names no single one, whatever stands above it.
        """
        kinds = ("model", "order") if kind in ("model", "order") else (kind,)
        named = [each for _, each in self.above if any(each.get(at) is not None for at in kinds)]
        return named[-1].get(kind) if named else None


def depth_of_heading(text: str, below: str) -> int | None:
    """Return how deep a line lies as a heading, None where it is none.

    Parameters
    ----------
    text, below : str
        The line, and the one after it.
    """
    if found := HEADING.match(text):
        return len(found.group(1))
    bare = text.strip()
    if not bare or len(bare) > LONGEST_HEADING or _SHARE.search(bare) or "|" in bare:
        return None
    if RULE.match(below) and not RULE.match(text):
        return 1
    if BULLET.match(text):
        return None
    ends = bare[-1]
    if ends == ":" or (SECTION.match(bare) and len(bare.split()) <= SHORT and ends not in ".,;"):
        return LINE
    return None
