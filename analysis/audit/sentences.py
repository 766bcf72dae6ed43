"""Figures in prose: each with the measure, label and model that its sentence binds it to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from analysis.audit.context import Context
from analysis.audit.stated import BY_LABEL, COUNTS, NUMBER, RESAMPLED, SHARES, Figure, Hold, Label
from analysis.audit.stated import other as other_model
from analysis.audit.words import Token, Vocabulary
from analysis.models.fits import ORIGINAL

LEAST_LOANS = 10  # smaller numbers beside "loans" count other things
# What speaks of something that was not measured here.
DOUBT = re.compile(
    r"\b(?:would|could|should|if|expect\w*|suppose\w*|hypothe\w*|rule of thumb|literature|papers?|study|"
    r"studies|friend|someone|somebody|colleague|competitor\w*|estimate\w*|target of|goal|acceptable|"
    r"benchmark|another|other (?:data|project|file|team|group)\w*|kaggle|xgboost|random forest|"
    r"decision tree|neural|svm|training (?:score|accuracy)|last year|previously|typically|usually)\b",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"(?:about|at least|at most|over|above|below|under|nearly|almost|around|approximately|roughly|"
    r"approx\.?|more than|less than|close to|near|up to|[~≈<>≥≤])\s{0,2}$",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:by|gain of|increase of|drop of|decrease of|improvement of|difference of|loss of)\s(?:only |just )?$",
    re.IGNORECASE,
)
_DIFFERS = re.compile(
    r"\s?-?(?:(?:percentage )?points?\b|pp\b|(?:more|fewer|higher|lower|better|worse|increase|"
    r"improvement|decrease|drop)\b)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?:random[_ ]?state|seeds?|max[_ ]?iter|tol|\bC|test[_ ]size|threshold|iterations?|version|python|"
    r"sklearn|scikit-learn|pandas|numpy|chapter|module|figure|table|step|week|homework|challenge|"
    r"question|section|page|line|cell|\bn_\w{1,20})\s{0,2}(?:=|of|was|is|:)?\s{0,2}$",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"\s?(?:million|thousand|billion|dollars?|euros?|usd|k\b|years?|months?|days?|minutes?|seconds?|"
    r"iterations?|features?|columns?|folds?|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|/)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[,;()]|\.(?:\s|$)|\s(?:and|while|whereas|but|to|against|versus|vs\.?|than|or)\s"
)
_LOANS = re.compile(
    r"\b(?:loans?|rows?|records?|instances?|samples?|observations?|zeros|ones|customers?|borrowers?|"
    r"applicants?|entries|cases|of each|of them)\b",
    re.IGNORECASE,
)
_STEPS = {
    "support": r"\btest(?:ing)?\b|held[- ](?:out|back)|hold-?out|out of$",
    "resampled_training_loans": r"(?:over|under|re)-?sampl\w+|randomoversampler|smote|brings both|"
    r"both (?:labels|classes)|of each label|balanced",
    "training_loans": r"\btrain(?:ing)?\b",
    "loans": r"value[_ ]counts|\bfile\b|data ?set|\bdata\b|in total|loan_status|\bcolumn\b|"
    r"\bwe (?:had|have)\b|\btarget\b",
}
_STEP_WORDS = [(step, re.compile(pattern, re.IGNORECASE)) for step, pattern in _STEPS.items()]
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\"'*])|(?<=[a-z)]\.)\s+(?=\d)")
_INSTEAD = re.compile(
    r"\b(?:instead of|compared (?:to|with)|versus|vs\.?|against|rather than)\s*$", re.I
)
LONGEST_GAP = 60
_SAME = re.compile(r"\b(?:same|that|this) (?:class|label|group)|\bfor them\b", re.IGNORECASE)
_PAIR = re.compile(r"\s*(?:,|and|&|/|, and)?\s*(?:the |its |an? )?$", re.IGNORECASE)


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


@dataclass
class _Number:
    """A number of a sentence with the words before it and after it that may belong to it."""

    token: Token
    before: list[Token]
    after: list[Token]
    ahead: str
    behind: str
    paired: dict[str, Any] = field(default_factory=dict)
    measure: str | None = None
    label: Label = None
    model: str | None = None
    guessed: bool = False
    loose: bool = False
    why: str = ""


class Sentences:
    """Reads the prose of one report.

    Parameters
    ----------
    words : Vocabulary
        What finds the words.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.spoken: list[Spoken] = []
        self.last_label: Label = None
        self.last_measures: list[str | None] = []

    def read(self, passage: Passage, context: Context) -> list[Figure]:
        """Return the figures of a passage."""
        figures = []
        for start, text in passage.sentences():
            self.spoken.append(Spoken(text, passage, start, context.of("model")))
            figures += [
                figure for figure in self._sentence(passage, start, text, context) if figure
            ]
            named = self.words.model(text)
            if named in (ORIGINAL, RESAMPLED):
                context.mention(named)
        return figures

    def _sentence(
        self, passage: Passage, start: int, text: str, context: Context
    ) -> Iterator[Figure | None]:
        if not NUMBER.search(text):
            return
        tokens = self.words.tokens(text)
        numbers = _numbers(text, tokens)
        doubtful = DOUBT.search(text)
        self._bind(text, tokens, numbers, context)
        for number in numbers:
            if doubtful:
                number.why = number.why or "not of these models"
            yield self._figure(passage.where(start + number.token.start), number)

    def _figure(self, where: str, number: _Number) -> Figure | None:
        text = number.token.value.strip()
        if number.measure is None and not number.why and not re.search(r"[.%]|cent", text):
            return None
        hold: Hold = "bound"
        if number.guessed or number.loose or number.why:
            hold = "loose"
        if number.measure in SHARES | COUNTS and number.model is None:
            hold = "loose"
        label = number.label if number.measure not in COUNTS else None
        if number.measure in ("accuracy", "balanced_accuracy"):
            label = None
        return Figure(
            where, text, number.measure, label, number.model, hold, None, number.guessed, number.why
        )

    def _bind(
        self, text: str, tokens: Sequence[Token], numbers: list[_Number], context: Context
    ) -> None:
        """Bind every number of a sentence to its measure, label and model."""
        _pair(text, tokens, numbers)
        previous: _Number | None = None
        for number in numbers:
            if number.why:
                continue
            self._of_measure(text, number, previous, context)
            self._of_label(text, tokens, number, context)
            self._of_model(tokens, number, context)
            if number.measure is None:
                _counted(text, number)
            previous = number
        _compared(text, numbers)
        _outcome_of(text, numbers)
        _respectively(text, tokens, numbers)
        self._elided(numbers)

    def _of_measure(
        self, text: str, number: _Number, previous: _Number | None, context: Context
    ) -> None:
        whole = not re.search(r"[.%]|cent", number.token.value)
        before = [each.value for each in number.before if each.kind == "measure"]
        after = [each for each in number.after if each.kind == "measure" and each.value != "found"]
        near = bool(after) and after[0].start - number.token.end <= 45
        before = [each for each in before if each != "justified"]
        if "measure" in number.paired:
            measure = number.paired["measure"]
        elif before and not (near and before[-1] == "found"):
            measure = before[-1]
        elif near:
            measure = after[0].value
        else:
            measure = self._carried(text, number, previous, context)
        number.measure = _meant(measure, whole, number)

    def _carried(
        self, text: str, number: _Number, previous: _Number | None, context: Context
    ) -> str | None:
        """Return the measure of the number before, where only its label or model changes."""
        if previous is None:
            return str(context.of("measure")) if context.of("measure") else None
        own = [each for each in number.after if each.kind in ("label", "model")]
        own += [each for each in number.before if each.kind in ("label", "model")]
        gap = text[previous.token.end : number.token.start]
        whole = re.fullmatch(r"[\d,]+", number.token.value)
        only_model = {each.kind for each in own} == {"model"}
        if previous.measure in (SHARES if not whole else COUNTS) and not re.search(r"\.\s", gap):
            return previous.measure if only_model or (own and not whole) else None
        return None

    def _elided(self, numbers: list[_Number]) -> None:
        """Give figures without a measure those that as many figures before them have, in order."""
        shares = [
            each for each in numbers if not each.why and re.search(r"[.%]|cent", each.token.value)
        ]
        bare = [each for each in shares if each.measure is None]
        told: list[str | None] = [each.measure for each in shares if each.measure]
        told = told or self.last_measures
        if bare and len(bare) == len(told) > 1 and shares[-len(bare) :] == bare:
            models = [each.model for each in bare]
            for number, measure in zip(bare, told, strict=True):
                number.measure, number.model = measure, models[-1]
                if measure in BY_LABEL and number.label is None:
                    number.label, number.guessed = self.last_label or 1, self.last_label is None
        if told:
            self.last_measures = told

    def _of_label(
        self, text: str, tokens: Sequence[Token], number: _Number, context: Context
    ) -> None:
        if "label" in number.paired:
            number.label = number.paired["label"]
        else:
            number.label = _nearest("label", tokens, number)
        if number.label is None and _SAME.search(text):
            number.label = self.last_label
        if number.label is None:
            number.label = context.of("label")
        if number.label is not None:
            self.last_label = number.label
        elif number.measure in BY_LABEL:
            number.label, number.guessed = 1, True

    def _of_model(self, tokens: Sequence[Token], number: _Number, context: Context) -> None:
        if "model" in number.paired:
            number.model = number.paired["model"]
            return
        number.model = _nearest("model", tokens, number) or context.of("model")


