"""Draws keep their totals and their shares; percentiles and ratios leave out the undefined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.numerics import resampling
from analysis.models.metrics import Confusion


@pytest.mark.parametrize("scale", [1, 1_000])  # few things a kind, and many
def test_draws_keep_the_total_and_the_shares(scale):
    counts = np.array([5, 0, 20, 75]) * scale
    drawn = np.concatenate(list(resampling.draws(counts, replicates=2_000)))
    assert drawn.shape == (2_000, 4)
    assert (drawn.sum(axis=1) == counts.sum()).all()
    assert drawn.mean(axis=0) == pytest.approx(counts, rel=0.05)
    share = counts / counts.sum()
    spread = np.sqrt(counts.sum() * share * (1 - share))
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.1)


def test_blocks_do_not_change_the_number_of_replicates(monkeypatch):
    monkeypatch.setattr(resampling, "BLOCK_NUMBERS", 30)
    blocks = list(resampling.draws(np.array([4, 4, 4]), replicates=25))
    assert [len(block) for block in blocks] == [10, 10, 5]


def test_a_seed_decides_the_draws(monkeypatch):
    def drawn():
        return np.concatenate(list(resampling.draws(np.array([9, 9]), 50)))

    first = drawn()
    assert (first == drawn()).all()
    monkeypatch.setattr(resampling, "SEED", 2)
    assert (first != drawn()).any()


def test_percentiles_leave_out_undefined_replicates():
    values = np.append(np.arange(1_001.0), np.nan)
    assert resampling.percentiles(values) == pytest.approx((25, 975))
    assert resampling.percentiles(np.full(3, np.nan)) == (None, None)


def test_limits_move_from_draw_to_draw_by_their_monte_carlo_error():
    generator = np.random.default_rng(0)
    samples = generator.normal(size=(400, 1_000))
    upper = [resampling.percentiles(each)[1] for each in samples]
    errors = [resampling.monte_carlo_error(each) for each in samples]
    # The larger of both limits' errors, so a little above the spread of one.
    assert np.std(upper) < np.mean(errors) < 1.5 * np.std(upper)


def test_limits_without_spread_or_without_replicates():
    assert resampling.monte_carlo_error(np.full(50, 3.0)) == 0
    assert resampling.monte_carlo_error(np.full(50, np.nan)) is None
    assert resampling.monte_carlo_error(np.repeat([1.0, np.inf], [975, 25])) is None


@given(*[st.integers(0, 50)] * 4)
def test_decision_metrics_agree_with_one_matrix_at_a_time(tn, fp, fn, tp):
    found = resampling.decision_metrics(*(np.array([each]) for each in (tn, fp, fn, tp)))
    one = Confusion(tn, fp, fn, tp)
    if tp + fn:
        assert found["recall"][0] == pytest.approx(one.recall)
    if tp + fp:
        assert found["precision"][0] == pytest.approx(one.precision)
    if tn + fp and tp + fn:
        assert found["balanced_accuracy"][0] == pytest.approx(one.balanced_accuracy)
    assert np.isnan(found["recall"][0]) == (tp + fn == 0)
    assert resampling.plain(found["f1"][0]) is None or tp + fp + fn > 0
