"""The recipes that reports of this kind use, and what both models give by each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from analysis.audit.outcomes import Experiment, Outcome, Values
from analysis.audit.stated import RESAMPLED
from analysis.models import fits, metrics
from analysis.models.balanced import balanced
from analysis.models.fits import ORIGINAL, Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Loans
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
_SEED = re.compile(r"(?:random[_ ]?state|seed)(?:\s{0,2}(?:=|of|was|is|:)?\s{0,2})(\d{1,6})", re.I)
_SHARE = re.compile(
    r"test[_ ]?size\s{0,2}(?:=|of|:)?\s{0,2}0?\.(\d{1,2})|(\d{2}) ?(?:%|per ?cent)?[ -]{0,2}"
    r"(?:for |of the (?:data|loans) for )?test|\b(?:80 ?%? ?/ ?(20)|75 ?%? ?/ ?(25)|70 ?%? ?/ ?(30)|67 ?%? ?/ ?(33)|90 ?%? ?/ ?(10))\b|test share(?: of)? (\d{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """What a report's text says of its recipe.

    Attributes
    ----------
    seeds : tuple of int
        That it names.
    shares : tuple of float
        Of test rows.
    stratified, scaled : bool or None
        None where it does not say.
    resampler : str or None
        Likewise.
    """

    seeds: tuple[int, ...]
    shares: tuple[float, ...]
    stratified: bool | None
    scaled: bool | None
    resampler: Resampler | None

    def distance(self, recipe: Recipe, declared: Recipe) -> int:
        """Return how far a recipe is from what the text says, and else from the declared one."""
        seeds, shares = self.seeds or (declared.seed,), self.shares or (declared.test_share,)
        stratified = declared.stratified if self.stratified is None else self.stratified
        scaled = declared.scaled if self.scaled is None else self.scaled
        return (
            2 * (recipe.seed not in seeds)
            + 2 * (recipe.test_share not in shares)
            + (recipe.stratified != stratified)
            + (recipe.scaled != scaled)
            + (self.resampler is not None and recipe.resampler != self.resampler)
        )


def told(text: str) -> Told:
    """Read what a text says of its recipe."""
    seeds = tuple(dict.fromkeys(int(each) for each in _SEED.findall(text)))[:4]
    shares = [next(filter(None, groups)) for groups in _SHARE.findall(text)]
    given = [float(f"0.{each}") for each in shares]
    resampler: Resampler | None = None
    for name, pattern in (
        ("smote", r"\bsmote\b"),
        ("random_undersampling", r"under-?_?sampl"),
        ("class_weights", r"class[ _-]weight"),
        ("random_oversampling", r"over-?_?sampl"),
    ):
        if re.search(pattern, text, re.IGNORECASE):
            resampler = name  # type: ignore[assignment] # the four names of Resampler
            break
    return Told(
        seeds,
        tuple(dict.fromkeys(each for each in given if 0.05 <= each <= 0.5))[:3],
        True if re.search(r"(?<!not )(?<!un)stratif", text, re.IGNORECASE) else None,
        True
        if re.search(r"(?<!un)(?<!not )\bscal(?:ed|ing|e)\b|standard(?:scaler|i[sz]ed)", text, re.I)
        else None,
        resampler,
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


class Bench:
    """Splits and fits one portfolio by one recipe after another, each part once.

    Parameters
    ----------
    loans : Loans
        All of them.
    """

    def __init__(self, loans: Loans) -> None:
        self.loans = loans
        self._splits: dict[tuple[Any, ...], Split] = {}
        self._made: dict[Way, Trial] = {}
        self._originals: dict[tuple[Any, ...], Outcome] = {}

    def split(self, recipe: Recipe) -> Split:
        """Return the split by a recipe."""
        key = recipe.seed, recipe.test_share, recipe.stratified
        if key not in self._splits:
            self._splits[key] = fits.split(replace(self.loans, recipe=recipe))
        return self._splits[key]

    def trial(self, way: Way) -> Trial:
        """Return what a way gives."""
        if way not in self._made:
            parts = self.split(way.recipe)
            train, test = (replace(part, recipe=way.recipe) for part in (parts.train, parts.test))
            self._made[way] = Trial(self.loans, way, train, test, self._originals)
        return self._made[way]

    @property
    def counts(self) -> Values:
        """How many loans there are, by label."""
        found: Values = {
            ("loans", label): count for label, count in self.loans.label_counts.items()
        }
        return found | {("loans", None): self.loans.total}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Everything that was tried."""
        return tuple(self._made.values())


