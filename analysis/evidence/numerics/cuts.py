"""Numbers to cut at: the shortest decimal that separates two neighbouring values."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

# Sixteen digits after the leading one tell any two doubles apart.
DIGITS = 17


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
