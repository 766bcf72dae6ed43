"""The loans behind the published report are known in any form, and no others are."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.portfolio import loans, published_loans, read, simulate
from analysis.portfolio.declaration import module_12
from tests.support import loan_files, plain
from tests.support.columns import LABEL


def content(table):
    return published_loans.content_sha256(loans.from_table(table), module_12())


def with_nine_digits(table):
    return table.assign(debt_to_income=[float(f"{x:.9g}") for x in table["debt_to_income"]])


SAME = {
    "in another order of columns": lambda table: table[table.columns[::-1]],
    "whole numbers with a point": lambda table: table.astype(float),
    "amounts without one": lambda table: table.astype({"loan_size": int, "total_debt": int}),
    "ratios to nine decimals": lambda table: table.round({"debt_to_income": 9}),
    "ratios to nine digits": with_nine_digits,
}
OTHER = {
    "in another order": lambda table: table[::-1],
    "one cent more": lambda table: table.assign(loan_size=table["loan_size"] + 0.01),
    "another label": lambda table: table.assign(loan_status=1 - table["loan_status"]),
    "one loan less": lambda table: table[1:],
    "ratios to four decimals": lambda table: table.round({"debt_to_income": 4}),
}


@pytest.fixture
def published(monkeypatch):
    """A small table in the place of the published one."""
    table = simulate.portfolio(2_000, seed=3)
    known = dataclasses.replace(published_loans.known_file(), rows=2_000)
    monkeypatch.setattr(published_loans, "known_file", lambda: known)
    declared = dataclasses.replace(module_12(), content_hash=f"sha256:{content(table)}")
    monkeypatch.setattr(published_loans, "module_12", lambda: declared)
    return table


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_same_loans_are_known(published, name, form):
    table = SAME[name](published)
    file = simulate.to_csv(table) if form == "csv" else loan_files.to_parquet(table)
    assert published_loans.are_these(loan_files.loans(f"a.{form}", file)[0])


@pytest.mark.parametrize("name", OTHER)
def test_others_are_not(published, name):
    file = simulate.to_csv(OTHER[name](published))
    assert not published_loans.are_these(loan_files.loans("a.csv", file, 0)[0])


def test_equal_loans_that_were_not_joined_are_the_same(published):
    found = loans.from_table(published)
    apart = loans.Loans(published, np.ones(2_000, dtype=np.int64), np.arange(2_000), LABEL)
    assert published_loans.are_these(apart)
    assert published_loans.are_these(found)


def test_the_real_loans_are_known_in_another_form(real_portfolio, tmp_path):
    assert real_portfolio.known == published_loans.known_file()
    assert real_portfolio.published_loans
    table = plain.table(real_portfolio.loans).round({"debt_to_income": 9})
    table.astype({"loan_size": int}).to_csv(tmp_path / "a.csv", index=False)
    other = read.read(tmp_path / "a.csv")
    assert (other.known, other.published_loans) == (None, True)
    pd.concat([table[1:], table[:1]]).to_csv(tmp_path / "a.csv", index=False)
    assert not read.read(tmp_path / "a.csv").published_loans


def test_the_simulated_portfolio_is_not(simulated_portfolio):
    assert not simulated_portfolio.published_loans
    assert not published_loans.are_these(simulated_portfolio.loans)
