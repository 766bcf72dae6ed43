"""Random splits and folds of a portfolio: loan by loan, or in large ones by count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.models import design, fits, splitting
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import MOST_ONE_BY_ONE, Loans

# So many splits are made together at most, and of so many distinct loans: each is held as a few
# numbers of eight bytes a distinct loan.
MOST_TOGETHER, MOST_HELD = 5, 4_000_000


def batches(loans: Loans, seeds: Sequence[int]) -> list[Sequence[int]]:
    """Return the seeds whose splits are made together: few at a time where each takes memory."""
    size = max(1, min(MOST_TOGETHER, MOST_HELD // len(loans)))
    return [seeds[at : at + size] for at in range(0, len(seeds), size)]


def one_by_one(loans: Loans) -> bool:
    """Whether each loan of this portfolio is drawn for itself: loans counted have no order."""
    return loans.total <= MOST_ONE_BY_ONE and len(loans.inverse) > 0


def split(loans: Loans, seed: int) -> Split:
    """Split at random for training and testing, in the shares of the portfolio's recipe.

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
        return sides(*(loans.among(each) for each in splitting.drawn(loans, seed)))
    test = splitting.drawn_by_count(loans, seed)
    return sides(loans.weighed(loans.counts - test), loans.weighed(test))


def sides(train: Loans, test: Loans) -> Split:
    """Return both sides of a split as the models are fitted on them and decide on them.

    Both on all distinct rows, those of none counting 0, where such parts are fitted together.
    """
    if fits.together(train):
        return Split(train, test, design.design(train))
    return splitting.parts_of(train.held(), test.held())


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
            held += splitting.without_replacement(of_label, share, generator)
        left -= held
        yield loans.weighed(loans.counts - held), loans.weighed(held)
