"""Both models at their optimum: the real file's figures, and odd portfolios."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import make_pipeline
from scipy.optimize import minimize_scalar
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from analysis.evidence.convergence import optimum, refits
from analysis.models import fits, metrics, splitting
from analysis.models.pair import Pair
from analysis.portfolio import simulate
from analysis.record import export
from tests.support import plain
from tests.support.columns import feature_names
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published

KINDS = ["raw", "standardised", "unpenalised"]


@pytest.fixture(scope="module")
def real(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    return refits.refit(parts, published(parts))


def cells(refit):
    return tuple(refit.confusion.as_dict().values())


def test_the_real_file_at_its_optimum(real):
    assert cells(real.models.original.raw) == (18658, 107, 37, 582)
    assert cells(real.models.original.standardised) == (18652, 113, 10, 609)
    assert real.models.original.standardised.balanced_accuracy == pytest.approx(0.98891, abs=5e-5)
    found = [round(each, 3) for each in real.models.original.standardised.coefficients.values()]
    assert found == [-0.466, -1.030, -1.070, 8.812, 0.016, 0.196, -1.070]
    assert cells(real.models.original.unpenalised) == (18652, 113, 9, 610)
    assert cells(real.models.oversampled.standardised) == (18640, 125, 4, 615)
    assert real.share_of_gain == pytest.approx((0.98891 - 0.95205) / (0.99368 - 0.95205), abs=1e-3)


def test_all_fits_on_the_real_file_converge_where_the_published_one_did_not(real):
    for model in (real.models.original, real.models.oversampled):
        assert all(getattr(model, kind).converged for kind in KINDS)
        losses = [getattr(model, kind).training_log_loss for kind in KINDS]
        assert max(losses) < model.published_training_log_loss
        assert min(losses) == model.unpenalised.training_log_loss
        assert model.gap == model.published_training_log_loss - max(losses)
        assert 0 < model.explained_share < 0.999
        assert not model.at_optimum


def test_coefficients_of_the_real_file_that_move(real):
    assert real.models.original.moved_most == "total_debt"
    assert real.models.original.flipped == ("total_debt",)
    frame = real.models.original.coefficients.set_index("column")
    assert (frame["change"] == frame["raw"] - frame["published"]).all()
    assert abs(frame.loc["interest_rate", "published"]) < 1e-6


def test_standardised_fits_agree_with_a_pipeline_on_all_rows():
    split = plain.split(simulate.portfolio(4_000, seed=1))
    found = refits.refit(split.parts, published(split.parts))
    model_of = LogisticRegression(solver="newton-cholesky", tol=1e-12)
    for model, sampler in (
        (found.models.original, []),
        (found.models.oversampled, [RandomOverSampler(random_state=1)]),
    ):
        pipeline = make_pipeline(StandardScaler(), *sampler, clone(model_of))
        pipeline.fit(split.train_features, split.train_labels)
        predicted = pipeline.predict(split.test_features)
        expected = metrics.confusion(split.test_labels.to_numpy(), predicted, plain.once(predicted))
        assert model.standardised.confusion == expected
        coefficients = list(model.standardised.coefficients.values())
        assert coefficients == pytest.approx(pipeline[-1].coef_[0], abs=1e-6)


def test_a_fit_is_judged_by_its_gap_and_not_by_its_solver():
    parts = plain.split(simulate.portfolio(4_000, seed=1)).parts
    recipe = replace(parts.train.recipe, iterations=3)
    stopped = fits.fit_original(replace(parts.train, recipe=recipe))
    claims = replace(stopped, converged=True)
    both = Pair(claims, stopped).map(lambda each: each.apply(parts.test))
    found = refits.refit(parts, both).models.original
    assert found.gap > 0.01
    assert not found.at_optimum
    share = parts.train.label_counts[1] / parts.train.total
    constant = log_loss(
        parts.train.labels, [share] * len(parts.train), sample_weight=parts.train.counts
    )
    best = max(found.raw.training_log_loss, found.standardised.training_log_loss)
    expected = (constant - found.published_training_log_loss) / (constant - best)
    assert found.explained_share == pytest.approx(expected)


def test_a_fit_at_the_optimum_is_there_though_its_solver_was_stopped():
    parts = plain.split(simulate.portfolio(4_000, seed=1)).parts
    exact = refits.refit(parts, published(parts)).models.original.standardised
    deviations = parts.train.standard_deviations()
    at_it = replace(
        published(parts).original.fitted,
        coefficients=np.array(list(exact.coefficients.values())) / deviations,
        converged=False,
    )
    predicted = parts.train.features.to_numpy() @ at_it.coefficients
    shift = minimize_scalar(
        lambda at: optimum.log_loss(predicted + at, parts.train.labels, parts.train.weights)
    ).x
    both = Pair(replace(at_it, intercept=shift), at_it)
    applied = both.map(lambda each: each.apply(parts.test))
    found = refits.refit(parts, applied).models.original
    assert found.gap < 1e-9
    assert found.at_optimum


def test_without_anything_to_explain_every_fit_is_at_its_optimum():
    parts, both = fitted("equal features")
    found = refits.refit(parts, both).models.original
    assert found.explained_share is None
    assert found.at_optimum


def test_a_sign_flips_only_beyond_the_least_change():
    refit = dict.fromkeys(feature_names(), 0.2) | {"interest_rate": 0.04}

    class Stub:
        coefficients = refit

    before = np.array([-0.1, -0.04, 0.1, 0.0, -0.3, 5.0, 0.2])
    frame = refits._coefficients(before, Stub, Stub)
    assert list(frame.loc[frame["flips"], "column"]) == ["loan_size", "num_of_accounts"]


@pytest.mark.parametrize(
    ("original", "oversampled", "refitted", "share"),
    [(0.90, 0.98, 0.96, 0.75), (0.9, 0.9, 0.95, None), (0.9, 0.8, 0.9, None), (0.5, 1, 0.4, -0.2)],
)
def test_share_of_gain(original, oversampled, refitted, share):
    expected = share if share is None else pytest.approx(share)
    assert refits.share_of_gain(original, oversampled, refitted) == expected


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    parts, both = fitted(name)
    found = refits.refit(parts, both)
    json.dumps(export.plain(found), allow_nan=False)
    for model in (found.models.original, found.models.oversampled):
        for kind in KINDS:
            refit = getattr(model, kind)
            assert refit.confusion.rows == parts.test.total
            assert np.isfinite(list(refit.coefficients.values())).all()
            assert refit.converged, kind
        assert isinstance(model.coefficients, pd.DataFrame)
