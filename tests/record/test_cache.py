"""Results are computed once for each data file, code and set of libraries."""

import dataclasses
import warnings

import pytest

from analysis.base.errors import InputError
from analysis.portfolio import file, read, simulate
from analysis.record import cache, provenance


@pytest.fixture
def computed(monkeypatch, tmp_path):
    """Names of the portfolios that were computed, in order; results are their names."""
    names = []

    def run(portfolio, cost_ratio):
        assert cost_ratio > 0
        names.append(portfolio.name)
        return f"results of {portfolio.name}"

    monkeypatch.setattr(cache, "run", run)
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(file, "DEFAULT_FILE", tmp_path / "absent.csv")
    small = simulate.portfolio(400)
    monkeypatch.setattr(simulate, "portfolio", lambda *_: small)
    return names


@pytest.fixture
def loans(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(simulate.to_csv(simulate.portfolio(400)))
    return path


def test_a_second_call_reads_what_the_first_one_kept(computed):
    assert cache.results() == "results of simulated portfolio"
    assert cache.results() == "results of simulated portfolio"
    assert computed == ["simulated portfolio"]


def test_the_same_content_under_another_path_is_not_computed_again(computed, loans, tmp_path):
    assert cache.results(str(loans)) == "results of loans.csv"
    (tmp_path / "elsewhere").mkdir()
    moved = loans.rename(tmp_path / "elsewhere" / "loans.csv")
    assert cache.results(str(moved)) == "results of loans.csv"
    assert computed == ["loans.csv"]


@pytest.mark.usefixtures("computed")
def test_another_name_is_another_result(loans):
    cache.results(str(loans))
    renamed = loans.rename(loans.with_name("other.csv"))
    assert cache.results(str(renamed)) == "results of other.csv"


def test_other_content_is_computed(computed, loans):
    cache.results(str(loans))
    loans.write_bytes(simulate.to_csv(simulate.portfolio(400).iloc[:-1]))
    cache.results(str(loans))
    assert computed == ["loans.csv", "loans.csv"]


def test_other_code_is_computed(computed, monkeypatch):
    cache.results()
    monkeypatch.setattr(provenance, "code_fingerprint", lambda: "other code")
    cache.results()
    assert len(computed) == 2


def test_another_record_of_the_published_file_is_computed(computed, loans, monkeypatch):
    cache.results(str(loans))
    other = dataclasses.replace(read.known_file(), sha256="0" * 64)
    monkeypatch.setattr(read, "known_file", lambda: other)
    cache.results(str(loans))
    assert len(computed) == 2


def test_other_libraries_are_computed(computed, monkeypatch):
    cache.results()
    monkeypatch.setattr(provenance, "library_versions", lambda: {"pandas": "99"})
    cache.results()
    assert len(computed) == 2


@pytest.mark.usefixtures("computed")
def test_the_environment_names_the_file(loans, monkeypatch):
    monkeypatch.setenv("LENDING_DATA", str(loans))
    assert cache.results() == "results of loans.csv"


def test_bad_input_is_an_error_each_time(computed, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    for _ in range(2):
        with pytest.raises(InputError, match=r"bad\.csv"):
            cache.results(str(bad))
    assert computed == []


def test_a_damaged_result_is_computed_again(computed):
    cache.results()
    for path in cache.FOLDER.rglob("output.pkl"):
        path.write_bytes(b"not a pickle")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cache.results() == "results of simulated portfolio"
    assert len(computed) == 2


@pytest.mark.usefixtures("computed")
def test_only_so_many_results_are_kept(loans, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 2)
    table = simulate.portfolio(400)
    for rows in range(395, 400):
        loans.write_bytes(simulate.to_csv(table.iloc[400 - rows :]))
        cache.results(str(loans))
    assert len(list(cache.FOLDER.rglob("output.pkl"))) <= 2


@pytest.mark.usefixtures("computed")
def test_a_folder_that_cannot_be_written_to_does_not_matter(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "file" / "kept")
    assert cache.results() == "results of simulated portfolio"


@pytest.mark.usefixtures("computed")
def test_a_file_that_changes_while_it_is_read_is_an_error(loans, monkeypatch):
    fingerprint = file.fingerprint

    def changing(path):
        found = fingerprint(path)
        path.write_bytes(simulate.to_csv(simulate.portfolio(400).iloc[:-1]))
        return found

    monkeypatch.setattr(file, "fingerprint", changing)
    with pytest.raises(InputError, match="changed"):
        cache.results(str(loans))
