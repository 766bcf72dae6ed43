"""Descriptive statistics of each column, by label and by side of the split."""

from __future__ import annotations

import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.frames import Frame
from analysis.evidence.numerics.cuts import quantiles
from analysis.evidence.numerics.samples import sample
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Loans

GROUPS = ["all", "healthy", "high_risk", "training", "test"]
QUARTILES = (0.25, 0.5, 0.75)


class DescriptionFrame(Frame):
    """A row a column and group of loans.

    Attributes
    ----------
    column : str
        The column; figures are in its unit.
    group : str
        All loans, those of a label, or those of a side of the split.
    loans : int
        How many the group has.
    mean : float
        Mean over them.
    sd : float
        Standard deviation, with the number of loans below the line.
    minimum, maximum : float
        Least and largest value.
    lower_quartile, median, upper_quartile : float
        Values that occur (the inverse of the distribution function); of a sample of 100,000 loans
        where a group has more unlike ones.
    """

    column: Series[str]
    group: Series[str] = pa.Field(isin=GROUPS)
    loans: Series[int] = pa.Field(gt=0)
    mean: Series[float]
    sd: Series[float] = pa.Field(ge=0)
    minimum: Series[float]
    lower_quartile: Series[float]
    median: Series[float]
    upper_quartile: Series[float]
    maximum: Series[float]


def describe(loans: Loans, parts: Split) -> DataFrame[DescriptionFrame]:
    """Describe each column over all loans, over each label, and over each side of the split.

    Returns
    -------
    DataFrame
        A `DescriptionFrame`, column by column in the schema's order.
    """
    described = {
        "all": _describe(loans),
        "healthy": _describe(loans.of_label(HEALTHY)),
        "high_risk": _describe(loans.of_label(HIGH_RISK)),
        "training": _describe(parts.train),
        "test": _describe(parts.test),
    }
    rows = [
        {"column": column, "group": name} | described[name][column]
        for column in loans.feature_names
        for name in GROUPS
    ]
    return DescriptionFrame.of(rows)


def _describe(loans: Loans) -> dict[str, dict[str, float]]:
    sampled = sample(loans)
    deviations = loans.standard_deviations()
    found, there = {}, loans.counts > 0
    means = loans.means()
    for name, mean, deviation in zip(loans.feature_names, means, deviations, strict=True):
        values = loans.rows[name].to_numpy()
        cuts = quantiles(sampled.rows[name].to_numpy(float), QUARTILES, sampled.counts)
        found[name] = {
            "loans": loans.total,
            "mean": float(mean),
            "sd": float(deviation),
            "minimum": float(values.min(where=there, initial=values.max())),
            **dict(zip(("lower_quartile", "median", "upper_quartile"), cuts.tolist(), strict=True)),
            "maximum": float(values.max(where=there, initial=values.min())),
        }
    return found
