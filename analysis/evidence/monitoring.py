"""Bins of scores and features with their training shares, to hold a later file against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.typing.pandas import Series

from analysis.base.entries import Count, Share
from analysis.evidence.numerics.cuts import readable_cut
from analysis.models.fits import FittedModel
from analysis.portfolio.loans import Loans, Values
from analysis.portfolio.schema import feature_names

BINS = 10
# A column with no more values than this gets a bin for each.
MOST_VALUES = 20
# Siddiqi 2006, Credit Risk Scorecards: below 0.10 no change to speak of, from 0.25 a shift.
# Yurdakul 2018 (dissertation, Western Michigan University) shows that both are conventions: how
# large the index comes out by chance depends on the rows, so that is stated beside them.
WATCH, SHIFT = 0.10, 0.25
CONFIDENCE = 0.95
# Digits to which scores are rounded before they are binned, so that equal loans share a bin
# whatever the order in which a machine adds.
DECIMALS = 9
Kind = Literal["score", "feature"]


@dataclass(frozen=True)
class ScoredModel:
    """What is needed to score a later file: log-odds = intercept + coefficients · features.

    Attributes
    ----------
    id : str
        The model's id.
    intercept : float
        Log-odds.
    coefficients : dict of str to float
        Log-odds per unit, by column.
    """

    id: str
    intercept: float
    coefficients: dict[str, float]

    def scores(self, table: pd.DataFrame) -> Values:
        """Return the log-odds of a high-risk loan for each row, shape (rows,)."""
        weights = np.array([self.coefficients[name] for name in feature_names()])
        return np.asarray(table[feature_names()].to_numpy(float) @ weights + self.intercept)


@dataclass(frozen=True)
class Bins:
    """The bins of one score or feature.

    Attributes
    ----------
    name : str
        The model's id or the column's name.
    kind : {"score", "feature"}
        Log-odds of a model, or a column in its own unit.
    edges : tuple of float
        Rising; each opens a bin and closes the one before. The first and the last bin have no
        end, so that every value has a bin.
    shares : tuple of float
        Share of the training rows in each bin, one more than edges, above 0, summing to 1.
    """

    name: str
    kind: Kind
    edges: tuple[float, ...]
    shares: tuple[Share, ...]

    def counts(self, values: Values, loans: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count loans in each bin, shape (bins,); each value stands for some of the loans."""
        found = np.searchsorted(np.asarray(self.edges), values, side="right")
        return np.bincount(found, loans, minlength=len(self.edges) + 1).astype(np.int64)


@dataclass(frozen=True)
class Baseline:
    """What a later file is held against; made by `baseline`, read back by `from_dict`.

    Attributes
    ----------
    training_rows : int
        Rows behind the shares.
    models : tuple of ScoredModel
        Both models as published.
    bins : tuple of Bins
        A score for each model, then the features.
    """

    training_rows: Count
    models: tuple[ScoredModel, ...]
    bins: tuple[Bins, ...]

    def values(self, table: pd.DataFrame) -> dict[tuple[Kind, str], Values]:
        """Return the scores and features of a table, by kind and name."""
        values: dict[tuple[Kind, str], Values] = {
            ("score", each.id): np.round(each.scores(table), DECIMALS) for each in self.models
        }
        for name in feature_names():
            values["feature", name] = table[name].to_numpy(float)
        return values


class StabilityFrame(pa.DataFrameModel):
    """A row a score or feature: its population stability index.

    `chance` is what the index stays below in 95 of 100 files of this size when nothing has
    changed; a column with a single bin has an index and chance of 0.
    """

    name: Series[str]
    kind: Series[str] = pa.Field(isin=["score", "feature"])
    bins: Series[int] = pa.Field(ge=1)
    index: Series[float] = pa.Field(ge=0)
    chance: Series[float] = pa.Field(ge=0)
    flag: Series[str] = pa.Field(isin=["stable", "watch", "shift"])

    class Config:
        """Exactly these columns."""

        strict = True


def baseline(train: Loans, published: Mapping[str, FittedModel]) -> Baseline:
    """Bin the training rows' scores and features.

    About `BINS` bins of equal share; a bin a value where there are few of them.

    Parameters
    ----------
    train : Loans
        The training loans.
    published : mapping of model id to FittedModel
        The models to score with.
    """
    scored = tuple(
        ScoredModel(
            id=name,
            intercept=model.intercept,
            coefficients=dict(zip(feature_names(), model.coefficients.tolist(), strict=True)),
        )
        for name, model in published.items()
    )
    unbinned = Baseline(train.total, scored, ())
    values = unbinned.values(train.features)
    bins = tuple(_bins(*key, values[key], train.counts) for key in values)
    return Baseline(train.total, scored, bins)


