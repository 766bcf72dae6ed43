"""What both workers of a test run need is made by the first that asks, in a folder of the run."""

import contextlib
import fcntl
import hashlib
import os
import pickle
import shutil
import tempfile
from pathlib import Path

FOLDER = "TESTS_SHARED"  # names the folder, also to the workers


def begin():
    """Make the folder of a run; return what removes it."""
    place = tempfile.mkdtemp(prefix="tests-shared-")
    os.environ[FOLDER] = place
    return lambda: shutil.rmtree(place, ignore_errors=True)


def folder(name):
    """Return a place for files that stay to the end of a run."""
    return Path(os.environ[FOLDER], name)


@contextlib.contextmanager
def alone(name):
    """Let one process of the run at a time do what has a name; give a path for what it makes."""
    place = folder(hashlib.sha256(name.encode()).hexdigest()[:16])
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def once(name, make):
    """Return what a function makes, made once in a run."""
    with alone(name) as place:
        if place.exists():
            return pickle.loads(place.read_bytes())  # noqa: S301 -- this run wrote it
        made = make()
        place.write_bytes(pickle.dumps(made))
        return made
