"""Judges each figure of a report: right, wrong (and what it is instead), or not judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.audit.judging import consistency
from analysis.audit.judging.instead import digits, explanations, shown
from analysis.audit.judging.judged import NOT_JUDGED, RIGHT, WRONG, Judged
from analysis.audit.recipes import views
from analysis.audit.recipes.bench import Trial
from analysis.audit.recipes.outcomes import Outcome
from analysis.audit.recipes.search import Found
from analysis.audit.stated import BOTH, MACRO, MODELS, STEPS, WEIGHTED, Figure, other
from analysis.models.pair import ORIGINAL

COUNTED = (*STEPS, "counted")
# The other figures of a table, or of the prose, that must come out before one is called wrong
# although nothing says what it is instead.
SURE = 0.75
# What explains a figure less surely than that its model depends on the library's version.
PERFECT = ("1.00", "1.0", "100%")
UNSURE = ("mistyped", "earlier_run")


def judge(figures: Sequence[Figure], found: Found) -> list[Judged]:
    """Judge every figure by the recipe that was found, by the others where none was."""
    if found.trial is None:
        return consistency.judge(figures)
    judging = _Judging(found, found.trial, figures)
    return [judging.one(each) for each in figures]


class _Judging:
    def __init__(self, found: Found, trial: Trial, figures: Sequence[Figure]) -> None:
        self.found, self.share = found, found.share
        self.experiment = trial.experiment
        self.figures = figures
        self.stopped = views.stopped(trial)
        self.views: dict[tuple[int, str], tuple[views.View, float]] = {}
        self.outcomes: dict[tuple[int, str], Outcome] = {}
        for key, group in views.groups(figures).items():
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
        right = any(view is views.PLAIN for view, _ in self.views.values())
        for key, (view, share) in self.views.items():
            if view.kind == "other_model" and len(named) == 1 and right:
                self.views[key] = views.MISREAD, share

    def one(self, figure: Figure) -> Judged:
        if figure.why or figure.measure is None:
            return Judged(figure, NOT_JUDGED, "", figure.why or "nothing says what it is")
        if figure.measure in COUNTED or (figure.measure == "support" and figure.table is None):
            return self._count(figure)
        if figure.model in (None, BOTH):
            return self._of_both(figure)
        value = self.experiment.value(figure.measure, figure.label, figure.model)
        if value is None:
            return Judged(figure, NOT_JUDGED, "", "it was not computed")
        return self._of_model(figure, value)

    def _of_model(self, figure: Figure, value: float) -> Judged:
        """Judge a figure of one model by what it is there, and by how its table is meant."""
        measure = str(figure.measure)
        key = figure.table or 0, str(figure.model)
        view, share = self.views.get(key, (views.PLAIN, self.share))
        if view is views.MISREAD:
            return self.one(replace(figure, model=other(figure.model), table=None))
        near = self.outcomes.get(key)
        if figure.agrees(value) or (near and near.gives(figure)):
            return Judged(figure, RIGHT)
        if figure.hold == "loose":
            return self._loose(figure)
        true = shown(value, measure, figure.label, figure.model)
        if view.kind != views.AS_SAID:
            of_cells = view.kind == "swapped_arguments" and measure.startswith(("false", "true"))
            kind = "fp_fn_interchanged" if of_cells else view.kind
            return Judged(figure, WRONG, kind, f"{true}; {view.words}")
        return self._wrong(figure, value, true, share)

    def _wrong(self, figure: Figure, value: float, true: str, share: float) -> Judged:
        if figure.table is None and self._of_other_label(figure):
            return Judged(figure, NOT_JUDGED, "", "it may be of the other label")
        known = next(explanations(figure, value, self.experiment, self.figures, self.found), None)
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
        return self.experiment.gives(replace(figure, label=1 - int(figure.label)))

    def _within_loans(self, figure: Figure) -> bool:
        """Whether a figure is two loans away, as far as versions of a library stop apart."""
        made = self.experiment.outcomes[str(figure.model)]
        return self.stopped and any(each.gives(figure) for each in views.neighbours(made))

    def _loose(self, figure: Figure) -> Judged:
        """Judge a figure whose label is not named: right where it fits one."""
        of_others = (replace(figure, label=label) for label in (0, MACRO, WEIGHTED))
        if figure.guessed and any(map(self.experiment.gives, of_others)):
            return Judged(figure, RIGHT)
        return Judged(figure, NOT_JUDGED, "", "nothing says for sure what it is of")

    def _of_both(self, figure: Figure) -> Judged:
        """Judge a figure of both models, or of one that nothing names."""
        right = [self.experiment.gives(replace(figure, model=each)) for each in MODELS]
        if all(right) or (figure.model is None and any(right)):
            return Judged(figure, RIGHT)
        unsaid = "which model it is of" if figure.model is None else "for sure what it is of"
        return Judged(figure, NOT_JUDGED, "", f"nothing says {unsaid}")

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
                true = shown(value, step, label, None)
                return Judged(figure, WRONG, "mistyped", f"{true}; {close}")
        if figure.measure == "support" and figure.label in (0, 1):
            for trial in self.found.earlier:
                if trial.experiment.gives(replace(figure, model=ORIGINAL)):
                    true = shown(values[0][2], "support", figure.label, None)
                    words = f"{true}; {figure.text} is that of another split"
                    return Judged(figure, WRONG, "earlier_run", words)
        return Judged(figure, NOT_JUDGED, "", "no count of these loans")

    def _beside(self, figure: Figure, step: str) -> bool:
        """Whether the other label's count at a step is stated in the same place."""
        others = (0, 1) if figure.label is None else (None, 1 - int(figure.label))
        values = [self.experiment.value(step, label, ORIGINAL) for label in others]
        return any(
            each.where == figure.where and each.measure in COUNTED and any(map(each.agrees, values))
            for each in self.figures
        )

    def _known(self, count: float) -> bool:
        supports = [self.experiment.value("support", label, ORIGINAL) for label in (None, 0, 1)]
        return count in self.experiment.counts.values() or count in supports
