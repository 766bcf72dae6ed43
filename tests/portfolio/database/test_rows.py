"""Loans of a database are those of a file with the same rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.base.errors import InputError
from analysis.models import splitting
from analysis.portfolio import fingerprint, read, summary
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.database import address, rows
from analysis.portfolio.declaration import Table, module_12
from tests.support import databases

UNNUMBERED = "SELECT * EXCLUDE (id) FROM shuffled"


def at(folder, asked):
    return address.read(f"duckdb://{folder}/loans.duckdb?{asked}")


@pytest.fixture(scope="session")
def of_file(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("file") / "loans.csv"
    table.to_csv(path, index=False)
    return read.read(path)


@pytest.mark.parametrize("asked", ["table=loans", "table=shuffled&order_by=id"])
def test_loans_in_their_order_are_those_of_the_file(folder, of_file, asked, same):
    found = read.read(at(folder, asked))
    same(found.loans, of_file.loans)
    assert found.sha256 == fingerprint.of(of_file.loans)


@pytest.mark.parametrize("asked", ["table=seen", "query=SELECT * FROM loans", "query=FROM seen"])
def test_without_an_order_they_are_sorted(folder, of_file, asked):
    found = read.read(at(folder, asked))
    assert "all columns" in found.database.order
    assert found.sha256 == fingerprint.of(of_file.loans)
    ordered = found.loans.rows.take(found.loans.inverse).reset_index(drop=True)
    whole = of_file.loans.rows.take(of_file.loans.inverse)
    pd.testing.assert_frame_equal(
        ordered, whole.sort_values(list(whole.columns)).reset_index(drop=True)
    )


def test_unsorted_loans_are_the_same_whatever_their_order(folder, same):
    first, second = (
        read.read(at(folder, f"query={each}")).loans
        for each in (UNNUMBERED, f"{UNNUMBERED} ORDER BY id")
    )
    same(first, second)


def test_many_loans_without_an_order_are_split_by_count(folder, monkeypatch):
    monkeypatch.setattr(rows, "MOST_ONE_BY_ONE", 1_999)
    found = read.read(at(folder, "table=seen"))
    assert not len(found.loans.inverse)
    assert "how many of each" in found.database.order
    parts = splitting.split(found.loans)
    assert (parts.train.total, parts.test.total) == (1_500, 500)
    again = splitting.split(found.loans)
    np.testing.assert_array_equal(parts.test.counts, again.test.counts)


def test_the_report_says_where_the_loans_came_from(folder):
    found = summary.describe(read.read(at(folder, "table=loans")))
    assert (found.source, found.name) == ("database", "duckdb:///loans.duckdb?table=loans")
    origin = found.database
    assert (origin.engine, origin.rows, origin.sampled) == ("DuckDB", 2_000, False)
    assert origin.query == "table loans"
    assert "bytes, changed 2" in origin.snapshot
    assert 0 < origin.fetched_bytes < 200_000


def changed(table, folder, **columns):
    return address.read(databases.duckdb(folder / "changed.duckdb", table.assign(**columns)))


def test_a_fault_on_a_late_row_is_named_with_its_value(table, tmp_path):
    rates = table["interest_rate"].to_numpy().copy()
    rates[-3:] = [-5, -5, 250]
    with pytest.raises(InputError) as caught:
        read.read(changed(table, tmp_path, interest_rate=rates))
    (fault,) = caught.value.faults
    assert (fault.problem, fault.rows) == ("number out of range", 3)
    assert sorted(fault.first.splitlines()) == ["'-5' in 2 rows", "'250' in 1 row"]
    assert fault.remedy.endswith("leave them out in a query")


def test_absent_and_infinite_numbers_are_counted(table, tmp_path):
    sizes = table["loan_size"].astype(float).to_numpy().copy()
    sizes[:40], sizes[50] = np.nan, np.inf
    with pytest.raises(InputError) as caught:
        read.read(changed(table, tmp_path, loan_size=sizes))
    found = {fault.problem: fault.rows for fault in caught.value.faults}
    assert found["value is missing"] == 40
    assert all("in a query" in fault.remedy for fault in caught.value.faults)
    assert found["number is infinite or too large to be one"] == 1


def test_a_column_of_texts_is_named_with_its_type(table, tmp_path):
    with pytest.raises(InputError) as caught:
        read.read(changed(table, tmp_path, loan_size="10,000"))
    fault = caught.value.faults[0]
    assert (fault.column, fault.problem) == ("loan_size", "the column holds string values")
    assert fault.remedy == "cast it in a query"


def test_a_table_that_lost_and_got_columns_is_refused(table, tmp_path):
    renamed = table.rename(columns={"loan_size": "amount"})
    with pytest.raises(InputError) as caught:
        read.read(changed(renamed, tmp_path))
    assert "the column is missing" in str(caught.value)
    assert "amount" in str(caught.value)


def test_an_order_in_which_rows_stand_at_the_same_place_is_none(folder):
    with pytest.raises(InputError, match="order_by does not tell all rows apart"):
        read.read(at(folder, "table=loans&order_by=loan_size"))
    with pytest.raises(InputError, match="order_by names age, which is no column"):
        read.read(at(folder, "table=loans&order_by=age"))


def test_more_loans_than_allowed_are_refused(folder, limited):
    limited(most_loans=100)
    with pytest.raises(InputError, match=r"distinct loans, which are not all fetched") as caught:
        read.read(at(folder, "table=loans"))
    assert "beyond: sample" in str(caught.value)


def test_a_sample_is_the_same_in_any_order_and_holds_all_copies(folder, of_file, limited, same):
    limited(most_loans=300, beyond="sample")
    found = read.read(at(folder, "table=loans"), least_per_label=0)
    again = read.read(at(folder, "query=SELECT * EXCLUDE (id) FROM shuffled"), least_per_label=0)
    same(found.loans, again.loans)
    assert found.database.sampled
    assert 200 < len(found.loans) < 400
    assert "sample" in " ".join(found.notes)
    both = found.loans.rows.assign(drawn=found.loans.counts).merge(
        of_file.loans.rows.assign(whole=of_file.loans.counts)
    )
    assert len(both) == len(found.loans)
    assert (both["drawn"] == both["whole"]).all()


def test_a_fault_outside_of_the_sample_is_found(table, tmp_path, limited):
    limited(most_loans=50, beyond="sample")
    whole, table = table, pd.concat([table, table[-1:]], ignore_index=True)
    incomes = table["borrower_income"].astype(float).to_numpy().copy()
    incomes[-2:] = -1
    with pytest.raises(InputError) as caught:
        read.read(changed(table, tmp_path, borrower_income=incomes), least_per_label=0)
    (fault,) = caught.value.faults
    assert (fault.problem, fault.rows, fault.first) == (
        "number out of range",
        2,
        "'-1' in 2 rows",
    )
    (tmp_path / "changed.duckdb").unlink()
    table = whole
    ratios = table["debt_to_income"].to_numpy().copy()
    ratios[7] += 0.5
    with pytest.raises(InputError) as caught:
        read.read(changed(table, tmp_path, debt_to_income=ratios), least_per_label=0)
    assert caught.value.faults[0].problem == "number is not total_debt / borrower_income"


def test_loans_that_are_not_decided_are_left_out_and_counted(tmp_path, table, same):

    declared = module_12()
    label = replace(declared.label, left_out=("2",))
    status = table["loan_status"].to_numpy().copy()
    status[5:10] = 2
    path = tmp_path / "loans.csv"
    table.assign(loan_status=status).to_csv(path, index=False)
    declared = replace(declared, label=label)
    found = read.read(changed(table, tmp_path, loan_status=status), declared)
    same(found.loans, read.read(path, declared).loans)
    assert "5 rows were left out" in " ".join(found.notes)


def test_categories_are_those_of_the_file(tmp_path, table, same):

    declared = module_12()
    enum = Constraints(enum=("car", "home"))
    fields = (*declared.schema.fields, Column("purpose", "string", constraints=enum))
    declared = replace(declared, schema=Table(fields, ("", "NA")))
    purpose = np.array(["car", " home", "NA", None], dtype=object)[np.arange(len(table)) % 4]
    path = tmp_path / "loans.csv"
    table.assign(purpose=purpose).to_csv(path, index=False)
    found = read.read(changed(table, tmp_path, purpose=purpose), declared)
    same(found.loans, read.read(path, declared).loans)


def test_a_later_table_may_lack_the_label(tmp_path, table):
    path = address.read(
        databases.duckdb(tmp_path / "later.duckdb", table.drop(columns="loan_status"))
    )
    assert not read.later(path).labelled


@pytest.mark.parametrize("places", [np.arange(1_999), np.zeros(2_000), np.arange(3_000)])
def test_a_table_that_changes_meanwhile_is_refused(folder, monkeypatch, places):
    monkeypatch.setattr(rows._Rows, "_first_places", lambda _: places.astype(np.int64))
    with pytest.raises(InputError, match="it changed while it was read"):
        read.read(at(folder, "table=loans"))


@pytest.mark.parametrize("others", ["", "any other"])
def test_a_level_outside_of_the_sample_is_judged(tmp_path, table, limited, others):
    limited(most_loans=50, beyond="sample")
    declared = module_12()
    purpose = Column("purpose", "string", constraints=Constraints(enum=("car",)), others=others)
    declared = replace(declared, schema=Table((*declared.schema.fields, purpose)))
    given = np.array(["car"] * (len(table) - 1) + ["boat"], dtype=object)
    if others:
        assert read.read(changed(table, tmp_path, purpose=given), declared, 0).database.sampled
        return
    with pytest.raises(InputError) as caught:
        read.read(changed(table, tmp_path, purpose=given), declared, 0)
    (fault,) = caught.value.faults
    assert (fault.column, fault.rows, fault.first) == ("purpose", 1, "'boat' in 1 row")
