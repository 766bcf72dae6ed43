"""Loans that Spark reads, in local mode: the same as in DuckDB; what goes wrong is one line."""

import sys
import time
from pathlib import Path

import pytest

from analysis.base.errors import InputError
from analysis.portfolio import read
from analysis.portfolio.database import address, spark
from tests.support import databases

FEW = "spark.sql.shuffle.partitions=2"
ENDLESS = "CROSS JOIN range(1000000000) CROSS JOIN range(1000000000)"


def test_settings_stand_in_a_file_as_java_reads_it():
    found = address.read("spark://host:7077?table=loans&spark.a=C:%5Cb%20c&spark.ui.enabled=true")
    lines = spark._settings(found, "/tmp/folder").splitlines()  # noqa: S108 -- never made
    assert sorted(lines) == [
        "spark.a=C:\\\\b\\ c",
        "spark.master=spark://host:7077",
        "spark.sql.warehouse.dir=/tmp/folder/warehouse",
        "spark.ui.enabled=true",
    ]


@pytest.fixture
def place(table, tmp_path, monkeypatch):
    databases.needs_spark()
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "loans.parquet"
    table.assign(id=range(len(table))).to_parquet(path, index=False)
    return f"query=FROM parquet.`{path}`"


def test_loans_are_those_of_duckdb(folder, same, place, capfd):
    found = read.read(address.read(f"spark:///?{FEW}&order_by=id&{place}"))
    expected = read.read(address.read(f"duckdb://{folder}/loans.duckdb?table=loans"))
    same(found.loans, expected.loans)
    assert found.sha256 == expected.sha256
    assert found.database.engine == "Spark"
    assert found.database.snapshot == "none that the engine names"
    assert capfd.readouterr() == ("", "")  # Spark says much, and draws bars
    assert [str(each) for each in Path().iterdir()] == ["loans.parquet"]


def test_a_sample_is_that_of_duckdb(folder, same, place, limited):
    limited(most_loans=300, beyond="sample")
    found = read.read(address.read(f"spark:///?{FEW}&order_by=id&{place}"), least_per_label=0)
    other = address.read(f"duckdb://{folder}/loans.duckdb?table=loans")
    same(found.loans, read.read(other, least_per_label=0).loans)


def problem(given):
    with pytest.raises(InputError) as caught:
        read.read(address.read(given))
    assert len(str(caught.value).splitlines()) <= 4
    return str(caught.value)


def test_a_query_that_takes_too_long_is_ended(place, limited):
    limited(seconds=20)
    begun = time.monotonic()
    assert "took longer than 20 seconds" in problem(f"spark:///?{place} {ENDLESS}")
    assert time.monotonic() - begun < 40


def test_where_java_is_missing_it_is_named(monkeypatch):
    pytest.importorskip("pyspark", reason="Spark is not installed: make spark")
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    said = problem("spark:///?table=loans")
    assert "Java does not start: " in said
    assert "install Java 17 or newer" in said


def test_where_spark_is_missing_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    said = problem("spark:///?table=loans")
    assert "pyspark is not installed" in said
    assert "to do: install it: make spark" in said
