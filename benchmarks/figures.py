"""The arithmetic: medians, ratios pair by pair, exponents of growth."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from statistics import median

Seconds = float
Bytes = float


@dataclass(frozen=True)
class Usage:
    """What one run of a command took.

    Attributes
    ----------
    wall : float
        Seconds from its start to its end.
    cpu : float
        Seconds of user and system time, descendants included.
    memory : float
        The most bytes it held at once; see `measure.run`.
    """

    wall: Seconds
    cpu: Seconds
    memory: Bytes


Runs = Sequence[Usage]
Quantity = Callable[[Usage], float]


def medians(runs: Runs) -> Usage:
    """Return the median of each quantity over the runs."""
    return Usage(*(median(values) for values in zip(*map(astuple, runs), strict=True)))


def ratios(candidate: Runs, reference: Runs, quantity: Quantity) -> list[float]:
    """Return the candidate's share of the reference in each round, as many as there are rounds."""
    pairs = zip(candidate, reference, strict=True)
    return [quantity(one) / quantity(other) for one, other in pairs]


def ratio(candidate: Runs, reference: Runs, quantity: Quantity) -> float:
    """Return the median of the ratios pair by pair."""
    return median(ratios(candidate, reference, quantity))


def exponent(smaller: float, larger: float, factor: float) -> float:
    """Return the p of a quantity that grows with the p-th power of the rows.

    Parameters
    ----------
    smaller, larger : float
        The quantity on some rows, and on `factor` times as many.
    factor : float
        Above 1.

    Returns
    -------
    float
        1 for growth in proportion; minus infinity when nothing is left to grow, infinity when it
        grows from nothing.
    """
    if larger <= 0:
        return -math.inf
    if smaller <= 0:
        return math.inf
    return math.log(larger / smaller) / math.log(factor)


def growth(smaller: Runs, larger: Runs, factor: float, quantity: Quantity) -> float:
    """Return the median of the exponents, round by round."""
    pairs = zip(smaller, larger, strict=True)
    return median(exponent(quantity(one), quantity(other), factor) for one, other in pairs)


def growth_beyond(smaller: Runs, larger: Runs, factor: float, sizes: tuple[Bytes, Bytes]) -> float:
    """Return the median exponent of the memory beyond the files' own sizes."""
    pairs = zip(smaller, larger, strict=True)
    return median(
        exponent(one.memory - sizes[0], other.memory - sizes[1], factor) for one, other in pairs
    )
