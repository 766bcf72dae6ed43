"""The same loans written otherwise: no figure changes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.models import fits, splitting
from analysis.portfolio import read
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.declaration import Declaration, Label, Table
from analysis.portfolio.dialect import Dialect
from analysis.portfolio.recipe import Recipe

FIELDS = (
    Column("income", "number"),
    Column("years", "integer", missing_values=("", "-9")),
    Column("home", "string", constraints=Constraints(enum=("own", "rent", "other"))),
    Column("late", "boolean", constraints=Constraints(enum=("no", "yes"))),
    Column("bad", "string", use="label"),
)
DECLARED = Declaration("Loans", Table(FIELDS), Label(("bad",), ("good",)))


def loans(rows=300, seed=1):
    """Return texts of loans with numbers, gaps and categories."""
    generator = np.random.default_rng(seed)
    label = generator.random(rows) < 0.3
    years = generator.integers(0, 9, rows).astype(str)
    years[generator.random(rows) < 0.2] = "-9"
    return pd.DataFrame(
        {
            "income": generator.normal(3_000 - 900 * label, 700).round(1).astype(str),
            "years": years,
            "home": np.where(label, "rent", generator.choice(["own", "rent", "other"], rows)),
            "late": generator.choice(["no", "yes"], rows),
            "bad": np.where(label, "bad", "good"),
        }
    )


def decisions(folder, table, declared, **form):
    """Return both models' log-odds for the test loans, in order, and their decisions."""
    path = folder / "loans.csv"
    table.to_csv(path, index=False, **form)
    parts = splitting.split(read.read(path, declared).loans)
    both = fits.fit_original(parts.train), fits.fit_oversampled(parts.train)
    scores = [each.apply(parts.test) for each in both]
    return [(each.log_odds[parts.test.inverse], each.confusion) for each in scores]


def check_same(found, usual):
    for (scores, confusion), (expected, counts) in zip(found, usual, strict=True):
        assert scores == pytest.approx(expected, abs=1e-6)
        assert confusion == counts


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return decisions(tmp_path_factory.mktemp("usual"), loans(), DECLARED)


def renamed(declared, names):
    fields = tuple(
        replace(each, name=names.get(each.name, each.name), title="")
        for each in declared.schema.fields
    )
    return replace(declared, schema=replace(declared.schema, fields=fields))


@given(st.permutations(range(5)), st.permutations(range(5)))
@settings(max_examples=15)
def test_the_order_of_columns_changes_nothing(tmp_path_factory, usual, in_file, declared):
    fields = tuple(FIELDS[at] for at in declared)
    other = replace(DECLARED, schema=Table(fields))
    table = loans().iloc[:, list(in_file)]
    check_same(decisions(tmp_path_factory.mktemp("order"), table, other), usual)


@given(
    st.lists(st.text("abcxyz éß·", min_size=1, max_size=9).map(str.strip), min_size=5, max_size=5)
)
@settings(max_examples=15)
def test_other_names_change_nothing(tmp_path_factory, usual, drawn):
    names = {each.name: f"{at}{drawn[at]}" for at, each in enumerate(FIELDS)}
    table = loans().rename(columns=names)
    check_same(decisions(tmp_path_factory.mktemp("names"), table, renamed(DECLARED, names)), usual)


@pytest.mark.parametrize(
    ("bad", "good", "kind"),
    [("1", "0", "integer"), ("0", "1", "integer"), ("2", "1", "string"), ("a", "z", "string")],
)
def test_another_coding_of_the_label_changes_nothing(tmp_path, usual, bad, good, kind):
    fields = (*FIELDS[:-1], replace(FIELDS[-1], type=kind))
    declared = replace(DECLARED, schema=Table(fields), label=Label((bad,), (good,)))
    table = loans().assign(bad=loans()["bad"].map({"bad": bad, "good": good}))
    check_same(decisions(tmp_path, table, declared), usual)


def test_another_form_of_the_file_changes_nothing(tmp_path, usual):
    table = loans()
    table["income"] = table["income"].str.replace(".", ",")
    declared = replace(DECLARED, dialect=Dialect(";", decimal_char=","))
    check_same(decisions(tmp_path, table, declared, sep=";"), usual)
    declared = replace(DECLARED, dialect=Dialect("|", header=False))
    check_same(decisions(tmp_path, loans(), declared, sep="|", header=False), usual)
    dollars = replace(FIELDS[0], group_char=",", bare_number=False)
    declared = replace(DECLARED, schema=Table((dollars, *FIELDS[1:])))
    table = loans()
    table["income"] = [f"${float(each):,.1f} " for each in table["income"]]
    check_same(decisions(tmp_path, table, declared), usual)


def test_another_recipe_changes_the_figures(tmp_path, usual):
    declared = replace(DECLARED, recipe=Recipe(resampler="random_undersampling"))
    (first, _), (second, _) = decisions(tmp_path, loans(), declared)
    assert first == pytest.approx(usual[0][0], abs=1e-6)
    assert np.abs(second - usual[1][0]).max() > 0.05
