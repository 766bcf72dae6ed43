"""The recipes that reports of this kind use, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.audit.recipes.told import Told
from analysis.portfolio.recipe import Recipe, Resampler

SEEDS = (1, 42, 0)
SHARES = (0.25, 0.2, 0.3, 0.33)
# scikit-learn up to 1.3 stopped the published fit after 33 iterations; later versions go on to
# their limit of 100; a scaled fit converges.
FITS: tuple[dict[str, Any], ...] = (
    {"scaled": False, "solver": "lbfgs", "iterations": 33},
    {"scaled": False, "solver": "lbfgs", "iterations": 100},
    {"scaled": True, "solver": "lbfgs", "iterations": 100},
)
RARE_FITS: tuple[dict[str, Any], ...] = (
    {"scaled": False, "solver": "liblinear", "iterations": 100},
    {"scaled": False, "solver": "lbfgs", "iterations": 1_000},
)
RESAMPLERS: tuple[Resampler, ...] = (
    "random_oversampling",
    "smote",
    "random_undersampling",
    "class_weights",
)


@dataclass(frozen=True)
class Way:
    """A recipe, and what it leaves open.

    Attributes
    ----------
    recipe : Recipe
        How loans are split, resampled and fitted.
    scaled_after : bool
        Whether columns are scaled by the resampled training loans, as a pipeline does, and not by
        the training loans.
    """

    recipe: Recipe
    scaled_after: bool = False


def splits(declared: Recipe, said: Told) -> list[Recipe]:
    """Return how loans may have been split, what the text and the declaration say first."""
    seeds = dict.fromkeys((*said.seeds, declared.seed, *SEEDS))
    shares = dict.fromkeys((*said.shares, declared.test_share, *SHARES))
    resampler = said.resampler or declared.resampler
    made = [
        replace(
            declared,
            seed=seed,
            test_share=share,
            stratified=stratified,
            resampler=resampler,
            reason="",
        )
        for share in shares
        for seed in seeds
        for stratified in (False, True)
    ]
    return sorted(made, key=lambda recipe: said.distance(recipe, declared))


def fitted(split: Recipe, fits_: Sequence[dict[str, Any]]) -> list[Way]:
    """Return how models may have been fitted after one split."""
    return [
        Way(replace(split, **each), after)
        for each in fits_
        for after in ((False, True) if each["scaled"] else (False,))
    ]


def resampled(way: Way) -> list[Way]:
    """Return the same way with every other resampler."""
    return [
        replace(way, recipe=replace(way.recipe, resampler=each))
        for each in RESAMPLERS
        if each != way.recipe.resampler
    ]
