"""Judges each figure of a report: right, wrong (and what it is instead), or not judged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from analysis.audit import views
from analysis.audit.outcomes import Experiment, Outcome
from analysis.audit.recipes import Trial
from analysis.audit.search import Found
from analysis.audit.stated import (
    BOTH,
    EXCHANGED,
    MACRO,
    MEASURES,
    MODELS,
    WEIGHTED,
    Figure,
    Label,
    other,
)
from analysis.base.display import rate
from analysis.models.fits import ORIGINAL

Judgement = Literal["right", "wrong", "not judged"]
RIGHT: Final = "right"
WRONG: Final = "wrong"
NOT_JUDGED: Final = "not judged"
STEPS = ("loans", "training_loans", "resampled_training_loans")
COUNTED = (*STEPS, "counted")
# The other figures of a table, or of the prose, that must come out before one is called wrong
# although nothing says what it is instead.
SURE = 0.75
# What explains a figure less surely than that its model depends on the library's version.
PERFECT = ("1.00", "1.0", "100%")
UNSURE = ("mistyped", "earlier_run")
LEAST_DIGITS = 3  # of counts that are compared digit by digit
LABELS: dict[Label, str] = {
    0: " of the healthy class",
    1: " of the high-risk class",
    MACRO: " of the macro average",
    WEIGHTED: " of the weighted average",
    None: "",
}


@dataclass(frozen=True)
class Judged:
    """A figure with its judgement.

    Attributes
    ----------
    figure : Figure
        What is stated.
    judgement : {"right", "wrong", "not judged"}
        Whether it is so, to the decimals shown.
    kind : str
        The kind of mistake, where it is wrong.
    instead : str
        What is true, and what the figure is; or why it is not judged.
    """

    figure: Figure
    judgement: Judgement
    kind: str = ""
    instead: str = ""


def judge(figures: Sequence[Figure], found: Found) -> list[Judged]:
    """Judge every figure by the recipe that was found."""
    if found.trial is None:
        return [Judged(each, NOT_JUDGED, "", each.why or "no recipe gives it") for each in figures]
    judging = _Judging(found, found.trial, figures)
    return [judging.one(each) for each in figures]


def explained(figure: Figure, experiment: Experiment, figures: Sequence[Figure]) -> Judged:
    """Judge a figure that is known to be wrong: say what is true, and what it is instead."""
    judging = _Explaining(experiment, figures, None)
    value = experiment.value(str(figure.measure), figure.label, figure.model) or 0.0
    true = _shown(value, str(figure.measure), figure.label, figure.model)
    kind, words = next(judging.explanations(figure, value), ("mistyped", ""))
    return Judged(figure, WRONG, kind, f"{true}; {words}" if words else true)


@dataclass(frozen=True)
class _Explaining:
    """Finds what a wrong figure is instead.

    Attributes
    ----------
    experiment : Experiment
        What is true.
    figures : sequence of Figure
        All that the report states.
    earlier : Found or None
        What gives earlier runs, where there are data.
    """

    experiment: Experiment
    figures: Sequence[Figure]
    earlier: Found | None

    def explanations(self, figure: Figure, value: float) -> Iterator[tuple[str, str]]:
        """Yield what a figure is instead, the likeliest first."""
        model = str(figure.model)
        taken = [
            (not self._mutual(measure, label, whose, value), at, kind, measure, label, whose)
            for at, (kind, measure, label, whose) in enumerate(_instead(figure))
            if (other := self.experiment.value(measure, label, whose)) is not None
            and figure.agrees(other)
        ]
        for _, _, kind, measure, label, whose in sorted(taken, key=lambda each: each[:2]):
            yield kind, _is(figure.text, measure, label, whose)
        if close := digits(figure, value):
            yield "mistyped", close
        if figure.whole:
            return
        for trial in self.earlier.earlier if self.earlier else ():
            other = _value(trial.experiment, figure, model)
            if other is not None and figure.agrees(other):
                words = _is(figure.text, str(figure.measure), figure.label, model)
                yield "earlier_run", f"{words} of another experiment"
                return

    def _mutual(self, measure: str, label: Label, model: str, value: float) -> bool:
        """Whether the report states for another figure what this one should be, and wrongly."""
        return any(
            (each.measure, each.label, each.model) == (measure, label, model)
            and each.agrees(value)
            and not each.agrees(self.experiment.value(measure, label, model) or 0.0)
            for each in self.figures
        )


class _Judging:
    def __init__(self, found: Found, trial: Trial, figures: Sequence[Figure]) -> None:
        self.found, self.share = found, found.share
        self.experiment = trial.experiment
        self.explaining = _Explaining(trial.experiment, figures, found)
        self.stopped = views.stopped(trial)
        self.views: dict[tuple[int, str], tuple[views.View, float]] = {}
        self.outcomes: dict[tuple[int, str], Outcome] = {}
        grouped = views.groups(figures)
        for key, group in grouped.items():
            view, given = views.best(group, trial, key[1])
            self.views[key] = view, given / (views.weight(group) or 1)
            near = views.near(group, trial, key[1])
            if near is not None and view is views.PLAIN:
                self.outcomes[key] = near
        self._name_again()

    def _name_again(self) -> None:
        """Take a table for the other model's where only its heading was misread.

        So it is where another table of the same model is right and the other model has none.
        """
        named = {model for _, model in self.views}
        for key, (view, share) in self.views.items():
            right = [
                one
                for one, (seen, _) in self.views.items()
                if one[1] == key[1] and seen is views.PLAIN
            ]
            if view.kind == "other_model" and len(named) == 1 and right:
                self.views[key] = views.MISREAD, share

    def one(self, figure: Figure) -> Judged:
        if figure.why or figure.measure is None:
            return Judged(figure, NOT_JUDGED, "", figure.why or "nothing says what it is")
        if figure.measure in COUNTED or (figure.measure == "support" and figure.table is None):
            return self._count(figure)
        if figure.model == BOTH:
            return self._both(figure)
        if figure.model is None:
            return self._of_any(figure)
        value = self.experiment.value(figure.measure, figure.label, figure.model)
        if value is None:
            return Judged(figure, NOT_JUDGED, "", "it was not computed")
        key = figure.table or 0, figure.model
        view, share = self.views.get(key, (views.PLAIN, self.share))
        near = (
            self.outcomes[key].values.get((figure.measure, figure.label))
            if key in self.outcomes
            else value
        )
        if view is views.MISREAD:
            return self.one(replace(figure, model=other(figure.model), table=None))
        if figure.agrees(value) or (near is not None and figure.agrees(near)):
            return Judged(figure, RIGHT)
        if figure.hold == "loose":
            return self._loose(figure)
        true = _shown(value, figure.measure, figure.label, figure.model)
        if view.kind != views.AS_SAID:
            kind = view.kind
            if kind == "swapped_arguments" and figure.measure.startswith(("false", "true")):
                kind = "fp_fn_interchanged"
            return Judged(figure, WRONG, kind, f"{true}; {view.words}")
        return self._wrong(figure, value, true, share)

    def _wrong(self, figure: Figure, value: float, true: str, share: float) -> Judged:
        if figure.table is None and self._of_other_label(figure):
            return Judged(figure, NOT_JUDGED, "", "it may be of the other label")
        known = next(self.explaining.explanations(figure, value), None)
        if known and not (known[0] in UNSURE and self._within_loans(figure)):
            kind, words = known
            return Judged(figure, WRONG, kind, f"{true}; {words}")
        if figure.table is None and figure.cut_off(value):
            return Judged(figure, NOT_JUDGED, "", f"{true}, cut off rather than rounded")
        if self._within_loans(figure):
            return Judged(figure, NOT_JUDGED, "", f"{true}, within two loans of it")
        if min(share, self.share) >= SURE:
            return Judged(figure, WRONG, "unexplained", true)
        return Judged(figure, NOT_JUDGED, "", "no recipe gives it")

    def _of_other_label(self, figure: Figure) -> bool:
        """Whether a figure of prose is the other label's: its label may have been misread."""
        if figure.label not in (0, 1) or figure.text.strip() in PERFECT:
            return False
        other = self.experiment.value(str(figure.measure), 1 - int(figure.label), figure.model)
        return other is not None and figure.agrees(other)

    def _within_loans(self, figure: Figure) -> bool:
        """Whether a figure is two loans away, as far as versions of a library stop apart."""
        return self.stopped and any(
            (value := outcome.values.get((str(figure.measure), figure.label))) is not None
            and figure.agrees(value)
            for outcome in views.neighbours(self.experiment.outcomes[str(figure.model)])
        )

    def _loose(self, figure: Figure) -> Judged:
        """Judge a figure whose label is not named: right where it fits one."""
        for label in (0, MACRO, WEIGHTED) if figure.guessed else ():
            value = self.experiment.value(str(figure.measure), label, figure.model)
            if value is not None and figure.agrees(value):
                return Judged(figure, RIGHT)
        return Judged(figure, NOT_JUDGED, "", "nothing says for sure what it is of")

    def _both(self, figure: Figure) -> Judged:
        values = [self.experiment.value(str(figure.measure), figure.label, each) for each in MODELS]
        if all(value is not None and figure.agrees(value) for value in values):
            return Judged(figure, RIGHT)
        return Judged(figure, NOT_JUDGED, "", "nothing says for sure what it is of")

    def _of_any(self, figure: Figure) -> Judged:
        values = [self.experiment.value(str(figure.measure), figure.label, each) for each in MODELS]
        if any(value is not None and figure.agrees(value) for value in values):
            return Judged(figure, RIGHT)
        return Judged(figure, NOT_JUDGED, "", "nothing says which model it is of")

    def _count(self, figure: Figure) -> Judged:
        """Judge a count of loans: wrong only where its digits say what was meant."""
        steps = (*STEPS, "support") if figure.measure == "counted" else (str(figure.measure),)
        values = [
            (step, label, value)
            for step in steps
            for label in ((figure.label,) if figure.label in (0, 1) else (None, 0, 1))
            if (value := self.experiment.value(step, label, ORIGINAL)) is not None
        ]
        if any(figure.agrees(value) for _, _, value in values):
            return Judged(figure, RIGHT)
        if figure.measure != "counted" and self._known(figure.value):
            return Judged(figure, NOT_JUDGED, "", "it is another count of these loans")
        if figure.measure == "counted":
            values = [each for each in values if self._beside(figure, each[0])]
        for step, label, value in values:
            if close := digits(figure, value):
                true = _shown(value, step, label, None)
                return Judged(figure, WRONG, "mistyped", f"{true}; {close}")
        if figure.measure == "support" and figure.label in (0, 1):
            for trial in self.found.earlier:
                if figure.agrees(trial.experiment.value("support", figure.label, ORIGINAL) or -1):
                    true = _shown(values[0][2], "support", figure.label, None)
                    words = f"{true}; {figure.text} is that of another split"
                    return Judged(figure, WRONG, "earlier_run", words)
        return Judged(figure, NOT_JUDGED, "", "no count of these loans")

    def _beside(self, figure: Figure, step: str) -> bool:
        """Whether the other label's count at a step is stated in the same place."""
        others = (0, 1) if figure.label is None else (None, 1 - int(figure.label))
        return any(
            each.where == figure.where and each.measure in COUNTED and each.agrees(value)
            for other in others
            if (value := self.experiment.value(step, other, ORIGINAL)) is not None
            for each in self.explaining.figures
        )

    def _known(self, count: float) -> bool:
        supports = [self.experiment.value("support", label, ORIGINAL) for label in (None, 0, 1)]
        return count in self.experiment.counts.values() or count in supports


