"""Scores against scikit-learn, SciPy, plain loops and the figures of the real file."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import ks_2samp
from sklearn import metrics

from analysis.evidence.probabilities import scores
from analysis.models import fits, splitting
from tests.support import plain
from tests.support.columns import LABEL
from tests.support.plain import once


@pytest.fixture
def sample():
    generator = np.random.default_rng(2)
    log_odds = np.round(generator.normal(-1, 2, 400), 1)
    return (generator.random(400) < expit(0.6 * log_odds + 0.5)).astype(np.int64), log_odds


def test_ranking_and_probabilities_against_libraries(sample):
    labels, log_odds = sample
    found, probability = scores.score(labels, log_odds, once(labels)), expit(log_odds)
    assert found.roc_auc == pytest.approx(
        np.mean(
            [
                (high > low) + (high == low) / 2
                for high in log_odds[labels == 1]
                for low in log_odds[labels == 0]
            ]
        )
    )
    assert found.gini == pytest.approx(2 * found.roc_auc - 1)
    assert found.ks == pytest.approx(ks_2samp(log_odds[labels == 1], log_odds[labels == 0])[0])
    expected = metrics.average_precision_score(labels, probability)
    assert found.average_precision == pytest.approx(expected)
    assert found.brier == pytest.approx(metrics.brier_score_loss(labels, probability))
    assert found.log_loss == pytest.approx(metrics.log_loss(labels, probability))
    assert found.mean_predicted == pytest.approx(probability.mean())
    assert found.observed == labels.mean()


def test_calibration_against_a_direct_maximum_of_the_likelihood(sample):
    labels, log_odds = sample
    found = scores.score(labels, log_odds, once(labels)).calibration

    def loss(parameters):
        shifted = parameters[0] + parameters[1] * log_odds
        return np.logaddexp(0, shifted).sum() - (labels * shifted).sum()

    best = minimize(loss, [0, 1], tol=1e-10)
    assert found.slope == pytest.approx(best.x[1], abs=1e-4)
    in_the_large = minimize(lambda shift: loss([shift[0], 1]), [0], tol=1e-10)
    assert found.intercept == pytest.approx(in_the_large.x[0], abs=1e-4)
    assert found.observed_expected == pytest.approx(labels.mean() / expit(log_odds).mean())


def flat(found):
    values = found | found["calibration"]
    del values["calibration"]
    return {name: -99 if value is None else value for name, value in values.items()}


@settings(max_examples=50, deadline=None)
@given(
    labels=arrays.arrays(np.int64, 12, elements=st.integers(0, 1)),
    log_odds=arrays.arrays(np.float64, 12, elements=st.integers(-9, 9).map(float)),
    weights=arrays.arrays(np.int64, 12, elements=st.integers(1, 4)),
)
def test_weights_count_as_repeated_rows(labels, log_odds, weights):
    weighted = asdict(scores.score(labels, log_odds, weights))
    repeated = asdict(
        scores.score(labels.repeat(weights), log_odds.repeat(weights), once(labels.repeat(weights)))
    )
    assert flat(weighted) == pytest.approx(flat(repeated), rel=1e-6, abs=1e-9)
    for name in ("roc_auc", "average_precision", "ks", "brier", "mean_predicted"):
        assert weighted[name] is None or 0 <= weighted[name] <= 1 + 1e-12
    json.dumps(weighted, allow_nan=False)


def test_separated_scores_have_no_slope():
    labels, log_odds = np.repeat([0, 1], 20), np.linspace(-1e4, 1e4, 40)
    found = scores.score(labels, log_odds, once(labels))
    assert found.roc_auc == found.ks == 1
    assert found.calibration.slope is None
    assert scores.score(1 - labels, log_odds, once(labels)).calibration.slope is None
    assert scores.score(1 - labels, log_odds, once(labels)).log_loss == pytest.approx(
        5128.2, abs=0.1
    )


def test_equal_scores_rank_as_a_guess():
    found = scores.score(np.array([0, 1, 0, 0]), np.full(4, -1.0), np.ones(4))
    assert (found.roc_auc, found.ks, found.average_precision) == (0.5, 0, 0.25)
    assert found.calibration.slope is None
    assert found.calibration.intercept == pytest.approx(1 - np.log(3))


def test_one_label_leaves_the_ranking_undefined():
    found = scores.score(
        np.zeros(3, dtype=np.int64), np.array([-800.0, -900.0, -1000.0]), np.ones(3)
    )
    assert found.roc_auc is found.gini is found.average_precision is found.ks is None
    assert asdict(found.calibration) == {
        "intercept": None,
        "slope": None,
        "observed_expected": None,
    }


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_slope_survives_any_scale(sample, scale):
    labels, log_odds = sample
    slope = scores.score(labels, log_odds, once(labels)).calibration.slope
    found = scores.score(labels, log_odds * scale, once(labels)).calibration.slope
    assert found * scale == pytest.approx(slope, rel=1e-6)


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    test = plain.table(parts.test)
    labels = test[LABEL].to_numpy()
    both = [fits.fit_original(parts.train), fits.fit_oversampled(parts.train)]
    first, second = (scores.score(labels, fit.scores(test), once(labels)) for fit in both)
    assert [first.roc_auc, second.roc_auc] == pytest.approx([0.993867, 0.993863], abs=1e-6)
    precision = [first.average_precision, second.average_precision]
    assert precision == pytest.approx([0.86328, 0.86294], abs=1e-5)
    assert [first.ks, second.ks] == pytest.approx([0.9874, 0.9874], abs=1e-4)
    assert [first.brier, second.brier] == pytest.approx([0.006380, 0.006593], abs=1e-6)
    assert [first.log_loss, second.log_loss] == pytest.approx([0.023374, 0.048464], abs=1e-6)
    predicted = [first.mean_predicted, second.mean_predicted]
    assert predicted == pytest.approx([0.03256, 0.04633], abs=1e-5)
    assert first.observed == pytest.approx(0.0319, abs=1e-4)
    ratios = [each.calibration.observed_expected for each in (first, second)]
    assert ratios == pytest.approx([0.9807, 0.6892], abs=1e-4)
    slopes = [each.calibration.slope for each in (first, second)]
    assert slopes == pytest.approx([1.0001, 0.7433], abs=1e-4)
