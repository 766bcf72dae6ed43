"""Hold a later file against a baseline, with limits that know how many loans it has.

A limit is a prediction limit: what the figure of so many loans from an unchanged portfolio may be,
given that the baseline itself is a sample. The counts of the baseline and of the later file are
then those of a Dirichlet-multinomial distribution (Gelman et al. 2013, Bayesian Data Analysis,
section 3.4), which is drawn from; observed events for each expected one are a Poisson count whose
rate has the gamma distribution that the baseline's counts leave. Each figure is given the same part
of the 5 % (Bonferroni), so that all of them together stay within their limits in at least 95 of 100
files from an unchanged portfolio of independent loans.

Where many loans would make a limit narrower than what matters, it is as wide as that: a change that
nobody would act on is no shift, however many loans show it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.typing.pandas import Series

from analysis.base.entries import FromZero, Positive
from analysis.base.frames import Frame
from analysis.evidence.monitoring.baseline import Baseline, baseline, values_of
from analysis.evidence.monitoring.bins import BinKind, Bins
from analysis.evidence.monitoring.rates import Rate, RateKind, rates_of
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Counts
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.loans import Labels, Values

# All figures together stay within their limits in so many files.
LEVEL = 0.95
DRAWS, SEED = 10_000, 1
# A small later file, for which the report shows its limits beside those of one as large as its own.
SMALL_FILE = 1_000
# Siddiqi 2006, Credit Risk Scorecards: below 0.10 no change to speak of, from 0.25 a shift. Both
# are conventions (Yurdakul 2018, dissertation, Western Michigan University), which say how large a
# change is, not whether chance made it.
SMALL, LARGE = 0.10, 0.25
# What matters at least. An index of 0.01 is that of a normal distribution moved by a tenth of its
# standard deviation, since the symmetrised divergence is then the square of that (Kullback 1959,
# Information Theory and Statistics, chapter 9). Of a share it is a twentieth of the share, or of
# what it leaves to one where that is less; of observed events for each expected one a twentieth.
MATERIAL_INDEX, MATERIAL_PART = 0.01, 0.05
# A figure at its limit may differ from it in the last digits.
ROUNDING = 1e-12


class StabilityFrame(Frame):
    """A row a watched figure.

    `kind` is that of its bins or its rate. `baseline` and `later` are the rate in the report and
    in the later file; of a score or feature, `later` is the population stability index and
    `baseline` 0. `flag` is "shift" where `later` lies outside of `low` to `high`.
    """

    name: Series[str]
    kind: Series[str] = pa.Field(
        isin=["score", "feature", "refused", "high_risk", "recall", "observed_expected"]
    )
    baseline: Series[float] = pa.Field(ge=0)
    later: Series[float] = pa.Field(ge=0)
    low: Series[float] = pa.Field(ge=0)
    high: Series[float] = pa.Field(ge=0)
    flag: Series[str] = pa.Field(isin=["within", "shift"])


@dataclass(frozen=True)
class Limit:
    """What a watched figure of a later file may be by chance, or without its mattering.

    Attributes
    ----------
    name : str
        The model's id, the column's name, or "portfolio".
    kind : {"score", "feature", "refused", "high_risk", "recall", "observed_expected"}
        What is watched: of scores and features the population stability index, else the rate.
    low, high : float
        Between these, both included, lies what an unchanged portfolio gives and what is too little
        of a change to matter.
    """

    name: str
    kind: BinKind | RateKind
    low: FromZero
    high: FromZero


@dataclass(frozen=True)
class Planned:
    """The limits that a later file of some size will have.

    Attributes
    ----------
    rows : int
        How many loans it has, as many high-risk ones among them as the portfolio leads to expect.
    limits : tuple of Limit
        One a watched figure, those that need labels included.
    """

    rows: Positive
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class Monitoring:
    """How to tell whether a later file still is what the models were made for.

    Attributes
    ----------
    baseline : Baseline
        What it is held against.
    planned : tuple of Planned
        The limits for later files of some sizes, the fewest loans first.
    """

    baseline: Baseline
    planned: tuple[Planned, ...]


def monitoring(parts: Split, models: Pair[AppliedModel]) -> Monitoring:
    """Return what a later file is held against, and the limits of a small and of a large one."""
    reference = baseline(parts, models)
    sizes = {SMALL_FILE, parts.train.total + parts.test.total}
    return Monitoring(reference, tuple(plan(reference, rows) for rows in sorted(sizes)))


def stability(
    reference: Baseline, features: pd.DataFrame, loans: Counts, labels: Labels | None
) -> pd.DataFrame:
    """Hold a later file against the baseline.

    Parameters
    ----------
    reference : Baseline
        Bins, rates and models.
    features : DataFrame of shape (distinct rows, features)
        The file's distinct loans, at least one.
    loans : array of shape (distinct rows,)
        How many of each there are.
    labels : array of shape (distinct rows,) or None
        0 or 1. Without them the rates that need labels are not watched.

    Returns
    -------
    DataFrame
        A `StabilityFrame`, in the order of the baseline. A rate of no loans is left out.
    """
    values = {(kind, name): each for kind, name, each in values_of(reference.models, features)}
    counts = [each.counts(values[each.kind, each.name], loans) for each in reference.bins]
    scores = {each.id: values["score", each.id] for each in reference.models}
    rates = rates_of(scores, loans, labels)
    later = {(each.kind, each.name): each for each in rates if each.of}
    known = [each for each in reference.rates if (each.kind, each.name) in later]
    found = [later[each.kind, each.name] for each in known]
    limits = _limits(reference.bins, known, int(loans.sum()), [each.of for each in found])
    figures = [
        *(
            (0.0, float(stability_index(np.asarray(each.shares), of_bins)))
            for each, of_bins in zip(reference.bins, counts, strict=True)
        ),
        *((old.value, new.value) for old, new in zip(known, found, strict=True)),
    ]
    rows = [
        (each.name, each.kind, *pair, each.low, each.high, _flag(pair[1], each))
        for pair, each in zip(figures, limits, strict=True)
    ]
    return StabilityFrame.of(rows)


def plan(reference: Baseline, rows: int) -> Planned:
    """Return the limits that a later file of `rows` loans with labels will have."""
    prevalence = next(each for each in reference.rates if each.kind == "high_risk")
    high_risk = max(1, round(rows * prevalence.value))
    below = {"refused": float(rows), "high_risk": float(rows), "recall": float(high_risk)}
    sizes = [
        below.get(each.kind, high_risk / each.value if each.events else float(high_risk))
        for each in reference.rates
    ]
    return Planned(rows, tuple(_limits(reference.bins, list(reference.rates), rows, sizes)))


def stability_index(shares: Values, counts: NDArray[np.integer]) -> Values:
    """Return the population stability index, 0 upwards, best 0.

    The sum of (new - old) · ln(new / old) over bins, a symmetrised Kullback-Leibler divergence
    (Siddiqi 2006; Yurdakul 2018). An empty bin counts as half a row, for its logarithm to exist,
    and as what was expected of it where that is less.

    Parameters
    ----------
    shares : array of shape (bins,)
        Old shares, above 0.
    counts : array of shape (..., bins)
        New rows in each bin.
    """
    rows = counts.sum(axis=-1, keepdims=True)
    new = np.where(counts > 0, counts / rows, np.minimum(shares, 1 / 2 / rows))
    return np.asarray(((new - shares) * np.log(new / shares)).sum(axis=-1))


def _limits(
    bins: tuple[Bins, ...], rates: list[Rate], rows: int, sizes: list[float]
) -> list[Limit]:
    """Draw the limits of some figures, each at its part of the level.

    Parameters
    ----------
    rows : int
        Loans of the later file.
    sizes : list of float
        What stands below the line of each rate in it.
    """
    outside = (1 - LEVEL) / (len(bins) + len(rates))
    generator = np.random.default_rng(SEED)
    of_bins = [
        Limit(each.name, each.kind, 0.0, _index_limit(each, rows, outside, generator))
        for each in bins
    ]
    of_rates = [
        Limit(each.name, each.kind, *_rate_limits(each, size, outside, generator))
        for each, size in zip(rates, sizes, strict=True)
    ]
    return of_bins + of_rates


def _index_limit(bins: Bins, rows: int, outside: float, generator: np.random.Generator) -> float:
    shares = np.asarray(bins.shares)
    behind = 1 / shares[0]  # one loan counts for the outer bin
    drawn = generator.multinomial(rows, generator.dirichlet(shares * behind, DRAWS))
    chance = np.quantile(stability_index(shares, drawn), 1 - outside, method="higher")
    return max(MATERIAL_INDEX, float(chance))


def _rate_limits(
    rate: Rate, size: float, outside: float, generator: np.random.Generator
) -> tuple[float, float]:
    """Draw later rates; half an event, and half a loan without one, is added (Jeffreys' prior)."""
    if rate.kind == "observed_expected":
        drawn = generator.poisson(generator.gamma(rate.events + 0.5, size / rate.of, DRAWS))
    else:
        chance = generator.beta(rate.events + 0.5, rate.of - rate.events + 0.5, DRAWS)
        drawn = generator.binomial(int(size), chance)
    low = np.quantile(drawn, outside / 2, method="lower") / size
    high = np.quantile(drawn, 1 - outside / 2, method="higher") / size
    whole = rate.value if rate.kind == "observed_expected" else min(rate.value, 1 - rate.value)
    little = MATERIAL_PART * whole
    return float(min(low, rate.value - little)), float(max(high, rate.value + little))


def _flag(value: float, limit: Limit) -> str:
    inside = limit.low - ROUNDING <= value <= limit.high + ROUNDING
    return "within" if inside else "shift"
