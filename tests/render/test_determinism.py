"""The same data, code, versions and date give the same bytes, wherever and whenever it is made."""

import hashlib
import os
import shutil
import sys

import pypdf
import pytest

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
def renders(tmp_path_factory, watched):
    """Two renders under conditions that differ in all that must not count."""
    project = elsewhere.copy(tmp_path_factory.mktemp("other") / "my projects" / "r\u00e9port")
    elsewhere.commit(project)
    moved = project.with_name("loans") / watched.loans.name
    moved.parent.mkdir()
    shutil.copy(watched.loans, moved)
    conditions = user(tmp_path_factory.mktemp("home")) | {
        "PYTHONHASHSEED": "2",
        "TZ": "America/New_York",
        "LANG": "de_DE.UTF-8",
        "COLUMNS": "40",
    }
    running = elsewhere.start(
        project,
        project.with_name("the report"),
        "--data",
        str(moved),
        env=elsewhere.PLAIN | elsewhere.DAY | conditions,
    )
    code, _, complaints = elsewhere.finish(running)
    assert (code, complaints) == (0, "")
    return watched.site, project.with_name("the report")


@pytest.mark.parametrize("name", PRODUCTS)
def test_two_renders_give_the_same_bytes(renders, name):
    one, other = ((place / name).read_bytes() for place in renders)
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(other).hexdigest()


def test_nothing_else_is_written(renders):
    for place in renders:
        assert {each.name for each in place.iterdir() if each.is_file()} == set(PRODUCTS)


def test_a_third_render_with_kept_results_gives_the_same_bytes(watched, tmp_path):
    environment = elsewhere.PLAIN | elsewhere.DAY
    out = tmp_path / "again"
    arguments = ["--data", str(watched.loans), "--to", "pdf"]
    running = elsewhere.start(watched.project, out, *arguments, env=environment)
    assert elsewhere.finish(running)[0] == 0
    for name in ("report.pdf", "results.json"):
        assert (out / name).read_bytes() == (watched.site / name).read_bytes()


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
