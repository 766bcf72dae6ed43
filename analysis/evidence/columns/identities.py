"""Columns that other columns give exactly, found by searching pairs and triples of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import FromZero
from analysis.evidence.columns import screening
from analysis.portfolio.distinct import distinct
from analysis.portfolio.loans import Values

# Far above the rounding of a sum or a quotient (1e-16), far below any recorded digit.
TOLERANCE = 1e-9
# So many distinct points more than a formula has parameters must agree before it is believed.
MARGIN = 5
HEAD = 1_000  # rows that a formula must fit before all rows are looked at
BLOCK_ROWS = 65_536  # looked at together, so that no copy of a column is made
DIGITS = 10  # significant digits of a printed coefficient


@dataclass(frozen=True)
class Identity:
    """One column that others give in every row.

    Attributes
    ----------
    kind : {"constant", "affine", "linear", "ratio", "product"}
        One value throughout; a multiple of one column plus a constant; a weighted sum of two
        columns plus a constant; a quotient or a product of two columns, times a constant.
    target : str
        The column given.
    sources : tuple of str
        The columns that give it, in the order of the formula; none for a constant.
    formula : str
        The identity in plain text, as in "debt = income - 30000".
    largest_error : float
        The largest difference in any row, by the largest absolute value of the target; from 0.
    """

    kind: Literal["constant", "affine", "linear", "ratio", "product"]
    target: str
    sources: tuple[str, ...]
    formula: str
    largest_error: FromZero


def search(table: pd.DataFrame) -> tuple[Identity, ...]:
    """Find the exact identities between the features, each fact once.

    Of two columns that give each other, the later one in the table's order counts as given; a
    relation of products is written as a quotient wherever nothing is divided by zero.

    Parameters
    ----------
    table : DataFrame of shape (rows, columns)
        The features that are numbers; an indicator, 0 or 1, has too few values to prove a
        formula. Equal rows add nothing and may be left out.

    Returns
    -------
    tuple of Identity
        Constants first, then sums, then quotients and products. An identity holds in every row
        to `TOLERANCE`, relative to the largest term of the row, on at least `MARGIN` distinct
        points more than it has parameters.

    Notes
    -----
    Every pair and triple of columns is a candidate; `screening` drops at once those that a few
    rows rule out.
    """
    columns = {str(name): table[name].to_numpy(np.float64) for name in table}
    constants = [_constant(name, values) for name, values in columns.items() if _still(values)]
    for each in constants:
        del columns[each.target]
    if not columns:
        return tuple(constants)
    sums = list(_sums(columns))
    # A multiple of a column would repeat each quotient and product that the column is part of.
    multiples = {each.target for each, offset in sums if each.kind == "affine" and not offset}
    rest = {name: values for name, values in columns.items() if name not in multiples}
    return (*constants, *(each for each, _ in sums), *_products(rest))


def _still(values: Values) -> bool:
    return bool(values.min() == values.max())


def _constant(name: str, values: Values) -> Identity:
    return Identity("constant", name, (), f"{name} = {number(values[0])}", 0.0)


def _sums(columns: dict[str, Values]) -> Iterator[tuple[Identity, float]]:
    """Find columns that one or two earlier ones give, with the constant that is added."""
    names, rows = list(columns), _head(columns)
    correlated, free = screening.correlations(rows), list[int]()
    for place, target in enumerate(names):
        near = screening.sums(correlated, place, free)
        candidates = (tuple(names[at] for at in places) for places in near)
        found = next(filter(None, (_sum(columns, target, each) for each in candidates)), None)
        if found is None:
            free.append(place)
        else:
            yield found


def _sum(
    columns: dict[str, Values], target: str, sources: tuple[str, ...]
) -> tuple[Identity, float] | None:
    """Return the sum of the sources that gives the target, with its constant, if there is one."""
    values, given = columns[target], [columns[name] for name in sources]
    weights = _weights(values, given)
    if weights is None:
        return None
    kind: Literal["affine", "linear"] = "affine" if len(sources) == 1 else "linear"
    formula = f"{target} = {weighted_sum(weights.tolist(), sources)}"
    error = _largest_error(values, sum(_terms(weights, given)))
    return Identity(kind, target, sources, formula, error), float(weights[-1])


def _weights(values: Values, given: list[Values]) -> Values | None:
    """Return the weights and the constant that give the values exactly, as few digits as do."""
    head = _spread([values, *given])
    fitted = _fit([each[head] for each in given], values[head])
    for weights in (_tidy(fitted, given, values), fitted):
        terms = _terms(weights, given)
        matter = all(np.ptp(term) > TOLERANCE * np.ptp(values) for term in terms[:-1])
        if matter and _agree(values, terms, head) and _proven(len(weights), values, *given):
            return weights
    return None


def _terms(weights: Values, given: list[Values]) -> list[Any]:
    return [weight * each for weight, each in zip(weights, [*given, 1.0], strict=True)]


def _fit(given: list[Values], values: Values) -> Values:
    """Return the weights and the constant that fit best, from columns brought to one scale."""
    middles = np.array([each.mean() for each in given])
    scales = np.array([np.ptp(each) or 1.0 for each in given])
    design = (np.column_stack(given) - middles) / scales
    weights = np.linalg.lstsq(design, values - values.mean(), rcond=None)[0] / scales
    return np.append(weights, values.mean() - weights @ middles)


def _tidy(weights: Values, given: list[Values], values: Values) -> Values:
    """Round each weight to the digits that matter for the target: 30000, not 29999.99999999."""
    size = np.abs(values).max()
    scales = np.array([*(size / np.abs(each).max() for each in given), size])
    digits = DIGITS - np.ceil(np.log10(scales)).astype(int)
    return np.array([round(float(w), int(d)) for w, d in zip(weights, digits, strict=True)])


def _products(columns: dict[str, Values]) -> Iterator[Identity]:
    """Find columns that are, up to a factor, the product or the quotient of two others."""
    names, rows = list(columns), _head(columns)
    for place, product in enumerate(names):
        for first, second in screening.factors(rows, place):
            factors = names[first], names[second]
            factor = _factor(columns, product, factors)
            if factor is not None:
                yield _product(columns, product, factors, factor)


def _factor(columns: dict[str, Values], product: str, factors: tuple[str, ...]) -> float | None:
    """Return k where product = k * first * second in every row, else None."""
    values, first, second = (columns[name] for name in (product, *factors))
    head = _spread([values, first, second])
    largest = head[np.abs(first[head] * second[head]).argmax()]
    if not first[largest] * second[largest] or not values[largest]:
        return None
    exact = float(values[largest] / (first[largest] * second[largest]))
    for factor in (float(f"{exact:.{DIGITS}g}"), exact):
        if _agree(values, [factor * first * second], head):
            filled = slice(None) if values.all() else values != 0
            return factor if _proven(1, values[filled], first[filled], second[filled]) else None
    return None


def _product(
    columns: dict[str, Values], product: str, factors: tuple[str, ...], factor: float
) -> Identity:
    """Write a relation of products as the quotient that gives the later factor, if one can."""
    first, second = factors
    for target, divisor in ((second, first), (first, second)):
        if columns[divisor].all():
            inverse = float(f"{1 / factor:.{DIGITS}g}")
            formula = f"{target} = {term(inverse, product)} / {divisor}"
            given = inverse * columns[product] / columns[divisor]
            error = _largest_error(columns[target], given)
            return Identity("ratio", target, (product, divisor), formula, error)
    formula = f"{product} = {term(factor, first)} * {second}"
    error = _largest_error(columns[product], factor * columns[first] * columns[second])
    return Identity("product", product, factors, formula, error)


def _head(columns: dict[str, Values]) -> Values:
    """Return the rows that a formula must fit first, shape (rows, columns)."""
    values = list(columns.values())
    head = _spread(values)
    return np.column_stack([each[head] for each in values])


def _spread(columns: list[Values]) -> NDArray[np.int64]:
    """Return positions of the extremes of each column and of rows spread over the table."""
    extremes = [position for each in columns for position in (each.argmin(), each.argmax())]
    even = np.linspace(0, len(columns[0]) - 1, HEAD).astype(np.int64)
    return np.unique([*even, *extremes])


def _agree(values: Values, terms: list[Any], head: NDArray[np.int64]) -> bool:
    """Whether the terms add up to the values, in the rows of `head` and then in all rows."""
    spread = np.ptp(values)
    blocks = [slice(at, at + BLOCK_ROWS) for at in range(0, len(values), BLOCK_ROWS)]
    rows: Any
    for rows in (head, *blocks):
        parts = [np.broadcast_to(term, values.shape)[rows] for term in terms]
        scale = reduce(np.maximum, map(np.abs, [values[rows], *parts]))
        # In a column that hardly varies about a large value, any formula is near.
        limit = TOLERANCE * np.minimum(scale, spread)
        if (np.abs(values[rows] - sum(parts)) > limit).any():
            return False
    return True


def _proven(parameters: int, *columns: Values) -> bool:
    """Whether enough distinct points agree to believe a formula with so many parameters."""
    return any(  # the first rows nearly always suffice
        len(distinct(pd.DataFrame({at: each[rows] for at, each in enumerate(columns)})))
        >= parameters + MARGIN
        for rows in (slice(HEAD), slice(None))
    )


def _largest_error(values: Values, given: Values) -> float:
    return float(np.abs(values - given).max() / np.abs(values).max())


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