def _numbers(text: str, tokens: Sequence[Token]) -> list[_Number]:
    """Return the numbers of a sentence, each with the words that may belong to it."""
    found = [each for each in tokens if each.kind == "number"]
    numbers: list[_Number] = []
    spent = 0
    for at, token in enumerate(found):
        following = found[at + 1].start if at + 1 < len(found) else len(text)
        end = _end(text, token.end, following)
        after = [each for each in tokens if token.end <= each.start and each.end <= end]
        before = [each for each in tokens if spent <= each.start and each.end <= token.start]
        before = [each for each in before if each.kind != "number"]
        if at:
            # What follows the number before within its own part of the sentence is that number's,
            # unless that one was named already.
            last = numbers[-1]
            named = any(each.kind == "measure" and each.value != "found" for each in last.before)
            before = [
                each
                for each in before
                if each not in last.after
                or (each.kind == "measure" and (named or each.value == "found"))
            ]
        ahead, behind = (
            text[max(0, token.start - 40) : token.start],
            text[token.end : token.end + 30],
        )
        numbers.append(_Number(token, before, after, ahead, behind))
        numbers[-1].why = _why(token.value, ahead, behind)
        numbers[-1].loose = bool(_SOFT.search(ahead))
        spent = token.end
    return numbers


def _end(text: str, start: int, following: int) -> int:
    """Return where the words end that may follow a number and belong to it."""
    opened = re.match(r"\s*\(", text[start:following])
    if opened:
        closing = text.find(")", start, following)
        return closing if closing >= 0 else following
    broken = _BREAK.search(text, start, following)
    return broken.start() if broken else following


