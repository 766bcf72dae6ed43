"""Wording that findings and sections share."""

from __future__ import annotations

from analysis.base import display
from analysis.base.display import MOST_DECIMALS, SHOWN, percent, plural

# Shares below this would be shown as 0.0 %.
LEAST_PORTION = 0.001
# The smallest difference that is written out.
LEAST = 1e-6


def portion(value: float) -> str:
    """Write a share above 0 in percent, so that it never reads as nothing."""
    if value < LEAST_PORTION:
        return f"less than {percent(LEAST_PORTION)}"
    if value < 1 and percent(value) == percent(1):
        return f"more than {percent(1 - LEAST_PORTION)}"
    return percent(value)


def signed(value: float) -> str:
    """Write a difference with its sign, never as 0.000 where it is not 0: +0.042, 0.0004."""
    text = display.difference(value, display.decimals_for(value))
    if not value or text.strip("0."):
        return text
    return f"{'above' if value < 0 else 'below'} {display.difference(_sign(value) * LEAST, 6)}"


def told_apart(first: float, second: float) -> tuple[str, str]:
    """Write two shares with as many decimals as show them apart: 0.9939 and 0.9938."""
    for decimals in range(SHOWN, MOST_DECIMALS + 1):
        texts = display.share(first, decimals), display.share(second, decimals)
        if first == second or texts[0] != texts[1]:
            return texts
    return texts


def _sign(value: float) -> float:
    return -1.0 if value < 0 else 1.0


def plural_or_no(number: int, one: str) -> str:
    """Write a count with its noun within a sentence: 1 paid one, 12 paid ones, no paid ones."""
    return plural(number, one) if number else f"no {one}s"


def verb(number: int, one: str, many: str) -> str:
    """Return the form of a verb that agrees with a count."""
    return one if number == 1 else many
