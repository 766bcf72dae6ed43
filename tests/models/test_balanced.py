"""Recipes against independent pipelines of scikit-learn and imbalanced-learn on a row a loan."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from scipy.stats import hypergeom
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from analysis.models import fits, splitting
from analysis.models.balanced import balanced
from analysis.portfolio import loans, simulate
from analysis.portfolio.column import Column
from analysis.portfolio.recipe import Recipe

NAMES = ["income", "age", "limit"]


def small_table(rows=400, seed=3):
    """Return numbers that overlap, a fifth of them high-risk, in units of very different size."""
    generator = np.random.default_rng(seed)
    label = (generator.random(rows) < 0.2).astype("int64")
    values = generator.normal(label[:, None] * [0.8, 0.5, -0.4], 1.0, (rows, 3))
    table = pd.DataFrame(values * [10.0, 5.0, 2.0] + [40.0, 45.0, 5.0], columns=NAMES)
    return table.round(1).assign(bad=label)


def by_hand(table, recipe, sampler):
    """Return what an independent pipeline decides: (tn, fp, fn, tp)."""
    features, labels = table[NAMES].to_numpy(), table["bad"].to_numpy()
    left, right, known, unknown = train_test_split(
        features,
        labels,
        test_size=recipe.test_share,
        random_state=recipe.seed,
        stratify=labels if recipe.stratified else None,
    )
    settings = {"tol": 1e-8} if recipe.solver == "newton-cholesky" else {}
    weight = "balanced" if sampler == "class_weights" else None
    model = LogisticRegression(
        solver=recipe.solver,
        max_iter=recipe.iterations,
        random_state=recipe.seed,
        class_weight=weight,
        **settings,
    )
    samplers = [sampler] if sampler is not None and weight is None else []
    scalers = [StandardScaler()] if recipe.scaled else []
    pipeline = make_pipeline(*scalers, *samplers, model).fit(left, known)
    return confusion_matrix(unknown, pipeline.predict(right)).ravel().tolist()


SAMPLERS = {
    "random_oversampling": RandomOverSampler(random_state=7),
    "random_undersampling": RandomUnderSampler(random_state=7),
    "smote": SMOTE(random_state=7),
    "class_weights": "class_weights",
}


@pytest.fixture(autouse=True)
def one_thread():
    with threadpool_limits(limits=1):  # for tables so small, threads only wait for each other
        yield


@pytest.mark.parametrize(
    ("stratified", "turned"), [(False, True), (True, False)], ids=["most are high-risk", "usual"]
)
@pytest.mark.parametrize("solver", ["newton-cholesky", "newton-cg", "lbfgs", "liblinear"])
@pytest.mark.parametrize("scaled", [True, False], ids=["scaled", "as they are"])
@pytest.mark.parametrize("resampler", SAMPLERS)
def test_a_recipe_gives_what_the_libraries_give(resampler, scaled, solver, stratified, turned):
    table = small_table()
    table["bad"] = 1 - table["bad"] if turned else table["bad"]
    recipe = Recipe(7, 0.3, stratified, scaled, solver, 500, resampler)
    whole = replace(loans.from_table(table, "bad"), recipe=recipe)
    parts = splitting.split(whole)
    for fit, sampler in ((fits.fit_original, None), (fits.fit_oversampled, SAMPLERS[resampler])):
        found = fit(parts.train).apply(parts.test).confusion
        assert list(found.as_dict().values()) == by_hand(table, recipe, sampler)


def test_the_words_follow_the_resampler():
    assert Recipe().resampled_name == "the oversampled model"
    assert Recipe(resampler="class_weights").resampled_title == "Weighted"
    assert Recipe(resampler="smote").resampling == "SMOTE"
    assert Recipe(solver="lbfgs", iterations=100, scaled=False).fitted_by == (
        "scikit-learn's lbfgs solver on the columns as they are, stopped after 100 iterations at "
        "the latest"
    )


def made_by(resampler, table):
    found = loans.from_table(table, "bad")
    return replace(found, recipe=Recipe(resampler=resampler))


def test_synthetic_loans_are_no_loans_of_the_portfolio():
    train = made_by("smote", small_table())
    made, weights = balanced(train)
    counts = train.label_counts
    assert made.total == train.total
    assert made.label_counts == counts
    assert weights[made.labels == 1].sum() == weights[made.labels == 0].sum() == counts[0]
    assert (made.rows[: len(train)] == train.rows).all(axis=None)


def test_synthetic_loans_are_those_that_the_library_makes_of_a_table():
    table = small_table().assign(age=lambda made: made["age"].round().astype("int64"))
    train = made_by("smote", table)
    train = replace(train, recipe=replace(train.recipe, scaled=False))
    made = balanced(train)[0].rows[NAMES].iloc[len(train) :]
    by_library = SMOTE(random_state=1).fit_resample(table[NAMES], table["bad"])[0][len(table) :]
    assert (by_library["age"] % 1 == 0).all()  # cut off, as the column holds whole numbers
    pd.testing.assert_frame_equal(
        made.reset_index(drop=True),
        by_library.reset_index(drop=True),
        check_exact=True,
        check_dtype=False,
    )


def test_synthetic_loans_of_small_whole_numbers_are_those_of_large_ones():
    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.integers(-120, 120, (200, 2)), columns=["a", "b"])
    table["bad"] = (table.index < 6).astype(int)  # far apart, by more than a byte holds
    train = made_by("smote", table)
    train = replace(train, recipe=replace(train.recipe, scaled=False))
    made = balanced(train)[0].rows[["a", "b"]].iloc[len(train) :]
    by_library = SMOTE(random_state=1).fit_resample(table[["a", "b"]], table["bad"])[0][200:]
    assert made.to_numpy().tolist() == by_library.to_numpy().tolist()


@pytest.mark.parametrize("few", [1, 2, 4])
def test_few_loans_of_a_label_have_fewer_neighbours(few):
    table = small_table()
    risky = table["bad"] == 1
    train = made_by("smote", pd.concat([table[~risky], table[risky].head(few)]))
    made, weights = balanced(train)
    assert weights[made.labels == 1].sum() == weights[made.labels == 0].sum()


@pytest.mark.parametrize("resampler", SAMPLERS)
def test_loans_drawn_by_count_are_balanced_too(resampler):
    train = made_by(resampler, small_table())
    drawn = train.counted(train.counts)
    assert not len(drawn.inverse)
    made, weights = balanced(drawn, 3)
    assert weights[made.labels == 1].sum() == pytest.approx(weights[made.labels == 0].sum())


def test_undersampling_by_count_has_the_distribution_of_drawing_without_replacement():
    table = pd.DataFrame({"income": [1.0] * 30 + [2.0] * 60 + [3.0] * 20})
    train = made_by("random_undersampling", table.assign(bad=[0] * 90 + [1] * 20))
    drawn = train.counted(train.counts)
    kept = np.array([balanced(drawn, seed)[1] for seed in range(400)])
    expected = hypergeom(90, 30, 20)
    assert kept[:, 0].mean() == pytest.approx(expected.mean(), abs=4 * expected.std() / 20)
    assert kept[:, 0].std() == pytest.approx(expected.std(), rel=0.15)
    assert (kept[:, 2] == 20).all()


def test_the_published_recipe_is_what_is_declared():
    assert loans.from_table(simulate.portfolio(320)).recipe == Recipe(
        scaled=False,
        solver="lbfgs",
        iterations=33,
        reason=loans.from_table(simulate.portfolio(320)).recipe.reason,
    )


def test_synthetic_loans_belong_to_no_group():
    table = small_table().assign(sex=np.arange(400) % 2)[["sex", *NAMES, "bad"]]
    train = replace(made_by("smote", table), outside=(Column("sex", use="protected"),))
    made, _ = balanced(train)
    assert list(made.rows) == list(train.rows)
    assert made.rows["sex"][len(train) :].isna().all()
    assert made.features.notna().all(axis=None)
