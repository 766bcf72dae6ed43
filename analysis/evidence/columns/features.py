"""Levels and gaps of the declared features, and what they say of the label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import Positive
from analysis.base.frames import Frame
from analysis.evidence.numerics.proportions import Proportion, difference_limits, effective
from analysis.evidence.numerics.resampling import joint_level
from analysis.models.design import MISSING
from analysis.models.metrics import Counts
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Loans, Values


class LevelFrame(Frame):
    """A row a level of a category that loans have; empty where all features are numbers.

    Attributes
    ----------
    feature : str
        The category.
    level : str
        The level, or "missing".
    loans, high_risk : int
        Loans of the portfolio that have it, and the high-risk ones among them.
    """

    feature: Series[str]
    level: Series[str]
    loans: Series[int] = pa.Field(gt=0)
    high_risk: Series[int] = pa.Field(ge=0)


class GapFrame(Frame):
    """A row a feature that some loans of the portfolio miss.

    Intervals hold in 95 of 100 samples; loans of equal features count as one draw each.

    Attributes
    ----------
    feature : str
        A number or a category.
    missing : int
        Loans that miss it.
    share : float
        Their share of all loans.
    high_risk, others_high_risk : float
        Share of them that is high-risk, and of the loans that have a value; the latter absent
        where none has one.
    difference, difference_low, difference_high : float
        The former less the latter, -1 to 1, with Newcombe's interval.
    joint_low, joint_high : float
        The interval that allows for all features with gaps together.
    """

    feature: Series[str]
    missing: Series[int] = pa.Field(gt=0)
    share: Series[float] = pa.Field(gt=0, le=1)
    high_risk: Series[float] = pa.Field(ge=0, le=1)
    others_high_risk: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    difference: Series[float] = pa.Field(ge=-1, le=1, nullable=True)
    difference_low: Series[float] = pa.Field(ge=-1, le=1, nullable=True)
    difference_high: Series[float] = pa.Field(ge=-1, le=1, nullable=True)
    joint_low: Series[float] = pa.Field(ge=-1, le=1, nullable=True)
    joint_high: Series[float] = pa.Field(ge=-1, le=1, nullable=True)


@dataclass(frozen=True)
class OneSided:
    """A feature of which all loans of one label have the same value, and those of the other not.

    So are columns that are filled in once a loan has gone wrong, or was repaid.

    Attributes
    ----------
    feature : str
        Its name.
    label : int
        The label of the loans that have other values.
    loans : int
        How many of them do; a gap is a value.
    """

    feature: str
    label: Literal[0, 1]
    loans: Positive


def levels(loans: Loans) -> DataFrame[LevelFrame]:
    """Count the loans of each level of each category, in the order declared."""
    rows: list[tuple[Any, ...]] = []
    for feature in loans.declared:
        if not feature.levels:
            continue
        values = loans.rows[feature.name].to_numpy(np.float64)
        place = np.where(np.isnan(values), len(feature.levels), values).astype(np.int64)
        counts = np.bincount(place, loans.counts, len(feature.levels) + 1)
        risky = np.bincount(place, loans.counts * loans.labels, len(feature.levels) + 1)
        names, found = (*feature.levels, MISSING), np.flatnonzero(counts).tolist()
        rows += [(feature.name, names[at], counts[at], risky[at]) for at in found]
    return LevelFrame.of(rows)


def gaps(loans: Loans) -> DataFrame[GapFrame]:
    """Say of each feature that loans miss how many do, and how many of these are high-risk.

    Notes
    -----
    Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    missing = {
        name: np.isnan(loans.rows[name].to_numpy(np.float64)) for name in loans.feature_names
    }
    missing = {name: each for name, each in missing.items() if each.any()}
    alike = loans.alike if missing else np.empty(0, np.int64)
    joint = joint_level(len(missing))
    rows = []
    for name, each in missing.items():
        without, others = (np.where(held, loans.counts, 0) for held in (each, ~each))
        row: dict[str, Any] = {"feature": name, "missing": without.sum()}
        row["share"] = without.sum() / loans.total
        first = _risk(loans, without, alike)
        row["high_risk"] = first.value
        if others.any():
            second = _risk(loans, others, alike)
            row |= {"others_high_risk": second.value, "difference": first.value - second.value}
            row |= _ends("difference", difference_limits(first, second))
            row |= _ends("joint", difference_limits(first, second, joint))
        rows.append(row)
    return GapFrame.of(rows)


def _risk(loans: Loans, counts: Counts, alike: Places) -> Proportion:
    """Return the share of some loans that is high-risk."""
    return Proportion(float(counts @ loans.labels / counts.sum()), effective(alike, counts))


def _ends(name: str, limits: tuple[float, float]) -> dict[str, float]:
    return {f"{name}_low": limits[0], f"{name}_high": limits[1]}


def one_sided(loans: Loans) -> Iterator[OneSided]:
    """Give the features that take one value with one label, and others with the other."""
    of_label = {label: loans.labels == label for label in (HEALTHY, HIGH_RISK)}
    for name in loans.feature_names:
        values = loans.rows[name].to_numpy(np.float64)
        sides: tuple[tuple[Literal[0, 1], Literal[0, 1]], ...] = ((0, 1), (1, 0))
        for label, other in sides:
            usual = values[of_label[other]]
            if len(usual) and _same(usual, usual[0]).all():
                unlike = of_label[label] & ~_same(values, usual[0])
                if unlike.any():
                    yield OneSided(name, label, int(loans.counts[unlike].sum()))


def _same(values: Values, value: float) -> Any:
    return np.isnan(values) if np.isnan(value) else values == value
