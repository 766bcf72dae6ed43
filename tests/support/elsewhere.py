"""A copy of the program in another place, and renders of it under conditions that a test sets."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".[!g]*", ".git", ".github", "_site", "tests", "__pycache__", "*.csv", "*.csv.gz", "*.parquet"
)
PRODUCTS = ("index.html", "report.pdf", "results.json")
# What a process needs that is not under test: nothing of the caller's settings.
PLAIN = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONDONTWRITEBYTECODE": "1"}
STAGE = re.compile(r"[A-Z][a-z ]+: \d+\.\d s\n")
DAY = {"SOURCE_DATE_EPOCH": "951782400"}  # 29 February 2000


def copy(place, document=None):
    """Copy the program to a folder, with another document when one is given."""
    shutil.copytree(ROOT, place, ignore=LEFT_OUT)
    if document:
        (place / "report.qmd").write_text(document, encoding="utf-8")
    return place


def commit(project):
    """Put a copy under git; the same content gives the same commit."""
    if not shutil.which("git"):
        return
    moment = {
        "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2000-01-01T00:00:00Z",
    }
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(
            ["git", *identity, *arguments],  # noqa: S607 -- the one that the program would ask
            cwd=project,
            env=PLAIN | moment | settings,
            check=True,
        )


def command(out, *arguments):
    return [sys.executable, "-m", "render", "--engine", "embedded", "--out", str(out), *arguments]


def start(project, out, *arguments, before=(), **options):
    """Start a render of a copy, with `before` in front of its command."""
    options = {"env": PLAIN} | options
    return subprocess.Popen(
        [*before, *command(out, *arguments)],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(running):
    """Wait for a render; its exit code, what it said and its complaints."""
    said, complaints = running.communicate(timeout=300)
    return running.returncode, said, without_stages(complaints)


def without_stages(text):
    """Leave out the lines that say what stages took, which a slow machine prints."""
    return "".join(line for line in text.splitlines(keepends=True) if not STAGE.fullmatch(line))
