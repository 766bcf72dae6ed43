"""The split and the two fits, against scikit-learn and imbalanced-learn on a row a loan."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import RandomOverSampler
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from analysis.base.errors import InputError
from analysis.models import fits, metrics, splitting
from analysis.models.balanced import balanced
from analysis.models.fitted import FittedModel
from analysis.portfolio import loans, simulate
from analysis.portfolio.declaration import module_12
from analysis.portfolio.recipe import USUAL
from tests.support import plain
from tests.support.columns import LABEL, feature_names

SEEDS = st.integers(0, 2**31)


def made_by(train, **recipe):
    """Return training loans with some choices of their recipe changed."""
    return replace(train, recipe=replace(train.recipe, **recipe))


@pytest.fixture(scope="module")
def table():
    return simulate.portfolio(4_000, seed=5)


@pytest.fixture(scope="module")
def split(table):
    return plain.split(table)


@given(st.integers(simulate.LEAST_ROWS, 3_000), SEEDS)
@settings(max_examples=30)
def test_the_split_is_that_of_all_rows_loan_by_loan(rows, seed):
    table = simulate.portfolio(rows)
    found = splitting.split(made_by(loans.from_table(table), seed=seed))
    expected = plain.split(table, seed)
    assert found.test.total == -(-rows // 4)
    for part, reference in ((found.train, expected.train), (found.test, expected.test)):
        pd.testing.assert_frame_equal(plain.table(part), reference.reset_index(drop=True))
        assert not part.rows.duplicated().any()


def test_features_and_labels_are_split_alike(table, split):
    found = splitting.split(loans.from_table(table))
    for part, features, labels in (
        (found.train, split.train_features, split.train_labels),
        (found.test, split.test_features, split.test_labels),
    ):
        assert np.array_equal(part.features.to_numpy()[part.inverse], features)
        assert np.array_equal(part.labels[part.inverse], labels)


@pytest.mark.parametrize(("part", "rows"), [("training", "train"), ("test", "test")])
@pytest.mark.parametrize(("label", "title"), [(0, "healthy loan (0)"), (1, "high-risk loan (1)")])
def test_a_side_without_a_label_is_refused(split, part, rows, label, title):
    sides = {"train": split.train, "test": split.test}
    sides[rows] = sides[rows][sides[rows][LABEL] != label]
    with pytest.raises(InputError) as caught:
        splitting.check_split("a.csv", plain.Plain(**sides).parts, module_12().label)
    assert f"a.csv: the split leaves no {title} among the {part} rows" in str(caught.value)


def test_a_training_side_without_a_column_is_refused(split):
    train = replace(split.parts.train, rows=split.parts.train.rows[[LABEL]])
    with pytest.raises(InputError, match="the features have one value each in all training rows"):
        splitting.check_split("a.csv", replace(split.parts, train=train), module_12().label)


def test_both_labels_on_both_sides_are_fine(split):
    splitting.check_split("a.csv", split.parts, module_12().label)


def test_the_original_model_is_the_published_call(split):
    with pytest.warns(UserWarning, match="converge"):
        reference = LogisticRegression(solver="lbfgs", random_state=1, max_iter=33).fit(
            split.train_features.to_numpy(), split.train_labels
        )
    found = fits.fit_original(split.parts.train)
    assert found.coefficients == pytest.approx(reference.coef_[0], rel=1e-6)
    assert found.intercept == pytest.approx(reference.intercept_[0], rel=1e-6)
    assert (found.iterations, found.converged) == (33, False)
    features = split.test_features.to_numpy()
    scores = found.scores(split.test_features)
    assert scores == pytest.approx(reference.decision_function(features), abs=1e-6)
    assert np.array_equal(found.predict(split.test_features), reference.predict(features))
    assert found.training_counts == split.train_labels.value_counts().to_dict()


def test_the_oversampled_model_is_the_published_call(split):
    features, labels = RandomOverSampler(random_state=1).fit_resample(
        split.train_features, split.train_labels
    )
    with pytest.warns(UserWarning, match="converge"):
        reference = LogisticRegression(solver="lbfgs", random_state=1, max_iter=33).fit(
            features.to_numpy(), labels
        )
    found = fits.fit_oversampled(split.parts.train)
    assert found.id == "oversampled"
    assert found.training_counts == labels.value_counts().to_dict()
    assert found.coefficients == pytest.approx(reference.coef_[0], rel=1e-6)
    expected = reference.decision_function(split.test_features.to_numpy())
    assert found.scores(split.test_features) == pytest.approx(expected, abs=1e-6)


def check_oversampling(train, seed):
    """Hold the counts of the program against those of the sampler on all rows."""
    _, found = balanced(loans.from_table(train), seed)
    features, labels = RandomOverSampler(random_state=seed).fit_resample(
        train[feature_names()], train[LABEL]
    )
    drawn = loans.from_table(pd.concat([features, labels], axis=1))
    # Rows that are drawn come after all others: the distinct ones appear in the same order.
    pd.testing.assert_frame_equal(drawn.rows, loans.from_table(train).rows)
    assert found.dtype == np.float64
    assert np.array_equal(found, drawn.counts)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("turned", [False, True], ids=["usual", "most are high-risk"])
def test_oversampling_is_that_of_all_training_rows(split, seed, turned):
    labels = split.train_labels
    check_oversampling(split.train.assign(**{LABEL: 1 - labels if turned else labels}), seed)


KINDS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1)), min_size=2, max_size=40).filter(
    lambda kinds: len({label for _, label in kinds}) == 2
)


def few_loans(kinds):
    """Return a table with a row for each kind: equal numbers and labels are equal loans."""
    sizes, labels = zip(*kinds, strict=True)
    table = pd.DataFrame(dict.fromkeys(feature_names(), 1.0), index=range(len(kinds)))
    return table.assign(loan_size=np.array(sizes, float), **{LABEL: labels})


@given(KINDS, SEEDS)
def test_oversampling_of_few_loans_is_that_of_all_rows(kinds, seed):
    check_oversampling(few_loans(kinds), seed)


@given(KINDS, SEEDS)
@settings(max_examples=30)
def test_as_many_of_both_labels_stay_as_they_are(kinds, seed):
    even = few_loans([*kinds, *((size, 1 - label) for size, label in kinds)])
    check_oversampling(even, seed)
    train = loans.from_table(even)
    assert np.array_equal(balanced(train, seed)[1], train.counts)


def test_weights_count_rows(split):
    train = split.parts.train
    found = fits.fit("a", train, train.weights * np.where(train.labels == 1, 3.0, 1.0))
    counts = split.train_labels.value_counts()
    assert found.training_counts == {0: counts[0], 1: 3 * counts[1]}


def test_the_published_recipe_stops_after_33_iterations(split):
    found = fits.fit_original(split.parts.train)
    assert found.recipe == "published"
    assert found.iterations <= split.parts.train.recipe.iterations == 33
    early = fits.fit_original(made_by(split.parts.train, iterations=5))
    assert (early.iterations, early.converged, early.recipe) == (5, False, "declared")


@pytest.mark.parametrize("fit", [fits.fit_original, fits.fit_oversampled])
def test_the_other_recipe_reaches_the_optimum_on_standardised_columns(split, fit):
    train = replace(split.parts.train, recipe=USUAL)
    found = fit(train)
    weights = train.weights if found.id == "original" else balanced(train)[1]
    values = train.features.to_numpy(float)
    mean = np.average(values, axis=0, weights=train.counts)
    deviation = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=train.counts))
    slopes = found.coefficients * deviation
    chance = expit(found.scores(train.features))
    # The slope of scikit-learn's penalised likelihood, by hand: zero at the optimum.
    left = ((values - mean) / deviation).T @ (weights * (chance - train.labels)) + slopes
    assert found.converged
    assert found.recipe == "converged"
    assert np.abs(left / weights.sum()).max() < 1e-8
    assert weights @ (chance - train.labels) == pytest.approx(0, abs=1e-6 * weights.sum())


def test_a_fit_to_the_optimum_takes_fewer_steps_from_a_near_one_to_the_same_place(split):
    train = replace(split.parts.train, recipe=USUAL)
    start = fits.fit_original(train.counted(np.where(np.arange(len(train)) % 3, train.counts, 0)))
    usual, near = fits.fit_original(train), fits.fit_original(train, start)
    assert near.iterations < usual.iterations
    assert near.scores(train.features) == pytest.approx(
        usual.scores(train.features), rel=1e-5, abs=1e-5
    )
    # From another place too, and where the near fit lacks a column.
    lacking = replace(start, columns=start.columns[1:], coefficients=-start.coefficients[1:])
    far = fits.fit_original(train, lacking)
    assert far.scores(train.features) == pytest.approx(
        usual.scores(train.features), rel=1e-5, abs=1e-5
    )


def test_a_fit_that_is_stopped_starts_where_the_library_starts(split):
    train = split.parts.train
    start = fits.fit_original(replace(train, recipe=USUAL))
    found = fits.fit_original(train, start)
    assert np.array_equal(found.coefficients, fits.fit_original(train).coefficients)


def test_the_other_recipe_does_not_depend_on_the_units_of_a_column():
    table = simulate.portfolio(2_000, seed=9)
    other = table.assign(borrower_income=table["borrower_income"] / 1e4)
    scores = [
        found.scores(each.features)
        for each in (loans.from_table(table), loans.from_table(other))
        for found in [fits.fit_original(replace(each, recipe=USUAL))]
    ]
    assert scores[0] == pytest.approx(scores[1], abs=1e-6)


def test_the_optimum_of_the_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    expected = {
        fits.fit_original: (18652, 113, 10, 609),
        fits.fit_oversampled: (18640, 125, 4, 615),
    }
    for fit, counts in expected.items():
        decided = fit(replace(parts.train, recipe=USUAL)).predict(parts.test.features)
        found = metrics.confusion(parts.test.labels, decided, parts.test.counts)
        assert found == metrics.Confusion(*counts)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=60), SEEDS)
@settings(max_examples=30)
def test_equal_rows_have_equal_scores_to_the_last_digit(places, seed):
    # A product of matrices adds in an order that may depend on where a row stands.
    generator = np.random.default_rng(seed)
    rows = pd.DataFrame(generator.normal(0, 1e4, (31, 7)), columns=feature_names())
    coefficients = generator.normal(0, 1, 7)
    fitted = FittedModel(
        "a", "published", {0: 1, 1: 1}, tuple(feature_names()), coefficients, 0.3, 1, converged=True
    )
    alone = fitted.scores(rows)
    assert np.array_equal(fitted.scores(rows.iloc[places]), alone[places])
    assert alone == pytest.approx(rows.to_numpy() @ coefficients + 0.3)


def test_zero_log_odds_is_healthy():
    fitted = FittedModel(
        "a", "published", {0: 1, 1: 1}, tuple(feature_names()), np.zeros(7), 0.0, 1, converged=True
    )
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
    found = splitting.split(loans.from_table(table))
    recipes = found.train.recipe, USUAL
    fitted_by = itertools.product((fits.fit_original, fits.fit_oversampled), recipes)
    for fitted in (fit(replace(found.train, recipe=recipe)) for fit, recipe in fitted_by):
        assert np.isfinite(fitted.coefficients).all()
        assert np.isfinite(fitted.scores(found.test.features)).all()
        assert set(fitted.predict(found.test.features)) <= {0, 1}
