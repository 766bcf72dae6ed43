"""The recipes that reports of this kind use, and what both models give by each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from analysis.portfolio.recipe import USUAL, Recipe, Resampler

SEEDS = (1, 42, 0)
SHARES = (0.25, 0.2, 0.3, 0.33)
# scikit-learn up to 1.3 stopped the published fit after 33 iterations; later versions go on to
# their limit of 100; a scaled fit converges.
FITS: tuple[dict[str, Any], ...] = (
    {"scaled": False, "solver": "lbfgs", "iterations": 33},
    {"scaled": False, "solver": "lbfgs", "iterations": 100},
    {"scaled": True, "solver": "lbfgs", "iterations": 100},
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
    r"(?:for |of the (?:data|loans) for )?test|\b\d{2} ?%? ?/ ?(\d{2})\b|test share(?: of)? (\d{2})",
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

    def distance(self, recipe: Recipe) -> int:
        """Return in how many choices a recipe differs from what the text says."""
        return (
            (bool(self.seeds) and recipe.seed not in self.seeds)
            + (bool(self.shares) and recipe.test_share not in self.shares)
            + 2 * (recipe.stratified != bool(self.stratified))
            + 2 * (recipe.scaled != bool(self.scaled))
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
        self._made: dict[Recipe, Trial] = {}
        self._originals: dict[tuple[Any, ...], Outcome] = {}

    def split(self, recipe: Recipe) -> Split:
        """Return the split by a recipe."""
        key = recipe.seed, recipe.test_share, recipe.stratified
        if key not in self._splits:
            self._splits[key] = fits.split(replace(self.loans, recipe=recipe))
        return self._splits[key]

    def trial(self, recipe: Recipe) -> Trial:
        """Return what a recipe gives."""
        if recipe not in self._made:
            parts = self.split(recipe)
            train, test = (replace(part, recipe=recipe) for part in (parts.train, parts.test))
            self._made[recipe] = Trial(self.loans, recipe, train, test, self._originals)
        return self._made[recipe]

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
    recipe : Recipe
        How they are fitted.
    originals : dict
        First models that were fitted already: the resampler does not change them.
    """

    loans: Loans
    recipe: Recipe
    train: Loans
    test: Loans
    originals: dict[tuple[Any, ...], Outcome]

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
        made = Trial(loans, self.recipe, parts.train, parts.test, {})
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
    made = [
        replace(declared, seed=seed, test_share=share, stratified=stratified, reason="")
        for share in shares
        for seed in seeds
        for stratified in (False, True)
    ]
    return sorted(made, key=said.distance)


def variants(base: Recipe, said: Told) -> Iterator[Recipe]:
    """Yield how models may have been fitted and resampled after one split."""
    resamplers = dict.fromkeys((said.resampler or base.resampler, *RESAMPLERS))
    usual: Sequence[dict[str, Any]] = (
        {"scaled": base.scaled, "solver": base.solver, "iterations": base.iterations},
        *FITS,
        {"scaled": USUAL.scaled, "solver": USUAL.solver, "iterations": USUAL.iterations},
    )
    for resampler in resamplers:
        for each in usual:
            yield replace(base, resampler=resampler, **each)
