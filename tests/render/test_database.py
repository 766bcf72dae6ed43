"""A report on loans in a database, by each route: it names the address, and shows no password."""

import json

import pytest

from analysis.portfolio import simulate
from render import quarto
from tests.conftest import ENGINES
from tests.support import databases

SOURCE = "address: duckdb:///bank.duckdb?table=loans&key=hush-hush\npassword: hush-${WORD}\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_report_on_a_database(engine, render, tmp_path):
    pytest.importorskip("ibis", reason="what reads databases is not installed: make databases")
    if engine == "quarto" and quarto.find() is None:
        pytest.skip("no quarto 1.9 or newer on the PATH")
    databases.duckdb(tmp_path / "bank.duckdb", simulate.portfolio(1_000, seed=3))
    (tmp_path / "source.yml").write_text(SOURCE)
    out = tmp_path / "site"
    told = {"LENDING_DATA": str(tmp_path / "source.yml"), "WORD": "word"}
    done = render(out, "--to", "html", engine=engine, **told)
    assert done.returncode == 0, done.stderr
    page = (out / "index.html").read_text()
    assert "source.yml, 1,000 loans" in page
    assert "rowid, which is how DuckDB keeps rows" in page
    assert json.loads((out / "results.json").read_text())["data"]["source"] == "database"
    assert not any(b"hush" in each.read_bytes() for each in out.iterdir())
    assert "hush" not in done.stdout + done.stderr
