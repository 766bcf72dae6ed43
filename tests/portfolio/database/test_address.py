"""Addresses of databases: what they name, what of them is shown, and YAML files that hold them."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.base.errors import InputError
from analysis.portfolio import declaration, file
from analysis.portfolio.database import address

SECRET = "p@ss/w:rd%1"  # noqa: S105 -- of no one
URL = "postgres://analyst:p%40ss%2Fw%3Ard%251@host:5433/bank?table=risk.loans&order_by=id,day"


@pytest.fixture(autouse=True)
def _installed():
    """Need nothing: addresses are read, and their secrets hidden, without what reads databases."""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("duckdb:///loans.duckdb?table=loans", True),
        ("postgres://host/db?table=loans", True),
        ("source.yml", True),
        ("loans.csv", False),
        ("a folder/loans.parquet", False),
        ("C:\\loans.csv", False),
    ],
)
def test_an_address_is_told_from_a_path(given, expected):
    assert address.is_address(given) is expected
    if not expected:
        assert file.source(given) == Path(given)


def test_a_password_is_taken_and_not_shown():
    found = address.read(URL)
    assert (found.engine, found.table, found.order_by) == ("postgres", "risk.loans", ("id", "day"))
    assert found.password == SECRET
    name = "postgres://analyst@host:5433/bank?table=risk.loans&order_by=id,day"
    assert found.name == name
    for text in (found.name, repr(found), str(found.refuse(f"user:{SECRET} failed", "try"))):
        assert SECRET not in text
        assert "p%40ss" not in text


def test_what_other_processes_are_given_names_the_same_loans():
    found = address.read(URL)
    assert address.read(str(found)) == found
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 -- what this test made


def test_a_host_may_be_left_out():
    found = address.read("spark:///?query=SELECT 1&spark.ui.enabled=false")
    assert found.engine == "pyspark"
    assert found.name == "spark:///?query=SELECT 1&spark.ui.enabled=***"
    assert address.read(str(found)) == found


def test_a_query_is_shown_as_it_was_written_and_gives_the_same_again():
    query = "SELECT * FROM \"a b\".`loans` WHERE 1 <= x AND y = 'ü%?/'"
    found = address.read(f"duckdb:///a.duckdb?query={query.replace('%', '%25')}")
    assert found.query == query
    assert address.read("duckdb:///a?query=SELECT a +b # c").query == "SELECT a +b # c"
    assert found.name.endswith(query.replace("%", "%25").replace("ü", "%C3%BC"))
    for each in ("1 + 1 AS a", "a & b # c", "x\ny\t%41"):
        found = replace(found, query=each)
        assert address.read(str(found)).query == address.read(found.name).query == each


def test_values_of_other_parameters_are_hidden():
    found = address.read("postgres://host/db?table=loans&sslpassword=hush&sslmode=require")
    assert found.name == "postgres://host/db?table=loans&sslpassword=***&sslmode=***"
    assert "hush" not in found.hidden("it says hush")


def test_a_file_is_named_without_its_folders(tmp_path, monkeypatch):
    (tmp_path / "my loans.duckdb").touch()
    monkeypatch.chdir(tmp_path)
    found = address.read("duckdb:///my%20loans.duckdb?query=SELECT 1")
    assert found.database == tmp_path / "my loans.duckdb"
    assert found.name == "duckdb:///my%20loans.duckdb?query=SELECT 1"
    whole = found.absolute()
    monkeypatch.chdir("/")
    assert whole.database == tmp_path / "my loans.duckdb"
    assert whole.name == found.name


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("duckdb:///loans.duckdb", "neither a table nor a query"),
        ("duckdb:///loans.duckdb?table=a&query=b", "the address names table and query"),
        ("duckdb:///loans.duckdb?table=a&table=b", "the address names table and table"),
        ("duckdb:///loans.duckdb?table=", "the address names table"),
        ("https://host/loans.csv", "the address of a file, not of a database"),
        ("postgres://me:hush@[host/db?table=a", "cannot be read"),
        ("postgres://me:hush@host:port/db?table=a", "cannot be read"),
        ("postgres://me:12/hush@host/db?table=a", "cannot be read"),
        ("postgres://me:12?hush=1@host/db&table=a", "cannot be read"),
        ("postgres://me:12?table=a&hush@host/db", "cannot be read"),
    ],
)
def test_an_address_that_names_no_loans_is_refused_without_showing_it(given, problem):
    with pytest.raises(InputError, match=problem) as caught:
        address.read(given)
    assert "hush" not in str(caught.value)


def written(tmp_path, text):
    path = tmp_path / "source.yml"
    path.write_text(text)
    return path


def test_a_yaml_file_holds_address_query_and_password(tmp_path, monkeypatch):
    text = (
        "address: postgres://analyst@host/bank\n"
        "query: |\n  SELECT *\n  FROM loans\n"
        "order_by: id\npassword: a ${LOANS_PASSWORD}\nportfolio: ../loans.yml\n"
    )
    path = written(tmp_path, text)
    monkeypatch.setenv("LOANS_PASSWORD", SECRET)
    found = address.read(str(path))
    assert found.query == "SELECT *\nFROM loans\n"
    assert (found.order_by, found.password) == (("id",), f"a {SECRET}")
    assert (found.name, str(found)) == ("source.yml", str(path))
    assert declaration.locate(found) == tmp_path / ".." / "loans.yml"
    assert found.absolute().file == path
    monkeypatch.delenv("LOANS_PASSWORD")
    with pytest.raises(InputError, match="the environment variable LOANS_PASSWORD is not set"):
        address.read(str(path))


def test_a_yaml_file_names_a_database_beside_it(tmp_path, monkeypatch):
    (tmp_path / "loans.duckdb").touch()
    path = written(tmp_path, "address: duckdb:///loans.duckdb\ntable: loans\n")
    monkeypatch.chdir("/")
    assert address.read(str(path)).database == tmp_path / "loans.duckdb"
    (tmp_path / "loans.yml").touch()
    assert declaration.locate(address.read(str(path))) == tmp_path / "loans.yml"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("table: loans\n", "the entry is missing"),
        ("address: duckdb:///a?table=b\nsecret: hush\n", "the entry is not known"),
        ("address: duckdb:///a?table=b\npassword: [hush]\n", "password"),
        ("title: Loans\n", "the entry is missing"),
        ("address: loans.duckdb\ntable: hush\n", "the address cannot be read"),
        ("address: duckdb:///a?table=b\ntable: hush\n", "the address names table and table"),
        ("postgres://me:hush@host/db?table=a\n", "it has no entries"),
    ],
)
def test_a_wrong_yaml_file_is_refused_without_showing_its_password(tmp_path, text, problem):
    with pytest.raises(InputError, match=problem) as caught:
        address.read(str(written(tmp_path, text)))
    assert "hush" not in str(caught.value)


def test_the_table_of_a_database_is_declared_beside_it(tmp_path):
    (tmp_path / "bank.duckdb").touch()
    found = address.read(f"duckdb://{tmp_path}/bank.duckdb?table=main.loans")
    assert declaration.locate(found) == declaration.MODULE_12
    (tmp_path / "loans.yaml").touch()
    assert declaration.locate(found) == tmp_path / "loans.yaml"
