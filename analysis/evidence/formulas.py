"""Formulas between columns as plain text."""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = 10  # significant digits of a printed coefficient


def term(weight: float, name: str) -> str:
    """Write one column times its weight; a weight of one is left out."""
    if abs(weight) == 1:
        return name if weight > 0 else f"-{name}"
    return f"{number(weight)} * {name}"


def weighted_sum(weights: Sequence[float], names: tuple[str, ...]) -> str:
    """Write a weighted sum of columns and a constant, as in "2 * a - b + 30000"."""
    text = term(weights[0], names[0])
    for weight, name in zip(weights[1:-1], names[1:], strict=True):
        text += f" {_sign(weight)} {term(abs(weight), name)}"
    return text + (f" {_sign(weights[-1])} {number(abs(weights[-1]))}" if weights[-1] else "")


def _sign(weight: float) -> str:
    return "-" if weight < 0 else "+"


def number(value: float) -> str:
    """Write a number at the digits that matter, without an exponent where it is whole."""
    rounded = float(f"{value:.{DIGITS}g}")
    return str(int(rounded)) if rounded.is_integer() else str(rounded)
