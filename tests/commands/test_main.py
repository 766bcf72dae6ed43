"""The command line: what it writes, and that bad input and wrong usage end with 2."""

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.base import parallel, project
from analysis.evidence import resplits
from analysis.portfolio import file, read, simulate
from analysis.record import cache, export


@pytest.fixture
def loans(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(simulate.to_csv(simulate.portfolio(1_000)))
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where these tests keep results, so that each portfolio is computed once."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path, kept):
    monkeypatch.setenv(project.CACHE, str(kept))
    monkeypatch.setattr(file, "DEFAULT_FILE", tmp_path / "absent.csv")


def ends_with_2(arguments, capsys):
    """Run a command that must fail, and return its message."""
    assert main([str(each) for each in arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert "Traceback" not in shown.err
    return shown.err


def test_run_writes_results_that_match_the_schema(loans, tmp_path, capsys):
    out = tmp_path / "results.json"
    assert main(["run", "--data", str(loans), "--out", str(out)]) == 0
    made = json.loads(out.read_text())
    jsonschema.Draft202012Validator(json.loads(export.SCHEMA_FILE.read_bytes())).validate(made)
    assert made["data"]["source"] == "file"
    assert made["data"]["name"] == "loans.csv"
    assert made["data"]["rows"] == 1_000
    assert capsys.readouterr().out == ""


def test_run_prints_the_same_that_it_writes(loans, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    out = tmp_path / "results.json"
    assert main(["run", "--data", str(loans), "--out", str(out)]) == 0
    assert main(["run", "--data", str(loans)]) == 0
    assert capsys.readouterr().out == out.read_text()


def test_run_takes_the_file_from_the_environment(loans, capsys, monkeypatch):
    monkeypatch.setenv("LENDING_DATA", str(loans))
    assert main(["run"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["name"] == "loans.csv"


def test_run_without_a_file_is_on_simulated_data(capsys, monkeypatch):
    small = simulate.portfolio(1_000)
    monkeypatch.setattr(simulate, "portfolio", lambda: small)
    assert main(["run"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["data"]["source"] == "simulated"
    assert made["provenance"]["command"] == "make report"


def test_validate_says_what_it_found(loans, capsys):
    assert main(["validate", str(loans)]) == 0
    shown = capsys.readouterr().out
    assert "loans.csv: valid" in shown
    assert "rows: 1,000" in shown
    assert "label 1: 32" in shown
    assert read.read(loans).sha256 in shown
    assert "verified" not in shown


def test_validate_says_that_the_label_may_be_turned_round(loans, tmp_path, capsys):
    table = pd.read_csv(loans)
    path = tmp_path / "turned.csv"
    table.assign(loan_status=1 - table["loan_status"]).to_csv(path, index=False)
    assert main(["validate", str(path)]) == 0
    (note,) = [line for line in capsys.readouterr().out.splitlines() if "note: " in line]
    assert note == (
        "  note: 968 of 1,000 loans have label 1, high-risk: "
        "make sure that it does not mark the good ones."
    )


def test_validate_knows_the_real_file(real_file, capsys):
    assert main(["validate", str(real_file)]) == 0
    shown = capsys.readouterr().out
    assert "rows: 77,536" in shown
    assert "verified" in shown


def test_simulate_writes_a_valid_portfolio(tmp_path, capsys):
    out = tmp_path / "portfolio.csv"
    assert main(["simulate", "--rows", "500", "--seed", "3", "--out", str(out)]) == 0
    assert "500 simulated loans" in capsys.readouterr().out
    assert len(pd.read_csv(out)) == 500
    assert main(["validate", str(out)]) == 0
    assert out.read_bytes() == simulate.to_csv(simulate.portfolio(500, 3))


@pytest.mark.parametrize(
    "numbers", [("--rows", "319"), ("--rows", "0"), ("--rows", "-5"), ("--seed", "-1")]
)
def test_simulate_refuses_what_it_cannot_make(numbers, tmp_path, capsys):
    out = tmp_path / "portfolio.csv"
    shown = ends_with_2(["simulate", *numbers, "--out", out], capsys)
    assert "320" in shown
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["run", "--rows", "3"],
        ["run", "loans.csv"],
        ["validate"],
        ["validate", "a.csv", "b.csv"],
        ["simulate"],
        ["simulate", "--rows", "many", "--out", "x.csv"],
    ],
)
def test_wrong_usage_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m analysis" in capsys.readouterr().err


def test_help_ends_with_0(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in ("run", "validate", "simulate"))


@pytest.mark.parametrize("command", ["run", "validate"])
def test_bad_input_ends_with_2(command, tmp_path, capsys):
    path, out = tmp_path / "bad.csv", tmp_path / "results.json"
    path.write_bytes(simulate.to_csv(simulate.portfolio(400).assign(loan_status=2)))
    out.write_bytes(export.BEGINS)
    arguments = ["run", "--data", path, "--out", out] if command == "run" else ["validate", path]
    shown = ends_with_2(arguments, capsys)
    for text in ("bad.csv", "loan_status", "row 1: '2'", "allowed", "to do: "):
        assert text in shown
    assert out.read_bytes() == export.BEGINS


# Ways to name a loan file as the place for results, from its path.
SAME_FILE = {
    "itself": lambda loans: loans,
    "a link": lambda loans: linked(loans.with_name("link.csv"), loans),
    "another name": lambda loans: hard_link(loans.with_name("other.csv"), loans),
    "a copy": lambda loans: Path(shutil.copy(loans, loans.with_name("copy.csv"))),
    "through no folder": lambda loans: loans.parent / "none" / ".." / loans.name,
}


def linked(link, loans):
    link.symlink_to(loans)
    return link


def hard_link(other, loans):
    other.hardlink_to(loans)
    return other


@pytest.mark.parametrize("place", SAME_FILE)
@pytest.mark.parametrize("named", ["data", "environment", "default"])
def test_run_writes_over_no_loan_file(place, named, loans, capsys, monkeypatch):
    out = SAME_FILE[place](loans)
    before = {each: each.read_bytes() for each in loans.parent.iterdir()}
    arguments = ["run", "--out", out, *(["--data", loans] if named == "data" else [])]
    if named == "environment":
        monkeypatch.setenv("LENDING_DATA", str(loans))
    monkeypatch.setattr(file, "DEFAULT_FILE", loans)
    monkeypatch.setattr(cache, "results_of", lambda *_: pytest.fail("it was computed first"))
    assert "would be lost" in ends_with_2(arguments, capsys)
    assert {each: each.read_bytes() for each in loans.parent.iterdir()} == before


def test_run_replaces_earlier_results(loans, tmp_path):
    out = tmp_path / "results.json"
    out.touch()
    for _ in range(2):
        assert main(["run", "--data", str(loans), "--out", str(out)]) == 0
        assert out.read_bytes().startswith(export.BEGINS)


def test_simulate_writes_over_no_other_file(loans, tmp_path, capsys, monkeypatch):
    mine = tmp_path / "notes.txt"
    mine.write_text("mine")
    assert "would be lost" in ends_with_2(["simulate", "--out", mine], capsys)
    monkeypatch.setattr(file, "DEFAULT_FILE", loans)
    before = loans.read_bytes()
    assert "the loan file itself" in ends_with_2(["simulate", "--out", loans], capsys)
    assert (mine.read_text(), loans.read_bytes()) == ("mine", before)


@pytest.mark.parametrize("place", ["absent/results.json", "folder", "file/results.json"])
def test_a_place_that_cannot_be_written_to_ends_with_2(place, loans, tmp_path, capsys):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    shown = ends_with_2(["run", "--data", loans, "--out", tmp_path / place], capsys)
    assert "cannot be written" in shown


@pytest.mark.parametrize("name", [".", "..", "/"])
@pytest.mark.parametrize("command", ["run", "validate", "describe"])
def test_a_folder_is_no_loan_file(command, name, capsys):
    shown = ends_with_2([command, *(["--data"] if command == "run" else []), name], capsys)
    assert "this is a directory" in shown


def test_no_other_program_is_needed(loans, tmp_path):
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "analysis", "run", "--quiet", "--data", loans, "--out", out]
    done = subprocess.run(
        command, cwd=project.ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(export.BEGINS)


def test_a_device_takes_the_results(loans):
    assert main(["run", "--data", str(loans), "--out", "/dev/null"]) == 0


def test_a_name_that_is_no_text_is_shown(loans):
    odd = loans.rename(loans.with_name(os.fsdecode(b"lo\xffans\n.csv")))
    done = program("validate", "--quiet", str(odd))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"lo\\" in done.stdout


def program(*arguments, **options):
    command = [sys.executable, "-m", "analysis", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, **options)


def test_as_a_program_bad_input_ends_with_2_without_a_traceback(tmp_path):
    done = program("run", "--data", str(tmp_path / "absent.csv"))
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"error: ")
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error(loans, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    command = [sys.executable, "-m", "analysis", "validate", "--quiet", str(loans)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        shown = running.stderr.read()
        running.wait(timeout=120)
    assert shown == b""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process computes")
def test_a_process_that_is_ended_from_outside_is_one_line(loans, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(project.CACHE, str(tmp_path / "nothing kept"))
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    own = os.getpid()

    def ended(*_):
        assert os.getpid() != own, "this process would end"
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(resplits, "repetitions", ended)
    assert main(["run", "--quiet", "--data", str(loans)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "error: a process that computes ended early; is there enough memory?\n"


def test_gzipped_and_parquet_files_are_read(loans, tmp_path, capsys):
    zipped = tmp_path / "loans.csv.gz"
    zipped.write_bytes(gzip.compress(loans.read_bytes()))
    parquet = tmp_path / "loans.parquet"
    pd.read_csv(io.BytesIO(loans.read_bytes())).to_parquet(parquet)
    for path in (zipped, parquet):
        assert main(["validate", str(path)]) == 0
        assert "rows: 1,000" in capsys.readouterr().out
