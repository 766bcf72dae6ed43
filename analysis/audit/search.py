"""Finds the recipe that a report's figures come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.audit import recipes, views
from analysis.audit.recipes import Bench, Told, Trial
from analysis.audit.stated import MODELS, RESAMPLED, Figure
from analysis.portfolio.recipe import Recipe

# How many splits are fitted, of those that agree best with the stated supports.
MOST_SPLITS = 6
# Distinct loans times fits that are spent at most, so that a large file ends in bounded time.
MOST_FITTED = 12_000_000
# Of the figures that could tell, the share that a recipe must give to be the report's.
ENOUGH = 0.55
LEAST_WEIGHT = 2.0


@dataclass(frozen=True)
class Found:
    """The recipe that gives a report's figures.

    Attributes
    ----------
    trial : Trial or None
        What it gives; None where no recipe gives the figures.
    share : float
        Of the figures that it gives, by how much they tell, 0 to 1.
    same : tuple of Recipe
        Others that give the same figures: the report does not tell them apart.
    others : tuple of Trial
        What else was tried.
    """

    trial: Trial | None
    share: float
    same: tuple[Recipe, ...] = ()
    others: tuple[Trial, ...] = field(default=(), repr=False)


def find(bench: Bench, declared: Recipe, said: Told, figures: Sequence[Figure]) -> Found:
    """Try one recipe after another until all figures come out, and return the best."""
    telling = [each for each in figures if _tells(each)]
    whole = views.weight(telling)
    best: tuple[float, Trial] | None = None
    for trial in _affordable(bench, _tried(bench, declared, said, telling)):
        given = score(trial, telling)
        if best is None or given > best[0] + 1e-9:
            best = given, trial
        if given >= whole - 1e-9:
            break
    if best is None or whole == 0 or best[0] < max(ENOUGH * whole, min(LEAST_WEIGHT, whole)):
        return Found(None, 0.0 if best is None or not whole else best[0] / whole)
    given, trial = best
    same = tuple(_same(bench, trial, given, telling))
    return Found(trial, given / whole, same, bench.trials)


def _tells(figure: Figure) -> bool:
    """Whether a figure can tell which recipe was used: what it is is known for sure."""
    return figure.hold != "loose" and figure.model in MODELS and figure.measure is not None


def score(trial: Trial, figures: Sequence[Figure]) -> float:
    """Return the weight of the figures that a recipe gives, tables as they are best meant."""
    tables = sum(
        views.best(group, trial, model)[1] * (1 if len(group) < 4 else 1)
        for (_, model), group in views.groups(figures).items()
    )
    prose = [each for each in figures if each.table is None]
    return tables + sum(
        views.agreement([each], trial.experiment.outcomes[str(each.model)]) for each in prose
    )


def _tried(
    bench: Bench, declared: Recipe, said: Told, figures: Sequence[Figure]
) -> Iterator[Trial]:
    """Yield what recipes give: first every fit with the likeliest resampler, then the others."""
    chosen = _splits(bench, declared, said, figures)
    resamples = any(each.model == RESAMPLED for each in figures)
    first = len(recipes.FITS) + 2
    made = [(split, list(recipes.variants(split, said))) for split in chosen]
    for _, variants in made:
        for recipe in sorted(variants[:first], key=said.distance):
            yield bench.trial(recipe)
    for _, variants in made[:2] if resamples else ():
        for recipe in variants[first:]:
            yield bench.trial(recipe)


def _affordable(bench: Bench, trials: Iterator[Trial]) -> Iterator[Trial]:
    spent = 0
    for trial in trials:
        yield trial
        spent += 2 * len(bench.loans)
        if spent > MOST_FITTED:
            return


def _splits(bench: Bench, declared: Recipe, said: Told, figures: Sequence[Figure]) -> list[Recipe]:
    """Return the splits to try: those that give most of the stated supports, likeliest first."""
    stated = {
        (each.label, each.value) for each in figures if each.measure == "support"
    } | _row_sums(figures)
    tried = recipes.splits(declared, said)
    if not stated:
        return tried[:MOST_SPLITS]
    agreed = {
        recipe: sum(value == _support(bench, recipe, label) for label, value in stated)
        for recipe in tried
    }
    most = max(agreed.values())
    kept = [recipe for recipe in tried if agreed[recipe] == most]
    near = [recipe for recipe in tried if 0 < agreed[recipe] < most]
    return (kept + near)[:MOST_SPLITS] if most else tried[:MOST_SPLITS]


def _row_sums(figures: Sequence[Figure]) -> set[tuple[object, float]]:
    """Return the supports that follow from confusion matrices."""
    found: set[tuple[object, float]] = set()
    for group in views.groups(figures).values():
        cells = {each.measure: each.value for each in group}
        if {"true_negatives", "false_positives"} <= cells.keys():
            found.add((0, cells["true_negatives"] + cells["false_positives"]))
        if {"false_negatives", "true_positives"} <= cells.keys():
            found.add((1, cells["false_negatives"] + cells["true_positives"]))
    return found


def _support(bench: Bench, recipe: Recipe, label: object) -> int:
    test = bench.split(recipe).test
    return test.label_counts[label] if label in (0, 1) else test.total  # type: ignore[index]


def _same(bench: Bench, trial: Trial, given: float, figures: Sequence[Figure]) -> Iterator[Recipe]:
    """Yield the other resamplers with which the very same figures come out."""
    if not any(each.model == RESAMPLED for each in figures):
        return
    for resampler in recipes.RESAMPLERS:
        other = replace(trial.recipe, resampler=resampler)
        if other != trial.recipe and score(bench.trial(other), figures) >= given - 1e-9:
            yield other
