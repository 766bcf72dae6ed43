"""What a report claims in words: which model is better at what, and that there are no errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.audit.judging.comparisons import against, better, counted, trends
from analysis.audit.judging.judged import NOT_JUDGED, RIGHT, WRONG, Judgement
from analysis.audit.judging.phrases import DOUBT, EXCEPT, HARDLY, NONE, NOT, PATTERNS
from analysis.audit.reading.figures import Stated
from analysis.audit.reading.passages import Spoken
from analysis.audit.reading.words import Token, Vocabulary, of_kind
from analysis.audit.recipes.outcomes import Experiment
from analysis.audit.stated import BOTH, COUNTS, MODELS, other
from analysis.base.display import rate


@dataclass(frozen=True)
class Claim:
    """A claim with its judgement.

    Attributes
    ----------
    where, text : str
        Its place and its words.
    judgement : {"right", "wrong", "not judged"}
        Whether it is so.
    kind, instead : str
        The kind of mistake, and what is true.
    """

    where: str
    text: str
    judgement: Judgement
    kind: str = ""
    instead: str = ""


Truth = Experiment | Stated


def judge(spoken: Iterable[Spoken], truth: Truth, words: Vocabulary) -> list[Claim]:
    """Judge every claim that can be decided."""
    found: list[Claim] = []
    for each in spoken:
        asked = each.text.rstrip().endswith("?")
        if asked or not any(pattern.search(each.text) for pattern in PATTERNS):
            continue
        tokens = words.tokens(each.text)
        found += _none(each, tokens, truth)
        found += _comparisons(each, tokens, truth)
    return found


def _none(spoken: Spoken, tokens: Sequence[Token], truth: Truth) -> Iterator[Claim]:
    """Judge claims that there are no errors of a kind."""
    for measure, pattern in NONE:
        for match in pattern.finditer(spoken.text):
            if _unsaid(spoken.text, match.start(), match.end(), DOUBT, HARDLY):
                continue
            models = _models(spoken, tokens, match.start())
            counts = [truth.value(measure, None, model) for model in models or MODELS]
            if any(count is None for count in counts):
                continue
            where, text = spoken.where(match.start()), match.group()
            if not any(counts):
                yield Claim(where, text, RIGHT)
            elif all(counts) or models:
                yield Claim(where, text, WRONG, "rounded_as_perfect", _remaining(measure, counts))
            else:
                yield Claim(where, text, NOT_JUDGED, "", "nothing says which model it is of")


def _unsaid(text: str, start: int, end: int, *unless: re.Pattern[str]) -> bool:
    """Whether a clause around a claim speaks of what is not measured, or denies it."""
    clause = max(text.rfind(mark, 0, start) for mark in (",", ";", ":", ". "))
    behind = re.split(r"[,;:]|\. ", text[end:], maxsplit=1)[0]
    before = text[max(0, clause) : start]
    return bool(EXCEPT.search(behind)) or any(each.search(before) for each in unless)


def _remaining(measure: str, counts: Sequence[float | None]) -> str:
    numbers = " and ".join(f"{int(count or 0):,}" for count in counts)
    what = {
        "false_negatives": "high-risk loans are called healthy",
        "false_positives": "healthy loans are called high-risk",
        "errors": "errors remain",
    }
    return f"rounded: {numbers} {what[measure]}"


def _models(spoken: Spoken, tokens: Sequence[Token], start: int) -> tuple[str, ...]:
    """Return the models that a claim is about; none where nothing says it."""
    if re.search(r"\b(?:neither|both)\b", spoken.text, re.IGNORECASE):
        return MODELS
    before = [each.value for each in of_kind(tokens, "model") if each.end <= start]
    named = {each.value for each in of_kind(tokens, "model")}
    model = before[-1] if before else named.pop() if len(named) == 1 else spoken.model
    if model == BOTH:
        return MODELS
    return (model,) if model in MODELS else ()


def _comparisons(spoken: Spoken, tokens: Sequence[Token], truth: Truth) -> Iterator[Claim]:
    for each in (
        *better(spoken, tokens),
        *against(spoken, tokens),
        *trends(spoken, tokens),
        *counted(spoken, tokens),
    ):
        models = each.model, other(each.model)
        one, another = (truth.value(each.measure, each.label, model) for model in models)
        if one is None or another is None or _unsaid(spoken.text, each.said, each.end, DOUBT, NOT):
            continue
        where, text = spoken.where(each.start), spoken.text[each.start : each.end]
        if (one > another) == each.up and one != another:
            yield Claim(where, text, RIGHT)
        elif one == another:
            yield Claim(where, text, NOT_JUDGED, "", "both are alike")
        else:
            values = [
                f"{int(value):,}" if each.measure in COUNTS else rate(value)
                for value in (one, another)
            ]
            shown = ", ".join(
                f"{value} for the {model} model"
                for value, model in zip(values, models, strict=True)
            )
            yield Claim(where, text, WRONG, "verdict_against_table", shown)
