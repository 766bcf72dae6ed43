"""Tables of results: what their schemas have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame


class Frame(pa.DataFrameModel):
    """A table of results: exactly the columns that its class names."""

    class Config:
        """What holds for all of them."""

        strict = True

    @classmethod
    def of(cls, rows: Iterable[Any]) -> DataFrame[Any]:
        """Return rows, tuples or dictionaries, as such a table, of its types even if empty.

        Raises
        ------
        ValueError
            Where a count has a fraction, or a yes or no is absent, which would be lost.
        SchemaError
            Where a value is out of its range.
        """
        types = {name: column.dtype.type for name, column in cls.to_schema().columns.items()}
        given = pd.DataFrame(rows, columns=[*types])
        made = given.astype(types)
        exact = made.select_dtypes(["integer", "bool"])
        if changed := [str(name) for name in exact if (exact[name] != given[name]).any()]:
            raise ValueError(f"{cls.__name__}: {', '.join(changed)} would change with their type")
        return cls.validate(made)
