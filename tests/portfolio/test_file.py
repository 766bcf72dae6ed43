"""Which loan file is meant, and paths that lead to none."""

import hashlib
import os
import re
import signal
from pathlib import Path

import pytest

from analysis.base.errors import InputError
from analysis.portfolio import file


@pytest.fixture
def loans(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(b"a file of any content")
    return path


def message(path):
    with pytest.raises(InputError) as caught:
        file.fingerprint(path)
    return str(caught.value)


def test_a_files_fingerprint(loans):
    assert file.fingerprint(loans) == hashlib.sha256(b"a file of any content").hexdigest()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("none.csv", "there is no such file"),
        ("a\nb.csv", "there is no such file"),
        ("", "this is a directory"),
        ("a\0b.csv", "it cannot be read (embedded null byte)"),
        ("x" * 300 + ".csv", "it cannot be read (File name too long)"),
        ("x/" * 5_000 + "a.csv", "it cannot be read (File name too long)"),
        ("loans.csv/a.csv", "it cannot be read (Not a directory)"),
    ],
)
@pytest.mark.usefixtures("loans")
def test_paths_that_lead_to_no_file(tmp_path, name, problem):
    first, allowed, remedy, *_ = message(tmp_path / name).splitlines()
    assert first.startswith("error: ")
    assert first.endswith(f": {problem}")
    assert (
        allowed == "  allowed: a readable text file (CSV, also gzipped), Parquet file or workbook"
    )
    assert remedy.startswith("  to do: correct the path")


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("reading a pipe blocks"))
    signal.alarm(20)
    try:
        found = message(tmp_path / "pipe.csv")
    finally:
        signal.alarm(0)
    assert "this is not a regular file" in found


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
def test_devices_are_not_read(path):
    if not Path(path).exists():
        pytest.skip(f"there is no {path} here")
    assert "this is not a regular file" in message(Path(path))


def test_no_permission(loans):
    loans.chmod(0)
    if os.access(loans, os.R_OK):
        pytest.skip("this user may read every file")
    assert "no permission to read it" in message(loans)


def test_no_permission_is_said_to_every_user(loans, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(file, "unwaiting", refuse)
    assert "no permission to read it" in message(loans)


def test_a_file_beyond_any_loan_file_is_not_read(tmp_path):
    with (tmp_path / "huge.csv").open("wb") as stream:
        try:
            stream.truncate(file.LARGEST_FILE + 1)
        except OSError:
            pytest.skip("no file this large can be made here")
    assert "it is larger than 16 GiB" in message(tmp_path / "huge.csv")


def test_the_file_given_comes_first_then_the_variable_then_the_default(tmp_path, monkeypatch):
    monkeypatch.setattr(file, "DEFAULT_FILE", tmp_path / "default.csv")
    assert file.locate() is None
    (tmp_path / "default.csv").symlink_to("nowhere")
    assert file.locate() == tmp_path / "default.csv"
    monkeypatch.setenv("LENDING_DATA", "of the variable")
    assert file.locate() == Path("of the variable")
    assert file.locate("given") == Path("given")


@pytest.mark.parametrize("name", ["/proc/kmsg", "/proc/version"])
def test_what_the_kernel_shows_is_refused_at_once(name):
    if not Path(name).is_file():
        pytest.skip("not on Linux")
    with pytest.raises(InputError, match="the file is empty"):
        file.fingerprint(Path(name))


def test_a_pipe_that_comes_after_the_look_keeps_nobody_waiting(tmp_path, monkeypatch):
    path = tmp_path / "loans.csv"
    path.write_text("a,b\n")
    usual = file._status

    def late(path):
        status = usual(path)
        path.unlink()
        os.mkfifo(path)
        return status

    monkeypatch.setattr(file, "_status", late)
    with pytest.raises(InputError, match="it changed while it was read"):
        file.fingerprint(path)


def test_a_file_that_is_replaced_has_another_state(tmp_path):
    path = tmp_path / "loans.csv"
    assert file.state(path) == ()
    path.write_text("a")
    before = file.state(path)
    assert file.state(path) == before
    (tmp_path / "other").write_text("b")
    os.utime(tmp_path / "other", ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    (tmp_path / "other").rename(path)
    assert file.state(path) != before


def read(path, between=lambda _: None):
    """Read a file whole, and do something to it once it is open."""
    with file.opened(path) as loan_file:
        between(path)
        while loan_file.read(7):
            pass
    return loan_file


def test_the_bytes_read_are_counted_and_fingerprinted(loans):
    with file.opened(loans) as loan_file:
        steps: list[int] = []
        loan_file.step = steps.append
        assert loan_file.start().startswith(b"a file")
        assert (loan_file.size_bytes, steps) == (0, [])
        assert loan_file.read(6) == b"a file"
        assert loan_file.size_bytes == 6
        assert loan_file.sha256 == hashlib.sha256(b"a file").hexdigest()
        assert loan_file.read(99) == b" of any content"
        assert loan_file.read(9) == b""
        assert steps == [6, 15, 0]


def test_a_file_read_whole_can_be_sought_in(loans):
    with file.opened(loans) as loan_file:
        stream = loan_file.whole()
        assert stream.read(6) == b"a file"
        assert loan_file.size_bytes == 21
        assert loan_file.sha256 == hashlib.sha256(b"a file of any content").hexdigest()


def append(path):
    with path.open("ab") as stream:
        stream.write(b"!")


def replace(path):
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (append, "it changed while it was read"),
        (lambda path: os.truncate(path, 9), "it changed while it was read"),
        (lambda path: os.utime(path, ns=(1, 1)), "it changed while it was read"),
        (replace, "it changed while it was read"),
        (Path.unlink, "it was removed while it was read"),
    ],
)
def test_a_file_that_changes_while_it_is_read(loans, change, problem):
    assert read(loans).size_bytes == 21
    with pytest.raises(InputError, match=re.escape(problem)):
        read(loans, change)


def test_a_change_is_said_before_what_it_led_to(loans):
    def cut_off(path):
        append(path)
        raise file.unreadable(path, "its last row is cut off")

    with pytest.raises(InputError, match="it changed"):
        read(loans, cut_off)


def test_what_is_found_in_a_file_that_stays_is_said(loans):
    with pytest.raises(InputError, match="is cut off"), file.opened(loans):
        raise file.unreadable(loans, "its last row is cut off")
