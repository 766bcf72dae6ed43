"""Random splits and folds: scikit-learn's on a row a loan, and in large portfolios by count."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import RandomOverSampler
from scipy.stats import binom, hypergeom
from sklearn.model_selection import StratifiedKFold, train_test_split

from analysis.evidence.repeats import counts
from analysis.evidence.thresholds import choices
from analysis.models import fits, splitting
from analysis.models.balanced import balanced
from analysis.portfolio import loans, simulate
from analysis.portfolio.recipe import Recipe
from analysis.record import export
from tests.support import odd_portfolios, plain, repeated
from tests.support.columns import LABEL, feature_names


@pytest.fixture(scope="module")
def table():
    return simulate.portfolio(3_000, seed=8)


@pytest.fixture(scope="module")
def whole(table):
    return loans.from_table(table)


@pytest.fixture
def by_count(monkeypatch):
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", 0)


def counted(sizes_and_labels, counts):
    """Return loans of which some are equal: `counts` of each size and label, label by label."""
    sizes, labels = zip(*sizes_and_labels, strict=True)
    rows = pd.DataFrame(dict.fromkeys(feature_names(), 1.0), index=range(len(sizes)))
    rows = rows.assign(loan_size=np.array(sizes, float), **{LABEL: labels})
    return loans.from_table(rows.loc[rows.index.repeat(counts)])


def fit_both(train, seed):
    return fits.fit_both(train, [train], [seed], {})[0]


def same(part, reference):
    pd.testing.assert_frame_equal(plain.table(part), reference.reset_index(drop=True))


def summed(whole, *parts):
    """Return the counts of the distinct loans of a portfolio over some of its parts."""
    together = pd.concat([each.rows.assign(of=each.counts) for each in parts])
    total = together.groupby(list(whole.rows.columns))["of"].sum()
    return total.reindex(pd.MultiIndex.from_frame(whole.rows), fill_value=0).to_numpy()


# Loan by loan


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_a_small_portfolio_is_split_as_scikit_learn_splits_all_rows(table, whole, seed):
    found = splitting.resplit(whole, seed)
    train, test = train_test_split(table, random_state=seed)
    same(found.train, train)
    same(found.test, test)


@pytest.mark.parametrize("number", [2, 5])
def test_folds_of_a_small_portfolio_are_those_of_all_rows(table, whole, number):
    splitter = StratifiedKFold(number, shuffle=True, random_state=3)
    expected = list(splitter.split(table, table[LABEL]))
    found = list(splitting.folds(whole, number, 3))
    for (fitted, held), (train, test) in zip(found, expected, strict=True):
        same(fitted, table.iloc[train])
        same(held, table.iloc[test])


def test_both_models_are_those_of_the_published_split(table, whole):
    train = splitting.split(whole).train
    found = fit_both(train, fits.RANDOM_STATE)
    assert list(found) == ["original", "oversampled"]
    for fitted in (fits.fit_original(train), fits.fit_oversampled(train)):
        assert found[fitted.id].training_counts == fitted.training_counts
        np.testing.assert_array_equal(found[fitted.id].coefficients, fitted.coefficients)
    reference = plain.split(table)
    features, labels = RandomOverSampler(random_state=4).fit_resample(
        reference.train_features, reference.train_labels
    )
    drawn = loans.from_table(features.assign(loan_status=labels))
    oversampled = fits.fit("oversampled", drawn, drawn.weights)
    scores = fit_both(train, 4)["oversampled"].scores(reference.test_features)
    assert scores == pytest.approx(oversampled.scores(reference.test_features), abs=1e-6)


def test_the_limit_is_the_largest_portfolio_drawn_loan_by_loan(whole, monkeypatch):
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", whole.total)
    assert splitting.one_by_one(whole)
    assert len(splitting.resplit(whole, 1).train.inverse)
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", whole.total - 1)
    assert not splitting.one_by_one(whole)
    assert not len(splitting.resplit(whole, 1).train.inverse)
    assert all(not len(held.inverse) for _, held in splitting.folds(whole, 2, 1))


def test_the_published_file_is_drawn_loan_by_loan(real_portfolio):
    assert splitting.one_by_one(real_portfolio.loans)


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("resampler", ["random_oversampling", "class_weights"])
def test_parts_fitted_together_are_fitted_as_each_alone(whole, resampler, scaled):
    usual = replace(whole, recipe=Recipe(resampler=resampler, scaled=scaled))
    assert fits.together(usual)
    seeds = [3, 4, 5]
    trains = [splitting.resplit(usual, seed).train for seed in seeds]
    assert all(train.rows is usual.rows for train in trains)
    start = fit_both(usual, 1)
    for near in ({}, start):
        for train, seed, both in zip(
            trains, seeds, fits.fit_both(usual, trains, seeds, near), strict=True
        ):
            held = train.held()
            alone = fits.fit_original(held), fits.fit_oversampled(held, seed)
            for found, expected in zip(both.values(), alone, strict=True):
                assert found.training_counts == expected.training_counts
                assert found.coefficients == pytest.approx(expected.coefficients, rel=1e-6)
                assert found.converged


@pytest.mark.parametrize("far", [1e12, 1e14])
def test_parts_without_a_far_value_are_fitted_as_each_alone(table, far):
    one = table.assign(total_debt=np.where(table.index == 5, far, table["total_debt"]))
    odd = replace(loans.from_table(one), recipe=Recipe())
    at = odd.inverse[5]
    trains = [splitting.resplit(odd, seed).train for seed in range(8)]
    seeds = [seed for seed, train in enumerate(trains) if not train.counts[at]][:2]
    assert seeds
    found = fits.fit_both(odd, [trains[seed] for seed in seeds], seeds, fit_both(odd, 1))
    for seed, both in zip(seeds, found, strict=True):
        held = trains[seed].held()
        for each, expected in (
            (both["original"], fits.fit_original(held)),
            (both["oversampled"], fits.fit_oversampled(held, seed)),
        ):
            assert each.scores(held.rows) == pytest.approx(expected.scores(held.rows), abs=1e-6)


# By count

COUNTED = st.lists(st.integers(1, 30), min_size=4, max_size=10).map(
    lambda counts: counted([(size, size % 2) for size in range(len(counts))], counts)
)


@given(COUNTED, st.integers(0, 2**31))
@settings(max_examples=40)
def test_counts_of_both_sides_add_up(whole, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "MOST_ONE_BY_ONE", 0)
        found = splitting.resplit(whole, seed)
    assert np.array_equal(summed(whole, found.train, found.test), whole.counts)
    assert found.test.total == round(whole.total / 4)
    assert min(*found.train.counts, *found.test.counts) > 0


@given(COUNTED, st.integers(2, 5), st.integers(0, 2**31))
@settings(max_examples=40)
def test_each_loan_is_held_out_once_and_labels_are_spread_evenly(whole, number, seed):
    number = min(number, *whole.label_counts.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "MOST_ONE_BY_ONE", 0)
        found = list(splitting.folds(whole, number, seed))
    assert len(found) == number
    for fitted, held in found:
        assert np.array_equal(summed(whole, fitted, held), whole.counts)
        for label, total in whole.label_counts.items():
            assert abs(held.label_counts[label] - total / number) < 1
    assert np.array_equal(summed(whole, *(held for _, held in found)), whole.counts)


@given(COUNTED, st.integers(0, 2**31))
@settings(max_examples=40)
def test_oversampling_by_count_equalises_the_labels(whole, seed):
    train = whole.counted(whole.counts)
    _, found = balanced(train, seed)
    rarer = min(train.label_counts, key=train.label_counts.get)
    most = max(train.label_counts.values())
    assert found[train.labels == 0].sum() == found[train.labels == 1].sum() == most
    assert (found >= train.counts).all()
    other = train.labels != rarer
    assert np.array_equal(found[other], train.counts[other])


@pytest.mark.usefixtures("by_count")
def test_a_seed_decides_the_draw(whole):
    one, again, other = (splitting.resplit(whole, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.test.rows, again.test.rows)
    assert np.array_equal(one.test.counts, again.test.counts)
    assert not one.test.rows.equals(other.test.rows)
    folds = [[held.counts.tolist() for _, held in splitting.folds(whole, 3, s)] for s in (1, 1, 2)]
    assert folds[0] == folds[1] != folds[2]
    fits = [fit_both(one.train, seed)["oversampled"].intercept for seed in (1, 1, 2)]
    assert fits[0] == fits[1] != fits[2]


# Of each size and label 2, 40 and 90 healthy, 5 and 23 high-risk loans.
FIVE = counted([(1, 0), (2, 0), (3, 0), (4, 1), (5, 1)], [2, 40, 90, 5, 23])
SEEDS = range(2_000)


def of_each(part):
    """Count the loans of each size, shape (5,)."""
    return np.bincount(part.rows["loan_size"].astype(int), part.counts, minlength=6)[1:]


def check_hypergeometric(drawn, counts, size, total):
    """Hold drawn counts, shape (seeds, kinds), against mean and variance of the distribution."""
    for found, count in zip(drawn.T, counts, strict=True):
        law = hypergeom(total, count, size)
        error = law.std() / np.sqrt(len(found))
        assert found.mean() == pytest.approx(law.mean(), abs=4 * error)
        # The standard error of a variance, about: the square root of 2 / n of it.
        assert found.var() == pytest.approx(law.var(), rel=4 * np.sqrt(2 / len(found)))


@pytest.mark.parametrize("limit", [0, 1_000], ids=["by count", "loan by loan"])
def test_the_test_side_holds_a_loan_as_often_as_a_draw_without_replacement(monkeypatch, limit):
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", limit)
    drawn = np.array([of_each(splitting.resplit(FIVE, seed).test) for seed in range(1_000)])
    check_hypergeometric(drawn, FIVE.counts, 40, 160)


@pytest.mark.usefixtures("by_count")
def test_every_fold_is_a_draw_without_replacement_from_each_label():
    drawn = np.array(
        [[of_each(held) for _, held in splitting.folds(FIVE, 3, seed)] for seed in range(600)]
    )
    # 132 healthy loans make folds of 44; 28 high-risk ones folds of 9, 10 and 9 (or alike).
    for fold in range(3):
        check_hypergeometric(drawn[:, fold, :3], FIVE.counts[:3], 44, 132)
        size = int(drawn[0, fold, 3:].sum())
        assert (drawn[:, fold, 3:].sum(axis=1) == size).all()
        check_hypergeometric(drawn[:, fold, 3:], FIVE.counts[3:], size, 28)


def test_hundreds_of_millions_of_loans_are_drawn_at_the_cost_of_the_distinct_ones():
    large = FIVE.counted(FIVE.counts * 5_000_000)
    found = splitting.resplit(large, 1)
    assert np.array_equal(of_each(found.train) + of_each(found.test), large.counts)
    assert of_each(found.test) == pytest.approx(large.counts / 4, rel=0.01)
    for _, held in splitting.folds(large, 5, 1):
        assert of_each(held) == pytest.approx(large.counts / 5, rel=0.01)
    assert balanced(found.train, 1)[1].sum() == 2 * found.train.label_counts[0]


def test_loans_are_repeated_as_often_as_in_a_draw_with_replacement():
    train = FIVE.counted(FIVE.counts)
    added = np.array([balanced(train, seed)[1] - train.counts for seed in SEEDS])
    law = binom(132 - 28, 5 / 28)
    assert added[:, 3].mean() == pytest.approx(law.mean(), abs=4 * law.std() / len(SEEDS) ** 0.5)
    assert added[:, 3].var() == pytest.approx(law.var(), rel=4 * (2 / len(SEEDS)) ** 0.5)


@pytest.mark.usefixtures("by_count")
@pytest.mark.parametrize("name", odd_portfolios.PORTFOLIOS)
def test_large_portfolios_may_be_odd_as_well(name):
    parts, both = odd_portfolios.fitted(name)
    whole = loans.from_table(odd_portfolios.PORTFOLIOS[name])
    resplit = repeated.repeat(whole, range(3))
    validated = choices.examine(parts, both, 10.0)
    grouped = counts.examine(whole, parts, {}).grouped_splits
    json.dumps([export.plain(each) for each in (resplit, validated, grouped)], allow_nan=False)
    assert resplit.made + resplit.left_out == 3
    rows = resplit.values[["tn", "fp", "fn", "tp"]].sum(axis=1)
    assert (rows == round(whole.total / 4)).all()
    assert (validated.matched is None) == (min(parts.train.label_counts.values()) < 2)


def test_resplits_by_count_agree_with_those_loan_by_loan(monkeypatch):
    whole = loans.from_table(simulate.portfolio(6_000, seed=2))
    one_by_one = repeated.repeat(whole, range(80))
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", 0)
    by_count = repeated.repeat(whole, range(80))
    assert one_by_one.made == by_count.made == 80
    keys = ["metric", "model"]
    for (key, left), (_, right) in zip(
        one_by_one.summary.set_index(keys).iterrows(),
        by_count.summary.set_index(keys).iterrows(),
        strict=True,
    ):
        error = np.sqrt((left["sd"] ** 2 + right["sd"] ** 2) / 80)
        assert left["mean"] == pytest.approx(right["mean"], abs=3.5 * error), key
        # The standard error of the logarithm of a standard deviation, about 1 / root of 2 n.
        assert np.log(left["sd"] / right["sd"]) == pytest.approx(0, abs=4 / np.sqrt(80)), key
    assert not one_by_one.values["tp"].equals(by_count.values["tp"])
