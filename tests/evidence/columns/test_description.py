"""Descriptive statistics against pandas on all rows."""

import pytest

from analysis.evidence.columns import description
from analysis.evidence.numerics import samples
from analysis.portfolio import loans, simulate
from tests.support import plain


@pytest.fixture(scope="module")
def table():
    return simulate.portfolio(2_000, seed=4)


def test_figures_agree_with_pandas(table):
    split = plain.split(table)
    groups = {
        "all": table,
        "healthy": table[table["loan_status"] == 0],
        "high_risk": table[table["loan_status"] == 1],
        "training": split.train,
        "test": split.test,
    }
    found = description.describe(loans.from_table(table), split.parts)
    assert list(found["group"].iloc[:5]) == list(groups)
    assert len(found) == 35
    for row in found.to_dict(orient="records"):
        values = groups[row["group"]][row["column"]].astype(float)
        assert row["loans"] == len(values)
        assert row["sd"] == pytest.approx(values.std(ddof=0))
        figures = values.mean(), values.min(), values.max()
        assert (row["mean"], row["minimum"], row["maximum"]) == pytest.approx(figures)
        for name, level in (("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75)):
            assert (values < row[name]).mean() < level <= (values <= row[name]).mean()


def test_quartiles_of_large_groups_are_those_of_a_sample(table, monkeypatch):
    split = plain.split(table)
    usual = description.describe(loans.from_table(table), split.parts)
    monkeypatch.setattr(samples.sample, "__defaults__", (300,))
    found = description.describe(loans.from_table(table), split.parts)
    exact = ["column", "group", "loans", "mean", "sd", "minimum", "maximum"]
    assert found[exact].equals(usual[exact])
    assert found["median"].to_numpy() == pytest.approx(usual["median"].to_numpy(), rel=0.2, abs=1)
