"""Comparisons of both models in words: whose figure is said to be greater."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.audit.judging.phrases import CHANGE, COMPARATIVE, COUNTED, THAN, TREND
from analysis.audit.reading.passages import Spoken
from analysis.audit.reading.patterns import IT, OBJECT
from analysis.audit.reading.words import Token, of_kind
from analysis.audit.stated import BY_LABEL, MODELS, RESAMPLED, Label, other
from analysis.models.pair import ORIGINAL

BESIDE = 2  # characters between a comparing word and its measure
NEAR = 60  # characters between what belongs together


@dataclass(frozen=True)
class Compared:
    """A comparison of both models: whose figure is said to be greater.

    Attributes
    ----------
    start, end : int
        Where it stands in its sentence.
    measure, label : str, int or None
        Of what.
    model : str
        Whose it is said of.
    up : bool
        Whether it is said to be greater.
    said : int
        Where the comparing word stands.
    """

    start: int
    end: int
    measure: str
    label: Label
    model: str
    up: bool
    said: int


def better(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "model 1 has the better balanced accuracy", "oversampling lowers the precision"."""
    for pattern in (COMPARATIVE, CHANGE):
        for match in pattern.finditer(spoken.text):
            measure, subject = _after(tokens, match), _subject(spoken, tokens, match.start())
            if measure is None or subject is None:
                continue
            model, start = subject
            named = start < match.start() or IT.match(spoken.text)
            if pattern is CHANGE and not (named and model == RESAMPLED):
                continue
            label, end = _label(tokens, measure)
            up = bool(match.group("up"))
            yield Compared(start, end, measure.value, label, model, up, match.start())


def against(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "its precision is slightly higher than that of model 1"."""
    for match in THAN.finditer(spoken.text):
        models = [
            each.value
            for each in of_kind(tokens, "model")
            if match.start() < each.start <= match.end() + BESIDE
        ]
        if models and models[0] in MODELS:
            yield from _said_after(tokens, match, other(models[0]))


def trends(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "the recall of high-risk loans drops": from the original to the resampled model."""
    named = {each.value for each in of_kind(tokens, "model")}
    if named == {ORIGINAL} or re.search(r"\bwithout\b", spoken.text, re.IGNORECASE):
        return
    for match in TREND.finditer(spoken.text):
        yield from _said_after(tokens, match, RESAMPLED)


def counted(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "finds more high-risk loans", "fewer false negatives", "misses fewer"."""
    for measure, pattern in COUNTED:
        for match in pattern.finditer(spoken.text):
            if subject := _subject(spoken, tokens, match.start()):
                more = match.group("how").lower() == "more"
                model, start = subject
                yield Compared(start, match.end(), measure, None, model, more, match.start())


def _after(tokens: Sequence[Token], match: re.Match[str]) -> Token | None:
    """Return the measure right after comparing words."""
    for each in tokens:
        if each.kind == "measure" and 0 <= each.start - match.end() <= BESIDE:
            return each if _comparable(each.value) else None
    return None


def _said_after(tokens: Sequence[Token], match: re.Match[str], model: str) -> Iterator[Compared]:
    """Yield what comparing words say of the measure before them."""
    before = [each for each in of_kind(tokens, "measure") if 0 <= match.start() - each.end <= NEAR]
    if not before or not _comparable(before[-1].value):
        return
    start, end = before[-1].end, match.start()
    if not re.search(r"[,;]|\band\b", match.string[start:end]):
        label, _ = _label(tokens, before[-1], end)
        up = bool(match.group("up"))
        yield Compared(before[-1].start, match.end(), before[-1].value, label, model, up, end)


def _subject(spoken: Spoken, tokens: Sequence[Token], before: int) -> tuple[str, int] | None:
    """Return the model that a verb before a place is said of, and where it is named."""
    named = of_kind(tokens, "model")
    compared = [each for each in named if OBJECT.search(spoken.text[: each.start])]
    subjects = [each for each in named if each.end <= before and each not in compared]
    if subjects:
        model, start = subjects[-1].value, subjects[-1].start
        return (model, start) if model in MODELS else None
    if compared:  # "it misses fewer than the original model"
        model = compared[0].value
        return (other(model), before) if model in MODELS else None
    return (str(spoken.model), before) if not named and spoken.model in MODELS else None


def _comparable(measure: str) -> bool:
    return measure in BY_LABEL | {"accuracy", "balanced_accuracy"} or measure.startswith("false")


def _label(tokens: Sequence[Token], measure: Token, before: int | None = None) -> tuple[Label, int]:
    """Return the label beside a measure, the high-risk one where none is, and where it ends."""
    if measure.value not in BY_LABEL:
        return None, measure.end
    for each in tokens:
        near = 0 <= each.start - measure.end <= NEAR // 3
        if each.kind == "label" and near and (before is None or each.end <= before):
            return each.value, each.end
    ahead = [each.value for each in of_kind(tokens, "label") if each.end <= measure.start]
    return (ahead[-1] if ahead else 1), measure.end
