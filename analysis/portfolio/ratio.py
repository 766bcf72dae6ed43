"""A column that must be the quotient of two others, to what its decimals allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a declaration, which names such columns, is read without these libraries
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

TOLERANCE = 1e-6
# A column is taken as rounded when so many of its values have no more than these decimals.
ROUNDED = 0.95
LEAST_DECIMALS, MOST_DECIMALS = 2, 5
# Half a unit of the last decimal, and as much more as binary fractions are off.
HALF = 0.5 + 1e-6
BLOCK_ROWS = 65_536  # judged at once: a few megabytes


@dataclass(frozen=True)
class Ratio:
    """One column as the quotient of two others.

    A full value has to agree to within `TOLERANCE`. A column that shows 2 to 5 decimals was
    rounded, and has to agree to within half a unit of the last one.

    Attributes
    ----------
    column, dividend, divisor : str
        Names of columns; a row with an absent number, or a divisor not above 0, is not judged.
    """

    column: str
    dividend: str
    divisor: str

    @property
    def names(self) -> set[str]:
        """The three columns."""
        return {self.column, self.dividend, self.divisor}

    @property
    def text(self) -> str:
        """How messages name it."""
        return f"{self.dividend} / {self.divisor}"

    def tolerance(self, frame: pd.DataFrame) -> float:
        """Return how far a value of this column may be from the quotient."""
        decimals = _decimals(frame[self.column].dropna().to_numpy(float), LEAST_DECIMALS)
        return TOLERANCE if decimals is None else HALF * 10.0**-decimals

    def rounded_to(self, frame: pd.DataFrame) -> int | None:
        """Return to how many decimals the column was rounded; None where it agrees in full."""
        values, quotients = self.sides(frame)
        far = abs(values - quotients) > TOLERANCE
        return _decimals(values, LEAST_DECIMALS) if far.any() else None

    def agrees(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Return for each row whether its value agrees with the quotient, or cannot be judged."""
        import numpy as np  # noqa: PLC0415 -- see above
        import pandas as pd  # noqa: PLC0415 -- see above

        values = frame[self.column].to_numpy(float)
        decimals = _decimals(values[~np.isnan(values)], LEAST_DECIMALS)
        agrees = np.empty(len(frame), dtype=bool)
        for begin in range(0, len(frame), BLOCK_ROWS):
            part = slice(begin, begin + BLOCK_ROWS)
            agrees[part] = ~(_distances(*self.sides(frame.iloc[part]), decimals) > 0)
        return pd.Series(agrees, index=frame.index, dtype=bool)

    def in_per_cent(self, frame: pd.DataFrame) -> bool:
        """Whether the column holds a hundred times the quotient."""
        values, quotients = self.sides(frame)
        judged = quotients > 0
        percents = values[judged]
        far = _distances(percents, 100 * quotients[judged], _decimals(percents, 0))
        return bool(judged.any() and (far <= 0).mean() >= ROUNDED)

    def sides(self, frame: pd.DataFrame) -> tuple[Values, Values]:
        """Return the column and the quotient, NaN where there is none, shape (rows,) each."""
        divisors = frame[self.divisor].where(frame[self.divisor] > 0)
        quotients = (frame[self.dividend] / divisors).to_numpy(float)
        return frame[self.column].to_numpy(float), quotients


def _decimals(values: Values, least: int) -> int | None:
    for decimals in range(least, MOST_DECIMALS + 1):
        if len(values) and (values == values.round(decimals)).mean() >= ROUNDED:
            return decimals
    return None


def _distances(values: Values, quotients: Values, decimals: int | None) -> Values:
    """Return by how much each value is farther from its quotient than its column's decimals let."""
    import numpy as np  # noqa: PLC0415 -- see above

    tolerances = np.full(len(values), TOLERANCE)
    if decimals is not None:
        # A value with more decimals than its column was not rounded.
        rounded = values == np.round(values, decimals)
        tolerances[rounded] = HALF * 10.0**-decimals
    far: Values = np.abs(values - quotients) - tolerances
    return far
