"""Repeated splits are the plain loop over scikit-learn and imbalanced-learn."""

import json

import numpy as np
import pytest
from imblearn.over_sampling import RandomOverSampler
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
)
from sklearn.model_selection import train_test_split

from analysis.evidence import resplits
from analysis.models import splitting
from analysis.portfolio import loans, simulate
from analysis.record import export
from tests.support import plain, repeated
from tests.support.columns import LABEL, feature_names
from tests.support.odd_portfolios import PORTFOLIOS

SCORES = {
    "balanced_accuracy": balanced_accuracy_score,
    "precision": precision_score,
    "recall": recall_score,
    "f1": f1_score,
    "specificity": lambda labels, predicted: recall_score(labels, predicted, pos_label=0),
    "accuracy": accuracy_score,
}


@pytest.fixture(scope="module")
def real(real_portfolio):
    return repeated.repeat(real_portfolio.loans, range(20))


def repeat(table, seeds):
    return repeated.repeat(loans.from_table(table), seeds)


def plain_loop(table, seed):
    """Return the metrics of both models as the published report computes them."""
    features, labels = table[feature_names()].to_numpy(), table[LABEL].to_numpy()
    train, test, train_labels, test_labels = train_test_split(features, labels, random_state=seed)
    sampler = RandomOverSampler(random_state=seed)
    for rows, targets in ((train, train_labels), sampler.fit_resample(train, train_labels)):
        model = LogisticRegression(max_iter=33, random_state=seed)
        predicted = model.fit(rows, targets).predict(test)
        yield {name: score(test_labels, predicted) for name, score in SCORES.items()}


def check_against_plain_loop(table, found, seeds):
    for seed in seeds:
        values = found.values[found.values["seed"] == seed]
        assert values["model"].tolist() == ["original", "oversampled"]
        for expected, (_, row) in zip(plain_loop(table, seed), values.iterrows(), strict=True):
            for name, value in expected.items():
                assert row[name] == pytest.approx(value, abs=1e-9), (seed, row["model"], name)


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
def test_the_first_five_seeds_of_the_real_file_equal_the_plain_loop(real, real_portfolio):
    check_against_plain_loop(plain.table(real_portfolio.loans), real, range(5))


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
def test_a_simulated_portfolio_equals_the_plain_loop():
    table = simulate.portfolio(4_000, seed=2)
    check_against_plain_loop(table, repeat(table, range(3)), range(3))


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
def test_more_high_risk_than_healthy_loans_equal_the_plain_loop():
    table = simulate.portfolio(2_000, seed=2)
    table = table.assign(loan_status=1 - table[LABEL])
    check_against_plain_loop(table, repeat(table, [7]), [7])


def test_twenty_splits_of_the_real_file(real):
    recall = real.values.pivot_table(index="seed", columns="model", values="recall")
    precision = real.values.pivot_table(index="seed", columns="model", values="precision")
    assert recall.mean().tolist() == pytest.approx([0.90386, 0.99399], abs=5e-6)
    # The figures measured before have n below the line, those of the report n - 1.
    assert recall.std(ddof=0).tolist() == pytest.approx([0.0182, 0.0023], abs=5e-5)
    assert recall.min().tolist() == pytest.approx([0.8486, 0.9879], abs=5e-5)
    assert recall.max().tolist() == pytest.approx([0.9289, 0.9970], abs=5e-5)
    assert precision.mean().tolist() == pytest.approx([0.85870, 0.85688], abs=5e-6)
    summary = real.summary.set_index(["metric", "model"])
    assert summary.loc[("recall", "original"), "mean"] == pytest.approx(0.90386, abs=5e-6)
    assert summary.loc[("recall", "original"), "sd"] == recall["original"].std(ddof=1)
    assert summary.loc[("recall", "oversampled"), "wins"] == 20


def test_the_real_file_is_small_enough_for_a_hundred_splits(real_portfolio):
    assert resplits.affordable(real_portfolio.loans, 7) == list(range(100))
    assert list(resplits.SEEDS) == list(range(100))


def test_the_summary_is_that_of_the_values():
    found = repeat(simulate.portfolio(1_500, seed=4), range(12))
    assert len(found.summary) == 12
    wide = found.values.pivot_table(index="seed", columns="model", values="precision")
    for row in found.summary[found.summary["metric"] == "precision"].itertuples():
        values = wide[row.model].to_numpy()
        other = wide.drop(columns=row.model).iloc[:, 0].to_numpy()
        assert row.mean == pytest.approx(values.mean())
        assert row.sd == pytest.approx(values.std(ddof=1))
        assert [row.minimum, row.maximum] == [values.min(), values.max()]
        expected = np.quantile(values, [0.025, 0.975])
        assert [row.lower, row.upper] == pytest.approx(expected.tolist())
        assert row.wins == (values > other).sum()


def test_splits_that_lack_a_label_are_left_out_and_counted():
    table = simulate.portfolio(320, seed=1)
    risky = table[LABEL] == 1
    table = table[~risky | (risky.cumsum() == 1)]  # one high-risk loan: no side holds it always
    found = repeat(table, range(4))
    assert (found.made, found.left_out, found.requested) == (0, 4, 4)
    assert found.summary.empty
    assert list(found.summary.columns) == list(resplits.SummaryFrame.to_schema().columns)


def test_a_single_split_has_no_spread():
    found = repeat(simulate.portfolio(1_000, seed=1), [0])
    assert found.made == 1
    assert found.summary["sd"].isna().all()
    assert json.dumps(export.plain(found), allow_nan=False).count("null") == 12


def many(each, distinct, ordered=True):
    """Return a portfolio of so many distinct loans, each of them so many times, in an order."""
    whole = loans.from_table(simulate.portfolio(distinct, seed=1))
    if not ordered:
        return whole.counted(np.full(len(whole), each))
    return whole.part(np.repeat(np.arange(len(whole)), each))


def test_large_files_get_fewer_repetitions(monkeypatch):
    monkeypatch.setattr(resplits, "MOST_WORK", 0)
    monkeypatch.setattr(resplits, "LEAST_REPETITIONS", 2)
    found = repeat(simulate.portfolio(1_000, seed=1), [4, 3, 2, 1])
    assert (found.made, found.not_tried, found.requested) == (2, 2, 4)
    assert found.values["seed"].unique().tolist() == [4, 3]


def test_what_a_repetition_costs(monkeypatch):
    loaned = many(1_000, 320)
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", loaned.total)
    monkeypatch.setattr(resplits, "SEEDS", range(10**6))
    expected = resplits.MOST_WORK // (loaned.total + 5 * len(loaned))
    assert resplits.affordable(loaned, 7) == list(range(expected))
    # Drawn by count, a portfolio costs what its distinct loans do.
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", loaned.total - 1)
    for each in (loaned, many(100_000, 320, ordered=False)):
        found = len(resplits.affordable(each, 7))
        assert found == resplits.MOST_WORK // (5 * len(each)) > expected


def test_more_columns_leave_fewer_repetitions(monkeypatch):
    loaned = many(1_000, 320)
    monkeypatch.setattr(resplits, "SEEDS", range(10**6))
    usual, few = (len(resplits.affordable(loaned, columns)) for columns in (7, 50))
    assert few == resplits.MOST_WORK // (loaned.total + 15 * len(loaned)) < usual


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    table = PORTFOLIOS[name]
    found = repeat(table, range(3))
    json.dumps(export.plain(found), allow_nan=False)
    assert found.made + found.left_out == 3
    tests = found.values[["tn", "fp", "fn", "tp"]].sum(axis=1)
    assert (tests == np.ceil(len(table) / 4)).all()
