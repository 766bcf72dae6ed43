"""Figures in prose: each with the measure, label and model that its sentence binds it to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis.audit.reading.bindings import (
    bind_compared,
    bind_outcomes,
    bind_pairs,
    doubt_objects,
    meant,
    name_together,
    nearest,
)
from analysis.audit.reading.context import MENTION, Context
from analysis.audit.reading.numbers import Number, numbers_of, without_explanations
from analysis.audit.reading.passages import Passage, Spoken
from analysis.audit.reading.patterns import IT
from analysis.audit.reading.steps import count_loans
from analysis.audit.reading.words import Token, Vocabulary, of_kind
from analysis.audit.stated import (
    BY_LABEL,
    COUNTS,
    MODELS,
    NUMBER,
    SHARES,
    Figure,
    Hold,
    Label,
)

# What speaks of something that was not measured here.
DOUBT = re.compile(
    r"\b(?:would|could|should|if|expect\w*|suppose\w*|hypothe\w*|rule of thumb|literature|papers?"
    r"|study|"
    r"studies|friend|someone|somebody|colleague|competitor\w*|estimate\w*|target of|goal"
    r"|acceptable|"
    r"benchmark|another|other (?:data|project|file|team|group)\w*|kaggle|xgboost|random forest|"
    r"decision tree|neural|svm|training (?:score|accuracy)|last year|previously|typically"
    r"|usually)\b",
    re.IGNORECASE,
)
# The other model may be what this one is compared to, or the subject of a clause of its own.
_BESIDE = re.compile(r"\b(?:than|where|against|versus|vs|compared|unlike|instead)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(?:while|whereas|and|but|or)\b|;", re.IGNORECASE)
FIRST = 12  # characters before the model that is a sentence's subject
NEAR = 45  # characters from a number to the measure named after it
_SAME = re.compile(r"\b(?:same|that|this) (?:class|label|group)|\bfor them\b", re.IGNORECASE)


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
        self.subject: str | None = None

    def read(self, passage: Passage, context: Context) -> list[Figure]:
        """Return the figures of a passage."""
        figures = []
        for start, text in passage.sentences():
            if self.subject and IT.match(text):
                context.mention(self.subject)
            self.spoken.append(Spoken(text, passage, start, context.of("model")))
            figures += [
                figure for figure in self._sentence(passage, start, text, context) if figure
            ]
            self._remember(text, context)
        return figures

    def _remember(self, text: str, context: Context) -> None:
        """Keep of which model a sentence spoke, for those after it."""
        self.subject = None
        model = self.words.model(text)
        named = self.words.models(text)
        if model in MODELS:
            context.mention(model)
        elif len({each.value for each in named}) > 1:
            context.leave(MENTION)
            first, last = named[0], named[-1]
            beside = _BESIDE.search(text, first.end, last.start)
            clause = _CLAUSE.search(text, first.end, last.start)
            if first.start <= FIRST and beside and not clause and first.value in MODELS:
                self.subject = str(first.value)

    def _sentence(
        self, passage: Passage, start: int, text: str, context: Context
    ) -> Iterator[Figure | None]:
        if not NUMBER.search(text):
            return
        tokens = without_explanations(text, self.words.tokens(text))
        numbers = numbers_of(text, tokens)
        doubtful = DOUBT.search(text)
        self._bind(text, tokens, numbers, context)
        for number in numbers:
            if doubtful:
                number.why = number.why or "not of these models"
            yield self._figure(passage.where(start + number.token.start), number)

    def _figure(self, where: str, number: Number) -> Figure | None:
        text = number.token.value.strip()
        if number.measure is None and not number.why and number.whole:
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
        self, text: str, tokens: Sequence[Token], numbers: list[Number], context: Context
    ) -> None:
        """Bind every number of a sentence to its measure, label and model."""
        name_together(text, tokens, numbers)
        previous: Number | None = None
        for number in numbers:
            if number.why:
                continue
            self._of_measure(text, number, previous, context)
            self._of_label(text, tokens, number, context)
            number.model = nearest("model", tokens, number) or context.of("model")
            if number.measure is None:
                count_loans(text, number)
            previous = number
        doubt_objects(text, tokens, numbers)
        bind_compared(text, numbers)
        bind_outcomes(text, numbers)
        bind_pairs(text, tokens, numbers, context.of("order"))
        self._elided(numbers)

    def _of_measure(
        self, text: str, number: Number, previous: Number | None, context: Context
    ) -> None:
        before = [each.value for each in of_kind(number.before, "measure")]
        after = [each for each in of_kind(number.after, "measure") if each.value != "found"]
        near = bool(after) and after[0].start - number.token.end <= NEAR
        before = [each for each in before if each != "justified"]
        if number.together:
            measure = number.measure
        elif before and not (near and before[-1] == "found"):
            measure = before[-1]
        elif near:
            measure = after[0].value
        else:
            measure = self._carried(text, number, previous, context)
        number.measure = meant(measure, number)

    def _carried(
        self, text: str, number: Number, previous: Number | None, context: Context
    ) -> str | None:
        """Return the measure of the number before, where only its label or model changes."""
        if previous is None:
            return str(context.of("measure")) if context.of("measure") else None
        own = [each for each in number.after if each.kind in ("label", "model")]
        own += [each for each in number.before if each.kind in ("label", "model")]
        gap = text[previous.token.end : number.token.start]
        only_model = {each.kind for each in own} == {"model"}
        if previous.measure in (COUNTS if number.whole else SHARES) and not re.search(r"\.\s", gap):
            return previous.measure if only_model or (own and not number.whole) else None
        return None

    def _elided(self, numbers: list[Number]) -> None:
        """Give figures without a measure those that as many figures before them have, in order."""
        shares = [each for each in numbers if not each.why and not each.whole]
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
        self, text: str, tokens: Sequence[Token], number: Number, context: Context
    ) -> None:
        if (named := nearest("label", tokens, number)) is not None:
            number.label = named
        if number.label is None and _SAME.search(text):
            number.label = self.last_label
        if number.label is None:
            number.label = context.of("label")
        if number.label is not None:
            self.last_label = number.label
        elif number.measure in BY_LABEL:
            number.label, number.guessed = 1, True