def _why(token: str, ahead: str, behind: str) -> str:
    """Return why a number is no figure of a model, where the words beside it say so."""
    if _SETTING.search(ahead):
        return "setting"
    if re.match(r"\s(?:of the data |of all loans )?(?:for |as )?(?:test|train|hold)", behind):
        return "setting" if "%" in token or "cent" in token else ""
    if _OTHER_UNIT.match(behind):
        return "other unit"
    if _DIFFERENCE.search(ahead) or _DIFFERS.match(behind):
        return "difference"
    return ""


def _pair(text: str, tokens: Sequence[Token], numbers: list[_Number]) -> None:
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
        joined = run and len(text[run[-1].end : token.start]) < 14
        if joined and _PAIR.match(_without_loans(text[run[-1].end : token.start])):
            if token.value != run[-1].value:
                run.append(token)
                continue
        if len(run) > 1:
            yield run
        run = [token]
    if len(run) > 1:
        yield run


def _without_loans(text: str) -> str:
    return re.sub(r"\b(?:loans?|scores?|models?|class(?:es)?|data)\b", "", text)


def _meant(measure: str | None, whole: bool, number: _Number) -> str | None:
    """Return the measure that a word means beside a number of this kind."""
    after = {each.value for each in number.after if each.kind == "label"}
    near = after or {each.value for each in number.before if each.kind == "label"}
    if re.search(r"\bof (?:the )?$", number.ahead) and measure in ("found", *COUNTS):
        return None
    if measure == "found":
        return ("true_positives" if 0 not in near else None) if whole else "recall"
    if measure == "correct":
        kept = {0: "true_negatives", 1: "true_positives"}
        return kept.get(next(iter(near))) if whole and len(near) == 1 else None
    if measure == "justified":
        number.label = 1
        return None if whole else "precision"
    if measure == "refused":
        return "false_positives" if whole and near == {0} else None
    if measure == "geometric_mean":
        return None if whole else measure
    if measure in SHARES:
        return None if whole else measure
    if measure in COUNTS or measure == "support":
        return measure if whole else None
    return None