def _value(experiment: Experiment, figure: Figure, model: str) -> float | None:
    return experiment.value(str(figure.measure), figure.label, model)


def _instead(figure: Figure) -> Iterator[tuple[str, str, Label, str]]:
    """Yield what is often taken for a figure: kind of mistake, measure, label, model."""
    measure, label, model = str(figure.measure), figure.label, str(figure.model)
    if measure in EXCHANGED:
        taken, kind = EXCHANGED[measure]
        yield kind, taken, label, model
    if label in (0, 1) and measure != "support":
        yield "macro_as_high_risk", measure, MACRO, model
    yield "other_model", measure, label, other(model)
    if label in (0, 1) and measure != "support":
        yield "macro_as_high_risk", measure, WEIGHTED, model


def digits(figure: Figure, value: float) -> str:
    """Return how the digits of a figure differ from a value's: exchanged, or one of them other."""
    stated = "".join(each for each in figure.text if each.isdigit())
    scale = 100 if "%" in figure.text or "cent" in figure.text else 1
    decimals = round(-math.log10(figure.unit * scale))
    true = "".join(each for each in f"{value * scale:.{decimals}f}" if each.isdigit())
    if stated == true or len(stated) < LEAST_DIGITS - (not figure.whole):
        return ""
    if sorted(stated) == sorted(true) and len(stated) == len(true):
        return "digits transposed"
    if figure.whole and len(stated) == len(true):
        if sum(one != other for one, other in zip(stated, true, strict=True)) == 1:
            return "one digit is another"
    if figure.whole and abs(len(stated) - len(true)) == 1:
        longer, shorter = sorted((stated, true), key=len, reverse=True)
        if any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
            return "a digit is missing" if len(stated) < len(true) else "a digit too many"
    return ""


def _shown(value: float, measure: str, label: Label, model: str | None) -> str:
    a_share = isinstance(value, float) and (measure in MEASURES and 0 <= value <= 1)
    text = rate(value) if a_share or value != int(value) else f"{int(value)}"
    return _is(text, measure, label, model)


def _is(text: str, measure: str, label: Label, model: str | None) -> str:
    whose = f" of the {model} model" if model in MODELS else ""
    return f"{text} is {MEASURES.get(measure, measure)}{LABELS[label]}{whose}"
