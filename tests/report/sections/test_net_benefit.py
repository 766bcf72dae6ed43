"""The figure of net benefit, by what is drawn."""

from dataclasses import replace

import numpy as np

from analysis.report.sections import net_benefit
from tests.support.changed_evidence import (
    changed,
)
from tests.support.drawn import line


def test_net_benefit_draws_each_choice(drawn, simulated_results):
    figure, made = drawn(net_benefit.net_benefit_figure)
    (axes,) = figure.axes
    found = simulated_results.evidence.net_benefit
    for label, name in (
        ("Original", "original"),
        ("Review all", "refuse_all"),
        ("One-column rule", "one_column_rule"),
    ):
        np.testing.assert_array_equal(line(axes, label).get_ydata(), found.curve[name])
    at = found.at_owner_threshold["oversampled"]
    assert f"cost ratio, 0.091: Original {found.at_owner_threshold['original']:.4f}" in made.alt
    assert f"Oversampled {at:.4f}" in made.alt
    assert made.data.frame["name"].tolist()[0] == "0.0909"
    assert len(made.data.frame) == 10


def test_net_benefit_without_a_rule(drawn, simulated_results):
    curve = simulated_results.evidence.net_benefit.curve.assign(one_column_rule=float("nan"))
    evidence = changed(simulated_results.evidence, "net_benefit", curve=curve)
    _, made = drawn(net_benefit.net_benefit_figure, replace(simulated_results, evidence=evidence))
    assert "rule" not in made.alt
