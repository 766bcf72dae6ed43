"""Comparisons of both models in words: whose figure is said to be greater."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.audit.judging.phrases import CHANGE, COMPARATIVE, FEWER, FOUND, THAN, TREND
from analysis.audit.reading.passages import Spoken
from analysis.audit.reading.words import Token
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
    """Read "model 1 has the better balanced accuracy"."""
    for match in COMPARATIVE.finditer(spoken.text):
        measures = [
            each
            for each in tokens
            if each.kind == "measure" and 0 <= each.start - match.end() <= BESIDE
        ]
        if not measures:
            continue
        subject = _subject(spoken, tokens, match.start())
        measure = measures[0]
        label, end = _label(tokens, measure)
        if subject is None or not _comparable(measure.value):
            continue
        start = subject[1]
        up = bool(match.group("up"))
        yield Compared(start, end, measure.value, label, subject[0], up, match.start())


def against(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "its precision is slightly higher than that of model 1"."""
    for match in THAN.finditer(spoken.text):
        measures = [
            each
            for each in tokens
            if each.kind == "measure" and 0 <= match.start() - each.end <= NEAR
        ]
        models = [
            each.value
            for each in tokens
            if each.kind == "model" and match.start() < each.start <= match.end() + BESIDE
        ]
        if not measures or models[:1] not in ([ORIGINAL], [RESAMPLED]):
            continue
        measure, up = measures[-1], bool(match.group("up"))
        if _comparable(measure.value):
            label, _ = _label(tokens, measure, match.start())
            model = other(models[0])
            yield Compared(
                measure.start, match.end(), measure.value, label, model, up, match.start()
            )


def trends(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "the recall of high-risk loans drops": from the original to the resampled model."""
    named = {each.value for each in tokens if each.kind == "model"}
    if named == {ORIGINAL} or re.search(r"\bwithout\b", spoken.text, re.IGNORECASE):
        return
    for match in TREND.finditer(spoken.text):
        before = [
            each
            for each in tokens
            if each.kind == "measure" and 0 <= match.start() - each.end <= NEAR
        ]
        if not before or not _comparable(before[-1].value):
            continue
        if re.search(r"[,;]|\band\b", spoken.text[before[-1].end : match.start()]):
            continue
        label, _ = _label(tokens, before[-1], match.start())
        up = bool(match.group("up"))
        yield Compared(
            before[-1].start, match.end(), before[-1].value, label, RESAMPLED, up, match.start()
        )


def changes(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "oversampling lowers the recall of high-risk loans"."""
    for match in CHANGE.finditer(spoken.text):
        subject = _subject(spoken, tokens, match.start())
        measures = [each for each in tokens if each.kind == "measure"]
        told = [each for each in measures if 0 <= each.start - match.end() <= BESIDE]
        if not told or subject is None or subject[0] != RESAMPLED:
            continue
        measure = told[0]
        greater = match.group("up") or match.group("down")
        # What improves or hurts a number of errors may be made smaller or greater.
        if not _comparable(measure.value) or (measure.value.startswith("false") and not greater):
            continue
        label, end = _label(tokens, measure)
        up = bool(match.group("up") or match.group("better"))
        yield Compared(subject[1], end, measure.value, label, RESAMPLED, up, match.start())


def counted(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[Compared]:
    """Read "finds more high-risk loans", "fewer false negatives", "misses fewer"."""
    for match in FOUND.finditer(spoken.text):
        if subject := _subject(spoken, tokens, match.start()):
            up = match.group("how").lower() == "more"
            yield Compared(
                subject[1], match.end(), "true_positives", None, subject[0], up, match.start()
            )
    for match in FEWER.finditer(spoken.text):
        what = (match.group("what") or match.group("named") or "missed").lower()
        if match.group("flagged"):
            what = "false positives"
        measure = "errors" if what in ("errors", "mistakes") else "false_positives"
        if what.startswith(("missed", "false negative")):
            measure = "false_negatives"
        how = next(
            filter(None, (match.group(name) for name in ("how", "missed", "after", "flagged")))
        )
        subject = _subject(spoken, tokens, match.start())
        if match.group("named") and subject is None:
            subject = (RESAMPLED, match.start())
        if subject:
            more = how.lower() == "more"
            yield Compared(subject[1], match.end(), measure, None, subject[0], more, match.start())


def _subject(spoken: Spoken, tokens: Sequence[Token], before: int) -> tuple[str, int] | None:
    """Return the model that a verb before a place is said of, and where it is named."""
    named = [each for each in tokens if each.kind == "model" and each.end <= before]
    if named:
        model, start = named[-1].value, named[-1].start
        return (model, start) if model in MODELS else None
    others = {each.value for each in tokens if each.kind == "model"}
    if not others and spoken.model in MODELS:
        return str(spoken.model), before
    if len(others) == 1 and re.search(r"\bit\b", spoken.text[:before]):
        return others.pop(), before
    return None


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
    ahead = [each.value for each in tokens if each.kind == "label" and each.end <= measure.start]
    return (ahead[-1] if ahead else 1), measure.end
