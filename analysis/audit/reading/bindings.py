"""What binds the numbers of a sentence to a measure, a label and a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from analysis.audit.reading.numbers import Number
from analysis.audit.reading.patterns import OBJECT
from analysis.audit.reading.words import Token, of_kind
from analysis.audit.stated import COUNTS, MODELS, RESAMPLED, SHARES, Label
from analysis.audit.stated import other as other_model
from analysis.models.pair import ORIGINAL

_INSTEAD = re.compile(
    r"(?:\b(?:instead of|compared (?:to|with)|versus|vs\.?|against|rather than|(?:up|down) from)"
    r"|\((?:was|before|from))\s*$",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*(?:vs\.?|versus|against|compared (?:to|with)|(?:, )?and|or|[/|,&→]|-+>)\s*", re.IGNORECASE
)
KEPT: dict[Label, str] = {0: "true_negatives", 1: "true_positives"}
LONGEST_JOINT = 14  # characters between words that are named together
LONGEST_GAP = 60
_PAIR = re.compile(
    r"\s*(?:,|and|&|/|, and|vs\.?|versus|against)?\s*(?:the |its |an? )?$", re.IGNORECASE
)


def name_together(text: str, tokens: Sequence[Token], numbers: list[Number]) -> None:
    """Give measures that are named together to the numbers that follow them together."""
    measures = of_kind(tokens, "measure")
    for run in _runs(text, measures):
        later = (each.start for each in measures if each.start >= run[-1].end)
        stop = next(later, len(text))
        told = [number for number in numbers if run[-1].end <= number.token.start < stop]
        for at, number in enumerate(told):
            number.together = True
            number.measure = run[at].value if len(told) == len(run) else None


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


def meant(measure: str | None, number: Number) -> str | None:
    """Return the measure that a word means beside a number of this kind."""
    after = {each.value for each in of_kind(number.after, "label")}
    near = after or {each.value for each in of_kind(number.before, "label")}
    if re.search(r"\bof (?:the )?$", number.ahead) and measure in ("found", *COUNTS):
        return None
    if re.match(r"\s(?:loans |of them )?right\b", number.behind):
        measure = "correct"  # "gets 1,981 right", of both labels where none is named
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
    return meanings.get(measure or "", (None, None))[number.whole]


def nearest(kind: str, tokens: Sequence[Token], number: Number) -> Any:
    """Return what is named right after a number, else nearest before it, else alone after it."""
    after = {each.value for each in of_kind(number.after, kind)}
    if len(after) == 1:
        return after.pop()
    before = [each.value for each in of_kind(number.before, kind)]
    if before:
        return before[-1]
    named = of_kind(tokens, kind)
    earlier = [each for each in named if each.end <= number.token.start]
    if earlier:
        return earlier[-1].value
    if kind == "model":
        return named[0].value if named else None
    rest = {each.value for each in named}
    return rest.pop() if len(rest) == 1 else None


def doubt_objects(text: str, tokens: Sequence[Token], numbers: list[Number]) -> None:
    """Bind no number for sure to what a model is compared to: "better than SMOTE with 0.99"."""
    models = of_kind(tokens, "model")
    for number in numbers:
        ahead = [each for each in models if each.end <= number.token.start]
        gap = text[ahead[-1].end : number.token.start] if ahead else ""
        apart = re.search(r",|\bwith\b", gap)
        if apart and OBJECT.search(text[: ahead[-1].start]):
            number.loose = True


def _begin(text: str, one: Number) -> None:
    """Give the first of two figures to the model that a sentence compares with another one."""
    named = [each for each in of_kind(one.before, "model") if each.value in MODELS]
    subjects = [each for each in named if not OBJECT.search(text[: each.start])]
    if named:
        one.model = subjects[0].value if subjects else other_model(named[0].value)


def bind_compared(text: str, numbers: list[Number]) -> None:
    """Give the two ends of a comparison to the two models, where nothing else is said."""
    for one, two in pairwise(numbers):
        gap = text[one.token.end : two.token.start]
        if len(gap) > LONGEST_GAP or one.why or two.why or two.measure not in (None, one.measure):
            continue
        between = re.fullmatch(r"\s*(?:to|→|-+>)\s*", gap)
        stated = re.search(r"\bfrom\s*$", one.ahead) and re.search(r"\bto\s*$", gap)
        risen = stated or between
        since = re.search(r"\bto\s*$", one.ahead) and re.fullmatch(r"\s*from\s*", gap)
        if not (risen or since or _INSTEAD.search(gap)):
            continue
        two.measure, two.label, two.guessed = one.measure, one.label, one.guessed
        one.loose |= bool(between and not stated)  # it may be a range
        two.loose |= one.loose
        if not risen:
            _begin(text, one)
        first, second = (of_kind(each.after, "model") for each in (one, two))
        if second and not first and (risen or not of_kind(one.before, "model")):
            one.model = other_model(second[0].value)
        elif risen and not first and not second:
            one.model, two.model = ORIGINAL, RESAMPLED
        elif one.model and not second:
            two.model = other_model(one.model)


def bind_pairs(
    text: str, tokens: Sequence[Token], numbers: list[Number], order: tuple[str, str] | None
) -> None:
    """Bind two figures that stand together to both labels or both models, in their order.

    Where nothing says which is whose, neither is bound for sure.

    Parameters
    ----------
    order : pair of str or None
        In which a heading names both models.
    """
    pairs = list(pairwise(numbers))
    joined = [bool(_JOINT.fullmatch(_between(text, tokens, *each))) for each in pairs]
    told = any(each.kind == "model" for each in tokens)
    for at, (one, two) in enumerate(pairs):
        if not joined[at] or one.why or two.why or one.together:
            continue
        if sum(joined[max(0, at - 1) : at + 2]) > 1:
            continue
        if one.measure is None and not one.whole:
            one.measure, one.label, one.guessed = two.measure, two.label, two.guessed
        if two.measure not in (None, one.measure):
            continue
        labels = _both(text, tokens, "label", one, two)
        models = _both(text, tokens, "model", one, two) or (None if told else order)
        if labels or models:
            two.measure, two.label, two.guessed = one.measure, one.label, one.guessed
        if labels and not models:
            one.label, two.label = labels
            one.guessed = two.guessed = False
            two.model = one.model
        elif models and not labels:
            one.model, two.model = models
        elif two.measure is None and one.measure in SHARES:
            one.loose = True


def _between(text: str, tokens: Sequence[Token], one: Number, two: Number) -> str:
    """Return what stands between two numbers, but for names of measures."""
    start, end = one.token.end, two.token.start
    between = text[start:end]
    for each in of_kind(tokens, "measure"):
        if start <= each.start < end:
            between = between.replace(text[each.start : each.end], "")
    return between


def _both(
    text: str, tokens: Sequence[Token], kind: str, one: Number, two: Number
) -> tuple[Any, Any] | None:
    """Return both labels or models that are named before two numbers or after them."""
    named = of_kind(tokens, kind)
    ahead = [each for each in named if each.end <= one.token.start]
    behind = [each for each in named if each.start >= two.token.end][:2]
    for part in (ahead, behind):
        values = list(dict.fromkeys(each.value for each in part))
        beside = any(True for _ in _runs(text, part[-2:]))
        if len(values) == len((one, two)) and (beside or "respectively" in text):
            return values[0], values[1]
    return None


def bind_outcomes(text: str, numbers: list[Number]) -> None:
    """Read "53 of 60 high-risk loans": those found, and how many there are."""
    for one, other in pairwise(numbers):
        gap = text[one.token.end : other.token.start]
        out_of = re.fullmatch(r"\s(?:out )?of (?:the |all )?", gap)
        found = one.measure in ("true_positives", "false_negatives")
        if out_of and found and one.whole and other.whole:
            other.measure, other.label, other.model = "support", 1, None
