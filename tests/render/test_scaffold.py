"""A folder of unfinished work goes away, whatever ends the work and whenever."""

import contextlib
import fcntl
import pathlib
import shutil
import signal
import sys
import time

import pytest

from render import scaffold

PREFIX = "unfinished-"
WATCHED = {module.__file__ for module in (scaffold, contextlib, pathlib, shutil)}


def test_a_folder_is_locked_private_and_gone_at_the_end(tmp_path):
    with scaffold.made(tmp_path, PREFIX) as folder:
        assert folder.parent == tmp_path
        assert folder.name.startswith(PREFIX)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [each.name for each in folder.iterdir()] == [scaffold.LOCK]
        with pytest.raises(BlockingIOError):
            scaffold._abandoned(folder, time.time())
    assert list(tmp_path.iterdir()) == []


def test_another_run_never_takes_a_folder_that_is_being_locked_for_abandoned(tmp_path, monkeypatch):
    swept, usual = [], fcntl.flock

    def slow(file, operation):
        if operation == fcntl.LOCK_EX and not swept:
            swept.append(file.name)
            scaffold.sweep(tmp_path, PREFIX, lambda _: None, time.time())
        usual(file, operation)

    monkeypatch.setattr(fcntl, "flock", slow)
    with scaffold.made(tmp_path, PREFIX) as folder:
        assert folder.is_dir()
        scaffold.sweep(tmp_path, PREFIX, lambda _: None, time.time())
        assert folder.is_dir()
    assert len(swept) == 1


def stop(*_):
    raise SystemExit


def interrupted(place, moment):
    """Send a signal at a moment of the work, counted in calls; say whether it was reached.

    Python heeds a signal where a function begins, and after one that is not written in Python.
    """
    reached = 0

    def count(frame, event, _):
        nonlocal reached
        if event not in {"call", "c_return"} or frame.f_code.co_filename not in WATCHED:
            return
        reached += 1
        if reached == moment:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        sys.setprofile(count)
        with scaffold.made(place, PREFIX) as folder:
            (folder / "part").mkdir()
            (folder / "part" / "file").write_text("half")
    except (SystemExit, OSError):  # what is being closed may be closed twice
        pass
    finally:
        sys.setprofile(None)
        signal.signal(signal.SIGUSR1, before)
    return reached >= moment


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_at_any_moment_leaves_no_folder(tmp_path):
    moment = 1
    while interrupted(tmp_path, moment):
        assert list(tmp_path.iterdir()) == [], f"stopped at moment {moment}"
        moment += 1
    assert moment > 20
