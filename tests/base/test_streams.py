"""Standard streams that are closed, full or read by nobody: no traceback, the right exit code."""

import subprocess
import sys

import pytest

from analysis.base import streams
from analysis.base.project import ROOT

PROGRAM = """
import argparse, os, sys, time
from analysis.base import streams
from analysis.base.errors import InputError

def run():
    kind = sys.argv[1]
    time.sleep(float(os.environ.get("BEGUN_AFTER", 0)))
    if kind == "help":
        argparse.ArgumentParser(prog="usage").parse_args(["--help"])
    if kind == "long":
        print("results " * 100_000)
        print("results")
    if kind == "own":
        raise OSError(5, "Input/output error")
    if kind == "say":
        streams.say("done")
        return 0
    if kind == "tell":
        streams.tell("a note")
        return 2
    for number in range(3):
        assert os.fstat(number)
    print("results")
    return 0

sys.exit(streams.guarded(run, 1))
"""


def run(kind, redirections, program=None):
    """Run a program under a shell's redirections; its exit code and what it said."""
    command = program or [sys.executable, "-c", PROGRAM, kind]
    done = subprocess.run(
        ["bash", "-c", f'"$@" {redirections}', "bash", *command],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


FULL = "error: standard output cannot be written to (No space left on device)\n"
CLOSED = "error: standard output cannot be written to (it is closed)\n"
CASES = [
    ("print", "", (0, "results\n", "")),
    ("print", ">/dev/full", (1, "", FULL)),
    ("print", ">&-", (1, "", CLOSED)),
    ("print", "2>&-", (0, "results\n", "")),
    ("print", "2>/dev/full", (0, "results\n", "")),
    ("print", "<&-", (0, "results\n", "")),
    ("print", ">&- 2>&- <&-", (1, "", "")),
    ("print", ">/dev/full 2>/dev/full", (1, "", "")),
    ("help", ">/dev/full", (1, "", FULL)),
    ("help", ">&-", (1, "", CLOSED)),
    ("say", "", (0, "done\n", "")),
    ("say", ">/dev/full", (0, "", "")),
    ("say", ">&-", (0, "", "")),
    ("tell", "", (2, "", "a note\n")),
    ("tell", "2>/dev/full", (2, "", "")),
    ("tell", "2>&-", (2, "", "")),
    ("own", "", (1, "", "error: Input/output error\n")),
]


@pytest.fixture(autouse=True)
def _buffered(monkeypatch):
    """As usual, an error comes when a stream is written out, not when it is written to."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.mark.parametrize(("kind", "redirections", "expected"), CASES)
def test_streams_that_take_nothing(kind, redirections, expected):
    assert run(kind, redirections) == expected


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("print", streams.READER_LEFT), ("long", streams.READER_LEFT), ("help", 141), ("say", 0)],
)
def test_a_reader_that_has_left_hears_no_error(kind, expected, unbuffered, monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    monkeypatch.setenv("BEGUN_AFTER", "0.3")
    assert run(kind, "| true; exit ${PIPESTATUS[0]}") == (expected, "", "")


@pytest.mark.parametrize("module", ["analysis", "render"])
@pytest.mark.parametrize(
    ("arguments", "redirections"),
    [
        ("--help", ">/dev/full"),
        ("--help", ">&-"),
        ("--nonsense", "2>&-"),
        ("--nonsense", "2>/dev/full"),
    ],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_help_and_usage_of_the_programs(module, arguments, redirections, unbuffered, monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    code, said, complaints = run("", redirections, [sys.executable, "-m", module, arguments])
    assert "Traceback" not in complaints
    assert (said, len(complaints.splitlines())) == ("", int(arguments == "--help"))
    assert code == (2 if arguments == "--nonsense" else 1)
