"""What a wrong figure is instead: what is true, and what it was taken for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.audit.judging.judged import WRONG, Judged
from analysis.audit.recipes.outcomes import Experiment
from analysis.audit.recipes.search import Found
from analysis.audit.stated import EXCHANGED, MACRO, MEASURES, MODELS, WEIGHTED, Figure, Label, other
from analysis.base.display import rate

LEAST_DIGITS = 3  # of counts that are compared digit by digit
LABELS: dict[Label, str] = {
    0: " of the healthy class",
    1: " of the high-risk class",
    MACRO: " of the macro average",
    WEIGHTED: " of the weighted average",
    None: "",
}


def explained(figure: Figure, experiment: Experiment, figures: Sequence[Figure]) -> Judged:
    """Judge a figure that is known to be wrong: say what is true, and what it is instead."""
    value = experiment.value(str(figure.measure), figure.label, figure.model) or 0.0
    true = shown(value, str(figure.measure), figure.label, figure.model)
    found = explanations(figure, value, experiment, figures, None)
    kind, words = next(found, ("mistyped", ""))
    return Judged(figure, WRONG, kind, f"{true}; {words}" if words else true)


def explanations(
    figure: Figure,
    value: float,
    experiment: Experiment,
    figures: Sequence[Figure],
    found: Found | None,
) -> Iterator[tuple[str, str]]:
    """Yield what a wrong figure is instead, with the kind of that mistake, the likeliest first.

    Parameters
    ----------
    figure, value : Figure, float
        What is stated, and what is true of it.
    experiment, figures : Experiment, sequence of Figure
        All that is true, and all that the report states.
    found : Found or None
        What gives earlier runs, where there are data.
    """

    def mutual(taken: tuple[str, Figure]) -> bool:
        """Whether the report states in that place what this figure should be."""
        meant = taken[1]
        return any(
            (each.measure, each.label, each.model) == (meant.measure, meant.label, meant.model)
            and each.agrees(value)
            and not experiment.gives(each)
            for each in figures
        )

    taken = [each for each in _instead(figure) if experiment.gives(each[1])]
    for kind, meant in sorted(taken, key=mutual, reverse=True):
        yield kind, _is(meant.text, str(meant.measure), meant.label, meant.model)
    if close := digits(figure, value):
        yield "mistyped", close
    earlier = () if found is None or figure.whole else found.earlier
    if any(trial.experiment.gives(figure) for trial in earlier):
        words = _is(figure.text, str(figure.measure), figure.label, figure.model)
        yield "earlier_run", f"{words} of another experiment"


def _instead(figure: Figure) -> Iterator[tuple[str, Figure]]:
    """Yield what is often taken for a figure, with the kind of that mistake."""
    of_label = figure.label in (0, 1) and figure.measure != "support"
    if figure.measure in EXCHANGED:
        taken, kind = EXCHANGED[figure.measure]
        yield kind, replace(figure, measure=taken)
    if of_label:
        yield "macro_as_high_risk", replace(figure, label=MACRO)
    yield "other_model", replace(figure, model=other(figure.model))
    if of_label:
        yield "macro_as_high_risk", replace(figure, label=WEIGHTED)


def digits(figure: Figure, value: float) -> str:
    """Return how the digits of a figure differ from a value's: exchanged, or one of them other."""
    stated = "".join(each for each in figure.text if each.isdigit())
    scale = 100 if "%" in figure.text or "cent" in figure.text else 1
    decimals = round(-math.log10(figure.unit * scale))
    true = "".join(each for each in f"{value * scale:.{decimals}f}" if each.isdigit())
    if stated == true or len(stated) < LEAST_DIGITS - (not figure.whole):
        return ""
    if sorted(stated) == sorted(true):
        return "digits transposed"
    if not figure.whole:
        return ""
    if len(stated) == len(true):
        unlike = sum(one != another for one, another in zip(stated, true, strict=True))
        return "one digit is another" if unlike == 1 else ""
    longer, shorter = sorted((stated, true), key=len, reverse=True)
    if shorter not in {longer[:at] + longer[at + 1 :] for at in range(len(longer))}:
        return ""
    return "a digit is missing" if len(stated) < len(true) else "a digit too many"


def shown(value: float, measure: str, label: Label, model: str | None) -> str:
    """Say what a measure truly is: 0.853 is the recall of the original model."""
    a_share = isinstance(value, float) and (measure in MEASURES and 0 <= value <= 1)
    text = rate(value) if a_share or value != int(value) else f"{int(value)}"
    return _is(text, measure, label, model)


def _is(text: str, measure: str, label: Label, model: str | None) -> str:
    whose = f" of the {model} model" if model in MODELS else ""
    return f"{text} is {MEASURES.get(measure, measure)}{LABELS[label]}{whose}"
