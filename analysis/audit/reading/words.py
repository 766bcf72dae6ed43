"""The words in which reports of this kind name measures, labels and models."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.portfolio.declaration import Label
from analysis.audit.reading.patterns import LABEL_WORDS, MEASURE_WORDS, MODEL_WORDS
from analysis.audit.stated import MODELS, NUMBER

_NUMBERED = re.compile(r"(?:model|classifier|experiment|1st|first|2nd|second|\w+ the)\b", re.I)
_BESIDE = re.compile(
    r"(?: (?:model|data|loans|training data))?"
    r"\s*(?:[/|,&-]|vs\.?|versus|against|and|then|compared (?:to|with))\s*(?:the )?",
    re.IGNORECASE,
)
SHORTEST = 3  # letters of a label's name that is looked for in a text
KINDS = ("measure", "label", "model")


@dataclass(frozen=True)
class Token:
    """A word that means something, or a number.

    Attributes
    ----------
    start, end : int
        Where it stands in its text.
    kind : {"measure", "label", "model", "number"}
        What it is.
    value : object
        The measure's, label's or model's id; a number's text.
    """

    start: int
    end: int
    kind: str
    value: Any


def of_kind(tokens: Iterable[Token], kind: str) -> list[Token]:
    """Return the words of one kind."""
    return [each for each in tokens if each.kind == kind]


@dataclass(frozen=True)
class Vocabulary:
    """What finds the words.

    Attributes
    ----------
    labels : tuple of pairs
        A label, and how its declaration names it.
    """

    labels: tuple[tuple[int, str], ...] = ()

    def tokens(self, text: str, kinds: Container[str] = KINDS) -> list[Token]:
        """Return what a text names, in order; where two overlap, the earlier and longer one."""
        found = [
            Token(*match.span(), kind, value)
            for kind, value, pattern in _patterns(self.labels)
            if kind in kinds
            for match in pattern.finditer(text)
        ]
        found += [Token(*match.span(), "number", match.group()) for match in NUMBER.finditer(text)]
        found.sort(key=lambda each: (each.start, -each.end, each.kind == "number"))
        kept: list[Token] = []
        for each in found:
            if not kept or each.start >= kept[-1].end:
                kept.append(each)
        return kept

    def models(self, text: str) -> list[Token]:
        """Return the models that a text names, whatever else the same words may mean."""
        return of_kind(self.tokens(text, ("model",)), "model")

    def model(self, text: str) -> Any:
        """Return the one model that a text names: by what it was fitted on, else by its number."""
        named = self.models(text)
        numbered = [each for each in named if _NUMBERED.match(text[each.start : each.end])]
        told = {each.value for each in named if each not in numbered}
        values = told if len(told) == 1 else {each.value for each in numbered or named}
        return values.pop() if len(values) == 1 else None

    def order(self, text: str) -> tuple[str, str] | None:
        """Return both models in the order in which a text names them: "original vs SMOTE"."""
        named = self.models(text)
        for one, other in pairwise(named):
            together = _BESIDE.fullmatch(text[one.end : other.start])
            if together and {one.value, other.value} == set(MODELS):
                return one.value, other.value
        return None

    def only(self, text: str, kind: str) -> Any:
        """Return the one value of a kind that a text names; None where it names none or several."""
        values = {each.value for each in of_kind(self.tokens(text), kind)}
        return values.pop() if len(values) == 1 else None

    def label(self, name: str) -> Any:
        """Return which label the name of a row is: `0`, `High-Risk`, `macro avg`; else None."""
        bare = name.strip().strip("'\"`*:").lower()
        exact = {"0": 0, "0.0": 0, "1": 1, "1.0": 1, "false": 0, "true": 1, "good": 0, "bad": 1}
        if bare in exact:
            return exact[bare]
        for label, written in self.labels:
            if bare == written.lower():
                return label
        return self.only(name, "label")


def vocabulary(label: Label | None) -> Vocabulary:
    """Return the words of the field, and those of a declared label."""
    if label is None:
        return Vocabulary()
    named = [(0, each) for each in (label.healthy_name, *label.healthy)]
    named += [(1, each) for each in (label.high_risk_name, *label.high_risk)]
    return Vocabulary(tuple(named))


@cache
def _patterns(labels: tuple[tuple[int, str], ...]) -> list[tuple[str, Any, re.Pattern[str]]]:
    own = [
        ("label", label, rf"\b{re.escape(name)}\b")
        for label, name in labels
        if len(name) >= SHORTEST and not name.isdigit()
    ]
    made = [
        *(("measure", name, pattern) for name, pattern in MEASURE_WORDS.items()),
        *(("label", name, pattern) for name, pattern in LABEL_WORDS.items()),
        *(("model", name, pattern) for name, pattern in MODEL_WORDS.items()),
        *own,
    ]
    return [(kind, name, re.compile(pattern, re.IGNORECASE)) for kind, name, pattern in made]
