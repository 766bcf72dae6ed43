"""Random splits and folds of a portfolio: loan by loan, or in large ones by count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.evidence.numerics.samples import without_replacement
from analysis.models import design, fits
from analysis.models.fits import ORIGINAL, OVERSAMPLED, FittedModel, Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import MOST_ONE_BY_ONE, Loans
from analysis.portfolio.recipe import USUAL


def one_by_one(loans: Loans) -> bool:
    """Whether each loan of this portfolio is drawn for itself."""
    return loans.total <= MOST_ONE_BY_ONE


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
        return sides(*(loans.among(each) for each in fits.drawn(loans, seed)))
    test = fits.drawn_by_count(loans, seed)
    return sides(loans.weighed(loans.counts - test), loans.weighed(test))


def sides(train: Loans, test: Loans) -> Split:
    """Return both sides of a split as the models are fitted on them and decide on them.

    Both are on the same distinct rows, of which those that count 0 are passed over. They are so
    where the fit does the same and the columns are those of every split: then nothing is copied.
    """
    if train.recipe.solver == USUAL.solver and design.stays(train):
        return Split(train, test, design.design(train))
    return fits.parts_of(train.held(), test.held())


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


def fit_both(
    train: Loans, seed: int, start: Mapping[str, FittedModel] | None = None
) -> dict[str, FittedModel]:
    """Fit both models, by model id.

    Parameters
    ----------
    seed : int
        The resampler's.
    start : mapping of str to FittedModel, optional
        Both models of similar loans, see `fits.fit`.
    """
    begin = start or {}
    return {
        ORIGINAL: fits.fit_original(train, begin.get(ORIGINAL)),
        OVERSAMPLED: fits.fit_oversampled(train, seed, begin.get(OVERSAMPLED)),
    }
