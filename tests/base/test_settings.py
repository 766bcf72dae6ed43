"""The owner's settings: YAML as a person means it, else refused by entry, line, what to write."""

import json

import jsonschema
import pytest
import yaml

from analysis.base import settings
from analysis.base.errors import InputError
from analysis.base.settings import Change, load
from analysis.record import schema

DELIVERED = settings.FILE.read_text(encoding="utf-8")


@pytest.fixture
def content():
    return yaml.safe_load(DELIVERED)


@pytest.fixture
def read(tmp_path):
    """Return a function that loads settings written from a text or a value."""

    def written(content):
        path = tmp_path / "settings.yml"
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        path.write_text(text, encoding="utf-8")
        return load(path)

    return written


def replaced(old, new):
    assert DELIVERED.count(old) == 1
    return DELIVERED.replace(old, new)


def line_of(text, start):
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


def test_the_delivered_file():
    found = load()
    assert found.model.owner == settings.OPEN
    assert found.model.name
    assert found.cost_ratio == 10
    assert "Review board" in found.sign_off
    assert all(isinstance(each, Change) for each in found.change_log)
    assert len(found.assumptions) > 1


def test_entries_may_change(read, content):
    content["model"]["name"] = "Another: model"
    content |= {"cost_ratio": 0.5, "assumptions": [], "change_log": [], "sign_off": ["One"]}
    found = read(content)
    assert found.model.name == "Another: model"
    assert (found.cost_ratio, found.sign_off) == (0.5, ("One",))
    assert found.assumptions == found.change_log == ()


@pytest.mark.parametrize(
    "text", ["1.10", "2026-11-24", "yes", "No", "0x1F", "1e3", "1:30", "王小明"]
)
def test_a_text_is_what_stands_there(read, text):
    assert read(replaced("status: Draft for review", f"status: {text}")).model.status == text


def test_a_day_and_a_version_need_no_quotes(read):
    written = replaced('- version: "1.0"', "- version: 1.10")
    written = written.replace('date: "2026-11-24"', "date: 2026-11-24")
    assert read(written).change_log[0] == Change(
        "1.10", "2026-11-24", "First report made by this program"
    )


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-13-01", "24.11.2026", "0000-01-01", "20261124"]
)
def test_a_day_of_no_calendar_is_refused(read, day):
    written = replaced('date: "2026-11-24"', f"date: {day}")
    with pytest.raises(InputError) as caught:
        read(written)
    line = line_of(written, "date:")
    assert f"entry 'change_log/1/date (line {line})': it is '{day}'" in str(caught.value)
    assert f"to do: line {line}: write date: 2026-11-24, with the day" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "ratio"), [("2.5", 2.5), (".5", 0.5), ("'7'", 7), ("1e2", 100)]
)
def test_a_plain_number_is_a_ratio(read, written, ratio):
    assert read(replaced("cost_ratio: 10", f"cost_ratio: {written}")).cost_ratio == ratio


@pytest.mark.parametrize(
    "ratio",
    [
        "1:10",
        "10:1",
        "010",
        "1_000",
        "10,5",
        "0x10",
        "0",
        "-1",
        "1e7",
        "ten",
        "true",
        ".inf",
        ".nan",
        "nan",
        "inf",
        "10%",
        "1e999",
        "٣",
        "[]",
    ],
)
def test_a_ratio_that_is_no_plain_number_is_refused(read, ratio):
    written = replaced("cost_ratio: 10", f"cost_ratio: {ratio}")
    with pytest.raises(InputError) as caught:
        read(written)
    line = line_of(written, "cost_ratio")
    assert f"entry 'cost_ratio (line {line})': " in str(caught.value)
    assert f"to do: line {line}: write cost_ratio: 10" in str(caught.value)


@pytest.mark.parametrize("nothing", ["", "null", "~", "''", "'  '", "# to come"])
def test_an_entry_that_states_nothing_is_refused(read, nothing):
    written = replaced("  owner: To be filled in by the owner", f"  owner: {nothing}")
    with pytest.raises(InputError) as caught:
        read(written)
    line = line_of(written, "owner:")
    assert f"entry 'model/owner (line {line})': nothing is stated" in str(caught.value)
    assert f"line {line}: write owner: To be filled in by the owner, or another" in str(
        caught.value
    )


@pytest.mark.parametrize("written", ["'    code'", "|\n    text\n      over lines", '"\\t- text"'])
def test_blanks_and_line_breaks_are_what_stands_between_words(read, written):
    owner = read(replaced("owner: To be filled in by the owner", f"owner: {written}")).model.owner
    assert owner in {"code", "text over lines", "- text"}


BAD = {
    "sign_off": [[], "Owner", [[]], [""]],
    "assumptions": ["one", [None], [{}], None],
    "change_log": [
        [{"version": "1"}],
        ["first"],
        {},
        [{"version": "1", "date": "d", "change": "c"}],
    ],
    "model": [None, [], {"name": "x"}],
}


@pytest.mark.parametrize(("entry", "value"), [(k, v) for k, each in BAD.items() for v in each])
def test_a_bad_entry_is_named(read, content, entry, value):
    content[entry] = value
    with pytest.raises(InputError) as caught:
        read(content)
    message = str(caught.value)
    assert entry in message
    assert message.startswith("error: settings.yml: ")
    assert "entry" in message
    assert "column" not in message
    assert "(line " in message


@pytest.mark.parametrize("entry", ["model", "assumptions", "cost_ratio", "sign_off", "change_log"])
def test_a_missing_entry_is_named(read, content, entry):
    del content[entry]
    with pytest.raises(InputError, match=rf"'{entry} \(line 1\)': the entry is missing"):
        read(content)


@pytest.mark.parametrize("key", settings.MODEL_KEYS)
@pytest.mark.parametrize("value", ["", None, "x" * 2_001, ["a"], {"a": "b"}])
def test_a_bad_text_of_the_model_is_named(read, content, key, value):
    content["model"][key] = value
    with pytest.raises(InputError, match=rf"entry 'model/{key} \(line \d+\)'"):
        read(content)


def test_an_unknown_entry_is_named(read):
    line = len(DELIVERED.splitlines()) + 1
    with pytest.raises(InputError, match=rf"'colour \(line {line}\)': the entry is not known"):
        read(DELIVERED + "colour: red\n")


def test_every_fault_is_told_at_once(read, content):
    content["cost_ratio"] = -1
    content["sign_off"] = []
    with pytest.raises(InputError) as caught:
        read(content)
    assert str(caught.value).splitlines()[:2] == [
        "error: settings.yml: 2 faults found",
        "entry                       problem                                   allowed",
    ]
    assert "cost_ratio" in str(caught.value)
    assert "the list is empty" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"text", b"model: ["])
def test_a_file_that_holds_no_settings(tmp_path, content):
    path = tmp_path / "settings.yml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"settings\.yml"):
        load(path)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="to do: put back the settings"):
        load(tmp_path / "settings.yml")


def test_the_schema_is_what_the_classes_say(content):
    text = settings.SCHEMA_FILE.read_text(encoding="utf-8")
    assert text == schema.entries_text(settings.Settings), "`make schema` writes it"
    checker = jsonschema.Draft202012Validator(json.loads(text))
    checker.validate(content)
    assert not checker.is_valid(content | {"cost_ratio": 0})
    assert not checker.is_valid(content | {"colour": "red"})
    assert not checker.is_valid(content | {"sign_off": []})
    content["change_log"][0]["date"] = "24.11.2026"
    assert not checker.is_valid(content)
