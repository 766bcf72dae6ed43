"""Random splits and folds of a portfolio: loan by loan, or in large ones by count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.models import fits
from analysis.models.fits import ORIGINAL, OVERSAMPLED, FittedModel, Split
from analysis.models.metrics import Counts
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Loans

# Up to so many loans each is drawn for itself, as scikit-learn and imbalanced-learn draw it. In
# larger portfolios it is drawn how many there are of each distinct loan: the same distribution,
# at a cost that does not grow with the loans.
MOST_ONE_BY_ONE = 500_000


def one_by_one(loans: Loans) -> bool:
    """Whether each loan of this portfolio is drawn for itself."""
    return loans.total <= MOST_ONE_BY_ONE


def split(loans: Loans, seed: int) -> Split:
    """Split at random for training and testing, in the shares of the portfolio's recipe.

    Parameters
    ----------
    seed : int
        Of `train_test_split`, or of the draw of counts (a multivariate hypergeometric one).
    """
    if one_by_one(loans):
        return fits.split(loans, seed)
    generator = np.random.default_rng(seed)
    test = np.zeros_like(loans.counts)
    for counts in _strata(loans):
        number = round(loans.recipe.test_share * counts.sum())
        test += _without_replacement(counts, number, generator)
    return fits.parts_of(loans.counted(loans.counts - test), loans.counted(test))


def _strata(loans: Loans) -> list[Counts]:
    """Return how many there are of each distinct loan, by label where the split is stratified."""
    if not loans.recipe.stratified:
        return [loans.counts]
    return [np.where(loans.labels == label, loans.counts, 0) for label in (HEALTHY, HIGH_RISK)]


def folds(loans: Loans, number: int, seed: int) -> Iterator[tuple[Loans, Loans]]:
    """Yield what each fold of a stratified cross-validation fits on, and what it holds out."""
    from sklearn.model_selection import StratifiedKFold

    if one_by_one(loans):
        splitter = StratifiedKFold(number, shuffle=True, random_state=seed)
        labels = loans.labels[loans.inverse]
        for fitted, held in splitter.split(labels.reshape(-1, 1), labels):
            yield loans.part(loans.inverse[fitted]), loans.part(loans.inverse[held])
        return
    left, generator = loans.counts.copy(), np.random.default_rng(seed)
    for fold in range(number):
        held = np.zeros_like(left)
        for label in (HEALTHY, HIGH_RISK):
            of_label = np.where(loans.labels == label, left, 0)
            share = round(of_label.sum() / (number - fold))
            held += _without_replacement(of_label, share, generator)
        left -= held
        yield loans.counted(loans.counts - held), loans.counted(held)


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


def _without_replacement(counts: Counts, number: int, generator: np.random.Generator) -> Counts:
    return generator.multivariate_hypergeometric(counts, number, method="marginals")
