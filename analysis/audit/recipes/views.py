"""In which ways a table can be meant: as it says, or as one of the mistakes that are usual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.audit.recipes.bench import Trial
from analysis.audit.recipes.outcomes import Outcome
from analysis.audit.stated import CELLS, MODELS, Figure, other
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL

AS_SAID: Final = "as said"
NEAR = ((1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0))
# So many figures tell a mistake of a whole table; one fewer where it states how many rows it is of.
LEAST_FIGURES = 4
# A printed report has more figures than a row of somebody's own table.
PRINTED = 8
# A table is another experiment's when that gives this share of its figures, and clearly more.
ENOUGH = 0.85
CLEARLY = 1.0


@dataclass(frozen=True)
class View:
    """One way in which the figures of a table can be meant.

    Attributes
    ----------
    kind : str
        `as said`, or the kind of mistake.
    words : str
        What the table shows then.
    outcome : callable
        Gives the outcome that it shows, or None where there is none.
    """

    kind: str
    words: str
    outcome: Callable[[Trial, str], Outcome | None]


PLAIN = View(AS_SAID, "", Trial.outcome)
MISTAKES = (
    View(
        "swapped_arguments",
        "labels and predictions are exchanged",
        lambda trial, model: trial.outcome(model).swapped,
    ),
    View(
        "other_model",
        "this is the other model's table",
        lambda trial, model: trial.outcome(other(model)),
    ),
    View(
        "other_experiment",
        "scored on the training loans it was fitted on",
        lambda trial, model: trial.original_on_training if model == ORIGINAL else trial.on_training,
    ),
    View(
        "other_experiment",
        "the loans were resampled before they were split",
        lambda trial, model: trial.too_late.outcomes[model] if trial.too_late else None,
    ),
)
# A table of the other model under a heading that was misread.
MISREAD = View("misread", "", MISTAKES[1].outcome)


def near(figures: Sequence[Figure], trial: Trial, model: str) -> Outcome | None:
    """Return an outcome that gives all of a table and is one loan away, None where none is.

    A fit that is stopped short of the optimum depends on the library's version by that much.
    """
    made, whole = trial.outcome(model), weight(figures) - 1e-9
    if not stopped(trial) or agreement(figures, made) >= whole:
        return None
    return next((each for each in neighbours(made) if agreement(figures, each) >= whole), None)


def stopped(trial: Trial) -> bool:
    """Whether the second figure of a fit may hang on the library's version.

    So it does where it is stopped short of the optimum, but for the declared fit, which is exact.
    """
    declared = trial.loans.recipe
    return not trial.recipe.scaled and trial.recipe != replace(declared, reason="")


def neighbours(outcome: Outcome) -> Iterator[Outcome]:
    """Yield the outcomes that are a loan or two away."""
    made = outcome.confusion
    for healthy, risky in NEAR:
        cells = made.tn - healthy, made.fp + healthy, made.fn + risky, made.tp - risky
        if min(cells) >= 0:
            yield Outcome(Confusion(*cells))


def groups(figures: Iterable[Figure]) -> dict[tuple[int, str], list[Figure]]:
    """Return the figures of each table and model, whose model is known."""
    found: dict[tuple[int, str], list[Figure]] = {}
    for figure in figures:
        if figure.table is not None and figure.model in MODELS:
            found.setdefault((figure.table, str(figure.model)), []).append(figure)
    return found


def agreement(figures: Sequence[Figure], outcome: Outcome | None) -> float:
    """Return the weight of the figures that an outcome gives."""
    if outcome is None:
        return 0.0
    return sum(figure.telling for figure in figures if outcome.gives(figure))


def weight(figures: Iterable[Figure]) -> float:
    """Return how much figures could tell."""
    return sum(figure.telling for figure in figures)


def best(figures: Sequence[Figure], trial: Trial, model: str) -> tuple[View, float]:
    """Return the way in which a table's figures come out, and the weight of those that do."""
    plain = agreement(figures, trial.outcome(model))
    whole = weight(figures)
    rows = any(each.measure == "support" and each.value > PRINTED for each in figures)
    if plain >= ENOUGH * whole or len(figures) < LEAST_FIGURES - rows:
        return PLAIN, plain
    mistakes = MISTAKES if len(figures) >= PRINTED else MISTAKES[1:]
    counts = {each.measure for each in figures} <= set(CELLS)
    tried = [
        (agreement(figures, view.outcome(trial, model)), view)
        for view in (MISTAKES if counts else mistakes)
    ]
    most = max(tried, key=lambda each: each[0])
    if most[0] >= ENOUGH * whole and most[0] >= plain + CLEARLY:
        return most[1], most[0]
    return PLAIN, plain
