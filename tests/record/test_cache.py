"""Results are computed once for each data file, code and set of libraries, and never wrongly."""

import dataclasses
import operator
import os
import random
from dataclasses import dataclass, replace

import pandas as pd
import pytest

from analysis import results
from analysis.base import parallel, progress, project
from analysis.base.errors import InputError
from analysis.portfolio import file, published_loans, simulate
from analysis.portfolio import read as read_module
from analysis.record import cache, export, provenance, serial

MADE = provenance.trace(None)


def results_of(path):
    return cache.results_of(path, cost_ratio=10, fingerprint="")


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """Where these tests keep results."""
    monkeypatch.setenv(project.CACHE, str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def computed(monkeypatch, tmp_path, kept):  # noqa: ARG001 -- results are kept there
    """Names of the portfolios that were computed, in order; results are their names."""
    names = []

    def run(portfolio, cost_ratio):
        assert cost_ratio > 0
        names.append(portfolio.name)
        return f"results of {portfolio.name}"

    monkeypatch.setattr(results, "run", run)
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
    assert results_of(None) == "results of simulated portfolio"
    assert results_of(None) == "results of simulated portfolio"
    assert computed == ["simulated portfolio"]


def test_the_same_content_under_another_path_is_not_computed_again(computed, loans, tmp_path):
    assert results_of(loans) == "results of loans.csv"
    (tmp_path / "elsewhere").mkdir()
    moved = loans.rename(tmp_path / "elsewhere" / "loans.csv")
    assert results_of(moved) == "results of loans.csv"
    assert computed == ["loans.csv"]


@pytest.mark.usefixtures("computed")
def test_another_name_is_another_result(loans):
    results_of(loans)
    renamed = loans.rename(loans.with_name("other.csv"))
    assert results_of(renamed) == "results of other.csv"


def test_other_content_is_computed(computed, loans):
    results_of(loans)
    loans.write_bytes(simulate.to_csv(simulate.portfolio(400).iloc[:-1]))
    results_of(loans)
    assert computed == ["loans.csv", "loans.csv"]


def test_other_code_is_computed(computed, monkeypatch):
    results_of(None)
    monkeypatch.setattr(provenance, "code_fingerprint", lambda: "other code")
    results_of(None)
    assert len(computed) == 2


def test_another_record_of_the_published_file_is_computed(computed, loans, monkeypatch):
    results_of(loans)
    other = dataclasses.replace(published_loans.known_file(), sha256="0" * 64)
    monkeypatch.setattr(published_loans, "known_file", lambda: other)
    results_of(loans)
    assert len(computed) == 2


def test_other_libraries_are_computed(computed, monkeypatch):
    results_of(None)
    monkeypatch.setattr(provenance, "library_versions", lambda: {"pandas": "99"})
    results_of(None)
    assert len(computed) == 2


def test_nothing_is_kept_of_libraries_whose_version_is_unknown(computed, kept, monkeypatch):
    monkeypatch.setattr(provenance, "library_versions", lambda: {"pandas": provenance.UNKNOWN})
    for _ in range(2):
        results_of(None)
    assert len(computed) == 2
    assert not kept.exists()


def test_bad_input_is_an_error_each_time(computed, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    for _ in range(2):
        with pytest.raises(InputError, match=r"bad\.csv"):
            results_of(bad)
    assert computed == []


def entries(kept):
    return sorted(kept.rglob("*.kept"))


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def open_to_others(path):
    path.chmod(0o666)


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_link(path):
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def a_pipe(path):
    path.unlink()
    os.mkfifo(path, 0o600)


def of_another_version(path):
    path.write_bytes(serial.dump(["an answer"]).replace(b"answer", b"other!"))


DAMAGE = {
    "nothing": lambda path: path.write_bytes(b""),
    "cut": cut,
    "random bytes": lambda path: path.write_bytes(random.Random(1).randbytes(4_000)),  # noqa: S311
    "another checksum": of_another_version,
    "open to others": open_to_others,
    "a folder": a_folder,
    "a link": a_link,
    "a pipe": a_pipe,
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_is_damaged_is_computed_again_with_one_line(computed, kept, capsys, kind):
    results_of(None)
    (path,) = entries(kept)
    DAMAGE[kind](path)
    with progress.shown(progress.Detail.USUAL):
        assert results_of(None) == "results of simulated portfolio"
    assert len(computed) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"note: {path} is not used, its content is made again: ")
    assert len(said) == (2 if kind == "a folder" else 1)  # it cannot be replaced
    if kind != "a folder":
        results_of(None)
        assert len(computed) == 2


def test_any_bit_that_flips_is_noticed(computed, kept):
    results_of(None)
    (path,) = entries(kept)
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        assert results_of(None) == "results of simulated portfolio"
        assert len(computed) == place + 2


def test_only_the_owner_may_read_what_is_kept(computed, kept):
    before = os.umask(0)
    try:
        results_of(None)
    finally:
        os.umask(before)
    (path,) = entries(kept)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert computed


def test_what_another_user_kept_is_not_used(computed, monkeypatch):
    results_of(None)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    results_of(None)
    assert len(computed) == 2


@pytest.mark.usefixtures("computed")
def test_only_so_many_results_are_kept_and_nothing_else_is_removed(loans, kept, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 2)
    results_of(None)
    mine = ["notes.txt", "a.kept", f"{'0' * 64}.kept.bak", ".0123456789abcdef.part", "0" * 64]
    for name in mine:
        (kept / "results" / name).write_text("mine")
        os.utime(kept / "results" / name, (0, 0))
    left = kept / "results" / ".0123456789abcdef.partial"  # by a run that was killed
    left.write_text("half")
    os.utime(left, (0, 0))
    table = simulate.portfolio(400)
    for rows in range(395, 400):
        loans.write_bytes(simulate.to_csv(table.iloc[400 - rows :]))
        results_of(loans)
    assert len([each for each in entries(kept) if len(each.stem) == 64]) == 2
    assert all((kept / "results" / name).exists() for name in mine)
    assert not left.exists()


@pytest.mark.parametrize("place", ["file/kept", "full"])
def test_a_folder_that_cannot_be_written_to_does_not_matter(
    computed, monkeypatch, tmp_path, capsys, place
):
    (tmp_path / "file").touch()
    monkeypatch.setenv(project.CACHE, str(tmp_path / place))
    if place == "full":
        monkeypatch.setattr(
            "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
        )
    for _ in range(2):
        with progress.shown(progress.Detail.USUAL):
            assert results_of(None) == "results of simulated portfolio"
        assert "note: nothing is kept in " in capsys.readouterr().err
    assert len(computed) == 2


def test_afresh_nothing_that_is_kept_is_read(computed, loans, kept):
    results_of(loans)
    before = {each: each.read_bytes() for each in entries(kept)}
    assert cache.computed(loans, 10, "") == "results of loans.csv"
    assert len(computed) == 2
    assert {each: each.read_bytes() for each in entries(kept)} == before


@pytest.mark.parametrize(("most", "elsewhere"), [(10_000_000, True), (0, False)])
def test_a_small_file_is_read_while_the_libraries_load(monkeypatch, loans, most, elsewhere):
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(cache, "MOST_HANDED_OVER", most)
    read = read_module.read
    monkeypatch.setattr(
        read_module, "read", lambda *given: replace(read(*given), name=str(os.getpid()))
    )
    monkeypatch.setattr(results, "run", lambda portfolio, _: portfolio)
    found = cache.computed(loans, 10, "")
    assert len(found.loans.inverse) == 400
    assert (found.name != str(os.getpid())) == elsewhere


@dataclass(frozen=True)
class Strange:
    """Of no package of the program's."""

    one: int


def test_what_is_read_back_runs_no_code_of_others():
    written = serial.dump([1]).partition(b"\n")[2]
    for kind in (
        "os:system",
        "analysis.base.errors:InputError",
        "analysis.record.cache:os",
        "tests.record.test_cache:Strange",
    ):
        content = written.replace(b"1", f'{{"kind":"{kind}","of":{{"one":1}}}}'.encode())
        with pytest.raises(serial.DamagedError, match="of another version"):
            serial.load(serial.sealed(content))
    with pytest.raises(TypeError, match="Strange is of no kind that is kept"):
        serial.dump(Strange(1))


@pytest.mark.parametrize(
    "kind", ["simulated_results", pytest.param("odd_results", marks=pytest.mark.slow)]
)
def test_results_are_read_back_as_they_were(kind, request):
    found = request.getfixturevalue(kind)
    for each in found.values() if isinstance(found, dict) else [found]:
        again = serial.load(serial.dump(each))
        assert serial.dump(again) == serial.dump(each)
        assert export.to_dict(again, MADE) == export.to_dict(each, MADE)
        for name in ("published", "evidence.resplits.values", "evidence.resplits.summary"):
            get = operator.attrgetter(name)
            pd.testing.assert_frame_equal(get(again), get(each))


def test_names_that_are_no_text_are_read_back():
    odd = [os.fsdecode(b"lo\xffans"), "\0\n\u2028", float("inf"), -0.0, (1, {2: None})]
    assert serial.load(serial.dump(odd)) == odd


@pytest.mark.usefixtures("computed")
def test_a_file_that_changes_while_it_is_read_is_an_error(loans, monkeypatch):
    fingerprint = file.fingerprint

    def changing(path):
        found = fingerprint(path)
        path.write_bytes(simulate.to_csv(simulate.portfolio(400).iloc[:-1]))
        return found

    monkeypatch.setattr(file, "fingerprint", changing)
    with pytest.raises(InputError, match="changed"):
        results_of(loans)
