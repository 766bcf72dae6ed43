"""The list of checksums: what sha256sum reads, and what is not as it was written."""

import hashlib
import os

import pytest

from analysis.base.errors import InputError
from analysis.record import checksums


@pytest.fixture
def folder(tmp_path):
    """A report of three files and its list."""
    for name in ("edited.txt", "removed.txt", "same.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / checksums.NAME).write_text(checksums.of(tmp_path))
    return tmp_path


def test_checksums_are_what_sha256sum_reads(tmp_path):
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.txt").write_text("c")
    sums = [hashlib.sha256(text.encode()).hexdigest() for text in ("c", "b")]
    assert checksums.of(tmp_path) == f"{sums[0]}  a/c.txt\n{sums[1]}  b.txt\n"
    (tmp_path / checksums.NAME).write_text(checksums.of(tmp_path))
    assert checksums.edited(tmp_path) == []


def test_edited_added_and_removed_files_are_named(folder):
    (folder / "edited.txt").write_text("other")
    (folder / "removed.txt").unlink()
    (folder / "added.txt").write_text("new")
    assert checksums.edited(folder) == ["added.txt", "edited.txt", "removed.txt"]


def test_hidden_files_links_and_devices_are_named(folder):
    (folder / ".hidden").write_text("x")
    (folder / ".away").mkdir()
    (folder / ".away" / "more").write_text("x")
    (folder / "same.txt").rename(folder.with_name("elsewhere"))
    (folder / "same.txt").symlink_to(folder.with_name("elsewhere"))
    os.mkfifo(folder / "pipe")
    (folder / "folder").symlink_to(folder.parent)
    named = checksums.edited(folder)
    assert named == [".away/more", ".hidden", "folder", "pipe", "same.txt"]


@pytest.mark.parametrize(
    "content",
    [None, b"\xff\xff", b"no checksum\n", b"", b"0" * 64, b"g" * 64 + b"  a\n", b"x" * 2_000_000],
)
def test_a_report_without_a_list_of_checksums_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / checksums.NAME).write_bytes(content)
    with pytest.raises(InputError) as caught:
        checksums.edited(tmp_path)
    assert "allowed: the list of checksums that make report wrote" in str(caught.value)
    assert str(caught.value).count("SHA256SUMS") == 1
    assert len(str(caught.value).splitlines()) == 3


def test_a_list_that_is_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / checksums.NAME)
    with pytest.raises(InputError, match="this is not a regular file"):
        checksums.edited(tmp_path)


def test_a_file_that_cannot_be_read_is_said(folder, monkeypatch):
    def fail(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(checksums, "_digest", fail)
    with pytest.raises(InputError, match=r"\.txt: it cannot be read \(Permission denied\)"):
        checksums.edited(folder)
