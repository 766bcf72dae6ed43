"""Where a report came from."""

import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.base import project
from analysis.record import provenance

MAKEFILE = project.ROOT / "Makefile"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A small project under git in place of this one."""
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "code.py").write_text("one = 1\n")
    (tmp_path / "requirements.txt").write_text("pandas==3\n")
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    monkeypatch.setattr(provenance, "LOCK_FILE", tmp_path / "requirements.txt")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    provenance.code_fingerprint.cache_clear()
    yield tmp_path
    provenance.code_fingerprint.cache_clear()


def git(folder, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder):
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "-c", "core.hooksPath=/dev/null", "commit", "-qm", "first")
    return git(folder, "rev-parse", "HEAD")


def test_the_commit_and_whether_the_code_is_it(checkout):
    expected = commit(checkout)
    found = provenance.trace(None)
    assert (found.commit, found.clean) == (expected, True)
    (checkout / "analysis" / "code.py").write_text("one = 2\n")
    assert not provenance.trace(None).clean


@pytest.mark.usefixtures("checkout")
def test_outside_a_checkout_the_commit_is_unknown():
    found = provenance.trace(None)
    assert (found.commit, found.clean) == ("unknown", False)


@pytest.mark.parametrize("tracked", [True, False])
def test_within_another_repository_the_commit_is_unknown(checkout, monkeypatch, tracked):
    """Unpacked in somebody's repository: its commit would be named as the code's."""
    inner = checkout / "unpacked"
    (inner / "analysis").mkdir(parents=True)
    (inner / "requirements.txt").write_text("pandas==3\n")
    if not tracked:
        (checkout / ".gitignore").write_text("unpacked/\n")
    commit(checkout)
    monkeypatch.setattr(provenance, "ROOT", inner)
    found = provenance.trace(None)
    assert (found.commit, found.clean) == ("unknown", False)
    expected = commit(inner)
    found = provenance.trace(None)
    assert (found.commit, found.clean) == (expected, True)


def test_a_tree_of_which_git_cannot_tell_is_not_clean(checkout):
    expected = commit(checkout)
    (checkout / ".git" / "index").write_bytes(b"damaged")
    found = provenance.trace(None)
    assert (found.commit, found.clean) == (expected, False)


def test_a_checkouts_own_settings_hide_no_change(checkout):
    commit(checkout)
    git(checkout, "config", "status.showUntrackedFiles", "no")
    (checkout / "analysis" / "more.py").write_text("two = 2\n")
    assert not provenance.trace(None).clean


def test_without_git_the_commit_is_unknown(checkout, monkeypatch):
    commit(checkout)
    monkeypatch.setenv("PATH", str(checkout / "nothing"))
    assert provenance.trace(None).commit == "unknown"


def test_code_fingerprint_follows_content_and_names(checkout):
    code = checkout / "analysis" / "code.py"
    found = [provenance.code_fingerprint()]
    for change in (
        lambda: code.write_text("one = 2\n"),
        lambda: code.rename(code.with_name("other.py")),
        lambda: (code.parent / "more.py").write_text(""),
    ):
        change()
        provenance.code_fingerprint.cache_clear()
        found.append(provenance.code_fingerprint())
    assert len(set(found)) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in found)


def test_other_files_leave_the_code_fingerprint(checkout):
    before = provenance.code_fingerprint()
    (checkout / "analysis" / "notes.txt").write_text("not code")
    provenance.code_fingerprint.cache_clear()
    assert provenance.code_fingerprint() == before


VERSIONS = """
import sys
from analysis.record import provenance
made = provenance.trace(None)
print(made.as_locked, made.libraries["scikit-learn"])
"""


@pytest.mark.parametrize(
    ("described", "expected"), [(False, "False unknown"), (True, "False 0.1")], ids=str
)
def test_another_library_on_the_path_is_said(tmp_path, described, expected):
    (tmp_path / "sklearn").mkdir()
    (tmp_path / "sklearn" / "__init__.py").write_text("")
    if described:
        (tmp_path / "scikit_learn-0.1.dist-info").mkdir()
        metadata = tmp_path / "scikit_learn-0.1.dist-info" / "METADATA"
        metadata.write_text("Metadata-Version: 2.1\nName: scikit-learn\nVersion: 0.1\n")
    done = subprocess.run(
        [sys.executable, "-c", VERSIONS],
        cwd=project.ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected


def test_the_versions_of_the_lock_file_are_those_that_run(monkeypatch, tmp_path):
    assert provenance.trace(None).as_locked
    lock = tmp_path / "requirements.txt"
    version = provenance.library_versions()["pandas"]
    lock.write_text(provenance.LOCK_FILE.read_text().replace(f"pandas=={version} ", "pandas==3 "))
    monkeypatch.setattr(provenance, "LOCK_FILE", lock)
    assert not provenance.trace(None).as_locked


def test_library_versions_are_the_installed_ones():
    found = provenance.library_versions()
    assert {"pandas", "scikit-learn", "imbalanced-learn"} <= set(found)
    assert all(importlib.metadata.version(name) == found[name] for name in found)


@pytest.mark.usefixtures("checkout")
def test_the_command_for_the_simulated_portfolio_and_for_a_file():
    assert provenance.trace(None).command == "make report"
    assert provenance.trace(Path("loans.csv")).command == "make report DATA=loans.csv"


@pytest.mark.parametrize(
    "name",
    [
        "my loans.csv",
        "a;b.csv",
        "it's $HOME $(shell id) `x`.csv",
        "#1.csv",
        "größe 金.csv",
        "it's\na.csv",
        os.fsdecode(b"\\\xff\x1b[1m.csv"),
    ],
)
@pytest.mark.usefixtures("checkout")
def test_the_command_hands_over_any_name_whole(name, tmp_path, monkeypatch):
    for inherited in ("MAKEFLAGS", "MAKELEVEL"):  # from make test
        monkeypatch.delenv(inherited, raising=False)
    command = provenance.trace(Path(name)).command
    assert command.isprintable()
    shown = "report:\n\t@printf '%s' \"$$LENDING_DATA\"\n"
    own = re.search(
        r"^unexport DATA.*?^export LENDING_DATA.*?\n",
        MAKEFILE.read_text(),
        re.MULTILINE | re.DOTALL,
    )
    (tmp_path / "Makefile").write_text(own[0] + shown)
    made = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 -- as a reader would type it
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert made.stdout == os.fsencode(name)


def test_the_declaration_has_a_fingerprint(tmp_path, monkeypatch):
    monkeypatch.delenv("LENDING_PORTFOLIO", raising=False)
    delivered = provenance.trace(None)
    assert delivered.declaration == "module12.yml"
    own = tmp_path / "loans.yml"
    own.write_text("title: Loans")
    beside = provenance.trace(tmp_path / "loans.csv")
    assert beside.declaration == "loans.yml"
    assert beside.declaration_sha256 == hashlib.sha256(b"title: Loans").hexdigest()
    assert beside.declaration_sha256 != delivered.declaration_sha256


def test_the_command_names_the_reports_that_were_named(monkeypatch):
    """Their sections are part of the report: without them another one is made."""
    monkeypatch.setenv("REPORT_SINCE", "/place/old results.json")
    monkeypatch.setenv("REPORT_AUDIT", "written/report.md")
    assert provenance.trace(Path("loans.csv")).command == (
        "make report DATA=loans.csv SINCE='old results.json' AUDIT=report.md"
    )
    assert provenance.trace(None).command == (
        "make report SINCE='old results.json' AUDIT=report.md"
    )


def test_the_command_names_the_declaration_that_was_named(monkeypatch, tmp_path):
    monkeypatch.delenv("LENDING_PORTFOLIO", raising=False)
    assert provenance.trace(Path("loans.csv")).command == "make report DATA=loans.csv"
    named = tmp_path / "of mine.yml"
    named.touch()
    monkeypatch.setenv("LENDING_PORTFOLIO", str(named))
    assert provenance.trace(Path("loans.csv")).command == (
        "make report DATA=loans.csv PORTFOLIO='of mine.yml'"
    )
    assert provenance.trace(None).command == "make report"