def _nearest(kind: str, tokens: Sequence[Token], number: _Number) -> Any:
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


def _compared(text: str, numbers: list[_Number]) -> None:
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


def _respectively(text: str, tokens: Sequence[Token], numbers: list[_Number]) -> None:
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


def _outcome_of(text: str, numbers: list[_Number]) -> None:
    """Read "53 of 60 high-risk loans": those found, and how many there are."""
    for one, other in pairwise(numbers):
        gap = text[one.token.end : other.token.start]
        whole = (each.token.value.replace(",", "").isdigit() for each in (one, other))
        if not all(whole) or not re.fullmatch(r"\s(?:out )?of (?:the |all )?", gap):
            continue
        if one.measure in ("true_positives", "false_negatives"):
            other.measure, other.label, other.model = "support", 1, None


def _counted(text: str, number: _Number) -> None:
    """Take a whole number beside "loans" or a label for a count of loans, by where it stands."""
    value = number.token.value.replace(",", "")
    if not value.isdigit() or int(value) < LEAST_LOANS:
        return
    start, end = number.token.start, number.token.end
    each = re.search(r"\bboth\b|\beach\b", text[max(0, start - 60) : end + 25], re.IGNORECASE)
    labelled = any(token.kind == "label" for token in number.after)
    if any(token.value == "refused" for token in (*number.before, *number.after)):
        return
    if not (labelled or each or _LOANS.search(text[end : end + 30])):
        return
    number.measure, number.model = step(text, start, end), None
    if not labelled:
        number.label = None
    if each and number.measure == "resampled_training_loans":
        number.label = 1


def step(text: str, start: int, end: int) -> str:
    """Return at which step loans are counted: the last one named before, else the next after."""
    before = [
        (found.end(), name)
        for name, pattern in _STEP_WORDS
        for found in pattern.finditer(text[:start].rstrip())
    ]
    if before:
        last = max(before)[1]
        resampled = "resampled_training_loans"
        known = resampled in {name for _, name in before}
        return resampled if last == "training_loans" and known else last
    after = [
        (found.start(), name)
        for name, pattern in _STEP_WORDS
        for found in pattern.finditer(text[end : end + 100])
    ]
    return min(after)[1] if after else "counted"
