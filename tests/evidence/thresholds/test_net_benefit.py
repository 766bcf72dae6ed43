"""Net benefit against a plain loop over loans."""

import numpy as np
import pytest

from analysis.evidence import baselines
from analysis.evidence.thresholds import net_benefit
from analysis.evidence.thresholds.curve import probabilities
from analysis.models import splitting
from analysis.portfolio import loans, simulate
from tests.support.odd_portfolios import fitted, published


def plain(labels, counts, probability, threshold):
    found = refused = 0
    for label, loans_, each in zip(labels, counts, probability, strict=True):
        if each > threshold:
            found += loans_ * (label == 1)
            refused += loans_ * (label == 0)
    return (found - refused * threshold / (1 - threshold)) / counts.sum()


@pytest.fixture(scope="module")
def small():
    parts = splitting.split(loans.from_table(simulate.portfolio(2_000, seed=4)))
    return parts, published(parts), baselines.best_rule(parts.train)


def test_curves_agree_with_a_loop(small):
    parts, both, rule = small
    test = parts.test
    found = net_benefit.examine(test, both, rule, cost_ratio=7.3)
    curve = found.curve.set_index("threshold")
    assert len(curve) == 100
    refused = {name: probabilities(model.log_odds) for name, model in both.items()}
    refused["one_column_rule"] = rule.predict(test.features)
    refused |= {"refuse_all": np.ones(len(test)), "refuse_none": np.zeros(len(test))}
    for at in (0.01, found.owner_threshold, 0.5, 0.99):
        for name, probability in refused.items():
            expected = plain(test.labels, test.counts, probability, at)
            assert curve.loc[at, name] == pytest.approx(expected), name
            if at == found.owner_threshold:
                assert found.at_owner_threshold[name] == pytest.approx(expected)


def test_a_threshold_on_the_grid_stands_once_and_without_a_rule_there_is_none(small):
    parts, both, _ = small
    found = net_benefit.examine(parts.test, both, None, cost_ratio=3.0)
    assert found.owner_threshold == 0.25
    assert len(found.curve) == 99
    assert found.curve["one_column_rule"].isna().all()
    assert found.at_owner_threshold["one_column_rule"] is None


def test_the_curve_ends_with_what_refusing_all_gives():
    parts, both = fitted("mostly high-risk")
    found = net_benefit.examine(parts.test, both, None, cost_ratio=1e6)
    share = parts.test.label_counts[1] / parts.test.total
    assert found.at_owner_threshold["refuse_all"] == pytest.approx(share, abs=1e-5)


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    found = net_benefit.examine(
        parts.test, published(parts), baselines.best_rule(parts.train), cost_ratio=10
    ).at_owner_threshold
    assert found["original"] == pytest.approx(0.0310, abs=5e-5)
    assert found["oversampled"] == pytest.approx(0.0299, abs=5e-5)
    assert found["one_column_rule"] == pytest.approx(0.0311, abs=5e-5)
    assert found["refuse_none"] == 0
