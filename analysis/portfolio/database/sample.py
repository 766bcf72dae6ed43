"""A sample of distinct rows by a hash of each, the same on every engine; and rows to be judged."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from analysis.portfolio.cells import LARGEST, label_values
from analysis.portfolio.column import NUMBERS, Column
from analysis.portfolio.declaration import Declaration

# Numbers count in a hash by their millionths, and up to here.
PER_UNIT, FARTHEST = 1e6, 9e12
DIGITS = 7  # hexadecimal ones of a hash that are compared
LOOSE = 0.005  # how far a ratio of two decimals may be off


def drawn(groups: Any, columns: list[str], texts: set[str], seed: int, share: float) -> Any:
    """Return about a share of some distinct rows, each with all its copies.

    Parameters
    ----------
    groups : Ibis table
        A row for each distinct row.
    columns, texts : list and set of str
        The columns that make a row; those of them that are no numbers.
    """
    import ibis  # noqa: PLC0415 -- loaded once an address is given

    # Ibis has no hash of its own that PostgreSQL knows; each engine has this one.
    md5 = ibis.udf.scalar.builtin(_md5, name="md5")
    parts = [ibis.literal(str(seed)), *(_text(groups[each], each in texts) for each in columns)]
    bound = f"{round(share * 16**DIGITS):0{DIGITS}x}"
    return groups.filter(md5(ibis.literal("|").join(parts)).substr(0, DIGITS) < bound)


def _md5(text: str) -> str:
    """Return 32 hexadecimal digits: the engine does, not this function."""
    raise NotImplementedError(text)


def _text(value: Any, is_text: bool) -> Any:
    """Return what all engines write alike."""
    if is_text:
        return value.cast("string").fill_null("")
    whole = (
        value.fill_null(0.0).clip(-FARTHEST / PER_UNIT, FARTHEST / PER_UNIT) * PER_UNIT
    ).floor()
    return whole.cast("int64").cast("string")


def suspect(groups: Any, declared: Declaration, columns: dict[str, str]) -> Any:
    """Return the distinct rows that may not be as declared; what they are is judged elsewhere.

    Amounts written as texts are not looked at, nor whether a ratio is right to the last digit.

    Parameters
    ----------
    columns : dict of str to str
        The columns of `groups`, by the names declared.
    """
    tests = [
        _wrong(groups[columns[each.name]], declared, each)
        for each in declared.columns
        if each.name in columns and (each.plain or each.type not in NUMBERS)
    ]
    for ratio in declared.identities:
        if ratio.names <= columns.keys():
            value, dividend, divisor = (
                groups[columns[each]] for each in (ratio.column, ratio.dividend, ratio.divisor)
            )
            far = (value * divisor - dividend).abs() > LOOSE * divisor
            tests.append((divisor > 0) & far)
    return groups.filter(reduce(or_, tests))


def _wrong(value: Any, declared: Declaration, column: Column) -> Any:
    """Return whether a value is none of those that are declared."""
    meant = [*label_values(declared)] if column.use == "label" else [*column.levels]
    absent = declared.missing(column)
    known = [*meant, *absent]
    if not column.plain:
        text = value.cast("string").strip().fill_null("")
        return text.isin({"", *absent} - {*absent}) if column.others else text.notin(known)
    held = column.constraints
    ends = {
        "minimum": held.minimum is not None and value < held.minimum,
        "above": held.exclusive_minimum is not None and value <= held.exclusive_minimum,
        "maximum": held.maximum is not None and value > held.maximum,
        "below": held.exclusive_maximum is not None and value >= held.exclusive_maximum,
        "label": bool(meant) and value.notin([float(each) for each in meant]),
        "whole": column.integer and value != value.floor(),
        "finite": (value.abs() > LARGEST) | value.isnan(),
    }
    wrong = reduce(or_, [each for each in ends.values() if each is not False])
    coded = [number for text in absent if (number := _number(text)) is not None]
    known = wrong & value.notin(coded) if coded else wrong
    return known.fill_null(False) | (value.isnull() if not absent else False)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
