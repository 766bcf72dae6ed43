"""Both models where loans with equal features stay on one side of the split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import Count, Share
from analysis.models import fits, splitting
from analysis.models.fitted import FittedModel
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.models.splitting import Split
from analysis.portfolio.loans import Loans

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class GroupedSplit:
    """Both models under a split that keeps rows with equal features on one side.

    Attributes
    ----------
    seed : int
        Seed of the split.
    train_rows, test_rows : int
        Loans on each side.
    original, oversampled : float or None
        Balanced accuracy on the test rows, 0 to 1, best 1; None when a side lacks a label.
    """

    seed: Count
    train_rows: Count
    test_rows: Count
    original: Share | None
    oversampled: Share | None


@dataclass(frozen=True)
class GroupedMean:
    """A model's balanced accuracy under grouped splits and under random ones.

    Attributes
    ----------
    grouped, random : float
        Mean over the grouped splits, and over the random re-splits, 0 to 1.
    difference : float
        Grouped less random.
    lower, upper : float
        2.5 % and 97.5 % quantiles of the random re-splits: a difference within their spread says
        nothing.
    """

    grouped: Share
    random: Share
    difference: float
    lower: Share
    upper: Share


def grouped_splits(loans: Loans, start: Mapping[str, FittedModel]) -> tuple[GroupedSplit, ...]:
    """Split and fit both models for each seed, rows with equal features kept on one side.

    Notes
    -----
    Leakage between equal rows: Kapoor and Narayanan 2023, doi:10.1016/j.patter.2023.100804.
    """
    if loans.alike.max() == 0:
        return ()
    made = [_grouped_splits(loans, each, start) for each in splitting.batches(loans, SEEDS)]
    return tuple(chain(*made))


def _grouped_splits(
    loans: Loans,
    seeds: Sequence[int],
    start: Mapping[str, FittedModel],
) -> list[GroupedSplit]:
    """Split for some seeds, and fit on those splits that have both labels on both sides."""
    parts = {seed: _grouped_sides(loans, seed) for seed in seeds}
    whole = [seed for seed, each in parts.items() if each.labelled]
    fitted = fits.fit_both(loans, [parts[seed].train for seed in whole], whole, start)
    models = dict(zip(whole, fitted, strict=True))
    return [_grouped_split(seed, each, models.get(seed, {})) for seed, each in parts.items()]


def _grouped_sides(loans: Loans, seed: int) -> Split:
    from sklearn.model_selection import ShuffleSplit

    # Of the distinct feature rows, the share that the published split takes of the rows. As
    # GroupShuffleSplit draws, which would first look for the combinations that are known here.
    number = int(loans.alike.max()) + 1
    splitter = ShuffleSplit(n_splits=1, test_size=loans.recipe.test_share, random_state=seed)
    chosen = np.zeros(number, dtype=bool)
    chosen[next(splitter.split(chosen))[1]] = True
    tested = chosen[loans.alike]
    return splitting.sides(_side(loans, ~tested), _side(loans, tested))


def _grouped_split(seed: int, parts: Split, fitted: Mapping[str, FittedModel]) -> GroupedSplit:
    measured: dict[str, float | None] = {ORIGINAL: None, OVERSAMPLED: None}
    for model, each in fitted.items():
        measured[model] = each.apply(parts.test).confusion.balanced_accuracy
    return GroupedSplit(seed, parts.train.total, parts.test.total, **measured)


def _side(loans: Loans, chosen: NDArray[np.bool_]) -> Loans:
    """Return the loans of some distinct rows, in the portfolio's order where that decides."""
    if splitting.one_by_one(loans):
        return loans.among(loans.inverse[chosen[loans.inverse]])
    return loans.weighed(np.where(chosen, loans.counts, 0))


def against_random(
    grouped: tuple[GroupedSplit, ...], summary: pd.DataFrame
) -> Pair[GroupedMean] | None:
    """Compare grouped splits with the mean over random ones, both models.

    Parameters
    ----------
    grouped : tuple of GroupedSplit
        As `grouped_splits` makes them.
    summary : DataFrame
        A `resplits.SummaryFrame`.

    Returns
    -------
    Pair of GroupedMean or None
        None where either kind of split gave no figure.
    """
    measured = [each for each in grouped if each.original is not None]
    if not measured or summary.empty:
        return None
    rows = summary[summary["metric"] == "balanced_accuracy"].set_index("model")

    def mean(name: str) -> GroupedMean:
        random = rows.loc[name].to_dict()
        found = float(np.mean([getattr(each, name) for each in measured]))
        return GroupedMean(
            grouped=found,
            random=random["mean"],
            difference=found - random["mean"],
            lower=random["lower"],
            upper=random["upper"],
        )

    return Pair(mean(ORIGINAL), mean(OVERSAMPLED))
