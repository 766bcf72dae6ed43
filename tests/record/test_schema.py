"""The schema of results.json: what it makes of types, of frames and of docstrings."""

from dataclasses import dataclass, field
from typing import Any

import jsonschema
import pandera.pandas as pa
import pytest
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import INLINE, UNWRITTEN, Count, Share
from analysis.models.pair import Pair
from analysis.record import schema


class LoansFrame(pa.DataFrameModel):
    """A row a loan.

    Attributes
    ----------
    part : float
        From 0 to 1, or None.
    kind : str
        Of two kinds.
    """

    part: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    kind: Series[str] = pa.Field(isin=["old", "new"])


@dataclass(frozen=True)
class Inner:
    """What is inside.

    Attributes
    ----------
    low, high : int or None
        The two ends; None where
        there are none.
    """

    low: Count | None
    high: Count | None


@dataclass(frozen=True)
class Outer:
    """All that can be written.

    More of it.

    Attributes
    ----------
    names : tuple of str
        Some names.
    share : float
        From 0 to 1.
    by_model : Pair of Inner
        One a model.
    loans : DataFrame
        A `LoansFrame`.
    numbers : dict of int to float
        By label.

    Notes
    -----
    not : an
        entry
    """

    ends: Inner = field(metadata=INLINE)
    names: tuple[str, ...]
    share: Share
    by_model: Pair[Inner]
    loans: DataFrame[LoansFrame]
    numbers: dict[int, float]
    secret: object = field(metadata=UNWRITTEN)


GOOD: dict[str, Any] = {
    "low": 1,
    "high": None,
    "names": ["a"],
    "share": 0.5,
    "by_model": {name: {"low": 0, "high": 2} for name in ("original", "oversampled")},
    "loans": [{"part": 0.5, "kind": "old"}, {"part": None, "kind": "new"}],
    "numbers": {"0": 1.5},
}


@pytest.fixture(scope="module")
def made():
    return schema.json_schema(Outer)


def test_what_the_types_allow_passes(made):
    jsonschema.Draft202012Validator.check_schema(made)
    jsonschema.Draft202012Validator(made).validate(GOOD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": -1},
        {"share": 1.01},
        {"share": None},
        {"names": [1]},
        {"by_model": {"original": {"low": 0, "high": 2}}},
        {"loans": [{"part": 2, "kind": "old"}]},
        {"loans": [{"part": 1, "kind": "other"}]},
        {"loans": [{"part": 1}]},
        {"numbers": {"0": "many"}},
        {"secret": 1},
    ],
)
def test_what_the_types_do_not_allow_is_refused(made, wrong):
    assert not jsonschema.Draft202012Validator(made).is_valid(GOOD | wrong)


@pytest.mark.parametrize("name", GOOD)
def test_no_entry_may_be_missing(made, name):
    fewer = {key: each for key, each in GOOD.items() if key != name}
    assert not jsonschema.Draft202012Validator(made).is_valid(fewer)


def test_entries_say_what_their_docstring_says(made):
    assert made["description"] == "All that can be written."
    said = {name: each.get("description") for name, each in made["properties"].items()}
    assert said["low"] == said["high"] == "The two ends; null where there are none."
    assert said["share"] == "From 0 to 1."
    assert "not" not in said
    row = made["$defs"]["LoansRow"]["properties"]
    assert row["part"]["description"] == "From 0 to 1, or null."


@dataclass(frozen=True)
class Silent:
    """Without a word on its entry."""

    entry: int


@dataclass(frozen=True)
class Odd:
    """Of a type that JSON does not know.

    Attributes
    ----------
    entry : bytes
        Bytes.
    """

    entry: bytes


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Silent, "Silent.entry is not among the Attributes of its docstring"),
        (Odd, "bytes'> has no form in results.json"),
    ],
)
def test_a_class_that_cannot_be_described_is_refused(kind, message):
    with pytest.raises(TypeError, match=message):
        schema.json_schema(kind)


def test_the_same_class_gives_the_same_text():
    assert schema.text(Outer) == schema.text(Outer)
