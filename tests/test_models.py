"""The split and the two fits, against scikit-learn used directly."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import RandomOverSampler
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from analysis import models, simulate
from analysis.errors import InputError
from analysis.schema import LABEL, feature_names


@pytest.fixture(scope="module")
def parts():
    return models.split(simulate.portfolio(4_000, seed=5))


@given(st.integers(simulate.LEAST_ROWS, 3_000), st.integers(0, 2**31))
@settings(max_examples=30)
def test_a_quarter_is_for_testing_and_no_row_is_lost(rows, seed):
    table = simulate.portfolio(rows)
    found = models.split(table, seed)
    assert len(found.test) == -(-rows // 4)
    assert sorted([*found.train.index, *found.test.index]) == list(range(rows))
    pd.testing.assert_frame_equal(pd.concat([found.train, found.test]).sort_index(), table)


def test_the_split_is_that_of_features_and_labels(parts):
    table = simulate.portfolio(4_000, seed=5)
    expected = train_test_split(table[feature_names()], table[LABEL], random_state=1)
    found = [parts.train_features, parts.test_features, parts.train_labels, parts.test_labels]
    for left, right in zip(found, expected, strict=True):
        assert left.equals(right)


@pytest.mark.parametrize(("part", "rows"), [("training", "train"), ("test", "test")])
@pytest.mark.parametrize(("label", "title"), [(0, "healthy loan (0)"), (1, "high-risk loan (1)")])
def test_a_side_without_a_label_is_refused(parts, part, rows, label, title):
    sides = {"train": parts.train, "test": parts.test}
    sides[rows] = sides[rows][sides[rows][LABEL] != label]
    with pytest.raises(InputError) as caught:
        models.check_split("a.csv", models.Split(**sides))
    assert f"a.csv: the split leaves no {title} among the {part} rows" in str(caught.value)


def test_both_labels_on_both_sides_are_fine(parts):
    models.check_split("a.csv", parts)


def test_the_original_model_is_the_published_call(parts):
    with pytest.warns(UserWarning, match="converge"):
        reference = LogisticRegression(solver="lbfgs", random_state=1, max_iter=33).fit(
            parts.train_features.to_numpy(), parts.train_labels
        )
    found = models.fit_original(parts)
    assert found.coefficients == pytest.approx(reference.coef_[0], rel=1e-9)
    assert found.intercept == pytest.approx(reference.intercept_[0], rel=1e-9)
    assert (found.iterations, found.converged) == (33, False)
    features = parts.test_features.to_numpy()
    assert found.scores(parts.test_features) == pytest.approx(reference.decision_function(features))
    assert np.array_equal(found.predict(parts.test_features), reference.predict(features))
    assert found.training_counts == parts.train_labels.value_counts().to_dict()


def test_the_oversampled_model_sees_both_labels_equally_often(parts):
    features, labels = RandomOverSampler(random_state=1).fit_resample(
        parts.train_features, parts.train_labels
    )
    found = models.fit_oversampled(parts)
    healthy = int((parts.train_labels == 0).sum())
    assert found.training_counts == {0: healthy, 1: healthy}
    reference = models.fit("oversampled", features, labels)
    assert np.array_equal(found.coefficients, reference.coefficients)
    assert found.id == "oversampled"


def test_weights_count_rows(parts):
    weights = parts.train_labels.map({0: 1.0, 1: 3.0}).to_numpy()
    found = models.fit("a", parts.train_features, parts.train_labels, weights)
    counts = parts.train_labels.value_counts()
    assert found.training_counts == {0: counts[0], 1: 3 * counts[1]}


def test_settings_replace_the_published_ones(parts):
    early = models.fit("a", parts.train_features, parts.train_labels, max_iter=5)
    assert (early.iterations, early.converged) == (5, False)
    features = (parts.train_features - parts.train_features.mean()) / parts.train_features.std()
    late = models.fit("a", features, parts.train_labels, max_iter=10_000)
    assert late.converged


def test_zero_log_odds_is_healthy():
    fitted = models.FittedModel("a", {0: 1, 1: 1}, np.zeros(7), 0.0, 1, converged=True)
    features = pd.DataFrame(np.ones((3, 7)), columns=feature_names())
    assert fitted.predict(features).tolist() == [0, 0, 0]


def separable(table):
    table["interest_rate"] = np.where(table[LABEL] == 1, 12.0, 7.0)


def constant(table):
    for name in feature_names():
        table[name] = table[name].iloc[0]


def mostly_high_risk(table):
    table[LABEL] = 1 - table[LABEL]


def few(table):
    table.loc[table.index[table[LABEL] == 1][12:], LABEL] = 0


@pytest.mark.parametrize("change", [separable, constant, mostly_high_risk, few])
def test_odd_portfolios_are_fitted(change):
    table = simulate.portfolio(2_000)
    change(table)
    found = models.split(table)
    for fitted in (models.fit_original(found), models.fit_oversampled(found)):
        assert np.isfinite(fitted.coefficients).all()
        assert np.isfinite(fitted.scores(found.test_features)).all()
        assert set(fitted.predict(found.test_features)) <= {0, 1}