@dataclass(frozen=True)
class Trial:
    """One recipe on a portfolio; what it gives is computed when it is asked for.

    Attributes
    ----------
    loans, train, test : Loans
        All of them, and both sides of the split.
    way : Way
        How they are fitted.
    originals : dict
        First models that were fitted already: the resampler does not change them.
    """

    loans: Loans
    way: Way
    train: Loans
    test: Loans
    originals: dict[tuple[Any, ...], Outcome]

    @property
    def recipe(self) -> Recipe:
        """How they are fitted."""
        return self.way.recipe

    @property
    def original(self) -> Outcome:
        """The first model on the test loans."""
        made = self.recipe
        key = made.seed, made.test_share, made.stratified, *made.fit
        if key not in self.originals:
            fitted = fits.fit_original(self.train)
            self.originals[key] = Outcome(fits.apply(fitted, self.test).confusion)
        return self.originals[key]

    @cached_property
    def _resampled(self) -> tuple[Any, Any, Any]:
        rows, weights = balanced(self.train)
        if self.way.scaled_after:
            rows = replace(rows, counts=np.round(weights).astype(np.int64))
        return fits.fit(fits.OVERSAMPLED, rows, weights), rows, weights

    @cached_property
    def resampled(self) -> Outcome:
        """The second model on the test loans."""
        return Outcome(fits.apply(self._resampled[0], self.test).confusion)

    @cached_property
    def on_training(self) -> Outcome:
        """The second model on the resampled training loans that it was fitted on."""
        fitted, rows, weights = self._resampled
        return Outcome(
            metrics.confusion(
                rows.labels, fitted.predict(rows.features), np.round(weights).astype(np.int64)
            )
        )

    @cached_property
    def original_on_training(self) -> Outcome:
        """The first model on its training loans."""
        return Outcome(fits.apply(fits.fit_original(self.train), self.train).confusion)

    @cached_property
    def too_late(self) -> Experiment | None:
        """Both models where the loans were resampled before they were split."""
        if not len(self.loans.inverse) or self.recipe.resampler != "random_oversampling":
            return None
        from imblearn.over_sampling import RandomOverSampler

        loans = replace(self.loans, recipe=self.recipe)
        labels = loans.labels[loans.inverse]
        sampler = RandomOverSampler(random_state=self.recipe.seed)
        sampler.fit_resample(np.arange(len(labels)).reshape(-1, 1), labels)
        parts = fits.split(loans.part(loans.inverse[sampler.sample_indices_]))
        made = Trial(loans, self.way, parts.train, parts.test, {})
        return Experiment({ORIGINAL: made.original, RESAMPLED: made.resampled})

    @cached_property
    def experiment(self) -> Experiment:
        """Both models as the recipe says."""
        return Experiment({ORIGINAL: self.original, RESAMPLED: self.resampled}, self.counts)

    @cached_property
    def counts(self) -> Values:
        """Loans at every step, by label."""
        found: Values = {}
        for step, loans in (("loans", self.loans), ("training_loans", self.train)):
            found |= {(step, label): count for label, count in loans.label_counts.items()}
            found[step, None] = loans.total
        of_label = self.train.label_counts
        fewer = self.recipe.resampler == "random_undersampling"
        each = min(of_label.values()) if fewer else max(of_label.values())
        if self.recipe.resampler != "class_weights":
            found |= {("resampled_training_loans", label): each for label in (HEALTHY, HIGH_RISK)}
            found["resampled_training_loans", None] = 2 * each
        return found


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
