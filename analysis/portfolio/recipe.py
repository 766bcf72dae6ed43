"""How the loans are split, resampled and fitted: the choices of a hand-written report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, with_config

from analysis.base import yaml_file

Words = Annotated[str, BeforeValidator(yaml_file.one_line), Field(max_length=2_000)]
Solver = Literal["newton-cholesky", "newton-cg", "lbfgs", "liblinear"]
Resampler = Literal["random_oversampling", "random_undersampling", "smote", "class_weights"]
# What was done to the second model's training loans; its name; the adjective of its loans.
_WORDS: dict[Resampler, tuple[str, str, str]] = {
    "random_oversampling": ("random oversampling", "Oversampled", "oversampled"),
    "random_undersampling": ("random undersampling", "Undersampled", "undersampled"),
    "smote": ("SMOTE", "SMOTE", "SMOTE"),
    "class_weights": ("class weights", "Weighted", "weighted"),
}


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Recipe:
    """How the loans are split and the models fitted.

    Attributes
    ----------
    seed : int
        Of the split, the resampler and the solver.
    test_share : float
        Share of the loans that are kept for testing.
    stratified : bool
        Whether the split keeps the share of each label.
    scaled : bool
        Whether numbers are standardised by the training loans' mean and standard deviation.
    solver : str
        Of scikit-learn's LogisticRegression: `newton-cholesky`, which goes on to the optimum
        itself, `newton-cg`, `lbfgs` or `liblinear`, which stop within the library's tolerance.
    iterations : int
        After how many it is stopped at the latest.
    resampler : str
        What makes both labels count alike in the second model: `random_oversampling`,
        `random_undersampling`, `smote` (synthetic loans, where all features are numbers) or
        `class_weights`.
    reason : str
        Why it is not the usual recipe.
    """

    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    test_share: Annotated[float, Field(gt=0, lt=1)] = 0.25
    stratified: bool = False
    scaled: bool = True
    solver: Solver = "newton-cholesky"
    iterations: Annotated[int, Field(ge=1, le=1_000_000)] = 1_000
    resampler: Resampler = "random_oversampling"
    reason: Words = ""

    @property
    def fit(self) -> tuple[bool, Solver, int]:
        """How a model is fitted: scaled or not, solver, iterations."""
        return self.scaled, self.solver, self.iterations

    @property
    def fitted_by(self) -> str:
        """How the models are fitted, in words that follow "fitted with"."""
        columns = (
            "columns scaled to mean 0 and standard deviation 1 over the training loans"
            if self.scaled
            else "the columns as they are"
        )
        newton = "Newton's method for scikit-learn's logistic regression"
        solver = newton if self.solver == USUAL.solver else f"scikit-learn's {self.solver} solver"
        most = f", stopped after {self.iterations:,} iterations at the latest"
        stop = "" if self.fit == USUAL.fit else most
        return f"{solver} on {columns}{stop}"

    @property
    def resampling(self) -> str:
        """What makes both labels count alike, as a noun: `random oversampling`, `SMOTE`."""
        return _WORDS[self.resampler][0]

    @property
    def resampled_title(self) -> str:
        """What the second model is called in a table: `Oversampled`, `Weighted`."""
        return _WORDS[self.resampler][1]

    @property
    def resampled_name(self) -> str:
        """What the second model is called in a sentence: `the oversampled model`."""
        return f"the {self.resampled_adjective} model"

    @property
    def resampled_adjective(self) -> str:
        """What its training loans are: `oversampled`, `weighted`."""
        return _WORDS[self.resampler][2]

    @property
    def random(self) -> bool:
        """Whether the resampler draws at random."""
        return self.resampler != "class_weights"


USUAL = Recipe()
