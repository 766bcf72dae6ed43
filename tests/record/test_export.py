"""results.json: what it holds, in which form, and that its schema describes all of it."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

from analysis.base.entries import INLINE, UNWRITTEN
from analysis.record import export, provenance, schema
from tests.support.changed import put


@pytest.fixture(scope="module")
def trace():
    return provenance.trace(Path("loans.csv"))


@pytest.fixture(scope="module")
def written(small_results, trace):
    return json.loads(export.to_json(small_results, trace))


@pytest.fixture(scope="module")
def described():
    """The schema of results.json, as it is delivered."""
    return json.loads(export.SCHEMA_FILE.read_bytes())


def test_the_schema_delivered_is_what_the_classes_say():
    delivered = export.SCHEMA_FILE.read_text(encoding="utf-8")
    assert delivered == schema.text(export.ResultsFile), "run make schema"


def test_the_schema_is_a_schema(described):
    jsonschema.Draft202012Validator.check_schema(described)


def test_results_match_the_schema(written, described):
    jsonschema.Draft202012Validator(described).validate(written)


def properties(described):
    """Give every property of a schema and of its definitions with its path."""
    for name, each in {"": described, **described["$defs"]}.items():
        for key, entry in each.get("properties", {}).items():
            yield f"{name}/{key}", entry


def test_every_property_has_a_description(described):
    found = dict(properties(described))
    assert len(found) > 200
    said = {name: each.get("description") for name, each in described["$defs"].items()}
    assert [
        path
        for path, each in found.items()
        if not (each.get("description") or said[each["$ref"].rpartition("/")[2]])
    ] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "source"), "unknown"),
        (("data", "sha256"), "abc"),
        (("data", "rows"), 1.5),
        (("models", "original", "confusion", "tn"), -1),
        (("models", "original", "balanced_accuracy"), None),
        (("models", "original", "balanced_accuracy"), 1.01),
        (("published", "all_cells_match"), 1),
        (("provenance", "date"), "yesterday"),
        (("something", ), 1),
    ],
)  # fmt: skip
def test_the_schema_refuses_what_results_never_hold(written, described, path, value):
    changed = json.loads(json.dumps(written))
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(described).validate(changed)


@pytest.mark.parametrize("name", ["data", "split", "models", "published", "provenance"])
def test_the_schema_asks_for_every_part(written, described, name):
    changed = {key: value for key, value in written.items() if key != name}
    with pytest.raises(jsonschema.ValidationError, match=name):
        jsonschema.Draft202012Validator(described).validate(changed)


def test_figures_keep_full_precision(small_results, written):
    for name, model in small_results.models.items():
        assert written["models"][name]["balanced_accuracy"] == model.balanced_accuracy
        assert written["models"][name]["confusion"] == model.confusion.as_dict()
        assert written["models"][name]["classification_report"] == model.classification_report


def test_what_was_asked_for_is_there(small_results, written):
    assert written["data"]["source"] == "simulated"
    assert written["data"]["label_counts"] == {
        str(label): rows for label, rows in small_results.data.label_counts.items()
    }
    assert set(written["split"]) >= {"train_rows", "test_rows", "random_state"}
    assert len(written["published"]["cells"]) == len(small_results.published)
    assert written["provenance"]["command"] == "make report DATA=loans.csv"


def test_the_same_results_give_the_same_text(small_results, trace):
    text = export.to_json(small_results, trace)
    assert text == export.to_json(small_results, trace)
    assert text.endswith("}\n")


def test_a_figure_that_must_be_there_is_not_nan(small_results, trace, described):
    model = replace(small_results.models.original, balanced_accuracy=float("nan"))
    broken = export.to_json(put(small_results, original=model), trace)
    with pytest.raises(jsonschema.ValidationError, match="None is not of type 'number'"):
        jsonschema.Draft202012Validator(described).validate(json.loads(broken))


def test_a_name_with_any_character_is_written(small_results, trace):
    name = 'a"b\\c\n\u202e é \udcff.csv'  # the last is a byte that is no text
    odd = replace(small_results, data=replace(small_results.data, name=name))
    text = export.to_json(odd, trace)
    assert text.encode("utf-8")
    assert json.loads(text)["data"]["name"].startswith('a"b\\c\n\u202e é ')


@dataclass(frozen=True)
class Inner:
    values: np.ndarray
    where: tuple[int, ...]


@dataclass(frozen=True)
class Written:
    kept: int
    among: Inner = field(metadata=INLINE)
    never: Inner = field(metadata=UNWRITTEN)


def test_a_field_is_written_as_it_says():
    inner = Inner(np.zeros(2), ())
    assert export.plain(Written(1, inner, inner)) == {"kept": 1, "values": [0.0, 0.0], "where": []}


@dataclass(frozen=True)
class Outer:
    inner: Inner
    frame: pd.DataFrame
    undefined: float
    number: np.float64
    nothing: None


def test_plain_turns_everything_into_json():
    value = Outer(
        Inner(np.array([[1.0, np.nan]]), (1, 2)),
        pd.DataFrame({"a": [1, 2], "b": [np.inf, 0.5]}),
        float("-inf"),
        np.float64(0.1),
        None,
    )
    expected = {
        "inner": {"values": [[1.0, None]], "where": [1, 2]},
        "frame": [{"a": 1, "b": None}, {"a": 2, "b": 0.5}],
        "undefined": None,
        "number": 0.1,
        "nothing": None,
    }
    assert export.plain(value) == expected
    assert json.loads(json.dumps(export.plain(value), allow_nan=False)) == expected


def test_plain_writes_keys_as_texts():
    assert export.plain({0: np.int64(5), 1: np.bool_(True)}) == {"0": 5, "1": True}
