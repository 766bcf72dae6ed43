"""What goes wrong with a database is one clear line; Ctrl-C and a time limit end a query."""

import signal
import subprocess
import sys
import time

import pytest

from analysis.base.errors import InputError
from analysis.portfolio import read
from analysis.portfolio.database import address, connection

ENDLESS = (
    "SELECT * FROM loans WHERE 0 < "
    "(SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b)"
)


def problem(given):
    with pytest.raises(InputError) as caught:
        read.read(address.read(given))
    (fault,) = caught.value.faults
    assert len(fault.problem) < 250
    return fault


def test_a_file_that_is_missing_or_no_database_is_named(tmp_path):
    assert (
        problem(f"duckdb://{tmp_path}/a.duckdb?table=a").problem == "there is no such DuckDB file"
    )
    (tmp_path / "a.duckdb").write_text("loan_size,interest_rate\n" * 1_000)
    said = problem(f"duckdb://{tmp_path}/a.duckdb?table=a").problem
    assert "not a valid DuckDB database file" in said


def test_a_missing_table_names_those_that_are_there(folder):
    fault = problem(f"duckdb://{folder}/loans.duckdb?table=lones")
    assert fault.problem == "there is no table 'lones'"
    assert fault.allowed == "one of its tables: loans, seen, shuffled"
    assert problem(f"duckdb://{folder}/loans.duckdb?table=risk.loans").allowed == fault.allowed


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT FROM loans", "Parser Error"),
        ("SELECT 1; SELECT * FROM loans", "several statements"),
        ("SELECT age FROM loans", 'column "age" not found'),
        ("SELECT * FROM loans WHERE false", "it has columns and no rows"),
    ],
)
def test_a_query_that_cannot_be_used_says_why(folder, query, said):
    found = problem(f"duckdb://{folder}/loans.duckdb?query={query}").problem
    assert said.lower() in found.lower()


def test_a_database_is_not_written_to(folder):
    with pytest.raises(InputError):
        read.read(address.read(f"duckdb://{folder}/loans.duckdb?query=DROP TABLE loans"))
    assert read.read(address.read(f"duckdb://{folder}/loans.duckdb?table=loans")).loans.total


def test_what_is_not_installed_says_how_to_install_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "ibis", None)
    fault = problem(f"duckdb://{folder}/loans.duckdb?table=loans")
    assert "ibis is not installed" in fault.problem
    assert fault.remedy == "install it: make databases"


def test_an_engine_of_which_ibis_lacks_something_says_how_to_install_it():
    fault = problem("mysql://analyst:hush@host/bank?table=loans")
    assert fault.problem.startswith("what Ibis needs for mysql is not installed")
    assert fault.remedy == "install it: .venv/bin/pip install 'ibis-framework[mysql]'"


def test_an_engine_that_nobody_knows_is_named():
    assert "Don't know how to connect" in problem("nosuch://host/db?table=loans").problem


def test_a_time_limit_ends_a_query(folder, limited):
    limited(seconds=1)
    begun = time.monotonic()
    fault = problem(f"duckdb://{folder}/loans.duckdb?query={ENDLESS}")
    assert fault.problem == "its answer took longer than 1 seconds"
    assert "seconds: in settings.yml" in fault.remedy
    assert time.monotonic() - begun < 10


def test_ctrl_c_ends_a_query(folder):
    command = [sys.executable, "-m", "analysis", "validate", "--quiet"]
    given = f"duckdb://{folder}/loans.duckdb?query={ENDLESS}"
    with subprocess.Popen([*command, given], stderr=subprocess.PIPE, text=True) as running:
        time.sleep(4)
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=20)[1]
    assert (running.returncode, said) == (130, "stopped; nothing was written\n")


def test_where_a_process_cannot_be_copied_a_thread_asks(folder, monkeypatch):
    monkeypatch.setattr(connection.parallel, "cores", lambda: 1)
    found = read.read(address.read(f"duckdb://{folder}/loans.duckdb?table=loans"))
    assert found.loans.total == 2_000
