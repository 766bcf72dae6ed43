"""Which file is read, what is kept of it, and paths that lead to none."""

import gzip
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.base import project
from analysis.base.errors import InputError
from analysis.portfolio import frames, published_loans, read, schema, simulate
from analysis.portfolio.declaration import module_12
from analysis.portfolio.formats import kinds, lines
from tests.support import plain


@pytest.fixture
def loans(tmp_path, small_table):
    path = tmp_path / "loans.csv"
    path.write_bytes(simulate.to_csv(small_table))
    return path


def message(path):
    with pytest.raises(InputError) as caught:
        read.read(path)
    return str(caught.value)


def test_a_file_is_read_fingerprinted_and_validated(loans, small_table):
    portfolio = read.read(loans)
    pd.testing.assert_frame_equal(plain.table(portfolio.loans), small_table)
    assert portfolio.sha256 == hashlib.sha256(loans.read_bytes()).hexdigest()
    assert portfolio.size_bytes == loans.stat().st_size
    assert (portfolio.source, portfolio.name) == ("file", "loans.csv")
    assert (portfolio.notes, portfolio.known) == ((), None)


def test_gzip_and_parquet_give_the_same_table(loans, small_table, tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(loans.read_bytes()))
    small_table.to_parquet(tmp_path / "a.parquet", index=False)
    for name in ("a.csv.gz", "a.parquet"):
        pd.testing.assert_frame_equal(plain.table(read.read(tmp_path / name).loans), small_table)


def test_notes_say_what_was_put_right(loans):
    loans.write_bytes(b"\xef\xbb\xbf" + loans.read_bytes().replace(b"\n", b"\r\n"))
    assert read.read(loans).notes == (
        "A byte-order mark at the start of the file was skipped.",
        "It has lines that end as on Windows (CRLF).",
    )


@pytest.mark.parametrize(
    "name",
    [
        "a b.csv",
        'it\'s "quoted".csv',
        "größe 金.csv",
        "a;$(touch x)`{python} 1`.csv",
        "<b>#eval(1){{< x >}}.csv",
        "-.csv",
    ],
)
def test_unusual_paths_are_read(loans, name):
    path = loans.rename(loans.with_name(name))
    assert read.read(path).name == name


def test_control_characters_in_a_name_are_escaped(loans):
    path = loans.rename(Path(os.fsdecode(os.fsencode(loans.parent) + b"/a\nb\xff.csv")))
    assert read.read(path).name == r"a\nb\udcff.csv"


def test_links(tmp_path, loans):
    (tmp_path / "there").symlink_to(loans)
    (tmp_path / "nowhere").symlink_to("none")
    (tmp_path / "round").symlink_to("round")
    assert read.read(tmp_path / "there").name == "there"
    assert "there is no such file" in message(tmp_path / "nowhere")
    assert "Too many levels of symbolic links" in message(tmp_path / "round")


def while_read(monkeypatch, change):
    """Change a file once it is open."""
    table = kinds.table

    def changing(reading, file):
        change(Path(reading.name))
        return table(reading, file)

    monkeypatch.setattr(kinds, "table", changing)


@pytest.mark.parametrize("change", [-9, 1])
def test_a_file_that_changes_its_size_while_it_is_read(loans, monkeypatch, change):
    size = loans.stat().st_size
    while_read(monkeypatch, lambda path: os.truncate(path, size + change))
    assert "it changed while it was read" in message(loans)


def test_a_file_that_is_written_to_while_it_is_read(loans, monkeypatch):
    while_read(monkeypatch, lambda path: os.utime(path, ns=(1, 1)))
    assert "it changed while it was read" in message(loans)


@pytest.mark.parametrize("name", ["loans.csv", "a.parquet"])
def test_a_file_that_is_replaced_while_it_is_read(loans, small_table, monkeypatch, name):
    path = loans.with_name(name)
    if name == "a.parquet":
        small_table.to_parquet(path, index=False)

    def replace(path):
        shutil.copy2(path, path.with_name("other"))
        path.with_name("other").replace(path)

    while_read(monkeypatch, replace)
    assert "it changed while it was read" in message(path)


