"""Bins, their way through JSON, and the population stability index."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from analysis.evidence import monitoring
from analysis.models import fits
from analysis.portfolio import loans, simulate
from analysis.portfolio.schema import feature_names
from analysis.record import export
from tests.support import plain
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published


@pytest.fixture(scope="module")
def usual():
    parts = fits.split(loans.from_table(simulate.portfolio(8_000, seed=6)))
    return parts, monitoring.baseline(parts.train, published(parts))


def through_json(baseline):
    return json.loads(json.dumps(export.plain(baseline), allow_nan=False))


def test_the_training_rows_are_as_stable_as_can_be(usual):
    parts, baseline = usual
    frame = monitoring.stability(baseline, parts.train)
    assert frame["index"].tolist() == pytest.approx([0] * 9, abs=1e-12)
    assert frame["name"].tolist() == ["original", "oversampled", *feature_names()]
    assert (frame["flag"] == "stable").all()


def test_test_rows_of_the_real_file_are_stable(real_portfolio):
    parts = fits.split(real_portfolio.loans)
    baseline = monitoring.from_dict(
        through_json(monitoring.baseline(parts.train, published(parts)))
    )
    frame = monitoring.stability(baseline, parts.test)
    assert (frame["index"] < 0.002).all()
    assert (frame["index"] < frame["chance"]).mean() > 0.5
    shares = {each.name: each.shares for each in baseline.bins}
    assert len(shares["interest_rate"]) == 10
    assert min(shares["interest_rate"]) > 0.099


def test_a_shift_is_flagged_where_it_is_and_in_the_scores(usual):
    parts, baseline = usual
    test = plain.table(parts.test)
    dearer = loans.from_table(test.assign(interest_rate=test["interest_rate"] + 0.2))
    frame = monitoring.stability(baseline, dearer).set_index("name")
    assert frame.loc["interest_rate", "flag"] != "stable"
    assert frame.loc["loan_size", "flag"] == "stable"
    risky = loans.from_table(test[test["interest_rate"] > 9])
    frame = monitoring.stability(baseline, risky).set_index("name")
    assert (frame.loc[["original", "oversampled", "interest_rate"], "flag"] == "shift").all()


def test_the_baseline_comes_back_from_json_whole(usual):
    parts, baseline = usual
    back = monitoring.from_dict(through_json(baseline))
    assert back == baseline
    for model, fitted_model in zip(back.models, published(parts).values(), strict=True):
        expected = fitted_model.scores(parts.test.features)
        assert model.scores(parts.test.rows) == pytest.approx(expected, abs=1e-12)


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=8),
    st.lists(st.integers(1, 50), min_size=8, max_size=8),
)
def test_the_index_is_the_divergence_both_ways(old, new):
    shares, counts = np.array(old) / sum(old), np.array(new[: len(old)])
    expected = entropy(counts, shares) + entropy(shares, counts)
    found = monitoring.stability_index(shares, counts)
    assert found == pytest.approx(expected, abs=1e-12)
    assert found >= -1e-15


def test_the_index_worked_by_hand():
    found = monitoring.stability_index(np.array([0.5, 0.5]), np.array([60, 40]))
    assert found == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))
    # An empty bin counts as half a row, or as what was expected of it.
    empty = monitoring.stability_index(np.array([0.5, 0.5]), np.array([100, 0]))
    assert empty == pytest.approx(0.5 * np.log(2) + (0.005 - 0.5) * np.log(0.01))
    rare = monitoring.stability_index(np.array([0.999, 0.001]), np.array([100, 0]))
    assert rare == pytest.approx(0.001 * np.log(1 / 0.999))


def test_chance_agrees_with_files_drawn_from_the_training_shares():
    generator = np.random.default_rng(0)
    shares = np.full(10, 0.1)
    found = [
        monitoring.stability_index(old / 5_000, new)
        for old, new in zip(
            generator.multinomial(5_000, shares, 2_000),
            generator.multinomial(1_000, shares, 2_000),
            strict=True,
        )
    ]
    expected = monitoring.chance_index(10, 5_000, 1_000)
    assert np.quantile(found, 0.95) == pytest.approx(expected, rel=0.05)


def test_columns_with_few_values_get_a_bin_for_each_value(usual):
    parts, baseline = usual
    bins = next(each for each in baseline.bins if each.name == "derogatory_marks")
    values = plain.table(parts.train)["derogatory_marks"].value_counts(normalize=True).sort_index()
    assert bins.shares == pytest.approx(values.tolist())
    assert list(bins.edges) == values.index[1:].tolist()


@given(st.lists(st.floats(-1e9, 1e9) | st.integers(0, 3).map(float), min_size=1, max_size=80))
def test_every_bin_holds_training_rows(values):
    bins = monitoring._bins("feature", "loan_size", np.array(values), np.ones(len(values), int))
    assert min(bins.shares) > 0
    assert sum(bins.shares) == pytest.approx(1)
    assert len(bins.shares) <= monitoring.MOST_VALUES


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"training_rows": None}, "TypeError"),
        ({"training_rows": 0}, "no training rows"),
        ({"models": []}, "not one set of bins"),
        ({"bins": []}, "not one set of bins"),
        ({"bins": [{"name": "original"}]}, "KeyError"),
    ],
)
def test_what_is_no_baseline_is_refused(usual, change, message):
    with pytest.raises(ValueError, match=f"this is no monitoring baseline: .*{message}"):
        monitoring.from_dict(through_json(usual[1]) | change)


@pytest.mark.parametrize("damage", [{"shares": [1.0]}, {"edges": [2.0, 1.0]}, {"shares": [0, 1]}])
def test_bins_that_do_not_add_up_are_refused(usual, damage):
    content = through_json(usual[1])
    content["bins"][3] |= {"edges": [1.0], "shares": [0.5, 0.5]} | damage
    with pytest.raises(ValueError, match="bins of 'interest_rate' do not add up"):
        monitoring.from_dict(content)


def test_a_later_file_of_one_loan_can_be_held_against_it(usual):
    parts, baseline = usual
    frame = monitoring.stability(baseline, parts.test.part(np.array([0])))
    assert isinstance(frame, pd.DataFrame)
    assert (frame["index"] > 0.25).any()
    assert (frame["chance"] > 0.25).all()


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    parts, both = fitted(name)
    baseline = monitoring.baseline(parts.train, both)
    assert monitoring.from_dict(through_json(baseline)) == baseline
    monitoring.stability(baseline, loans.from_table(PORTFOLIOS["usual"]))
