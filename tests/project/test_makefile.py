"""The commands of the Makefile, as far as they run without installing anything."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _make():
    if not shutil.which("make"):
        pytest.skip("make is not installed")


def make(*arguments, **environment):
    return subprocess.run(
        ["make", *arguments],  # noqa: S607 -- the one on the PATH is the one that is tested
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_lists_every_documented_target():
    done = make("help")
    assert (done.returncode, done.stderr) == (0, "")
    documented = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = re.findall(r"^  make ([a-z-]+) ", done.stdout, re.MULTILINE)
    assert listed == documented
    assert {"help", "report", "test", "check"} <= set(listed)
    assert "DATA=" in done.stdout


def test_make_alone_is_help():
    assert make().stdout == make("help").stdout


def test_every_phony_target_is_documented():
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()
    assert sorted(phony) == sorted(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))


@pytest.mark.parametrize("target", ["report", "test", "check"])
def test_what_a_target_would_do_can_be_shown(target):
    done = make("--dry-run", target)
    assert done.returncode == 0
    assert done.stdout


@pytest.mark.parametrize("name", ["loans.csv", "my loans.csv", "a,b).csv", "a;b$(HOME)'\"`#.csv"])
def test_the_file_is_handed_over_in_the_environment(name, tmp_path):
    text = (ROOT / "Makefile").read_text() + '\nshow-data:\n\t@printf "%s" "$$LENDING_DATA"\n'
    (tmp_path / "Makefile").write_text(text)
    done = make("-C", str(tmp_path), "--no-print-directory", "show-data", f"DATA={name}")
    assert done.stdout == name
    done = make("-C", str(tmp_path), "--no-print-directory", "show-data", LENDING_DATA=name)
    assert done.stdout == name
    done = make("-C", str(tmp_path), "--no-print-directory", "show-data", f"LENDING_DATA={name}")
    assert done.stdout == name


@pytest.mark.parametrize("variable", ["DATA", "LENDING_DATA", "SINCE", "REPORT_SINCE", "AUDIT"])
@pytest.mark.parametrize("command", ["$(shell touch here)", "$(file >here)", "`touch here`"])
@pytest.mark.parametrize("given", ["on the command line", "in the environment"])
def test_a_name_is_never_a_command(variable, command, given, tmp_path):
    shown = {"DATA": "LENDING_DATA", "SINCE": "REPORT_SINCE", "AUDIT": "REPORT_AUDIT"}.get(
        variable, variable
    )
    text = (ROOT / "Makefile").read_text() + f'\nshow-data:\n\t@printf "%s" "$${shown}"\n'
    (tmp_path / "Makefile").write_text(text)
    arguments = ["-C", str(tmp_path), "--no-print-directory", "show-data"]
    if given == "in the environment":
        done = make(*arguments, **{variable: command})
    else:
        done = make(*arguments, f"{variable}={command}")
    assert (done.returncode, done.stdout) == (0, command)
    assert [each.name for each in tmp_path.iterdir()] == ["Makefile"]


def test_what_python_is_told_to_load_elsewhere_is_not_loaded(tmp_path):
    text = (ROOT / "Makefile").read_text() + "\nshow-all:\n\t@env\n"
    (tmp_path / "Makefile").write_text(text)
    told = {"PYTHONPATH": "a", "PYTHONHOME": "b", "PYTHONSAFEPATH": "1"}
    done = make("-C", str(tmp_path), "show-all", **told)
    assert not [line for line in done.stdout.splitlines() if line.split("=")[0] in told]


@pytest.mark.parametrize(
    ("data", "installed"),
    [
        ("duckdb:///loans.duckdb?table=loans", True),
        ("postgres://host/bank?table=loans", True),
        ("a folder/source.yml", True),
        ("spark:///?table=loans", True),
        ("loans.csv", False),
        ("yml", False),
        ("", False),
    ],
)
def test_what_reads_databases_is_installed_for_an_address_alone(data, installed):
    shown = make("--dry-run", "--always-make", "report", f"DATA={data}").stdout
    assert ("-r requirements-databases.txt" in shown) is installed
    assert ("-r requirements-spark.txt" in shown) is data.startswith("spark")
    assert "-r requirements.txt" in shown
