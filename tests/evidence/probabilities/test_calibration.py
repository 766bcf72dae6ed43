"""Calibration by grade, slope and intercept, against the likelihood itself and hand-made cases."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize
from scipy.special import betainc, expit
from scipy.stats import binom, binomtest, norm

from analysis.evidence.numerics import proportions
from analysis.evidence.probabilities import calibration
from analysis.evidence.probabilities.scores import calibrate
from analysis.models import fits, splitting
from analysis.portfolio.distinct import distinct


@pytest.fixture(scope="module")
def sample():
    generator = np.random.default_rng(5)
    log_odds = np.round(generator.normal(-1, 2, 500), 1)
    return (generator.random(500) < expit(0.7 * log_odds + 0.4)).astype(np.int64), log_odds


def examined(labels, log_odds, groups=None, times=1):
    rows = np.arange(len(labels)) if groups is None else groups
    counts = times * np.ones(len(labels), np.int64)
    found = calibrate(labels, log_odds, counts.astype(float))
    return calibration.examine(labels, log_odds, rows, counts, found)


def test_jeffreys_by_the_beta_distribution():
    for hits, trials in ((8, 10), (0, 50), (50, 50), (6, 18_657)):
        found = proportions.jeffreys(hits, trials)
        below, above = (
            betainc(hits + 0.5, trials - hits + 0.5, each) for each in (found.low, found.high)
        )
        assert below == pytest.approx(0.025 if hits else 0)
        assert above == pytest.approx(0.975 if hits < trials else 1)
    assert proportions.jeffreys_p(3, 10, 0.3) == pytest.approx(betainc(3.5, 7.5, 0.3))


def test_slope_and_intercept_with_errors_from_the_likelihood(sample):
    labels, log_odds = sample
    found = examined(labels, log_odds)

    def loss(point):
        scores = point[0] + point[1] * log_odds
        return np.logaddexp(0, scores).sum() - labels @ scores

    best = minimize(loss, [0, 1], tol=1e-12).x
    curvature = approx_fprime(best, lambda at: approx_fprime(at, loss, 1e-4), 1e-4)
    error = np.sqrt(np.linalg.inv(curvature)[1, 1])
    assert found.slope.value == pytest.approx(best[1], abs=1e-4)
    width = found.slope.by_rows.high - found.slope.by_rows.low
    assert width == pytest.approx(2 * norm.ppf(0.975) * error, rel=0.01)
    shift = minimize(lambda at: loss([at[0], 1]), [0], tol=1e-12).x[0]
    assert found.intercept.value == pytest.approx(shift, abs=1e-4)
    predicted = expit(log_odds + shift)
    error = 1 / np.sqrt((predicted * (1 - predicted)).sum())
    assert found.intercept.by_rows.high == pytest.approx(shift + norm.ppf(0.975) * error, abs=1e-4)


def test_repeats_narrow_the_interval_by_rows_alone(sample):
    usual, ninefold = examined(*sample), examined(*sample, times=9)
    for name in ("slope", "intercept"):
        before, after = getattr(usual, name), getattr(ninefold, name)
        width = before.by_rows.high - before.by_rows.low
        assert after.by_rows.high - after.by_rows.low == pytest.approx(width / 3)
        robust = before.by_feature_rows.high - before.by_feature_rows.low
        assert after.by_feature_rows.high - after.by_feature_rows.low == pytest.approx(robust)
        assert after.relied_on == "feature rows"
        # The labels follow the recalibrated model, so both errors estimate the same.
        assert name == "intercept" or robust == pytest.approx(width, rel=0.2)


def test_grades_hold_all_loans_and_say_what_is_off(sample):
    labels, log_odds = sample
    found = examined(labels, log_odds)
    grades, predicted = found.grades, expit(log_odds)
    assert grades["loans"].sum() == 500
    assert grades["observed"].sum() == labels.sum()
    assert grades["expected"].sum() == pytest.approx(predicted.sum())
    for row in grades.itertuples():
        held = (predicted >= row.lower) & (predicted < row.upper)
        assert (row.loans, row.observed) == (held.sum(), labels[held].sum())
        assert row.joint_low <= row.low <= row.observed_share <= row.high <= row.joint_high
        assert row.off == (not row.joint_low <= row.mean_predicted <= row.joint_high)
        tail = binom.cdf(row.observed, row.loans, row.mean_predicted)
        assert row.p_value >= min(tail, 1 - tail) - 1e-12
    assert found.loans_off == grades.loc[grades["off"], "loans"].sum()


def test_copies_of_loans_make_no_grade_surer(sample):
    usual, ninefold = examined(*sample).grades, examined(*sample, times=9).grades
    assert list(ninefold["loans"]) == list(9 * usual["loans"])
    for name in ("draws", "low", "high", "joint_low", "joint_high", "off"):
        assert ninefold[name].to_numpy() == pytest.approx(usual[name].to_numpy())
    assert list(usual["draws"]) == pytest.approx(list(usual["loans"]))


def test_equal_loans_that_turn_out_by_chance_alike_count_one_by_one():
    generator = np.random.default_rng(3)
    log_odds = np.repeat(np.linspace(-3, 1, 200), 20)
    labels = (generator.random(4_000) < expit(log_odds)).astype(np.int64)
    grades = examined(labels, log_odds, groups=np.repeat(np.arange(200), 20)).grades
    assert grades["draws"].sum() == pytest.approx(4_000, rel=0.15)
    assert not grades["off"].any()


def test_the_exact_interval():
    for hits, trials in ((0, 11), (11, 11), (3, 40)):
        reference = binomtest(hits, trials).proportion_ci(0.995)
        assert proportions.exact(hits, trials, 0.995) == pytest.approx(tuple(reference))
    # Eleven of eleven where two thirds are expected happen in one of a hundred samples.
    assert proportions.exact(11, 11, 0.995)[0] < 0.664


def test_few_observed_where_little_is_expected_is_off():
    # Of 10,000 loans 20 are expected and 2 observed: 0.2 % against 0.02 %.
    labels = np.repeat([0, 1], [9_998, 2])
    found = examined(labels, np.full(10_000, np.log(0.002 / 0.998)))
    (row,) = found.grades.itertuples()
    assert row.off
    assert row.ratio == pytest.approx(0.1)
    assert found.jeffreys_p > 0.999
    assert found.slope.value is None
    assert found.slope.interval.low is None


def test_separated_scores_and_a_single_group():
    labels = np.repeat([0, 1], 20)
    assert examined(labels, np.linspace(-5, 5, 40)).slope.value is None
    alone = examined(labels, np.tile([-1.0, 1.0], 20), groups=np.zeros(40, np.int64))
    assert alone.intercept.by_feature_rows.low is None
    assert alone.intercept.by_rows.low is not None


@pytest.mark.parametrize("far", [1e6, 1e9, 1e12, 1e60])
def test_beside_a_score_far_from_all_others_the_slope_is_right_or_undefined(sample, far):
    labels, log_odds = sample
    found = examined(np.append(labels, 1), np.append(log_odds, far))
    without = examined(labels, log_odds)
    assert found.intercept.value == pytest.approx(without.intercept.value, abs=0.01)
    if far < 1e10:
        ends, expected = found.slope.by_feature_rows, without.slope.by_feature_rows
        assert (ends.low, ends.high) == pytest.approx((expected.low, expected.high), rel=1e-3)
    else:
        assert found.slope.value is None


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    test = parts.test
    groups = distinct(test.features).inverse
    both = [fit(parts.train) for fit in (fits.fit_original, fits.fit_oversampled)]
    first, second = (
        calibration.examine(
            test.labels, scores, groups, test.counts, calibrate(test.labels, scores, test.weights)
        )
        for scores in (each.scores(test.features) for each in both)
    )
    for found, slope, index, skill in (
        (first, (0.94, 1.06), 0.0059, 0.794),
        (second, (0.70, 0.79), 0.0144, 0.787),
    ):
        limits = found.slope.interval.low, found.slope.interval.high
        assert limits == pytest.approx(slope, abs=0.005)
        assert found.integrated_index == pytest.approx(index, abs=5e-5)
        assert found.integrated_index > found.integrated_index_by_chance
        assert found.brier.skill == pytest.approx(skill, abs=5e-4)
    assert first.jeffreys_p == pytest.approx(0.69, abs=0.005)
    lowest = first.grades.iloc[0]
    assert (lowest["loans"], lowest["observed"]) == (18_657, 6)
    assert lowest["expected"] == pytest.approx(30.3, abs=0.05)
    assert lowest["p_value"] == pytest.approx(1.5e-7, rel=0.05)
    assert second.grades.iloc[0]["expected"] == pytest.approx(143, abs=0.5)
    assert first.loans_off == 19_111
