"""Loans that Spark reads, in local mode: the same as in DuckDB."""

from importlib.util import find_spec

import pytest

from analysis.portfolio import read
from analysis.portfolio.database import address

SETTINGS = "spark.sql.shuffle.partitions=2"


@pytest.mark.skipif(not find_spec("pyspark"), reason="Spark is not installed")
def test_loans_are_those_of_duckdb(folder, table, same, tmp_path):
    table.assign(id=range(len(table))).to_parquet(tmp_path / "loans.parquet", index=False)
    place = f"parquet.`{tmp_path}/loans.parquet`"
    given = f"spark:///?{SETTINGS}&order_by=id&query=FROM {place}"
    found = read.read(address.read(given))
    expected = read.read(address.read(f"duckdb://{folder}/loans.duckdb?table=loans"))
    same(found.loans, expected.loans)
    assert found.sha256 == expected.sha256
    assert found.database.engine == "Spark"
    assert found.database.snapshot == "none that the engine names"
