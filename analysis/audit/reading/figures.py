"""Every figure that a report states, in its order, and what else is read from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.audit.reading import context as contexts
from analysis.audit.reading.context import BULLET, RULE, Context, depth_of_heading
from analysis.audit.reading.lines import Line, Written
from analysis.audit.reading.notebook import (
    BARE,
    COUNTS,
    RESAMPLED_CODE,
    RESAMPLER_CODE,
    scored,
    step,
)
from analysis.audit.reading.passages import Passage, Spoken
from analysis.audit.reading.sentences import Sentences
from analysis.audit.reading.spelling import spelled
from analysis.audit.reading.tables import Tables
from analysis.audit.reading.unnamed import with_models
from analysis.audit.reading.words import Vocabulary, of_kind
from analysis.audit.stated import MODELS, RESAMPLED, Figure, Label

_JOINED = re.compile(r"(?:\W|vs|versus|and|against|to)*", re.IGNORECASE)
MOST_WORDS = 8  # of a line that only names both models
SHORT = 30  # letters of a line that is a part of its own
LONGEST_PASSAGE = 5_000  # letters; no sentence goes on for longer


@dataclass(frozen=True)
class Stated:
    """What a report states.

    Attributes
    ----------
    figures : tuple of Figure
        In their order.
    spoken : tuple of Spoken
        Its prose by sentences.
    asked : dict of str to str
        Measures that a text asks for in general ("describe the balanced accuracy"), and where.
    """

    figures: tuple[Figure, ...]
    spoken: tuple[Spoken, ...]
    asked: dict[str, str]

    def value(self, measure: str, label: Label, model: str | None) -> float | None:
        """Return what is stated of a measure, None where nothing or two things are."""
        found = {
            each.value
            for each in self.figures
            if (each.measure, each.label, each.model) == (measure, label, model)
            and each.hold != "loose"
        }
        return found.pop() if len(found) == 1 else None


class _Reader:
    def __init__(self, words: Vocabulary) -> None:
        self.words, self.context = words, Context(words)
        self.tables, self.sentences = Tables(words), Sentences(words)
        self.figures: list[Figure] = []
        self.passage = Passage()
        self.code, self.lone_title = "", False

    def read(self, lines: Sequence[Line]) -> None:
        heads = [
            depth_of_heading(line.text, lines[at + 1].text if at + 1 < len(lines) else "")
            for at, line in enumerate(lines)
        ]
        named = [
            depth != 1 and self.words.model(line.text) is not None
            for depth, line in zip(heads, lines, strict=True)
            if depth is not None
        ]
        self.lone_title = heads.count(1) == 1 and any(named)
        at = 0
        while at < len(lines):
            line = lines[at]
            if line.starts:
                self.finish()
                self.context.leave(contexts.CODE)
                self.code = ""
            if line.kind == "code":
                at += 1
                self._code(line.text, last=at == len(lines) or lines[at].kind != "code")
                continue
            at += self._line(lines, at)
        self.finish()

    def _line(self, lines: Sequence[Line], at: int) -> int:
        line = lines[at]
        below = lines[at + 1].text if at + 1 < len(lines) else ""
        found, used = self.tables.read(lines, at, self.context)
        if used:
            self.finish()
            self.figures += found
            return used
        if self._output(line):
            return 1
        if not line.text.strip() or RULE.match(line.text):
            self.finish()
            return 1
        depth = depth_of_heading(line.text, below)
        if depth is not None:
            self.finish()
            self.context.enter(depth, line.text)
            if depth == 1 and self.lone_title:  # the title of the whole names no model
                self.context.leave(0)
            if depth < contexts.LINE:
                return 1
        self._prose(line)
        return 1

    def _prose(self, line: Line) -> None:
        bullet = BULLET.match(line.text)
        full = len(self.passage.text) > LONGEST_PASSAGE
        if bullet or full or _stands_alone(self.words, line.text, self.passage):
            self.finish()
        if bullet:
            depth = contexts.LIST + len(bullet.group(1).expandtabs(4))
            self.context.enter(depth, line.text)
            if re.search(r"\d\.\d|\d ?%", line.text):  # its measure is its own figure's alone
                self.context.above[-1][1]["measure"] = None
        elif not self.passage.text:
            if not line.text.startswith((" ", "\t")):
                self.context.end_list()
            if _names_model_first(self.words, line.text):
                self.context.enter(contexts.LINE, line.text)
        self.passage.add(line.where, line.text[bullet.end() :] if bullet else line.text.strip())

    def finish(self) -> None:
        """Read the passage that has ended."""
        if self.passage.text:
            self.figures += self.sentences.read(self.passage, self.context)
        self.passage = Passage()

    def _code(self, text: str, last: bool) -> None:
        self.code += text + "\n"
        if RESAMPLER_CODE.search(text):
            self.context.leave(contexts.NOTEBOOK)
            self.context.above.append((contexts.NOTEBOOK, {"model": RESAMPLED}))
        if last and self.code.strip():
            told = RESAMPLED_CODE.search(self.code.strip().split("\n")[-1])
            model = RESAMPLED if told else None
            self.context.above.append((contexts.CODE, {"model": model}))

    def _output(self, line: Line) -> bool:
        """Read an output that only its code explains: a bare score, counts of labels."""
        if not self.code:
            return False
        last = self.code.strip().split("\n")[-1]
        if (bare := BARE.match(line.text)) and (measure := scored(last, self.words)):
            label = None if "accuracy" in measure else 1
            model = self.context.of("model")
            self.figures.append(Figure(line.where, bare.group(1), measure, label, model, "bound"))
            return True
        if (counted := COUNTS.match(line.text)) and "count" in last.lower():
            label, text = int(counted.group(1)), counted.group(2)
            self.figures.append(Figure(line.where, text, step(last), label, None, "bound"))
            return True
        return False


def _stands_alone(words: Vocabulary, text: str, passage: Passage) -> bool:
    """Whether a line is not the continuation of the one above it."""
    if not passage.text:
        return False
    label = re.match(r"\s*[^\d:.]{2,50}[:.]{1,40}\s", text)
    above = passage.text[passage.starts[-1] :]
    ended = re.search(r"\d\s?%?\)?$|\.{3,}\s*\S+$", above) and re.search(r"[:=]|\.{3}", above)
    if _of_figures_alone(words, text):
        return True
    return bool((label and re.search(r"\d", text)) or ended or len(above) < SHORT)


def _of_figures_alone(words: Vocabulary, text: str) -> bool:
    """Whether a line holds figures and what they are, and no other word: "recall 0.93 vs 0.99"."""
    tokens = words.tokens(text)
    ends = [0, *(each.end for each in tokens)]
    starts = [*(each.start for each in tokens), len(text)]
    between = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    named = [each.kind for each in tokens]
    return named[:1] == ["measure"] and "number" in named and bool(_JOINED.fullmatch(between))


def _names_model_first(words: Vocabulary, text: str) -> bool:
    """Whether a line begins a part on models: "Model 1 (original)", "ORIGINAL vs SMOTE"."""
    bare = text.strip()
    short = len(bare) < contexts.LONGEST_HEADING and not re.search(r"\d[.\d]*\d|[.!?]$", bare)
    if not short:
        return False
    measure = of_kind(words.tokens(bare), "measure")
    only = len(measure) == 1 and len(bare) - (measure[0].end - measure[0].start) <= len("scores: ")
    both = len(bare.split()) <= MOST_WORDS and words.order(bare) is not None
    return only or words.model(bare) in MODELS or both


def read(written: Written, words: Vocabulary) -> Stated:
    """Read every figure of a report."""
    reader = _Reader(words)
    lines = [replace(line, text=spelled(line.text)) for line in written.lines]
    reader.read(lines)
    figures = tuple(with_models(reader.figures))
    spoken = tuple(reader.sentences.spoken)
    return Stated(figures, spoken, _asked(spoken, words))


def _asked(spoken: Sequence[Spoken], words: Vocabulary) -> dict[str, str]:
    """Return the measures that a text asks its writer to describe, and where."""
    found: dict[str, str] = {}
    for each in spoken:
        if re.match(r"\W*(?:using bulleted lists?, )?describe the ", each.text, re.IGNORECASE):
            for token in words.tokens(each.text):
                if token.kind == "measure":
                    found.setdefault(token.value, each.where(token.start))
    return found
