"""Small YAML files: each kind of damage is one message with the line and what to write."""

import os

import pytest

from analysis.base import yaml_file
from analysis.base.errors import InputError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.yml"


def refused(path, content=None):
    if content is not None:
        path.write_bytes(content)
    messages = set()
    for read in (yaml_file.texts, yaml_file.values):
        with pytest.raises(InputError) as caught:
            read(path, "put it back")
        messages.add(str(caught.value))
    (message,) = messages
    assert len(message.splitlines()) <= 3
    return message


@pytest.mark.parametrize(
    ("content", "problem", "remedy"),
    [
        ("a: é".encode("latin-1"), "line 1: the byte 0xe9 is not UTF-8", "save the file as UTF-8"),
        (b"a: b\n\xff\xfe", "line 2: the byte 0xff is not UTF-8", "save the file as UTF-8"),
        (b"a: \x00", "line 1: it holds the control character '\\x00'", "remove it"),
        (b"a: b\nc: \x1b[31m", "line 2: it holds the control character '\\x1b'", "remove it"),
        (b"a: b\n\tc: d", "line 2: it is not YAML (found character '\\t'", "indent with blanks"),
        (b"a: b\nc: d: e", "line 2: it is not YAML (mapping values", "in quotes"),
        (b"a: @b", "line 1: it is not YAML (found character '@'", "in quotes"),
        (b"a: b\nc: 'd\ne: f", "line 2: it is not YAML (found unexpected end", "in quotes"),
        (b"a: [b", "line 1: it is not YAML", "in quotes"),
        (b"a: b\n---\nc: d", "line 2: it is not YAML (but found another document)", "in quotes"),
        (b"a: b\nc: d\na: e", "line 3: 'a' stands already on line 1", "keep one of them"),
        (b"a:\n- b: c\n  b: d", "line 3: 'b' stands already on line 2", "keep one of them"),
        (
            b"a: &x [*x]",
            "line 1: an anchor (&), an alias (*) or a tag (!)",
            "write the text itself",
        ),
        (b"a: !!python/name:os.system x", "line 1: an anchor (&)", "write the text itself"),
        (b"? [a]\n: b", "line 1: the name of an entry is no text", "in quotes"),
        (b"a: b\nc: " + b"[" * 5_000, "line 2: more than 20 levels", "as the file delivered does"),
        (b"a: " + b"{b: " * 5_000, "line 1: more than 20 levels", "as the file delivered does"),
        (b" " * 1_000_001, "it is larger than 1,000,000 bytes", "put it back"),
    ],
)
def test_damage_is_told_with_its_line(path, content, problem, remedy):
    message = refused(path, content)
    assert problem in message.splitlines()[0]
    assert remedy in message.splitlines()[-1]


def test_what_is_no_file_is_told(path):
    assert "No such file" in refused(path)
    path.mkdir()
    assert "Is a directory" in refused(path)
    path.rmdir()
    os.mkfifo(path)
    assert "this is not a regular file" in refused(path)


def test_a_byte_order_mark_and_windows_line_ends_are_no_text(path):
    path.write_bytes("\ufeffa: b\r\nc: d\r\n".encode())
    assert yaml_file.texts(path, "").content == {"a": "b", "c": "d"}
    assert yaml_file.values(path, "") == {"a": "b", "c": "d"}


def test_texts_stay_and_values_are_of_their_kind(path):
    path.write_text("a: 1.10\nb: 2026-11-24\nc: [yes, ~]\n")
    found = yaml_file.texts(path, "")
    assert found.content == {"a": "1.10", "b": "2026-11-24", "c": ["yes", None]}
    assert found.line(("c", 1)) == 3
    assert found.line(("c", 7, "x")) == 3
    assert yaml_file.values(path, "")["a"] == 1.1
    path.write_text("a: 2026-02-30\n")
    with pytest.raises(InputError, match="day"):
        yaml_file.values(path, "")
