"""An estimate with two intervals: over loans, and over combinations of features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.evidence.numerics.resampling import LEVEL, Interval

# Closer widths are hardly seen, and may be chance even at ten thousand replicates.
SAME_WIDTH = 0.1


@dataclass(frozen=True)
class Estimate:
    """A figure with two 95 % intervals.

    Attributes
    ----------
    by_rows : Interval
        As if each test loan were independent of the others.
    by_feature_rows : Interval
        As if only loans with unlike features were: equal ones are taken together.
    relied_on : {"rows", "feature rows"}
        The interval to rely on: that by feature rows, unless that by rows is clearly wider.
    """

    by_rows: Interval
    by_feature_rows: Interval
    relied_on: Literal["rows", "feature rows"]

    @property
    def value(self) -> float | None:
        """The figure itself."""
        return self.by_rows.estimate

    @property
    def interval(self) -> Interval:
        """The interval to rely on."""
        return self.by_rows if self.relied_on == "rows" else self.by_feature_rows


def estimate(by_rows: Interval, by_feature_rows: Interval) -> Estimate:
    """Put both intervals of a figure together."""
    rows_wider = by_rows.width > (1 + SAME_WIDTH) * by_feature_rows.width
    return Estimate(by_rows, by_feature_rows, "rows" if rows_wider else "feature rows")


def normal(
    value: float | None,
    standard_error: float | None,
    method: Literal["delong", "wald"],
    low: float = -float("inf"),
    high: float = float("inf"),
) -> Interval:
    """Return value ± 1.96 standard errors, kept between `low` and `high`.

    Parameters
    ----------
    value, standard_error : float or None
        None for either where it is undefined; there are no limits then.
    method : str
        Where the standard error comes from.
    low, high : float
        What the figure cannot leave.
    """
    from scipy.stats import norm

    if value is None or standard_error is None:
        return Interval(value, None, None, method)
    reach = float(norm.ppf((1 + LEVEL) / 2)) * standard_error
    return Interval(value, max(low, value - reach), min(high, value + reach), method)
