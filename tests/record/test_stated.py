"""A results file read back: hostile ones are refused, each in one message."""

import json
import os

import pytest

from analysis.__main__ import main
from analysis.base.errors import InputError
from analysis.record import export, provenance, stated

LEAST = {"models": {}, "provenance": {}, "data": {"name": "a", "rows": 1, "sha256": "a"}}


def written(folder, content):
    path = folder / "results.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def refused(path):
    with pytest.raises(InputError) as caught:
        stated.load(path)
    message = str(caught.value)
    assert len(message.splitlines()) == 3
    assert message.isprintable() or message.replace("\n", "").isprintable()
    return message


def test_a_report_is_read_back_whole(tmp_path, small_results):
    text = export.to_json(small_results, provenance.trace(None))
    assert stated.load(written(tmp_path, text.encode())) == json.loads(text)


def test_a_report_of_another_version_is_read(tmp_path):
    assert stated.load(written(tmp_path, LEAST | {"more": [1]})) == LEAST | {"more": [1]}


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        LEAST | {"data": None},
        LEAST | {"models": []},
        LEAST | {"models": {"a": 1}},
        LEAST | {"models": {"a": {"balanced_accuracy": "0.9"}}},
        LEAST | {"models": {"a": {"balanced_accuracy": True}}},
        LEAST | {"provenance": []},
        LEAST | {"evidence": None},
        LEAST | {"evidence": {"findings": [{"id": 1}]}},
        LEAST | {"data": {"name": "a", "rows": None, "sha256": "a"}},
        LEAST | {"data": {"name": [], "rows": 1, "sha256": "a"}},
        LEAST | {"data": {"rows": 1, "sha256": "a"}},
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path, content):
    assert "does not hold the results of a report" in refused(written(tmp_path, content))


HOSTILE = {
    "empty": (b"", "cannot be read"),
    "cut": (b"{", "cannot be read"),
    "no text": (b"\xff\xfe\x00", "cannot be read"),
    "two values": (b'"a"\n"b"', "cannot be read"),
    "500 deep": (b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}", "more than 40 levels"),
    "100,000 deep": (b"[" * 100_000, "it is too deep"),
    "a huge whole number": (b'{"a": 1' + b"0" * 400 + b"}", "is too large a number"),
    "a longer one than Python reads": (b"[" + b"9" * 10_000 + b"]", "is too large a number"),
    "a huge number": (b'{"a": 1e400}', "1e400 is too large a number"),
    "Infinity": (b'{"a": Infinity}', "Infinity is no number"),
    "NaN": (b'{"a": NaN}', "NaN is no number"),
    "an entry twice": (b'{"a": 1, "a": 2}', "the entry 'a' stands twice"),
    "an escape twice": (b'{"\\u001b[2J": 1, "\\u001b[2J": 2}', "stands twice"),
    "17 MB": (b" " * 17_000_000, "it is larger than 16,000,000 bytes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(tmp_path, name):
    content, said = HOSTILE[name]
    assert said in refused(written(tmp_path, content))


def test_what_is_no_file_is_refused_at_once(tmp_path):
    assert "No such file" in refused(tmp_path / "absent.json")
    assert "Is a directory" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in refused(tmp_path / "pipe")
    assert "not a regular file" in refused("/dev/zero" and tmp_path.__class__("/dev/zero"))
    assert "cannot be read" in refused(tmp_path / "a\x00b")


def test_a_file_of_30_gigabytes_is_not_read(tmp_path):
    path = tmp_path / "results.json"
    with path.open("wb") as file:
        file.truncate(30 * 2**30)
    assert "larger than 16,000,000 bytes" in refused(path)


@pytest.mark.parametrize("name", ["a\nb.json", "a\x1b[2Jb.json", "a\u202eb.json"])
def test_the_name_of_a_file_moves_no_cursor(tmp_path, name, capsys):
    path = tmp_path / name
    for arguments in (["diff", path, path], ["verify", path], ["monitor", "--baseline", path, "x"]):
        assert main([str(each) for each in arguments]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 3
        assert error.replace("\n", "").isprintable()


HOSTILE_TEXT = "\x1b]0;owned\x07\x1b[2J\r\nfake: line\x9b31m\u202e"


def test_foreign_texts_are_told_without_a_control_character(tmp_path, capsys):
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir(), new.mkdir()
    finding = {"id": HOSTILE_TEXT, "title": HOSTILE_TEXT}
    changed = LEAST | {HOSTILE_TEXT: HOSTILE_TEXT, "evidence": {"findings": [finding]}}
    changed |= {"provenance": {HOSTILE_TEXT: HOSTILE_TEXT}}
    paths = [str(written(folder, each)) for folder, each in ((old, LEAST), (new, changed))]
    assert main(["diff", *paths]) == 0
    shown = capsys.readouterr().out
    assert "came: \\x1b]0;owned" in shown
    assert shown.replace("\n", "").isprintable()
    assert "\nfake" not in shown


def test_foreign_texts_in_a_message_are_told_without_a_control_character(tmp_path, capsys):
    data = {"name": HOSTILE_TEXT, "rows": 1, "sha256": HOSTILE_TEXT}
    written(tmp_path, LEAST | {"data": data})
    (tmp_path / "SHA256SUMS").write_text("0" * 64 + "  results.json\n")
    assert main(["verify", str(tmp_path), "--data", str(tmp_path / "results.json")]) == 2
    error = capsys.readouterr().err
    assert "the report is on \\x1b]0;owned" in error
    assert error.replace("\n", "").isprintable()
