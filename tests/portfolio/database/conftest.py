"""One database for all tests that only read it."""

import numpy as np
import pandas as pd
import pytest

from analysis.base import settings
from analysis.portfolio import read, simulate
from tests.support import databases

ROWS = 2_000


@pytest.fixture(autouse=True)
def _installed():
    pytest.importorskip("ibis", reason="what reads databases is not installed: make databases")
    # Loaded once, for all processes in which databases are asked.
    pytest.importorskip("ibis.backends.duckdb")
    read.of_database.cache_clear()


@pytest.fixture(scope="session")
def table():
    """A simulated table of 2,000 rows, in no order that its columns tell; every row twice."""
    found = simulate.portfolio(ROWS // 2, seed=3)
    return found.sample(n=ROWS, replace=True, random_state=1).reset_index(drop=True)


@pytest.fixture(scope="session")
def folder(tmp_path_factory, table):
    """A folder with `loans.duckdb`: the table `loans`, and a view of it."""
    place = tmp_path_factory.mktemp("databases")
    databases.duckdb(place / "loans.duckdb", table)
    numbered = table.assign(id=range(len(table))).sample(frac=1, random_state=2)
    databases.duckdb(place / "loans.duckdb", numbered, "shuffled")
    databases.execute(place / "loans.duckdb", "CREATE VIEW seen AS SELECT * FROM loans")
    return place


@pytest.fixture
def limited(monkeypatch):
    """Return a function that sets what may be asked of a database."""

    def set_(**limits):
        found = settings.load()
        changed = settings.Settings(**{**vars(found), "database": settings.Database(**limits)})
        monkeypatch.setattr(settings, "load", lambda *_: changed)

    return set_


@pytest.fixture(scope="session")
def same():
    """Return a function that holds loans against others: their rows, counts and order."""

    def hold(found, expected):
        pd.testing.assert_frame_equal(found.rows, expected.rows)
        np.testing.assert_array_equal(found.counts, expected.counts)
        np.testing.assert_array_equal(found.inverse, expected.inverse)

    return hold
