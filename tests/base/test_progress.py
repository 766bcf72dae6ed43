"""What a person sees of a stage, on a terminal and elsewhere, and what a stop leaves."""

import argparse
import io
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import threading
import time

import pytest

from analysis.base import progress
from analysis.base.progress import Detail
from analysis.portfolio import simulate

IN_A_STAGE = """
import sys
from analysis.base import progress
progress.LONG = float(sys.argv[2])
with progress.shown(progress.Detail(sys.argv[1])), progress.stage("Counting the loans", 4) as step:
    for _ in range(4):
        step(1)
        import time; time.sleep(0.06)
"""


def on_a_terminal(detail, long):
    """Run a stage of four steps with a terminal for standard error; return what it is shown."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [sys.executable, "-c", IN_A_STAGE, detail.value, str(long)]
    with subprocess.Popen(command, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # Linux's word for the end
                break
            if not part:
                break
            shown += part
        running.wait(timeout=60)
    os.close(ours)
    assert running.returncode == 0
    return shown.decode()


def test_a_long_stage_shows_a_bar_on_a_terminal_that_goes_away():
    shown = on_a_terminal(Detail.USUAL, 0)
    assert re.search(r"Counting the loans: +(25|50|75|100) % .* 00:00, 00:00 to go", shown)
    assert shown.split("\r")[-1].strip() == ""


@pytest.mark.parametrize(("detail", "long"), [(Detail.USUAL, 60), (Detail.QUIET, 0)])
def test_a_short_stage_or_a_quiet_one_shows_nothing_on_a_terminal(detail, long):
    assert on_a_terminal(detail, long).strip() == ""


def test_a_verbose_stage_leaves_its_line_on_a_terminal():
    shown = on_a_terminal(Detail.VERBOSE, 0)
    assert re.search(r"Counting the loans: 0\.\d s, at most [\d,]+ MiB so far\s*$", shown)


def said(detail, long, monkeypatch):
    """Run a stage that takes a moment; return what is said where there is no terminal."""
    monkeypatch.setattr(progress, "LONG", long)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress.shown(detail), progress.stage("Counting the loans") as step:
        step(1)
        time.sleep(0.01)
    return sys.stderr.getvalue()


def test_a_long_stage_is_one_line_without_a_terminal(monkeypatch):
    assert re.fullmatch(r"Counting the loans: 0\.\d s\n", said(Detail.USUAL, 0.001, monkeypatch))


@pytest.mark.parametrize(("detail", "long"), [(Detail.USUAL, 60), (Detail.QUIET, 0)])
def test_a_short_stage_or_a_quiet_one_says_nothing(detail, long, monkeypatch):
    assert said(detail, long, monkeypatch) == ""


def test_every_stage_is_said_with_time_and_memory_on_request(monkeypatch):
    text = said(Detail.VERBOSE, 60, monkeypatch)
    found = re.fullmatch(r"Counting the loans: 0\.\d s, at most ([\d,]+) MiB so far\n", text)
    assert int(found[1].replace(",", "")) > 10  # what Python alone holds


def test_nothing_is_said_where_nobody_asked(capsys, monkeypatch):
    monkeypatch.setattr(progress, "LONG", 0)
    with progress.stage("Counting the loans"):
        pass
    assert capsys.readouterr().err == ""


def test_an_inner_word_ends_with_its_block(capsys, monkeypatch):
    monkeypatch.setattr(progress, "LONG", 0)
    with progress.shown(Detail.VERBOSE):
        with progress.shown(Detail.QUIET), progress.stage("Within"):
            pass
        with progress.stage("Outside"):
            pass
    assert capsys.readouterr().err.startswith("Outside: ")


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [([], Detail.USUAL), (["--quiet"], Detail.QUIET), (["--verbose"], Detail.VERBOSE)],
)
def test_options(arguments, detail):
    parser = argparse.ArgumentParser(parents=[progress.options()])
    assert parser.parse_args(arguments).detail is detail


def test_quiet_and_verbose_exclude_each_other(capsys):
    with pytest.raises(SystemExit):
        argparse.ArgumentParser(parents=[progress.options()]).parse_args(["--quiet", "--verbose"])
    assert "not allowed with" in capsys.readouterr().err


def test_peak_bytes_grow_with_what_is_held():
    before = progress.peak_bytes()
    held = bytearray(before + 2**26)
    assert progress.peak_bytes() > before
    del held


@pytest.fixture
def loans(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(simulate.to_csv(simulate.portfolio(20_000, seed=2)))
    return path


def test_an_analysis_that_is_stopped_says_one_line_and_writes_nothing(loans, tmp_path):
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "analysis", "run", "--verbose"]
    with subprocess.Popen(
        [*command, "--data", str(loans), "--out", str(out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- here no thread runs
    ) as running:
        first = running.stderr.readline()  # at work: the libraries are loaded
        assert first.startswith("Reading the loan file: ")
        begun = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does, to the workers too
        watch = threading.Timer(60, running.kill)
        watch.start()
        output, complaints = running.communicate()
        watch.cancel()
    stages = r"([A-Z][a-z ]+: \d+\.\d s, at most [\d,]+ MiB so far\n)*"
    assert re.fullmatch(stages + "stopped; nothing was written\n", complaints), complaints
    assert (running.returncode, output) == (130, "")
    assert time.monotonic() - begun < 30
    assert not out.exists()
