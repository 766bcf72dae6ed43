"""Tables of results have exactly the columns and types that their class names."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.errors import SchemaError
from pandera.typing.pandas import Series

from analysis.base.frames import Frame


class Some(Frame):
    """A name, a count and a share that may be absent."""

    name: Series[str]
    loans: Series[int] = pa.Field(ge=0)
    share: Series[float] = pa.Field(nullable=True)


@pytest.mark.parametrize("rows", [[], [("a", 1, 0.5)], [{"loans": 1.0, "name": "a"}]])
def test_the_types_are_those_of_the_class_whatever_the_rows(rows):
    found = Some.of(iter(rows))
    assert list(found) == ["name", "loans", "share"]
    assert found.dtypes.astype(str).tolist() == ["str", "int64", "float64"]
    assert len(found) == len(rows)


def test_what_a_row_leaves_out_is_absent():
    found = Some.of([{"name": "a", "loans": 1}, {"name": "b", "loans": 2, "share": 0.5}])
    assert np.isnan(found["share"].iloc[0])
    with pytest.raises((SchemaError, ValueError, pd.errors.IntCastingNaNError)):
        Some.of([{"name": "a"}])


@pytest.mark.parametrize("row", [("a", 1.5, 0.5, True), ("a", 1, 0.5, None)])
def test_nothing_is_lost_with_a_type(row):
    class More(Some):
        """And whether it is so."""

        so: Series[bool]

    with pytest.raises(ValueError, match=r"More: (loans|so) would change with their type"):
        More.of([row])


def test_a_figure_out_of_range_is_refused():
    with pytest.raises(SchemaError):
        Some.of([("a", -1, 0.5)])
