"""Bins and rates, their way through JSON, and the limits that know a later file's size."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, chi2, entropy

from analysis.evidence.monitoring import baseline as based
from analysis.evidence.monitoring import stability as held
from analysis.evidence.monitoring import stored
from analysis.evidence.monitoring.bins import MOST_VALUES, Bins, cut
from analysis.evidence.monitoring.rates import Rate
from analysis.models import splitting
from analysis.portfolio import loans, simulate
from analysis.record import export
from tests.support import plain
from tests.support.columns import feature_names
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published

KINDS = [*["score"] * 2, *["feature"] * 7, "refused", "refused", "high_risk"]
KINDS += ["recall", "recall", "observed_expected", "observed_expected"]


@pytest.fixture(scope="module")
def usual():
    parts = splitting.split(loans.from_table(simulate.portfolio(8_000, seed=6)))
    return parts, based.baseline(parts, published(parts))


def through_json(baseline):
    return json.loads(json.dumps(export.plain(baseline), allow_nan=False))


def frame_of(baseline, table, *, labelled=True):
    """Hold a table against a baseline."""
    found = loans.from_table(table)
    labels = found.labels if labelled else None
    return held.stability(baseline, found.features, found.counts, labels)


def shifted(frame):
    found = frame[frame["flag"] == "shift"]
    return set(zip(found["kind"], found["name"], strict=True))


def test_the_training_loans_are_as_stable_as_can_be(usual):
    parts, baseline = usual
    frame = frame_of(baseline, plain.table(parts.train))
    indexes = frame[frame["kind"].isin(["score", "feature"])]
    assert indexes["later"].tolist() == pytest.approx([0] * 9, abs=1e-3)
    assert frame["kind"].tolist() == KINDS
    assert indexes["name"].tolist() == ["original", "oversampled", *feature_names()]
    assert not shifted(frame)


def test_without_labels_what_needs_none_is_watched(usual):
    parts, baseline = usual
    frame = frame_of(baseline, plain.table(parts.test), labelled=False)
    assert frame["kind"].tolist() == KINDS[:11]
    assert not shifted(frame)


def test_test_rows_of_the_real_file_are_stable(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    baseline = stored.from_dict(through_json(based.baseline(parts, published(parts))))
    assert not shifted(frame_of(baseline, plain.table(parts.test)))
    rates = {(each.kind, each.name): each for each in baseline.rates}
    # facts.md: the published matrices.
    assert (rates["recall", "original"].events, rates["recall", "original"].of) == (563, 619)
    assert rates["recall", "oversampled"].events == 615
    assert rates["high_risk", "portfolio"].value == 2_500 / 77_536
    assert rates["observed_expected", "original"].value == pytest.approx(0.9807, abs=1e-4)
    assert rates["observed_expected", "oversampled"].value == pytest.approx(0.6892, abs=1e-4)


@pytest.fixture
def fewer_draws(monkeypatch):
    """Let limits be drawn from fewer files, where many of them are needed."""
    monkeypatch.setattr(held, "DRAWS", 2_000)


@pytest.mark.usefixtures("fewer_draws")
def test_files_of_an_unchanged_portfolio_stay_within_their_limits(usual):
    """Few of forty files leave a limit, though each has sixteen; 5 % are allowed."""
    _, baseline = usual
    population = simulate.portfolio(60_000, seed=7)
    left = [
        bool(shifted(frame_of(baseline, population.sample(1_000, random_state=seed))))
        for seed in range(40)
    ]
    assert sum(left) <= 5  # in 99 % of draws when 5 % leave


@pytest.mark.usefixtures("fewer_draws")
def test_thirty_loans_of_the_baseline_itself_are_no_shift(usual):
    parts, baseline = usual
    everything = pd.concat([plain.table(parts.train), plain.table(parts.test)])
    left = [
        len(shifted(frame_of(baseline, everything.sample(30, random_state=seed))))
        for seed in range(20)
    ]
    assert sum(left) <= 2  # of 320 values


@pytest.mark.parametrize("labelled", [True, False])
def test_three_times_the_high_risk_loans_are_a_shift(usual, labelled):
    _, baseline = usual
    table = simulate.portfolio(12_000, seed=8)
    risky = table[table["loan_status"] == 1]
    more = pd.concat([table, risky, risky])
    found = shifted(frame_of(baseline, more, labelled=labelled))
    assert {("refused", "original"), ("refused", "oversampled")} <= found
    assert (("high_risk", "portfolio") in found) is labelled
    # The tenths of Siddiqi's convention take it as no change to speak of.
    assert {("score", "original"), ("feature", "interest_rate")} <= found


def test_high_risk_loans_in_place_of_healthy_ones_are_a_shift(usual):
    _, baseline = usual
    table = simulate.portfolio(2_000, seed=9)
    flipped = table.assign(loan_status=1 - table["loan_status"])
    found = shifted(frame_of(baseline, flipped))
    assert ("high_risk", "portfolio") in found
    assert ("recall", "original") in found
    assert ("observed_expected", "original") in found
    assert ("refused", "original") not in found


def test_a_constant_column_that_moved_is_a_shift():
    table = simulate.portfolio(2_000, seed=3).assign(derogatory_marks=1)
    parts = splitting.split(loans.from_table(table))
    baseline = based.baseline(parts, published(parts))
    same = frame_of(baseline, table.sample(200, random_state=1))
    assert ("feature", "derogatory_marks") not in shifted(same)
    moved = frame_of(baseline, table.sample(30, random_state=1).assign(derogatory_marks=9))
    assert ("feature", "derogatory_marks") in shifted(moved)


@pytest.mark.parametrize("factor", [1.0005, 0.9995])
def test_what_lies_beyond_training_by_rounding_alone_is_no_shift(factor):
    table = simulate.portfolio(2_000, seed=3).assign(loan_size=10_000.0)
    parts = splitting.split(loans.from_table(table))
    baseline = based.baseline(parts, published(parts))
    found = frame_of(baseline, table.assign(loan_size=10_000 * factor))
    assert ("feature", "loan_size") not in shifted(found)


def test_a_shift_is_flagged_where_it_is_and_in_the_scores(usual):
    parts, baseline = usual
    test = plain.table(parts.test)
    found = shifted(frame_of(baseline, test.assign(interest_rate=test["interest_rate"] + 0.2)))
    assert ("feature", "interest_rate") in found
    assert ("feature", "loan_size") not in found
    found = shifted(frame_of(baseline, test[test["interest_rate"] > 9]))
    expected = {("score", "original"), ("score", "oversampled"), ("feature", "interest_rate")}
    assert expected <= found


def test_the_baseline_comes_back_from_json_whole(usual):
    parts, baseline = usual
    back = stored.from_dict(through_json(baseline))
    assert back == baseline
    for model, fitted_model in zip(back.models, published(parts).values(), strict=True):
        expected = fitted_model.log_odds
        assert model.scores(parts.test.rows) == pytest.approx(expected, abs=1e-9)


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=8),
    st.lists(st.integers(1, 50), min_size=8, max_size=8),
)
def test_the_index_is_the_divergence_both_ways(old, new):
    shares, counts = np.array(old) / sum(old), np.array(new[: len(old)])
    expected = entropy(counts, shares) + entropy(shares, counts)
    found = held.stability_index(shares, counts)
    assert found == pytest.approx(expected, abs=1e-12)
    assert found >= -1e-15


def test_the_index_worked_by_hand():
    found = held.stability_index(np.array([0.5, 0.5]), np.array([60, 40]))
    assert found == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))
    # An empty bin counts as half a row, or as what was expected of it.
    empty = held.stability_index(np.array([0.5, 0.5]), np.array([100, 0]))
    assert empty == pytest.approx(0.5 * np.log(2) + (0.005 - 0.5) * np.log(0.01))
    rare = held.stability_index(np.array([0.999, 0.001]), np.array([100, 0]))
    assert rare == pytest.approx(0.001 * np.log(1 / 0.999))


def limits(bins, rates, rows, sizes):
    return {(each.kind, each.name): each for each in held._limits(bins, rates, rows, sizes)}


def test_the_limit_of_an_index_is_that_of_large_samples_where_they_are_large():
    """Yurdakul 2018: chi-squared times the sum of both reciprocal numbers of rows."""
    inner = 4_000
    shares = np.append(np.append(1, np.full(10, inner / 10)), 1)
    bins = Bins("original", "score", tuple(range(11)), tuple(shares / shares.sum()))
    found = limits((bins,), [], 2_000, [])["score", "original"].high
    # The outer bins hold next to nothing, and add next to nothing.
    expected = chi2.ppf(0.95, 9) * (1 / inner + 1 / 2_000)
    assert expected * 0.95 < found < expected * 1.25


@pytest.mark.parametrize(("events", "of", "rows"), [(34, 1_000, 30), (2_500, 77_536, 1_000)])
def test_the_limits_of_a_share_are_those_of_the_beta_binomial_distribution(events, of, rows):
    rate = Rate("portfolio", "high_risk", events, of)
    found = limits((), [rate], rows, [rows])["high_risk", "portfolio"]
    expected = betabinom(rows, events + 0.5, of - events + 0.5)
    assert found.low * rows == pytest.approx(expected.ppf(0.025), abs=1)
    assert found.high * rows == pytest.approx(expected.ppf(0.975), abs=1)


def test_limits_narrow_with_the_file_and_never_below_what_the_baseline_leaves(usual):
    _, baseline = usual
    planned = [held.plan(baseline, rows) for rows in (100, 1_000, 100_000, 10_000_000)]
    for of_sizes in zip(*(each.limits for each in planned), strict=True):
        widths = [each.high - each.low for each in of_sizes]
        assert all(later < 1.2 * earlier for earlier, later in itertools.pairwise(widths))
        assert widths[0] > 1.5 * widths[2]
        assert widths[3] > 0.5 * widths[2]


def test_a_change_that_does_not_matter_is_no_shift_however_many_loans_show_it():
    """An index of 0.01: a normal distribution moved by a tenth of its standard deviation."""
    many = 10**9
    generator = np.random.default_rng(1)
    drawn = generator.normal(size=200_000)
    edges = (-9.0, *np.quantile(drawn, np.linspace(0, 1, 21)[1:-1]), 9.0)
    shares = np.array([1, *[many / 20] * 20, 1])
    bins = Bins("a", "feature", edges, tuple(shares / shares.sum()))
    high = limits((bins,), [], many, [])["feature", "a"].high
    index = {
        moved: held.stability_index(
            np.array(bins.shares), bins.counts(drawn + moved, drawn * 0 + 1)
        )
        for moved in (0.09, 0.11)
    }
    assert index[0.09] < high < index[0.11]
    rates = {
        "high_risk": (10**7, many),
        "recall": (9 * 10**8, many),
        "observed_expected": (many,) * 2,
    }
    sets = [Rate("portfolio", kind, *each) for kind, each in rates.items()]
    found = limits((), sets, many, [many] * 3)
    for kind, little in (("high_risk", 0.0005), ("recall", 0.005), ("observed_expected", 0.05)):
        value, limit = rates[kind][0] / many, found[kind, "portfolio"]
        assert (limit.low, limit.high) == pytest.approx((value - little, value + little))


def test_columns_with_few_values_get_a_bin_for_each_value(usual):
    parts, baseline = usual
    bins = next(each for each in baseline.bins if each.name == "derogatory_marks")
    values = plain.table(parts.train)["derogatory_marks"].value_counts(normalize=True).sort_index()
    assert bins.shares[1:-1] == pytest.approx(values.tolist(), abs=1e-3)
    assert list(bins.edges[1:-1]) == values.index[1:].tolist()


def test_bins_are_fine_where_the_decisions_fall(usual):
    _, baseline = usual
    for bins in baseline.bins:
        if bins.kind == "score":
            assert sum(bins.shares[-4:]) < 0.06
            assert max(bins.shares) < 0.12


@given(st.lists(st.floats(-1e9, 1e9) | st.integers(0, 3).map(float), min_size=1, max_size=80))
def test_every_bin_holds_training_rows_but_the_outer_ones(values):
    loans = np.ones(len(values), int)
    bins = cut("feature", "loan_size", np.array(values), loans)
    counts = bins.counts(np.array(values), loans)
    assert counts[0] == counts[-1] == 0
    assert min(counts[1:-1]) > 0
    assert min(bins.shares) > 0
    assert sum(bins.shares) == pytest.approx(1)
    assert len(bins.shares) <= MOST_VALUES + 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"training_rows": None}, "training_rows: .*integer"),
        ({"training_rows": 0}, "training_rows: .*greater than 0"),
        ({"training_rows": 10**29}, "too many"),
        ({"models": []}, "not one set of bins"),
        ({"models": [{"id": "a", "intercept": 0, "coefficients": {}}]}, "not one set of bins"),
        ({"bins": []}, "not one set of bins"),
        ({"bins": [{"name": "original"}]}, r"bins\.0\.kind: .*required"),
        ({"bins": 7}, "bins: "),
        ({"rates": []}, "not one rate of each kind"),
        ({"rates": [{"name": "a", "kind": [], "events": 1, "of": 1}]}, r"rates\.0\.kind"),
    ],
)
def test_what_is_no_baseline_is_refused(usual, change, message):
    with pytest.raises(ValueError, match=f"this is no monitoring baseline: .*{message}"):
        stored.from_dict(through_json(usual[1]) | change)


@pytest.mark.parametrize(
    "damage",
    [
        {"shares": [1.0]},
        {"edges": [2.0, 1.0]},
        {"shares": [0, 1]},
        {"shares": [1e-13, 1 - 1e-13]},
        {"edges": [float("inf")]},
        {"edges": list(range(2_000)), "shares": [1 / 2_001] * 2_001},
    ],
)
def test_bins_that_do_not_add_up_are_refused(usual, damage):
    content = through_json(usual[1])
    content["bins"][3] |= {"edges": [1.0], "shares": [0.5, 0.5]} | damage
    with pytest.raises(ValueError, match="bins of 'interest_rate' do not add up"):
        stored.from_dict(content)


@pytest.mark.parametrize("damage", [{"of": 0}, {"of": 1e13}, {"events": 10**13}, {"of": 3}])
def test_rates_that_are_none_are_refused(usual, damage):
    content = through_json(usual[1])
    content["rates"][2] |= damage
    with pytest.raises(ValueError, match="no 'high_risk' of 'portfolio'"):
        stored.from_dict(content)


@pytest.mark.parametrize(
    "damage", [{"intercept": 1e200}, {"coefficients": {"loan_size": 1.0}}, {"id": "oversampled"}]
)
def test_models_that_are_none_are_refused(usual, damage):
    content = through_json(usual[1])
    content["models"][0] |= damage
    with pytest.raises(ValueError, match=r"no model 'original'|not one set of bins"):
        stored.from_dict(content)


def test_a_later_file_of_one_loan_can_be_held_against_it(usual):
    parts, baseline = usual
    frame = frame_of(baseline, plain.table(parts.test).head(1))
    assert (frame["later"] > 0.25).any()
    assert not shifted(frame)


def test_a_later_file_without_high_risk_loans_has_no_recall(usual):
    parts, baseline = usual
    table = plain.table(parts.test)
    frame = frame_of(baseline, table[table["loan_status"] == 0])
    assert "recall" not in set(frame["kind"])
    assert ("high_risk", "portfolio") in shifted(frame)


@pytest.mark.usefixtures("fewer_draws")
@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    parts, both = fitted(name)
    found = held.monitoring(parts, both)
    assert stored.from_dict(through_json(found.baseline)) == found.baseline
    assert len(found.planned) == 2
    frame_of(found.baseline, PORTFOLIOS["usual"])
