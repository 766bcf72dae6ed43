"""The same data, code, versions and date give the same bytes, wherever and whenever it is made."""

import hashlib
import os
import shutil
import subprocess
import sys
import textwrap

import pypdf
import pytest

from analysis.portfolio import simulate
from tests.support import elsewhere

PRODUCTS = (*elsewhere.PRODUCTS, "SHA256SUMS")
# Settings of a user, each of which would change the report or break it if it were read.
SETTINGS = {
    ".config/matplotlib/matplotlibrc": "font.size: 30\nsvg.fonttype: none\n",
    ".ipython/profile_default/startup/first.py": "raise SystemExit('a startup file was run')\n",
    ".ipython/profile_default/ipython_config.py": "raise SystemExit('a profile was read')\n",
    ".local/share/pandoc/default.csl": "this is no style",
    ".local/share/pandoc/abbreviations": "the\n",
    ".gitconfig": "this is no configuration",
    "startup.py": "raise SystemExit('PYTHONSTARTUP was run')\n",
}


@pytest.fixture(scope="module")
def loans(tmp_path_factory):
    path = tmp_path_factory.mktemp("loans") / "loans.csv"
    path.write_bytes(simulate.to_csv(simulate.portfolio(5_000, seed=5)))
    return path


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
            env=elsewhere.PLAIN | moment | settings,
            check=True,
        )


def user(home):
    """Make a home full of settings, and a newer Pandoc that does something else."""
    for name, text in SETTINGS.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    pandoc = home / "bin" / "pandoc"
    pandoc.parent.mkdir()
    pandoc.write_text("#!/bin/sh\necho 'pandoc 99.9'\n")
    pandoc.chmod(0o755)
    return {
        "HOME": str(home),
        "PATH": f"{pandoc.parent}{os.pathsep}{elsewhere.PLAIN['PATH']}",
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "MPLCONFIGDIR": str(home / ".config/matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "MPLBACKEND": "svg",
    }


@pytest.fixture(scope="module")
def renders(tmp_path_factory, loans):
    """Two renders under conditions that differ in all that must not count."""
    first = elsewhere.copy(tmp_path_factory.mktemp("first") / "project")
    second = elsewhere.copy(tmp_path_factory.mktemp("other") / "my projects" / "r\u00e9port")
    for project in (first, second):
        commit(project)
    moved = second.with_name("loans") / loans.name
    moved.parent.mkdir()
    shutil.copy(loans, moved)
    home = tmp_path_factory.mktemp("home")
    one = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "1"}
    two = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LANG": "de_DE.UTF-8", "COLUMNS": "40"}
    one_core = textwrap.dedent("""
        import os, sys
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        os.execv(sys.argv[1], sys.argv[1:])
    """)
    before = [sys.executable, "-c", one_core] if hasattr(os, "sched_setaffinity") else []
    running = [
        elsewhere.start(
            first,
            first / "_site",
            "--data",
            str(loans),
            before=before,
            env=elsewhere.PLAIN | elsewhere.DAY | one,
        ),
        elsewhere.start(
            second,
            second.with_name("the report"),
            "--data",
            str(moved),
            env=elsewhere.PLAIN | elsewhere.DAY | user(home) | two,
        ),
    ]
    for code, _, complaints in [elsewhere.finish(each) for each in running]:
        assert (code, complaints) == (0, "")
    return first / "_site", second.with_name("the report")


@pytest.mark.parametrize("name", PRODUCTS)
def test_two_renders_give_the_same_bytes(renders, name):
    one, other = ((place / name).read_bytes() for place in renders)
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(other).hexdigest()


def test_nothing_else_is_written(renders):
    for place in renders:
        assert {each.name for each in place.iterdir() if each.is_file()} == set(PRODUCTS)


def test_a_third_render_with_kept_results_gives_the_same_bytes(renders, loans, tmp_path):
    place, _ = renders
    environment = elsewhere.PLAIN | elsewhere.DAY
    out = tmp_path / "again"
    arguments = ["--data", str(loans), "--to", "pdf"]
    running = elsewhere.start(place.parent, out, *arguments, env=environment)
    assert elsewhere.finish(running)[0] == 0
    for name in ("report.pdf", "results.json"):
        assert (out / name).read_bytes() == (place / name).read_bytes()


def test_a_tree_is_clean_while_a_report_is_built_in_it(renders):
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    assert '"clean": true' in (renders[0] / "results.json").read_text()


def test_the_date_is_the_one_that_was_set_and_no_other(renders):
    place, _ = renders
    assert '"date": "2000-02-29"' in (place / "results.json").read_text()
    described = pypdf.PdfReader(place / "report.pdf").metadata
    assert not {"/CreationDate", "/ModDate"} & set(described or {})


def test_no_place_on_this_machine_is_in_a_report(renders):
    for place in renders:
        for name in ("index.html", "results.json"):
            text = (place / name).read_text()
            for own in (str(place.parent), sys.prefix, os.environ.get("HOME") or "/root"):
                assert own not in text
