"""A finished report takes its place all at once; whatever happens before leaves the earlier one."""

import fcntl
import os
import subprocess
import sys
import textwrap

import pytest

from analysis.errors import InputError
from render import site
from render.scaffold import LOCK

FILES = (site.PAGE, site.PDF, site.RESULTS)


def build(folder, text):
    for name in FILES:
        (folder / name).write_text(text)


def publish(place, text):
    with site.staged(place) as folder:
        build(folder, text)


def state(place):
    """Return the text that all files of a report hold."""
    (text,) = {(place / name).read_text() for name in FILES}
    return text


@pytest.fixture
def place(tmp_path):
    return tmp_path / "reports" / "_site"


def beside(place):
    """Name what lies beside a place."""
    return [each.name for each in place.parent.iterdir() if each != place]


def test_a_report_takes_a_new_place(place):
    publish(place, "first")
    assert state(place) == "first"
    assert beside(place) == []


def test_a_report_takes_an_empty_folder(place):
    place.mkdir(parents=True)
    publish(place, "first")
    assert state(place) == "first"


def test_a_report_replaces_an_earlier_one_whole(place):
    publish(place, "first")
    with site.staged(place) as folder:
        (folder / site.PAGE).write_text("second")
    assert (place / site.PAGE).read_text() == "second"
    assert not (place / site.PDF).exists()
    assert beside(place) == []


def test_everyone_may_read_the_report(place):
    before = os.umask(0o022)
    try:
        publish(place, "first")
    finally:
        os.umask(before)
    assert place.stat().st_mode & 0o777 == 0o755
    assert {each.name for each in place.iterdir()} <= site.OURS


def test_nothing_is_visible_before_the_end(place):
    publish(place, "first")
    with site.staged(place) as folder:
        build(folder, "second")
        assert state(place) == "first"
        assert folder.stat().st_dev == place.stat().st_dev


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_earlier_report(place, error):
    publish(place, "first")

    def fail():
        with site.staged(place) as folder:
            build(folder, "second")
            raise error

    with pytest.raises(error):
        fail()
    assert state(place) == "first"
    assert beside(place) == []


def test_an_error_leaves_no_report_where_there_was_none(place):
    def fail():
        with site.staged(place):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(place.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["notes.txt", ".git", "index.htm", ".lock"])
def test_a_folder_with_anything_else_is_refused(place, name):
    publish(place, "first")
    (place / name).write_text("mine")
    with pytest.raises(InputError, match=f"'{name}'"):
        publish(place, "second")
    assert (place / name).read_text() == "mine"
    assert state(place) == "first"


def test_what_came_while_it_was_built_is_not_lost(place):
    publish(place, "first")

    def interrupted():
        with site.staged(place) as folder:
            build(folder, "second")
            (place / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match=r"notes\.txt"):
        interrupted()
    assert (place / "notes.txt").read_text() == "mine"


def test_a_place_that_cannot_be_looked_at_is_refused(tmp_path):
    with pytest.raises(InputError, match="it cannot be read"):
        site.check(tmp_path / ("x" * 300))


def test_a_file_and_a_link_are_refused(place):
    place.parent.mkdir()
    place.write_text("mine")
    with pytest.raises(InputError, match="not a folder"):
        publish(place, "first")
    assert place.read_text() == "mine"
    elsewhere = place.with_name("elsewhere")
    elsewhere.mkdir()
    link = place.with_name("link")
    link.symlink_to(elsewhere)
    with pytest.raises(InputError, match="not a folder"):
        publish(link, "first")
    assert link.is_symlink()


def test_a_place_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="to do: name another folder with --out"):
        publish(tmp_path / "file" / "_site", "first")


@pytest.mark.parametrize("name", ["[a-z]*", "a b", "-rf", "é\n", "{x}"])
def test_any_name_of_a_folder_will_do(tmp_path, name):
    for text in ("first", "second"):
        publish(tmp_path / name, text)
        assert state(tmp_path / name) == text
    assert [each.name for each in tmp_path.iterdir()] == [name]


class NoExchange:
    """A C library that cannot exchange two folders."""

    def __init__(self, *_, **__):
        pass


def test_without_an_exchange_it_is_two_renames(place, monkeypatch):
    monkeypatch.setattr(site.ctypes, "CDLL", NoExchange)
    for text in ("first", "second"):
        publish(place, text)
        assert state(place) == text
    assert beside(place) == []


def scaffold(place, kept):
    """Leave what a run leaves that was killed."""
    folder = place.parent / f".{place.name}.partial-killed00"
    (folder / site.NEW).mkdir(parents=True)
    if kept:
        (folder / LOCK).touch()
    return folder


def test_what_killed_runs_left_is_removed(place):
    folder = scaffold(place, kept=True)
    publish(place, "first")
    assert not folder.exists()
    assert beside(place) == []


def test_what_a_run_left_without_a_lock_is_removed_once_it_is_old(place):
    folder = scaffold(place, kept=False)
    publish(place, "first")
    assert folder.exists()  # it may be about to be locked
    os.utime(folder, (0, 0))
    publish(place, "second")
    assert not folder.exists()


def test_what_a_living_run_builds_is_left_alone(place):
    folder = scaffold(place, kept=True)
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        publish(place, "first")
        assert folder.exists()
    publish(place, "second")
    assert not folder.exists()


def test_other_folders_are_left_alone(place):
    others = [place.with_name(name) for name in (".other.partial-00", "_site.partial-00", "_sit")]
    for other in others:
        other.mkdir(parents=True)
        os.utime(other, (0, 0))
    publish(place, "first")
    assert all(other.exists() for other in others)


def test_a_report_between_two_renames_comes_back(place):
    publish(place, "first")
    folder = scaffold(place, kept=True)
    place.rename(folder / site.EARLIER)
    with pytest.raises(RuntimeError), site.staged(place):
        raise RuntimeError
    assert state(place) == "first"


def test_two_runs_at_once_both_end_well(place):
    with site.staged(place) as slow:
        build(slow, "slow")
        publish(place, "quick")
        assert state(place) == "quick"
    assert state(place) == "slow"
    assert beside(place) == []


KILLED = """
    import os, random, sys, time
    from pathlib import Path
    from render import site

    place, moments = Path(sys.argv[1]), int(sys.argv[2])
    files = (site.PAGE, site.PDF, site.RESULTS)
    generator = random.Random(12)

    def publish_forever():
        number = 0
        while True:
            number += 1
            with site.staged(place) as folder:
                for name in files:
                    (folder / name).write_text(f"{os.getpid()} {number}")

    with site.staged(place) as folder:
        for name in files:
            (folder / name).write_text("first")
    for moment in range(moments):
        child = os.fork()
        if not child:
            publish_forever()
        time.sleep(generator.uniform(0, 0.006))
        os.kill(child, 9)
        os.waitpid(child, 0)
        texts = {(place / name).read_text() for name in files}
        if len(texts) != 1 or {each.name for each in place.iterdir()} - site.OURS:
            sys.exit(f"after {moment} kills: {texts}")
    for scaffold in place.parent.glob(".*.partial-*"):
        os.utime(scaffold, (0, 0))
    with site.staged(place) as folder:
        (folder / site.PAGE).write_text("last")
    if [each.name for each in place.parent.iterdir()] != [place.name]:
        sys.exit(f"left: {list(place.parent.iterdir())}")
"""


def test_killed_at_any_moment_a_whole_report_stays(place):
    place.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(KILLED), str(place), "300"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
