"""Splits and folds of a portfolio, at random: loan by loan, or in large ones by count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.base.errors import InputError
from analysis.models import design, fits
from analysis.models.design import Design
from analysis.models.metrics import Counts
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Label
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import MOST_ONE_BY_ONE, Loans

# So many splits are made together at most, and of so many distinct loans: each is held as a few
# numbers of eight bytes a distinct loan.
MOST_TOGETHER, MOST_HELD = 5, 4_000_000


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

    @property
    def labelled(self) -> bool:
        """Whether both sides hold loans of both labels, without which nothing can be measured."""
        return all(min(side.label_counts.values()) for side in (self.train, self.test))


def split(loans: Loans) -> Split:
    """Split a portfolio at random for training and testing, by its recipe.

    Where that is not stratified, the counts of each label depend on the order of the loans.
    """
    seed = loans.recipe.seed
    if not len(loans.inverse):  # they have no order in which each could be drawn
        test = drawn_by_count(loans, seed)
        return parts_of(loans.counted(loans.counts - test), loans.counted(test))
    return parts_of(*(loans.part(each) for each in drawn(loans, seed)))


def resplit(loans: Loans, seed: int) -> Split:
    """Split again, in the shares of the portfolio's recipe; large portfolios by count.

    Parameters
    ----------
    seed : int
        Of `train_test_split`, or of the draw of counts (a multivariate hypergeometric one).

    Returns
    -------
    Split
        As `sides` gives it.
    """
    if one_by_one(loans):
        return sides(*(loans.among(each) for each in drawn(loans, seed)))
    test = drawn_by_count(loans, seed)
    return sides(loans.weighed(loans.counts - test), loans.weighed(test))


def one_by_one(loans: Loans) -> bool:
    """Whether each loan of this portfolio is drawn for itself: loans counted have no order."""
    return loans.total <= MOST_ONE_BY_ONE and len(loans.inverse) > 0


def drawn(loans: Loans, seed: int) -> list[Places]:
    """Return the distinct row of each training and of each test loan, in the order of the draw."""
    from sklearn.model_selection import train_test_split

    found: list[Places] = train_test_split(
        loans.inverse,
        test_size=loans.recipe.test_share,
        stratify=loans.labels[loans.inverse] if loans.recipe.stratified else None,
        random_state=seed,
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


def sides(train: Loans, test: Loans) -> Split:
    """Return both sides of a split as the models are fitted on them and decide on them.

    Both on all distinct rows, those of none counting 0, where such parts are fitted together.
    """
    if fits.together(train):
        return Split(train, test, design.design(train))
    return parts_of(train.held(), test.held())


def folds(loans: Loans, number: int, seed: int) -> Iterator[tuple[Loans, Loans]]:
    """Yield what each fold of a stratified cross-validation fits on, and what it holds out.

    Both on all distinct rows: those of none count 0.
    """
    from sklearn.model_selection import StratifiedKFold

    if one_by_one(loans):
        splitter = StratifiedKFold(number, shuffle=True, random_state=seed)
        labels = loans.labels[loans.inverse]
        for fitted, held in splitter.split(labels.reshape(-1, 1), labels):
            yield loans.among(loans.inverse[fitted]), loans.among(loans.inverse[held])
        return
    left, generator = loans.counts.copy(), np.random.default_rng(seed)
    for fold in range(number):
        held = np.zeros_like(left)
        for label in (HEALTHY, HIGH_RISK):
            of_label = np.where(loans.labels == label, left, 0)
            share = round(of_label.sum() / (number - fold))
            held += without_replacement(of_label, share, generator)
        left -= held
        yield loans.weighed(loans.counts - held), loans.weighed(held)


def batches(loans: Loans, seeds: Sequence[int]) -> list[Sequence[int]]:
    """Return the seeds whose splits are made together: few at a time where each takes memory."""
    size = max(1, min(MOST_TOGETHER, MOST_HELD // len(loans)))
    return [seeds[at : at + size] for at in range(0, len(seeds), size)]


def check_split(name: str, parts: Split, label: Label) -> None:
    """Raise InputError where nothing can be measured: a side lacks a label, or all columns."""
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
    if not parts.train.feature_names:
        raise InputError.of_file(
            name,
            "the features have one value each in all training rows",
            "a feature of at least two levels among the training rows",
            "give a file with more loans of other levels, or declare other features",
        )
