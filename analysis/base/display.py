"""How figures and outside text are written in the report: rounding, signs, plurals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

MINUS = "\u2212"
DASH = "\u2013"
APOSTROPHE = "\u2019"
MOST_DECIMALS = 6
# Amounts from here on have no decimals, those from there on are written in powers of ten.
LARGE, LARGEST = 1e10, 1e15
SPELLED = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
# Figures are shown with so many decimals.
SHOWN = 3
FINER = 4  # figures that lie near each other
MOST_NAMED = 8  # items of a list within a sentence


def count(value: float) -> str:
    """Write a whole number with thousands separated: 77,536."""
    return f"{value:,.0f}".replace("-", MINUS)


def amount(value: float) -> str:
    """Write an amount with thousands separated and only the decimals that it has: 1,250 or 2.5."""
    if LARGE <= abs(value) < LARGEST:
        return count(value)
    return f"{value:,.10g}".replace("-", MINUS)


def share(value: float | None, decimals: int = 2) -> str:
    """Write a share from 0 to 1 as the published tables do: 0.85; a dash where it is undefined."""
    return DASH if value is None else f"{value:.{decimals}f}".replace("-", MINUS)


def rate(value: float | None) -> str:
    """Write a recall, an area or the like with the decimals that figures are shown with: 0.853."""
    return share(value, SHOWN)


def finer(value: float | None) -> str:
    """Write a figure of those that lie near each other, such as losses: 0.0894."""
    return share(value, FINER)


def percent(value: float | None, decimals: int = 1) -> str:
    """Write a share from 0 to 1 in percent: 97.9 %; a dash where it is undefined."""
    return DASH if value is None else f"{100 * value:.{decimals}f} %".replace("-", MINUS)


def difference(value: float, decimals: int = SHOWN) -> str:
    """Write a difference with its sign: +0.042, with a true minus, or 0.000 without one."""
    text = f"{value:+.{decimals}f}"
    return text[1:] if not float(text) else text.replace("-", MINUS)


def digits(value: float, number: int) -> str:
    """Write a number with so many digits and no exponent: 1,235 or 0.00123."""
    return f"{Decimal(f'{value:.{number}g}'):,f}".replace("-", MINUS)


def decimals_of(values: Sequence[float]) -> int:
    """Return how many decimals a column of numbers needs to show three digits of each."""
    exponents = [Decimal(f"{value:.2e}").normalize().as_tuple().exponent for value in values]
    return max((-int(exponent) for exponent in exponents if int(exponent) < 0), default=0)


def decimals_for(value: float, least: int = SHOWN) -> int:
    """Return with how many decimals a number other than 0 does not read as 0, at least `least`.

    `MOST_DECIMALS` where it would take more.
    """
    enough = (each for each in range(least, MOST_DECIMALS) if float(f"{value:.{each}f}"))
    return next(enough, MOST_DECIMALS) if value else least


def plural(value: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: 1 loan, 56 loans."""
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def listing(items: list[str]) -> str:
    """Join items as a sentence does: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def some(items: list[str], most: int = MOST_NAMED) -> list[str]:
    """Return items for a list, of many the first and how many there are besides."""
    left = len(items) - most
    return items if left <= 1 else [*items[:most], f"{count(left)} more"]


def spelled(value: int) -> str:
    """Write a count as prose does: in letters up to twelve."""
    return SPELLED[value] if 0 <= value < len(SPELLED) else count(value)


def number_or_none(value: int) -> str:
    """Write a count within a sentence: 1,250, or none."""
    return count(value) if value else "none"


def capital(text: str) -> str:
    """Return text with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]


def typographic(text: str) -> str:
    """Return text of our own with the apostrophes that Pandoc gives to the document's prose."""
    return text.replace("'", APOSTROPHE)
