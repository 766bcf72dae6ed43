"""Splits of a portfolio into training and test loans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.base.errors import InputError
from analysis.models import design
from analysis.models.design import Design
from analysis.models.metrics import Counts
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Label
from analysis.portfolio.loans import Loans


@dataclass(frozen=True)
class Split:
    """Training and test loans of a portfolio, both in the order the split gave them.

    Attributes
    ----------
    train, test : Loans
        With the columns that the models are fitted on.
    design : Design
        How they are made of the columns declared.
    """

    train: Loans
    test: Loans
    design: Design


def split(loans: Loans, random_state: int | None = None) -> Split:
    """Split a portfolio at random for training and testing, by its recipe.

    Where that is not stratified, the counts of each label depend on the order of the loans.

    Parameters
    ----------
    random_state : int, optional
        In place of the recipe's seed.
    """
    if not len(loans.inverse):  # they have no order in which each could be drawn
        test = drawn_by_count(loans, loans.recipe.seed if random_state is None else random_state)
        return parts_of(loans.counted(loans.counts - test), loans.counted(test))
    return parts_of(*(loans.part(each) for each in drawn(loans, random_state)))


def drawn(loans: Loans, random_state: int | None = None) -> list[NDArray[np.int64]]:
    """Return the distinct row of each training and of each test loan, in the order of the draw.

    Parameters
    ----------
    random_state : int, optional
        In place of the recipe's seed.
    """
    from sklearn.model_selection import train_test_split

    recipe = loans.recipe
    found: list[NDArray[np.int64]] = train_test_split(
        loans.inverse,
        test_size=recipe.test_share,
        stratify=loans.labels[loans.inverse] if recipe.stratified else None,
        random_state=recipe.seed if random_state is None else random_state,
    )
    return found


def drawn_by_count(loans: Loans, seed: int) -> Counts:
    """Return how many of each distinct loan are test loans: with the distribution of `drawn`.

    Parameters
    ----------
    seed : int
        Of the draws, which are multivariate hypergeometric.
    """
    generator = np.random.default_rng(seed)
    test = np.zeros_like(loans.counts)
    for counts in _strata(loans):
        number = round(loans.recipe.test_share * counts.sum())
        test += without_replacement(counts, number, generator)
    return test


def without_replacement(counts: Counts, number: int, generator: np.random.Generator) -> Counts:
    """Draw so many loans, and return how many of each distinct one are drawn.

    Parameters
    ----------
    counts : array of shape (distinct rows,)
        How many loans of each there are.
    """
    if counts.max(initial=0) > 1:
        return generator.multivariate_hypergeometric(counts, number, method="marginals")
    # Loans that are unlike each other are drawn ten times as fast by their places.
    there = np.flatnonzero(counts)
    drawn = there[generator.choice(len(there), number, replace=False, shuffle=False)]
    return np.bincount(drawn, minlength=len(counts))


def _strata(loans: Loans) -> list[Counts]:
    """Return how many there are of each distinct loan, by label where the split is stratified."""
    if not loans.recipe.stratified:
        return [loans.counts]
    return [np.where(loans.labels == label, loans.counts, 0) for label in (HEALTHY, HIGH_RISK)]


def parts_of(train: Loans, test: Loans) -> Split:
    """Return both sides of a split as the models are fitted on them and decide on them."""
    made = design.design(train)
    return Split(made.apply(train), made.apply(test), made)


def check_split(name: str, parts: Split, label: Label) -> None:
    """Raise InputError when training or test rows lack a label: nothing can be measured then."""
    for part, loans in (("training", parts.train), ("test", parts.test)):
        for value, title in ((HEALTHY, label.healthy_name), (HIGH_RISK, label.high_risk_name)):
            if not loans.label_counts[value]:
                raise InputError.of_file(
                    name,
                    f"the split leaves no {title} loan ({label.written(value)}) among the {part} "
                    "rows",
                    "loans of both labels among training and test rows",
                    "give a file with more loans of this label",
                )