def stability(reference: Baseline, loans: Loans) -> pd.DataFrame:
    """Hold a later file against the training rows.

    Parameters
    ----------
    reference : Baseline
        Bins and models.
    loans : Loans
        At least one; their labels are not used.

    Returns
    -------
    DataFrame
        A `StabilityFrame`, in the order of the baseline's bins.
    """
    values = reference.values(loans.features)
    rows = []
    for each in reference.bins:
        counts = each.counts(values[each.kind, each.name], loans.counts)
        index = stability_index(np.asarray(each.shares), counts)
        chance = chance_index(len(each.shares), reference.training_rows, loans.total)
        flag = "stable" if index < WATCH else "watch" if index < SHIFT else "shift"
        rows.append((each.name, each.kind, len(each.shares), index, chance, flag))
    return StabilityFrame.validate(
        pd.DataFrame(rows, columns=list(StabilityFrame.to_schema().columns))
    )


def stability_index(shares: Values, counts: NDArray[np.int64]) -> float:
    """Return the population stability index, 0 upwards, best 0.

    The sum of (new - old) · ln(new / old) over bins, a symmetrised Kullback-Leibler divergence
    (Siddiqi 2006; Yurdakul 2018). An empty bin counts as half a row, for its logarithm to exist,
    and as what was expected of it where that is less.

    Parameters
    ----------
    shares : array of shape (bins,)
        Old shares, above 0.
    counts : array of shape (bins,)
        New rows in each bin.
    """
    rows = counts.sum()
    new = np.where(counts > 0, counts / rows, np.minimum(shares, 1 / 2 / rows))
    return float(((new - shares) * np.log(new / shares)).sum())


def chance_index(bins: int, training_rows: int, rows: int) -> float:
    """Return what the index stays below in 95 of 100 files from the same population.

    It is distributed about as chi-squared with `bins` - 1 degrees of freedom, times the sum of the
    two reciprocal numbers of rows (Yurdakul 2018).
    """
    from scipy.stats import chi2

    if bins == 1:
        return 0.0
    return float(chi2.ppf(CONFIDENCE, bins - 1) * (1 / training_rows + 1 / rows))


def from_dict(content: Mapping[str, Any]) -> Baseline:
    """Read a baseline back from the dictionary that its JSON form holds.

    Raises
    ------
    ValueError
        When it is not a baseline, with what is wrong.
    """
    try:
        found = Baseline(
            training_rows=int(content["training_rows"]),
            models=tuple(
                ScoredModel(
                    str(each["id"]),
                    float(each["intercept"]),
                    {name: float(each["coefficients"][name]) for name in feature_names()},
                )
                for each in content["models"]
            ),
            bins=tuple(
                Bins(
                    str(each["name"]),
                    each["kind"],
                    tuple(float(edge) for edge in each["edges"]),
                    tuple(float(share) for share in each["shares"]),
                )
                for each in content["bins"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is no monitoring baseline: {error!r}") from None
    _check(found)
    return found


def _check(found: Baseline) -> None:
    names = [("score", each.id) for each in found.models]
    names += [("feature", name) for name in feature_names()]
    if [(each.kind, each.name) for each in found.bins] != names:
        raise ValueError("this is no monitoring baseline: not one set of bins for each score")
    for each in found.bins:
        if not (
            len(each.shares) == len(each.edges) + 1
            and all(np.diff(each.edges) > 0)
            and min(each.shares) > 0
            and abs(sum(each.shares) - 1) < 1e-6  # noqa: PLR2004 -- rounding of a sum
        ):
            raise ValueError(f"this is no monitoring baseline: bins of {each.name!r} do not add up")
    if found.training_rows < 1:
        raise ValueError("this is no monitoring baseline: it has no training rows")


def _bins(kind: Kind, name: str, values: Values, loans: NDArray[np.int64]) -> Bins:
    unbinned = Bins(name, kind, _edges(values, loans), ())
    shares = unbinned.counts(values, loans) / loans.sum()
    return Bins(name, kind, unbinned.edges, tuple(shares.tolist()))


def _edges(values: Values, loans: NDArray[np.int64]) -> tuple[float, ...]:
    """Cut between neighbouring values: at each, where they are few, else near the quantiles."""
    distinct = np.unique(values)
    opening = np.arange(1, len(distinct))
    if len(distinct) > MOST_VALUES:
        shares = np.arange(1, BINS) / BINS
        levels = np.quantile(values, shares, weights=loans, method="inverted_cdf")
        opening = np.unique(np.searchsorted(distinct, levels))
        opening = opening[opening > 0]
    return tuple(readable_cut(float(distinct[at - 1]), float(distinct[at])) for at in opening)


def describe(found: pd.DataFrame) -> str:
    """Write a `StabilityFrame` for a terminal, with what crosses a limit named below.

    Parameters
    ----------
    found : DataFrame
        As `stability` returns it.
    """
    shown = found.assign(
        name=found["name"] + (found["kind"] == "score").map({True: " score", False: ""})
    ).drop(columns="kind")
    table = shown.to_string(index=False, float_format=lambda value: f"{value:.4f}")
    lines = [table]
    for flag, limit in (("watch", WATCH), ("shift", SHIFT)):
        crossed = shown.loc[shown["flag"] == flag, "name"]
        names = ", ".join(crossed) if len(crossed) else "nothing"
        lines.append(f"{flag} (index {limit:.2f} or more): {names}")
    return "\n".join(lines)
