"""Loans in PostgreSQL: the same as in DuckDB and in a file; what goes wrong there is one line."""

import signal
import subprocess
import sys
import time

import pytest

from analysis.base.errors import InputError
from analysis.portfolio import declaration, read
from analysis.portfolio.database import address
from analysis.portfolio.describe import draft
from tests.support import databases
from tests.support.databases import PASSWORD

# How many queries that take long are under way.
RUNNING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE query ILIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def server(table):
    pytest.importorskip("ibis", reason="what reads databases is not installed: make databases")
    with databases.postgres() as found:
        if not found:
            pytest.skip("PostgreSQL is not installed")
        found.copy(table.assign(id=range(len(table))), "loans")
        yield found


def loans(server, asked, **told):
    return read.read(address.read(server.address(asked)), **told)


def test_loans_are_those_of_duckdb(server, folder, same):
    for asked, other in {
        "table=loans&order_by=id": "table=loans",
        "query=SELECT * FROM public.loans&order_by=id": "table=shuffled&order_by=id",
        "query=SELECT loan_size, interest_rate, borrower_income, debt_to_income, num_of_accounts, "
        "derogatory_marks, total_debt, loan_status FROM loans": "table=seen",
    }.items():
        found = loans(server, asked)
        expected = read.read(address.read(f"duckdb://{folder}/loans.duckdb?{other}"))
        same(found.loans, expected.loans)
        assert found.sha256 == expected.sha256
        assert found.database.engine == "PostgreSQL"
        assert found.database.snapshot.startswith("pg_current_snapshot ")


def test_a_sample_is_that_of_duckdb(server, folder, same, limited):
    limited(most_loans=300, beyond="sample")
    found = loans(server, "table=loans&order_by=id", least_per_label=0)
    other = address.read(f"duckdb://{folder}/loans.duckdb?table=loans")
    same(found.loans, read.read(other, least_per_label=0).loans)


def problem(server, asked="table=loans&order_by=id", **told):
    with pytest.raises(InputError) as caught:
        read.read(address.read(server.address(asked, **told)))
    said = str(caught.value)
    assert len(said.splitlines()) <= 4
    assert PASSWORD not in said
    assert "wrong-word" not in said
    return said


def test_a_wrong_password_is_not_shown(server):
    assert "password authentication failed" in problem(server, password="wrong-word")  # noqa: S106


def test_a_missing_table_names_those_that_are_there(server):
    said = problem(server, "table=nothing")
    assert "there is no table 'nothing'" in said
    assert "loans" in said.partition("allowed: one of its tables: ")[2]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM loans",
        "SELECT * FROM loans; DELETE FROM loans",
        "WITH gone AS (DELETE FROM loans RETURNING *) SELECT * FROM gone",
    ],
)
def test_nothing_can_be_written(server, query):
    said = problem(server, f"query={query}")
    assert "the database says" in said
    assert server.execute("SELECT count(*) FROM loans") == [(2_000,)]


def test_a_query_that_takes_too_long_is_ended(server, limited):
    limited(seconds=1)
    said = problem(server, "query=SELECT l.*, pg_sleep(60)::text FROM loans l")
    assert "its answer took longer than 1 seconds" in said
    assert server.execute(RUNNING) == [(0,)]


def test_ctrl_c_ends_a_query_on_the_server(server):
    given = server.address("query=SELECT l.*, pg_sleep(60)::text FROM loans l")
    command = [sys.executable, "-m", "analysis", "validate", "--quiet", given]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        latest = time.monotonic() + 30
        while server.execute(RUNNING) == [(0,)] and time.monotonic() < latest:
            time.sleep(0.2)
        assert server.execute(RUNNING) == [(1,)]
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=20)[1]
    assert (running.returncode, said) == (130, "stopped; nothing was written\n")
    assert server.execute(RUNNING) == [(0,)]


def test_a_database_that_is_down_is_named(server):
    address_ = server.address("table=loans").replace(f":{server.port}/", ":1/")
    with pytest.raises(InputError) as caught:
        read.read(address.read(address_))
    assert "refused" in str(caught.value)
    assert PASSWORD not in str(caught.value)


KINDS = (
    "CREATE TABLE kinds AS SELECT n * 7919 % 1009 / 7.0 AS amount, gen_random_uuid() AS id, "
    "inet '10.0.0.1' + n AS seen_from, date '2026-01-01' + n AS day, n % 3 = 0 AS owner, "
    "rpad(CASE n % 2 WHEN 0 THEN 'car' ELSE 'home' END, 6)::char(8) AS purpose, "
    "CASE WHEN n % 7 < 3 THEN 'gone' ELSE 'paid' END AS status FROM generate_series(1, 300) n"
)


def test_columns_of_kinds_that_only_postgres_has_are_drafted_and_read(server, tmp_path):
    server.execute(KINDS)  # 7.0 makes numbers of any number of places
    found = address.read(server.address("table=kinds"))
    (tmp_path / "kinds.yml").write_text(draft.draft(found, "status=gone"))
    declared = declaration.read(tmp_path / "kinds.yml")
    assert [each.name for each in declared.features] == ["amount", "owner", "purpose"]
    portfolio = read.read(found, declared)
    assert portfolio.loans.label_counts[1] == 128
    amounts = sorted(n * 7919 % 1009 / 7 for n in range(1, 301))
    assert sorted(portfolio.loans.rows["amount"]) == pytest.approx(amounts)
