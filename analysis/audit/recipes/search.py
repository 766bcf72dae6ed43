"""Finds the recipe that a report's figures come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.audit.recipes import views
from analysis.audit.recipes.bench import Bench, Trial
from analysis.audit.recipes.told import Told
from analysis.audit.recipes.ways import FITS, RARE_FITS, Way, fitted, resampled, splits
from analysis.audit.stated import (
    BY_LABEL,
    EXCHANGED,
    MACRO,
    MEASURES,
    MODELS,
    RESAMPLED,
    STEPS,
    Figure,
    Label,
    supports,
)
from analysis.portfolio.recipe import Recipe

# What a choice that the text or the declaration says is worth, as a share of all figures.
ADVANTAGE = 0.015
NEARLY = 0.9
LIKELY = 0.75
# How many splits are fitted, of those that agree best with the stated supports.
MOST_SPLITS = 10
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
    bench : Bench
        What tries others.
    """

    trial: Trial | None
    share: float
    bench: Bench = field(repr=False)
    same: tuple[Recipe, ...] = ()

    @cached_property
    def earlier(self) -> tuple[Trial, ...]:
        """What earlier runs of the same person may have given: unlike in the split or the fit."""
        if self.trial is None:
            return ()
        made = self.trial.recipe
        ways = [
            Way(replace(made, stratified=stratified, **each))
            for stratified in (made.stratified, not made.stratified)
            for each in FITS
        ]
        return tuple(self.bench.trial(way) for way in ways if way.recipe != made)


class _Search:
    def __init__(
        self, bench: Bench, declared: Recipe, said: Told, figures: Sequence[Figure]
    ) -> None:
        self.bench, self.declared, self.said = bench, declared, said
        self.figures = [each for each in figures if _tells(each)]
        self.whole = views.weight(self.figures)
        self.scores: dict[Way, float] = {}

    def given(self, way: Way) -> float:
        """Return the weight of the figures that a way gives."""
        if way not in self.scores:
            self.scores[way] = score(self.bench.trial(way), self.figures)
        return self.scores[way]

    def rank(self, way: Way) -> tuple[float, int, bool]:
        """Return how well a way explains the report: what the text says counts for something."""
        distance = self.said.distance(way.recipe, self.declared)
        return self.given(way) - ADVANTAGE * self.whole * distance, -distance, not way.scaled_after

    def best(self) -> Way | None:
        """Try one way after another until the figures come out, and return the best."""
        if not self.whole:
            return None
        for way in self._likely():
            if self.given(way) >= self.whole - 1e-9 or self.spent:
                return self.top()
        if any(each.model == RESAMPLED for each in self.figures):
            for way in [other for top in self.tops(2) for other in resampled(top)]:
                self.given(way)
        return self.top()

    def _likely(self) -> Iterator[Way]:
        """Yield ways, the likeliest first; what those before have given says which come next."""
        chosen, further = _splits(self.bench, self.declared, self.said, self.figures)
        own = {
            "scaled": self.declared.scaled,
            "solver": self.declared.solver,
            "iterations": self.declared.iterations,
        }
        usual = list({tuple(each.items()): each for each in (own, *FITS)}.values())
        for split in (*chosen, *further):
            ways = fitted(split, usual)
            yield from sorted(ways, key=lambda way: self.said.distance(way.recipe, self.declared))
            best = self.given(self.top())
            if best >= NEARLY * self.whole or (split in further and best >= LIKELY * self.whole):
                break
        for split in {way.recipe: way for way in self.tops(2)}:
            yield from fitted(split, RARE_FITS)

    @property
    def spent(self) -> bool:
        """Whether as much was fitted as may be, so that a large file ends in bounded time."""
        return 2 * len(self.scores) * len(self.bench.loans) > MOST_FITTED

    def tops(self, number: int) -> list[Way]:
        return sorted(self.scores, key=self.rank, reverse=True)[:number]

    def top(self) -> Way:
        return self.tops(1)[0]


def find(bench: Bench, declared: Recipe, said: Told, figures: Sequence[Figure]) -> Found:
    """Return the recipe that gives a report's figures, or that none does."""
    search = _Search(bench, declared, said, figures)
    way = search.best()
    if way is None:
        return Found(None, 0.0, bench)
    given = search.given(way)
    if given < max(ENOUGH * search.whole, min(LEAST_WEIGHT, search.whole)):
        return Found(None, given / search.whole, bench)
    same = []
    if any(each.model == RESAMPLED for each in search.figures):
        same = [other.recipe for other in resampled(way) if search.given(other) >= given - 1e-9]
    return Found(bench.trial(way), given / search.whole, bench, tuple(same))


def _tells(figure: Figure) -> bool:
    """Whether a figure can tell which recipe was used: what it is is known for sure."""
    if figure.hold == "loose":
        return False
    if figure.measure in STEPS:
        return figure.measure != "loans" and figure.label in (0, 1)
    return figure.model in MODELS and figure.measure in MEASURES


def score(trial: Trial, figures: Sequence[Figure]) -> float:
    """Return the weight of the figures that a recipe gives, tables as they are best meant.

    A figure that the recipe gives for what is often mistaken for it counts for half.
    """
    prose = [each for each in figures if each.table is None]
    given = sum(_given(trial, each) for each in prose)
    for (_, model), group in views.groups(figures).items():
        view, agreeing = views.best(group, trial, model)
        plain = view is views.PLAIN
        given += sum(_given(trial, each) for each in group) if plain else agreeing
    return given


def _given(trial: Trial, figure: Figure) -> float:
    if trial.experiment.gives(figure):
        return figure.telling
    taken = []
    if figure.measure in EXCHANGED:
        taken.append(replace(figure, measure=EXCHANGED[figure.measure][0]))
    if figure.measure in BY_LABEL and figure.label == 1:
        taken.append(replace(figure, label=MACRO))
    return figure.telling / 2 if any(map(trial.experiment.gives, taken)) else 0.0


def _splits(
    bench: Bench, declared: Recipe, said: Told, figures: Sequence[Figure]
) -> tuple[list[Recipe], list[Recipe]]:
    """Return the splits to try, likeliest first, and those to try when none of them fits.

    The first are those that give most of the stated supports.
    """
    stated = {("support", *each) for each in supports(figures)} | {
        (str(each.measure), each.label, each.value)
        for each in figures
        if each.measure == "training_loans"
    }
    tried = splits(declared, said)
    if not stated:
        return tried[:MOST_SPLITS], tried[MOST_SPLITS:]
    agreed = {
        recipe: sum(value == _loans(bench, recipe, step, label) for step, label, value in stated)
        for recipe in tried
    }
    most = max(agreed.values())
    kept = [recipe for recipe in tried if agreed[recipe] == most]
    near = [recipe for recipe in tried if 0 < agreed[recipe] < most]
    return ((kept + near)[:MOST_SPLITS], []) if most else (tried[:MOST_SPLITS], [])


def _loans(bench: Bench, recipe: Recipe, step: str, label: Label) -> int:
    parts = bench.split(recipe)
    loans = parts.test if step == "support" else parts.train
    return loans.label_counts[label] if isinstance(label, int) else loans.total
