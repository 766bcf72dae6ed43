"""What binds the numbers of a sentence to a measure, a label and a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from analysis.audit.reading.numbers import Number
from analysis.audit.reading.words import Token
from analysis.audit.stated import COUNTS, RESAMPLED, SHARES, Label
from analysis.audit.stated import other as other_model
from analysis.models.pair import ORIGINAL

_INSTEAD = re.compile(
    r"\b(?:instead of|compared (?:to|with)|versus|vs\.?|against|rather than)\s*$", re.I
)
_VERSUS = re.compile(
    r"\s*(?:vs\.?|versus|against|compared (?:to|with)|and|[/|,&→]|-+>)\s*", re.IGNORECASE
)
KEPT: dict[Label, str] = {0: "true_negatives", 1: "true_positives"}
LONGEST_JOINT = 14  # characters between words that are named together
LONGEST_GAP = 60
_PAIR = re.compile(r"\s*(?:,|and|&|/|, and)?\s*(?:the |its |an? )?$", re.IGNORECASE)


def pair(text: str, tokens: Sequence[Token], numbers: list[Number]) -> None:
    """Pair words that are named together with the numbers that follow them together."""
    for kind in ("measure", "label", "model"):
        for run in _runs(text, [each for each in tokens if each.kind == kind]):
            later = [each for each in tokens if each.kind == kind and each.start >= run[-1].end]
            stop = later[0].start if later and kind == "measure" else len(text)
            told = [number for number in numbers if run[-1].end <= number.token.start < stop]
            values = [each.value for each in run]
            match = len(told) == len(run)
            for number, value in zip(told, values if match else [None] * len(told), strict=False):
                if match or kind == "measure":
                    number.paired[kind] = value


def _runs(text: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    run: list[Token] = []
    for token in tokens:
        between = text[run[-1].end : token.start] if run else ""
        joined = len(between) < LONGEST_JOINT and _PAIR.match(_without_loans(between))
        if run and joined and token.value != run[-1].value:
            run.append(token)
            continue
        if len(run) > 1:
            yield run
        run = [token]
    if len(run) > 1:
        yield run


def _without_loans(text: str) -> str:
    return re.sub(r"\b(?:loans?|scores?|models?|class(?:es)?|data)\b", "", text)


def meant(measure: str | None, whole: bool, number: Number) -> str | None:
    """Return the measure that a word means beside a number of this kind."""
    after = {each.value for each in number.after if each.kind == "label"}
    near = after or {each.value for each in number.before if each.kind == "label"}
    if re.search(r"\bof (?:the )?$", number.ahead) and measure in ("found", *COUNTS):
        return None
    if measure == "justified":
        number.label = 1
    label = next(iter(near)) if len(near) == 1 else None
    meanings = {  # as a share, and as a count of loans
        "found": ("recall", None if 0 in near else "true_positives"),
        "correct": (None, KEPT.get(label)),
        "justified": ("precision", None),
        "refused": (None, "false_positives" if near == {0} else None),
        **{each: (each, None) for each in ("geometric_mean", *SHARES)},
        **{each: (None, each) for each in ("support", *COUNTS)},
    }
    return meanings.get(measure or "", (None, None))[whole]


def nearest(kind: str, tokens: Sequence[Token], number: Number) -> Any:
    """Return what is named right after a number, else nearest before it, else alone after it."""
    after = {each.value for each in number.after if each.kind == kind}
    if len(after) == 1:
        return after.pop()
    before = [each.value for each in number.before if each.kind == kind]
    if before:
        return before[-1]
    named = [each for each in tokens if each.kind == kind]
    earlier = [each for each in named if each.end <= number.token.start]
    if earlier:
        return earlier[-1].value
    if kind == "model":
        return named[0].value if named else None
    rest = {each.value for each in named}
    return rest.pop() if len(rest) == 1 else None


def bind_compared(text: str, numbers: list[Number]) -> None:
    """Give the two ends of a comparison to the two models, where nothing else is said."""
    for one, other in pairwise(numbers):
        gap = text[one.token.end : other.token.start]
        named = any(each.kind == "model" for each in (*one.after, *other.after))
        if len(gap) > LONGEST_GAP or one.why or other.why:
            continue
        if re.search(r"\bfrom\s*$", one.ahead) and re.search(r"\bto\s*$", gap):
            other.measure = other.measure or one.measure
            other.label, other.guessed = one.label, one.guessed
            if not named:
                one.model, other.model = ORIGINAL, RESAMPLED
        elif _INSTEAD.search(gap) and other.measure in (None, one.measure):
            other.measure, other.label, other.guessed = one.measure, one.label, one.guessed
            if not any(each.kind == "model" for each in other.after) and one.model:
                other.model = other_model(one.model)


def bind_ordered(
    text: str, tokens: Sequence[Token], numbers: list[Number], order: tuple[str, str] | None
) -> None:
    """Give "0.87 vs 0.86" to both models in the order in which they were named side by side."""
    labels = {each.value for each in tokens if each.kind == "label"}
    if order is None or not numbers or len(labels) > 1:
        return
    if any(each.kind == "model" and each.start > numbers[0].token.start for each in tokens):
        return
    joined = [
        bool(_VERSUS.fullmatch(text[one.token.end : two.token.start]))
        for one, two in pairwise(numbers)
    ]
    for at, (one, two) in enumerate(pairwise(numbers)):
        alone = (
            joined[at] and not any(joined[max(0, at - 1) : at]) and not any(joined[at + 1 :][:1])
        )
        if not alone or one.why or two.why or one.paired or two.paired:
            continue
        two.measure, two.label, two.guessed = one.measure, one.label, one.guessed
        one.model, two.model = order


def bind_respectively(text: str, tokens: Sequence[Token], numbers: list[Number]) -> None:
    """Bind two figures of one measure that stand together to the labels or models named before.

    Where nothing says which is whose, neither is bound for sure.
    """
    for one, other in pairwise(numbers):
        gap = text[one.token.end : other.token.start]
        if not re.fullmatch(r"\s*(?:,|and|/|or|, and)\s*", gap) or other.measure is not None:
            continue
        if one.measure not in SHARES or one.paired:
            continue
        one.loose = True
        ahead = [each for each in tokens if each.end <= one.token.start]
        for kind in ("label", "model"):
            named = list(dict.fromkeys(each.value for each in ahead if each.kind == kind))
            if "respectively" in text and len(named) == len((one, other)):
                other.measure, other.label, other.model = one.measure, one.label, one.model
                one.loose = False
                setattr(one, kind, named[0])
                setattr(other, kind, named[1])
                break


def bind_outcomes(text: str, numbers: list[Number]) -> None:
    """Read "53 of 60 high-risk loans": those found, and how many there are."""
    for one, other in pairwise(numbers):
        gap = text[one.token.end : other.token.start]
        whole = (each.token.value.replace(",", "").isdigit() for each in (one, other))
        if not all(whole) or not re.fullmatch(r"\s(?:out )?of (?:the |all )?", gap):
            continue
        if one.measure in ("true_positives", "false_negatives"):
            other.measure, other.label, other.model = "support", 1, None
