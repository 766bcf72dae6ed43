"""The recipes that reports of this kind use, and what both models give by each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from analysis.audit.recipes.outcomes import Experiment, Outcome, Values
from analysis.audit.recipes.ways import Way
from analysis.audit.stated import RESAMPLED
from analysis.models import fits, metrics, splitting
from analysis.models.balanced import balanced
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Loans
from analysis.portfolio.recipe import Recipe


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
            self._splits[key] = splitting.split(replace(self.loans, recipe=recipe))
        return self._splits[key]

    def trial(self, way: Way) -> Trial:
        """Return what a way gives."""
        if way not in self._made:
            parts = self.split(way.recipe)
            train, test = (replace(part, recipe=way.recipe) for part in (parts.train, parts.test))
            self._made[way] = Trial(self.loans, way, train, test, self._originals)
        return self._made[way]


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
            self.originals[key] = Outcome(fitted.apply(self.test).confusion)
        return self.originals[key]

    @cached_property
    def _resampled(self) -> tuple[Any, Any, Any]:
        rows, weights = balanced(self.train)
        if self.way.scaled_after:
            rows = replace(rows, counts=np.round(weights).astype(np.int64))
        return fits.fit(OVERSAMPLED, rows, weights), rows, weights

    @cached_property
    def resampled(self) -> Outcome:
        """The second model on the test loans."""
        return Outcome(self._resampled[0].apply(self.test).confusion)

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
        return Outcome(fits.fit_original(self.train).apply(self.train).confusion)

    def outcome(self, model: str) -> Outcome:
        """Return what a model gives on the test loans."""
        return self.original if model == ORIGINAL else self.resampled

    @cached_property
    def too_late(self) -> Experiment | None:
        """Both models where the loans were resampled before they were split."""
        if not len(self.loans.inverse) or self.recipe.resampler != "random_oversampling":
            return None
        # Loaded where it is called for, which few reports do.
        from imblearn.over_sampling import RandomOverSampler  # noqa: PLC0415

        loans = replace(self.loans, recipe=self.recipe)
        labels = loans.labels[loans.inverse]
        sampler = RandomOverSampler(random_state=self.recipe.seed)
        sampler.fit_resample(np.arange(len(labels)).reshape(-1, 1), labels)
        parts = splitting.split(loans.part(loans.inverse[sampler.sample_indices_]))
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
