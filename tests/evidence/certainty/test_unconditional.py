"""The interval over training and split, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence import resplits
from analysis.evidence.certainty import unconditional
from analysis.portfolio import loans, simulate
from tests.support import repeated


def test_by_hand():
    # Mean 0.2, variance 0.01, four splits: 3.182446 is the t quantile at three degrees of freedom.
    values = np.array([0.1, 0.1, 0.3, 0.3]) * np.sqrt(3) / 2 + 0.2 * (1 - np.sqrt(3) / 2)
    found = unconditional.corrected(values)
    reach = 3.182446 * np.sqrt((1 / 4 + 1 / 3) * 0.01)
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.2 - reach, 0.2 + reach))
    assert found.method == "re-splits"


def test_too_few_splits_have_no_interval():
    assert unconditional.corrected(np.array([0.3])).low is None
    nothing = unconditional.corrected(np.array([]))
    assert (nothing.estimate, nothing.high) == (None, None)
    whole = loans.from_table(simulate.portfolio(320, seed=1))
    found = unconditional.examine(repeated.repeat(whole, seeds=[]))
    assert found.splits == 0
    assert set(found.same_sign.values()) == {0}


def test_differences_are_those_of_the_splits():
    made = repeated.repeat(loans.from_table(simulate.portfolio(900, seed=2)), seeds=range(6))
    found = unconditional.examine(made)
    wide = made.values.pivot_table(index="seed", columns="model")
    for metric, each in found.differences.items():
        apart = wide[metric]["oversampled"] - wide[metric]["original"]
        assert each.estimate == pytest.approx(apart.mean())
        same = (apart * apart.mean() > 0).mean()
        assert found.same_sign[metric] == pytest.approx(same)
    assert found.splits == 6
    assert list(found.differences) == resplits.METRICS


def test_real_file(real_results):
    found = real_results.evidence.unconditional
    balanced = found.differences["balanced_accuracy"]
    # facts.md takes the normal quantile in place of Student's: 1 % less.
    assert (balanced.low, balanced.high) == pytest.approx((0.0375, 0.0537), abs=2e-4)
    assert found.splits == 100
    assert found.same_sign["balanced_accuracy"] == 1
    assert isinstance(real_results.evidence.resplits.values, pd.DataFrame)