def test_a_file_beyond_the_memory(loans, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(read, "distinct_rows", fail)
    assert "does not fit into this machine's memory" in message(loans)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.parquet", "a.txt"])
def test_fingerprint_and_size_are_those_of_the_bytes_read(loans, small_table, name):
    path = loans.with_name(name)
    path.write_bytes(gzip.compress(loans.read_bytes()) if "gz" in name else loans.read_bytes())
    if "parquet" in name:
        small_table.to_parquet(path, index=False)
    portfolio = read.read(path)
    assert portfolio.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert portfolio.size_bytes == path.stat().st_size


def test_a_file_with_faults_is_not_read_to_its_end(loans, monkeypatch):
    monkeypatch.setattr(frames, "ENOUGH_ROWS_WITH_FAULTS", 600)
    monkeypatch.setattr(lines, "PART_BYTES", 20_000)
    head, first, *rows = loans.read_text().splitlines()
    loans.write_text("\n".join([head, "x" + first, *rows]))
    with pytest.raises(InputError) as caught:
        read.read(loans)
    stopped, text = caught.value.faults
    assert re.fullmatch(r"reading stopped after 7\d\d rows, which hold .*", stopped.problem)
    assert (text.column, text.rows) == ("loan_size", 1)


def test_a_majority_of_high_risk_loans_is_noted(loans, small_table):
    turned = small_table.assign(loan_status=1 - small_table["loan_status"])
    loans.write_bytes(simulate.to_csv(turned))
    assert read.read(loans).notes == (
        "1,936 of 2,000 loans have label 1, high-risk: make sure that it does not mark the good "
        "ones.",
    )


def test_a_rounded_ratio_is_noted(loans, small_table):
    loans.write_bytes(simulate.to_csv(small_table.round({"debt_to_income": 2})))
    assert read.read(loans).notes == (
        "debt_to_income is rounded to 2 decimals: it was held against total_debt / "
        "borrower_income as far as these tell.",
    )


def test_a_simulated_portfolio_says_so(simulated_portfolio):
    found = simulated_portfolio.source, simulated_portfolio.name, simulated_portfolio.known
    assert found == ("simulated", "simulated portfolio", None)


def test_the_simulated_portfolio_has_the_fingerprint_of_its_csv_form(simulated_portfolio):
    content = simulate.to_csv(plain.table(simulated_portfolio.loans))
    assert simulated_portfolio.sha256 == hashlib.sha256(content).hexdigest()
    assert simulated_portfolio.size_bytes == len(content)


def test_the_real_file_is_known(real_portfolio):
    assert real_portfolio.known is not None
    assert real_portfolio.known == published_loans.known_file()
    assert real_portfolio.loans.total == published_loans.known_file().rows
    assert real_portfolio.size_bytes == published_loans.known_file().size_bytes
    assert real_portfolio.notes == ()
    schema.table(module_12()).validate(plain.table(real_portfolio.loans))


def test_one_more_byte_makes_the_real_file_unknown(real_file, tmp_path):
    content = real_file.read_bytes()
    (tmp_path / "a.csv").write_bytes(content + b"\n")
    portfolio = read.read(tmp_path / "a.csv")
    assert (portfolio.known, portfolio.published_loans) == (None, True)


NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")


def rows_in(text, columns=8):
    """Return every run of as many numbers as a row has, each in ascending order: whatever stands
    between the numbers, before or after them, and in whatever order the columns are."""
    numbers = np.array([float(each) for each in NUMBER.findall(text)])
    if len(numbers) < columns:
        return set()
    runs = np.sort(np.lib.stride_tricks.sliding_window_view(numbers, columns), axis=1)
    return {run.tobytes() for run in runs}


@pytest.mark.parametrize(
    "form",
    [
        lambda table: table.to_csv(),
        lambda table: table[table.columns[::-1]].to_csv(index=False, sep=";"),
        lambda table: json.dumps(table.to_numpy(float).tolist()),
        lambda table: table.to_html(float_format=str),
        lambda table: "\n".join(f"rows = [\n    {row}," for row in table.itertuples()),
    ],
)
def test_a_row_is_found_in_any_form(form, small_table):
    rows = rows_in(" ".join(map(repr, small_table.to_numpy(float)[3].tolist())))
    assert len(rows) == 1
    assert rows <= rows_in(form(small_table.head(9)))
    assert not rows & rows_in(form(small_table.head(3)))


def test_no_tracked_file_holds_a_row_of_the_real_file(real_file):
    if not (project.ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("this is no clone: nothing is tracked")
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 -- whichever git made the clone
        cwd=project.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    rows = set.union(*map(rows_in, set(real_file.read_text().splitlines()[1:])))
    for path in (project.ROOT / name for name in listed if name):
        if not path.is_file() or not stat.S_ISREG(path.lstat().st_mode):
            continue
        content = path.read_bytes()
        assert not content.startswith((b"PAR1", b"\x1f\x8b", b"PK\x03\x04")), path
        found = rows & rows_in(content.decode("utf-8", errors="replace"))
        assert not found, f"{path} holds {len(found)} rows of the real file"
