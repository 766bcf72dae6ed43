"""The owner's settings: the delivered file is read, a bad one is refused by the entry's name."""

import pytest
import yaml

from analysis.base import settings
from analysis.base.errors import InputError
from analysis.base.settings import Change, load


@pytest.fixture
def content():
    return yaml.safe_load(settings.FILE.read_text(encoding="utf-8"))


@pytest.fixture
def read(tmp_path):
    """Return a function that loads settings written from a value."""

    def written(content):
        path = tmp_path / "settings.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return load(path)

    return written


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


BAD = {
    "cost_ratio": [0, -1, 1e7, "ten", None, float("nan"), float("inf"), True],
    "sign_off": [[], "Owner", [1], [""]],
    "assumptions": ["one", [None], [{}], None],
    "change_log": [[{"version": "1"}], ["first"], {}, [{"version": 1, "date": "d", "change": "c"}]],
    "model": [None, [], {"name": "x"}],
}


@pytest.mark.parametrize(("entry", "value"), [(k, v) for k, each in BAD.items() for v in each])
def test_a_bad_entry_is_named(read, content, entry, value):
    content[entry] = value
    with pytest.raises(InputError) as caught:
        read(content)
    assert entry in str(caught.value)
    assert "settings.yml" in str(caught.value)


@pytest.mark.parametrize("entry", ["model", "assumptions", "cost_ratio", "sign_off", "change_log"])
def test_a_missing_entry_is_named(read, content, entry):
    del content[entry]
    with pytest.raises(InputError, match=f"'{entry}' is a required property"):
        read(content)


@pytest.mark.parametrize("key", settings.MODEL_KEYS)
@pytest.mark.parametrize("value", ["", 1.0, None, "x" * 2_001])
def test_a_bad_text_of_the_model_is_named(read, content, key, value):
    content["model"][key] = value
    with pytest.raises(InputError, match=f"model/{key}"):
        read(content)


def test_an_unknown_entry_is_named(read, content):
    with pytest.raises(InputError, match="'colour' was unexpected"):
        read(content | {"colour": "red"})


def test_every_fault_is_told_at_once(read, content):
    content["cost_ratio"] = -1
    content["sign_off"] = []
    with pytest.raises(InputError) as caught:
        read(content)
    assert "cost_ratio" in str(caught.value)
    assert "sign_off" in str(caught.value)


@pytest.mark.parametrize(
    "written",
    [b"", b"[]", b"text", b"model: [", b"\xff\xfe", b"a: &x [*x]", b"a: !!python/name:os.system"],
)
def test_a_file_that_holds_no_settings(tmp_path, written):
    path = tmp_path / "settings.yml"
    path.write_bytes(written)
    with pytest.raises(InputError, match=r"settings\.yml"):
        load(path)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match=r"settings\.yml"):
        load(tmp_path / "settings.yml")
