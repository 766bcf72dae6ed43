"""Identities planted in random tables are found once each, and nothing else is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence.columns import identities
from analysis.portfolio import simulate
from tests.support.columns import feature_names


@pytest.fixture
def table():
    generator = np.random.default_rng(4)
    values = {name: np.round(generator.normal(100, 15, 2_500), 3) for name in "abcd"}
    return pd.DataFrame(values)


def formulas(table):
    return [each.formula for each in identities.search(table)]


def test_unrelated_columns_have_no_identity(table):
    assert formulas(table) == []


@pytest.mark.parametrize(
    ("planted", "formula"),
    [
        (lambda t: 2 * t["a"] + 30_000, "e = 2 * a + 30000"),
        (lambda t: -t["b"], "e = -b"),
        (lambda t: t["b"] * 0.001 - 1, "e = 0.001 * b - 1"),
        (lambda t: 0.1 * t["a"] - t["c"] + 7, "e = 0.1 * a - c + 7"),
        (lambda t: t["a"] / t["c"], "e = a / c"),
        (lambda t: 100 * t["a"] / t["c"], "e = 100 * a / c"),
        (lambda t: t["b"] * t["d"], "d = e / b"),  # one fact, written as a quotient
        (lambda t: t["b"] * 0 + 0.25, "e = 0.25"),
    ],
)
def test_a_planted_identity_is_found_once(table, planted, formula):
    found = identities.search(table.assign(e=planted))
    assert [each.formula for each in found] == [formula]
    assert found[0].largest_error < 1e-14


def test_a_product_with_zeros_on_both_sides_cannot_be_a_quotient(table):
    table.loc[0, "a"] = table.loc[1, "b"] = 0.0
    found = identities.search(table.assign(e=table["a"] * table["b"]))
    assert [(each.kind, each.formula) for each in found] == [("product", "e = a * b")]


def test_each_copy_is_derived_from_the_first_column_and_no_fact_repeats(table):
    table = table.assign(e=table["a"] + 1, f=table["a"] * 3, g=table["a"] + table["b"])
    table = table.assign(h=table["b"] / table["a"])
    assert formulas(table) == ["e = a + 1", "f = 3 * a", "g = a + b", "h = b / a"]


def test_one_row_off_or_late_rounding_is_no_identity(table):
    close = table.assign(e=table["a"] + 5)
    close.loc[1_777, "e"] += 1e-6
    assert formulas(close) == []
    assert formulas(table.assign(e=(table["a"] / table["b"]).round(6))) == []


def test_too_few_distinct_points_prove_nothing(table):
    few = table.head(2_000).assign(e=lambda t: t.index % 2, f=lambda t: 1 - t.index % 2)
    assert formulas(few) == []
    assert formulas(table.head(4).assign(e=table["a"] * 2)) == []


def test_a_constant_is_reported_and_takes_no_part(table):
    found = identities.search(table.assign(e=0, f=0.0))
    assert [(each.kind, each.formula, each.sources) for each in found] == [
        ("constant", "e = 0", ()),
        ("constant", "f = 0", ()),
    ]


def test_a_large_offset_does_not_hide_a_difference(table):
    assert formulas(table.assign(e=1e12 + np.arange(len(table)) % 7)) == []


@settings(max_examples=25, deadline=None)
@given(
    slope=st.floats(0.001, 1e4).map(lambda x: float(f"{x:.4g}")),
    offset=st.integers(-(10**6), 10**6),
)
def test_any_affine_relation_is_found(slope, offset):
    first = np.round(np.random.default_rng(1).uniform(1e3, 1e5, 500), 2)
    found = identities.search(pd.DataFrame({"x": first, "y": slope * first + offset}))
    assert [(each.kind, each.target, each.sources) for each in found] == [("affine", "y", ("x",))]


def check_lending(features):
    found = identities.search(features)
    assert [each.formula for each in found] == [
        "total_debt = borrower_income - 30000",
        "debt_to_income = total_debt / borrower_income",
    ]
    assert [each.kind for each in found] == ["affine", "ratio"]
    assert found[0].largest_error == 0
    assert found[1].largest_error < 1e-15


def test_the_simulated_portfolio_has_the_two_identities():
    check_lending(simulate.portfolio(4_000)[feature_names()])


def test_real_file(real_portfolio):
    check_lending(real_portfolio.loans.features)


def test_an_identity_that_only_later_rows_prove_is_found():
    amounts = np.append(np.zeros(2 * identities.HEAD), np.arange(identities.HEAD))
    found = identities.search(pd.DataFrame({"a": amounts, "b": 2 * amounts}))
    assert [each.formula for each in found] == ["b = 2 * a"]
