"""The loans of the real file are the same from CSV, Parquet and each database, in their order."""

import pandas as pd
import pytest

from analysis.portfolio import read
from analysis.portfolio.database import address
from tests.support import databases


@pytest.fixture(scope="module")
def real_table(real_file):
    return pd.read_csv(real_file)


@pytest.fixture(scope="module")
def places(real_table, tmp_path_factory):
    """Where the same loans lie, each with its order."""
    folder = tmp_path_factory.mktemp("same")
    real_table.to_parquet(folder / "loans.parquet", index=False)
    found = {
        "Parquet": folder / "loans.parquet",
        "DuckDB": address.read(databases.duckdb(folder / "loans.duckdb", real_table)),
    }
    with databases.postgres() as server:
        if server:
            server.copy(real_table.assign(number=range(len(real_table))), "loans")
            found["PostgreSQL"] = address.read(server.address("table=loans&order_by=number"))
        yield found


def test_the_real_loans_are_the_same_from_spark(real_table, real_portfolio, tmp_path, same):
    databases.needs_spark()
    real_table.assign(number=range(len(real_table))).to_parquet(tmp_path / "loans", index=False)
    asked = f"order_by=number&query=FROM parquet.`{tmp_path}/loans`"
    hold(read.read(address.read(f"spark:///?{asked}")), real_portfolio, same)


def hold(found, expected, same):
    same(found.loans, expected.loans)  # all figures follow from these
    assert found.published_loans
    assert read.fingerprint.of(found.loans) == read.fingerprint.of(expected.loans)


@pytest.mark.parametrize("engine", ["Parquet", "DuckDB", "PostgreSQL"])
def test_the_real_loans_are_the_same(engine, places, real_portfolio, same):
    if engine not in places:
        pytest.skip(f"{engine} is not installed")
    hold(read.read(places[engine]), real_portfolio, same)
