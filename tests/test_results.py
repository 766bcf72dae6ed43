"""The whole pipeline: what one portfolio gives, and odd portfolios that must not break it."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, classification_report
from threadpoolctl import threadpool_info, threadpool_limits

from analysis.base import parallel
from analysis.base.errors import InputError
from analysis.models import evaluation, fits, metrics
from analysis.portfolio import loans, read, simulate
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, module_12
from tests.support import odd_results, plain
from tests.support.columns import LABEL


def test_split_of_the_real_file(real_results):
    split = real_results.split
    assert (split.train_rows, split.test_rows) == (58_152, 19_384)
    assert split.test_counts == {0: 18_765, 1: 619}
    assert real_results.models.oversampled.fitted.training_counts == {0: 56_271, 1: 56_271}
    assert real_results.data.label_counts == {0: 75_036, 1: 2_500}
    assert real_results.data.known is not None


def test_counts_add_up(small_results):
    split = small_results.split
    assert split.train_rows + split.test_rows == small_results.data.rows == 2_000
    for label in (HEALTHY, HIGH_RISK):
        both = split.train_counts[label] + split.test_counts[label]
        assert both == small_results.data.label_counts[label]
    for model in small_results.models.values():
        assert model.confusion.rows == split.test_rows
        assert model.confusion.tp + model.confusion.fn == split.test_counts[HIGH_RISK]


def test_models_by_id_the_original_first(small_results):
    assert list(small_results.models) == ["original", "oversampled"]
    assert [model.fitted.id for model in small_results.models.values()] == [
        "original",
        "oversampled",
    ]


def test_a_model_is_held_against_every_test_loan():
    split = plain.split(simulate.portfolio(2_000, seed=4))
    fitted = fits.fit_original(split.parts.train)
    found = evaluation.evaluate(fitted.apply(split.parts.test))
    labels, predicted = split.test_labels.to_numpy(), fitted.predict(split.test_features)
    assert found.confusion == metrics.confusion(labels, predicted, plain.once(labels))
    expected = balanced_accuracy_score(labels, predicted)
    assert found.balanced_accuracy == pytest.approx(expected, abs=1e-15)
    report = classification_report(labels, predicted, output_dict=True)
    for name, cells in found.classification_report.items():
        assert cells == pytest.approx(report[name], abs=1e-15)


def test_linear_algebra_runs_in_one_thread(monkeypatch):
    threads = []
    usual = fits.fit_original

    def watched(*given):
        threads.extend(each["num_threads"] for each in threadpool_info())
        return usual(*given)

    monkeypatch.setattr(fits, "fit_original", watched)
    with threadpool_limits(limits=2):
        odd_results.run(simulate.portfolio(320))
    assert set(threads) == {1}


@pytest.mark.parametrize(
    ("source", "published_loans", "recipe"),
    [
        ("file", False, "converged"),
        ("simulated", False, "published"),
        ("file", True, "published"),
    ],
)
def test_only_the_published_loans_and_their_stand_in_get_the_published_recipe(
    monkeypatch, source, published_loans, recipe
):
    used = set()
    usual = fits.fit

    def watched(*given):
        fitted = usual(*given)
        used.add(fitted.recipe)
        return fitted

    monkeypatch.setattr(fits, "fit", watched)
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    table = loans.from_table(simulate.portfolio(320))
    portfolio = read.Portfolio(
        module_12(), table, source, "few.csv", "0" * 64, 1, published_loans=published_loans
    )
    found = odd_results.of(portfolio)
    assert used == {recipe} == {each.fitted.recipe for each in found.models.values()}


def test_one_differing_cell_is_a_disagreement(small_results):
    frame = small_results.published
    assert small_results.all_cells_match == bool(frame["matches"].all())
    assert not small_results.all_cells_match


def test_results_cannot_be_changed(small_results):
    with pytest.raises(FrozenInstanceError):
        small_results.models = None


def test_the_same_portfolio_gives_the_same_results(small_results):
    again = odd_results.run(simulate.portfolio(2_000), source="simulated")
    assert again.models.original.confusion == small_results.models.original.confusion
    coefficients = [each.models.oversampled.fitted.coefficients for each in (again, small_results)]
    np.testing.assert_array_equal(*coefficients)


def test_a_portfolio_without_a_label_among_the_test_rows_is_refused():
    table = simulate.portfolio(400)
    # Label 1 only where the split of 400 rows trains.
    table[LABEL] = HEALTHY
    table.loc[plain.split(table).train.index[:12], LABEL] = HIGH_RISK
    with pytest.raises(InputError, match="no high-risk loan"):
        odd_results.run(table)
