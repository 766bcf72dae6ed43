"""What a report claims in words: which model is better at what, and that there are no errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from analysis.audit.judge import NOT_JUDGED, RIGHT, WRONG, Judgement
from analysis.audit.sentences import Spoken
from analysis.audit.stated import BOTH, BY_LABEL, MODELS, RESAMPLED, Figure, Label, other
from analysis.audit.words import Token, Vocabulary
from analysis.base.display import rate
from analysis.models.fits import ORIGINAL


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


class Truth(Protocol):
    """What tells a measure of a label and a model, None where it does not."""

    def value(self, measure: str, label: Label, model: str | None) -> float | None:
        """Return it."""
        ...


@dataclass(frozen=True)
class Stated:
    """What the report itself states, where nothing else is known.

    Attributes
    ----------
    figures : sequence of Figure
        All of them.
    """

    figures: Sequence[Figure]

    def value(self, measure: str, label: Label, model: str | None) -> float | None:
        """Return what is stated, None where nothing or two things are."""
        found = {
            each.value
            for each in self.figures
            if (each.measure, each.label, each.model) == (measure, label, model)
            and each.hold != "loose"
        }
        return found.pop() if len(found) == 1 else None


VERDICT: Final = "verdict_against_table"
ROUNDED: Final = "rounded_as_perfect"
_DOUBT = re.compile(
    r"\b(?:would|could|should|if|whether|may|might|expect\w*|must|aim|want\w*|hope|suppose|unless|when|ideal\w*)\b",
    re.I,
)
_RISKY = r"(?:high[- ]?risk|risky|bad|defaulted|defaulting) (?:loans?|borrowers?|ones?|customers?)"
_HEALTHY = r"(?:healthy|good) (?:loans?|borrowers?|ones?|customers?)"
_CALLS = r"(?:calls?|called|classif\w+(?: as)?|labell?(?:ed|s)(?: as)?|predict\w*(?: as| to be)?|marks?|marked(?: as)?)"
# Claims that there is none of something: what there must be none of, and its words.
_NONE = (
    (
        "false_negatives",
        rf"\bno {_RISKY} (?:\w+ ){{0,3}}?(?:{_CALLS} (?:as )?healthy|(?:was|were|is|are|gets?|got) missed"
        rf"|slip\w*)"
        rf"|(?:neither model|the models?|it|\w+ model) (?:n?ever ){{0,2}}calls? an? (?:bad|risky|high-risk) loan healthy"
        rf"|(?:did not|does not|didn't|doesn't|never|do not) miss(?:es|ed)? (?:a single|any|even one|one)"
        rf"(?: \w+)?(?: {_RISKY}| loan| default)?"
        rf"|(?:finds?|found|catch(?:es)?|caught|identif(?:ies|ied)|detect(?:s|ed)?|captures?|captured) "
        rf"(?:all(?: of)?(?: the)?|every(?: single)?|each) (?:them\b|{_RISKY}|default\w*|high-risk\b)"
        rf"|every loan that (?:the model|it) calls healthy is healthy"
        rf"|(?:made|makes|has|with|there are) no (?:errors?|mistakes?) (?:on|in|for|with|among) "
        rf"(?:the |its )?healthy predictions"
        rf"|\bno (?:false negatives|missed defaults?|defaults? (?:was|were|is|are) missed)"
        rf"|\bmiss(?:es|ed) (?:none|no (?:{_RISKY}|defaults?))",
    ),
    (
        "false_positives",
        rf"\bno (?:false (?:positives|alarms))|\bno {_HEALTHY} (?:\w+ ){{0,2}}?(?:refused|rejected|flagged|"
        rf"{_CALLS} (?:as )?high-risk)"
        rf"|every loan that (?:the model|it) (?:flags|refuses|calls high-risk) is (?:really )?(?:high-risk|risky)"
        rf"|(?:made|makes|has|with|there are) no (?:errors?|mistakes?) (?:on|in|for|with|among) "
        rf"(?:the |its )?(?:{_HEALTHY}|healthy class)",
    ),
    (
        "errors",
        r"(?:made|makes|has|with|there are) no (?:errors?|mistakes?)\b(?! (?:on|in|for|with|among))"
        r"|without (?:any |a single )(?:errors?|mistakes?)"
        r"|(?:classif\w+|predict\w*) (?:all|every) (?:the |of the )?loans? (?:correctly|rightly|perfectly)",
    ),
)
NONE = [(measure, re.compile(pattern, re.IGNORECASE)) for measure, pattern in _NONE]
_UP = r"higher|better|greater|larger|bigger|best|highest|stronger"
_DOWN = r"lower|worse|smaller|lowest|worst|poorer|weaker"
COMPARATIVE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
TREND = re.compile(
    r"\b(?:(?P<up>ris(?:es|en)|rose|go(?:es)? up|went up|increas(?:es|ed)|improv(?:es|ed)|gr[eo]ws?|"
    r"climb(?:s|ed)|jump(?:s|ed))|(?P<down>f[ae]lls?|drop(?:s|ped)|decreas(?:es|ed)|declin(?:es|ed)|"
    r"go(?:es)? down|went down|shr[ia]nks?|worsen(?:s|ed)|suffer(?:s|ed)))\b",
    re.IGNORECASE,
)
FOUND = re.compile(
    rf"\b(?:finds?|found|catch(?:es)?|caught|identif(?:ies|ied)|detect(?:s|ed)?|captures?|captured) "
    rf"(?P<how>more|fewer|less)(?: of)?(?: the)? {_RISKY}",
    re.IGNORECASE,
)
FEWER = re.compile(
    rf"\b(?:(?P<how>more|fewer|less) (?P<what>false negatives|missed (?:defaults?|{_RISKY})|"
    rf"false positives|false alarms|errors|mistakes)"
    rf"|miss(?:es|ed) (?P<missed>more|fewer|less)(?: of)?(?: the)? {_RISKY}"
    rf"|(?P<named>false (?:negatives|positives)) (?:are|were) (?P<after>more|fewer|less))",
    re.IGNORECASE,
)
PATTERNS = (*(pattern for _, pattern in NONE), COMPARATIVE, TREND, FOUND, FEWER)
NEAR = 60  # characters between what belongs together


def judge(spoken: Iterable[Spoken], truth: Truth, words: Vocabulary) -> list[Claim]:
    """Judge every claim that can be decided."""
    found: list[Claim] = []
    for each in spoken:
        if not any(pattern.search(each.text) for pattern in PATTERNS):
            continue
        tokens = words.tokens(each.text)
        found += _none(each, tokens, truth)
        found += _comparisons(each, tokens, truth)
    return found


def _none(spoken: Spoken, tokens: Sequence[Token], truth: Truth) -> Iterator[Claim]:
    """Judge claims that there are no errors of a kind."""
    for measure, pattern in NONE:
        for match in pattern.finditer(spoken.text):
            if _doubtful(spoken.text, match.start()):
                continue
            models = _models(spoken, tokens, match.start())
            counts = [_count(truth, measure, model) for model in models or MODELS]
            if any(count is None for count in counts):
                continue
            where, text = spoken.where(match.start()), match.group()
            if not any(counts):
                yield Claim(where, text, RIGHT)
            elif all(counts) or models:
                yield Claim(where, text, WRONG, ROUNDED, _remaining(measure, counts))
            else:
                yield Claim(where, text, NOT_JUDGED, "", "nothing says which model it is of")


def _doubtful(text: str, start: int) -> bool:
    """Whether a clause up to a place speaks of what is not measured."""
    clause = max(text.rfind(mark, 0, start) for mark in (",", ";", ":", ". "))
    return bool(_DOUBT.search(text[max(0, clause) : start]))


def _count(truth: Truth, measure: str, model: str) -> float | None:
    return truth.value(measure, None, model)


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
    before = [each.value for each in tokens if each.kind == "model" and each.end <= start]
    named = {each.value for each in tokens if each.kind == "model"}
    model = before[-1] if before else named.pop() if len(named) == 1 else spoken.model
    if model == BOTH:
        return MODELS
    return (model,) if model in MODELS else ()


@dataclass(frozen=True)
class _Compared:
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


def _comparisons(spoken: Spoken, tokens: Sequence[Token], truth: Truth) -> Iterator[Claim]:
    for each in (*_better(spoken, tokens), *_trends(spoken, tokens), *_counted(spoken, tokens)):
        models = each.model, other(each.model)
        one, another = (truth.value(each.measure, each.label, model) for model in models)
        if one is None or another is None or _doubtful(spoken.text, each.said):
            continue
        where, text = spoken.where(each.start), spoken.text[each.start : each.end]
        if (one > another) == each.up and one != another:
            yield Claim(where, text, RIGHT)
        elif one == another:
            yield Claim(where, text, NOT_JUDGED, "", "both are alike")
        else:
            values = zip(map(_number, (one, another)), models, strict=True)
            shown = ", ".join(f"{value} for the {model} model" for value, model in values)
            yield Claim(where, text, WRONG, VERDICT, shown)


def _number(value: float) -> str:
    return rate(value) if value != int(value) or value <= 1 else f"{int(value):,}"


def _better(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[_Compared]:
    """Read "model 1 has the better balanced accuracy"."""
    for match in COMPARATIVE.finditer(spoken.text):
        measures = [
            each for each in tokens if each.kind == "measure" and 0 <= each.start - match.end() <= 2
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
        yield _Compared(start, end, measure.value, label, subject[0], up, match.start())


def _trends(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[_Compared]:
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
        yield _Compared(
            before[-1].start, match.end(), before[-1].value, label, RESAMPLED, up, match.start()
        )


def _counted(spoken: Spoken, tokens: Sequence[Token]) -> Iterator[_Compared]:
    """Read "finds more high-risk loans", "fewer false negatives", "misses fewer"."""
    for match in FOUND.finditer(spoken.text):
        if subject := _subject(spoken, tokens, match.start()):
            up = match.group("how").lower() == "more"
            yield _Compared(
                subject[1], match.end(), "true_positives", None, subject[0], up, match.start()
            )
    for match in FEWER.finditer(spoken.text):
        what = (match.group("what") or match.group("named") or "missed").lower()
        measure = "errors" if what in ("errors", "mistakes") else "false_positives"
        if what.startswith(("missed", "false negative")):
            measure = "false_negatives"
        how = match.group("how") or match.group("missed") or match.group("after")
        subject = _subject(spoken, tokens, match.start())
        if match.group("named") and subject is None:
            subject = (RESAMPLED, match.start())
        if subject:
            more = how.lower() == "more"
            yield _Compared(subject[1], match.end(), measure, None, subject[0], more, match.start())


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
