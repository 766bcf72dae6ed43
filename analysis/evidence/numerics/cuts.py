"""Where to cut values: into parts of equal share, and at the shortest decimal between two."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

from analysis.models.metrics import Counts
from analysis.portfolio.loans import Values

# Sixteen digits after the leading one tell any two doubles apart.
DIGITS = 17


def equal_parts(values: Values, counts: Counts, number: int) -> NDArray[np.int64]:
    """Return which of at most so many parts of about equal share each value lies in, from 0.

    A part holds what lies above an edge, up to and with the next; the parts have no gaps.

    Parameters
    ----------
    counts : array of shape (values,)
        How many loans each value stands for.
    """
    levels = np.arange(1, number) / number
    edges = np.unique(quantiles(values, levels, counts))
    return np.unique(np.searchsorted(edges, values), return_inverse=True)[1].astype(np.int64)


def quantiles(values: Values, levels: Sequence[float] | Values, counts: Counts) -> Values:
    """Return values that occur: the least one up to which so large a share of the loans lies.

    Parameters
    ----------
    values : array of shape (rows,)
        Of a column or a score.
    levels : sequence of float
        The shares, 0 to 1.
    counts : array of shape (rows,)
        How many loans each row stands for.
    """
    # Where each counts once nothing has to be sorted.
    weights = None if (counts == 1).all() else counts
    found: Values = np.quantile(values, levels, weights=weights, method="inverted_cdf")
    return found


def readable_cut(lower: float, upper: float) -> float:
    """Return the shortest decimal t with lower < t <= upper, the one nearest the middle.

    `value >= t` then splits values as `value >= upper` does, and reads better.

    Parameters
    ----------
    lower, upper : float
        Finite, `lower` below `upper`.

    Raises
    ------
    ValueError
        When `lower` is not below `upper`.
    """
    if not lower < upper:
        raise ValueError(f"no number lies above {lower} and at or below {upper}")
    low, high = Decimal(repr(float(lower))), Decimal(repr(float(upper)))
    largest = max(low.adjusted() if low else high.adjusted(), high.adjusted() if high else 0)
    for exponent in range(largest + 1, largest - DIGITS - 1, -1):
        step = Decimal(1).scaleb(exponent)
        first = (low / step).to_integral_value(ROUND_FLOOR) + 1
        last = (high / step).to_integral_value(ROUND_FLOOR)
        middle = ((low + high) / 2 / step).to_integral_value(ROUND_HALF_EVEN)
        cut = float(min(max(middle, first), last) * step)
        if first <= last and lower < cut <= upper:
            return cut + 0.0
    return float(upper)


def readable_cut_from(lower: float, upper: float) -> float:
    """Return the shortest decimal t with lower <= t < upper: for rules of the form `value > t`."""
    return 0.0 - readable_cut(-upper, -lower)
