"""A file is written whole or not at all, and into the place that was meant."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.base import files
from analysis.base.errors import InputError


def test_a_folder_is_made_with_those_above_it_and_left_empty(tmp_path):
    for _ in range(2):
        files.make_folder(tmp_path / "one" / "two")
        assert list((tmp_path / "one" / "two").iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_an_error_that_names_it(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"it cannot be written to(.|\n)*to do: copy the project"):
        files.make_folder(tmp_path / place)


def test_a_folder_into_which_nothing_can_be_written_is_an_error():
    with pytest.raises(InputError, match="it cannot be written to"):
        files.make_folder(Path("/proc/self"))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results.json"


def test_a_file_is_written_whole_or_not_at_all(out, monkeypatch):
    out.write_text("earlier")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(InputError, match="No space left"):
        files.write(out, b"new")
    assert out.read_text() == "earlier"
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_who_may_read_a_new_file_is_the_users_to_say(out, umask, mode):
    before = os.umask(umask)
    try:
        files.write(out, b"new")
    finally:
        os.umask(before)
    assert out.read_bytes() == b"new"
    assert out.stat().st_mode & 0o777 == mode
    out.chmod(0o640)
    files.write(out, b"newer")
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_read_only_stays(out, monkeypatch):
    out.write_text("earlier")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for whoever is not root
    with pytest.raises(InputError, match="it is read only"):
        files.write(out, b"new")
    assert out.read_text() == "earlier"


def test_a_link_stays_and_what_it_leads_to_is_written(out, tmp_path):
    links = [tmp_path / name for name in ("one", "two")]
    links[0].symlink_to("two")
    links[1].symlink_to(out)
    for content in (b"first", b"second"):
        files.write(links[0], content)
        assert out.read_bytes() == content
    assert all(each.is_symlink() for each in links)
    assert len(list(tmp_path.iterdir())) == 3
    out.unlink()
    out.symlink_to(links[0])
    with pytest.raises(InputError, match="it cannot be written"):
        files.write(out, b"third")


WRITING = """
import sys
from pathlib import Path
from analysis.base import files
files.write(Path(sys.argv[1]), b"results")
"""


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "a link"])
def test_an_open_stream_takes_the_bytes_after_what_it_has(name, out, tmp_path):
    if name == "a link":
        name = tmp_path / "link"
        name.symlink_to("/dev/stdout")
    out.write_text("earlier, ")
    with out.open("ab") as stream:
        command = [sys.executable, "-c", WRITING, str(name)]
        subprocess.run(command, stdout=stream, check=True, cwd=Path(files.__file__).parents[2])
    assert out.read_text() == "earlier, results"
    assert os.path.lexists(name)


def test_a_pipe_takes_the_bytes(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:  # noqa: S607
        files.write(pipe, b"results")
        assert reader.communicate()[0] == b"results"
    assert pipe.is_fifo()


def test_a_disk_is_refused(monkeypatch):
    monkeypatch.setattr(files.stat, "S_ISBLK", lambda _: True)
    with pytest.raises(InputError, match="this is a disk"):
        files.write(Path("/dev/null"), b"results")


def test_what_has_nothing_to_give_yet_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_unfit", lambda *_: "")  # as /proc/kmsg, a regular file
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        assert files.read_small(tmp_path / "pipe", 100, "", "") == b""
    finally:
        os.close(writer)
