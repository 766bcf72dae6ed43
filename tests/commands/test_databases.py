"""Commands on loans in a database; what they write shows no password."""

from dataclasses import replace

import pytest

from analysis.__main__ import main
from analysis.portfolio import declaration, file, read, simulate, summary
from analysis.portfolio.database import address
from analysis.record import export, provenance
from analysis.report.sections import overview
from analysis.report.sections.provenance import identity
from tests.support import databases


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    pytest.importorskip("ibis", reason="what reads databases is not installed: make databases")
    folder = tmp_path_factory.mktemp("bank")
    databases.duckdb(folder / "bank.duckdb", simulate.portfolio(2_000, seed=3))
    source = "address: duckdb:///bank.duckdb\ntable: loans\npassword: hush ${WORD}\n"
    (folder / "source.yml").write_text(source)
    return folder


@pytest.fixture(autouse=True)
def _word(monkeypatch):
    monkeypatch.setenv("WORD", "hush-hush")


@pytest.mark.parametrize("given", ["duckdb://{}/bank.duckdb?table=loans", "{}/source.yml"])
def test_validate(place, given, capsys):
    assert main(["validate", given.format(place)]) == 0
    said = capsys.readouterr().out
    assert "valid\n  rows: 2,000" in said
    assert "hush" not in said


def test_describe_drafts_what_can_be_read(place, capsys, tmp_path):
    out = tmp_path / "loans.yml"
    given = f"duckdb://{place}/bank.duckdb?table=loans"
    assert main(["describe", given, "--label", "loan_status=1", "--out", str(out)]) == 0
    capsys.readouterr()
    declared = declaration.read(out)
    found = read.read(address.read(given), declared)
    assert found.loans.total == 2_000
    assert declared.title == "Loans"


def test_a_draft_goes_beside_the_database(place):
    found = address.read(f"duckdb://{place}/bank.duckdb?table=loans")
    assert found.beside()[0] == place / "loans.yml"


def test_an_address_may_be_given_in_the_environment(place, monkeypatch):
    monkeypatch.setenv("LENDING_DATA", str(place / "source.yml"))
    assert file.locate() == address.read(f"{place}/source.yml")


def test_a_report_names_the_database_and_shows_no_password(place, small_results):
    source = address.read(f"{place}/source.yml")
    assert source.password == "hush hush-hush"  # noqa: S105 -- of no one
    portfolio = read.read(source)
    made = replace(small_results, data=summary.describe(portfolio))
    trace = provenance.trace(source)
    text = export.to_json(made, trace)
    rows = identity(made, trace)
    assert "hush" not in text + str(rows) + overview.source(made)
    assert trace.command == "make report DATA=source.yml"
    assert rows["Query"] == "table loans"
    assert rows["Data"].startswith("source.yml (DuckDB 1.")
    assert rows["Order of the loans"].startswith("rowid")
    assert rows["Loans SHA-256, in any order"] == portfolio.sha256
    assert rows["Fetched"].startswith("all distinct loans, ")
    assert overview.source(made).startswith("the loans at source.yml, read from DuckDB")
