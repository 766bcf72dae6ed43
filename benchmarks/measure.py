"""Run a command as a whole process, and say what it took."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from benchmarks.figures import Usage

# Nothing larger than these modules may load here: Linux counts what a process held before it ran
# its command into that command's peak.
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of ru_maxrss
PERIOD = 0.25  # seconds between two looks at a command's descendants
SHOWN = 2_000  # characters of what a failed command printed last


class FailedError(RuntimeError):
    """A command ended with an error; the message says which, and what it printed last."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    out: Path,
    cores: int | None = None,
) -> Usage:
    """Run a command to its end.

    Peak memory is the larger of two: the largest single process (os.wait4), and, on Linux, the
    command with all its descendants, pages that they share counted once, in looks 0.25 s apart.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    folder : Path
        Where to run it.
    out : Path
        Where to write what it prints.
    cores : int, optional
        How many of the processor's cores it may use, where the system can tell; else all.

    Raises
    ------
    FailedError
        When it does not end with 0.
    """
    with out.open("wb") as printed, _limited(cores):
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with _ended(process), _watched(process.pid) as peak:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        text = out.read_text(encoding="utf-8", errors="replace")[-SHOWN:]
        raise FailedError(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    memory = max(usage.ru_maxrss * UNIT, *peak)
    return Usage(wall, usage.ru_utime + usage.ru_stime, memory)


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the process with its session when the wait for it is broken off."""
    try:
        yield
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def _limited(cores: int | None) -> Iterator[None]:
    """Let what starts meanwhile use some of the cores only."""
    if cores is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    earlier = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(earlier)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, earlier)


@contextlib.contextmanager
def _watched(identity: int) -> Iterator[list[float]]:
    """Keep the most memory that a process with its descendants holds, in bytes, in a list."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(PERIOD):
            peak[0] = max(peak[0], _held(identity))

    watcher = threading.Thread(target=watch, daemon=True)
    if sys.platform == "linux":
        watcher.start()
    try:
        yield peak
    finally:
        done.set()
        if watcher.is_alive():
            watcher.join()


def _held(identity: int) -> float:
    """Return the bytes that a process and its descendants hold; 0 for one without any.

    Of one alone, os.wait4 knows the peak exactly.
    """
    try:
        process = psutil.Process(identity)
        family = process.children(recursive=True)
    except psutil.Error:  # ended meanwhile
        return 0
    return float(sum(_share(each) for each in [process, *family])) if family else 0


def _share(process: psutil.Process) -> int:
    """Return a process's proportional set size in bytes; 0 when it has ended meanwhile."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
