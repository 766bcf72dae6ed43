"""The figures over thresholds, by what is drawn."""

from dataclasses import replace

import numpy as np

from analysis.report.sections import threshold_curves
from tests.support.changed_evidence import (
    changed,
)
from tests.support.drawn import line


def test_net_benefit_draws_each_choice(drawn, simulated_results):
    figure, made = drawn(threshold_curves.net_benefit_figure)
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
    _, made = drawn(
        threshold_curves.net_benefit_figure, replace(simulated_results, evidence=evidence)
    )
    assert "rule" not in made.alt


def test_thresholds_mark_one_half_and_the_cheapest(drawn, simulated_results):
    figure, made = drawn(threshold_curves.thresholds_figure)
    (axes,) = figure.axes
    found = simulated_results.evidence.thresholds
    rows = simulated_results.split.test_rows
    curve = line(axes, "Original").get_xydata()
    np.testing.assert_allclose(curve[:, 0], found.models["original"].curve["threshold"])
    np.testing.assert_allclose(curve[:, 1], found.models["original"].curve["expected_cost"] * rows)
    at_half = found.models["original"].at_half
    cost = at_half.confusion.fp + found.cost_ratio * at_half.confusion.fn
    assert f"Original at one half (0.5): {cost:,.0f}" in made.alt
    cheapest = found.models["oversampled"].cheapest
    points = [
        each.get_xydata()[0].tolist() for each in axes.get_lines() if len(each.get_xdata()) == 1
    ]
    expected = [cheapest.threshold, cheapest.expected_cost * rows]
    assert any(np.allclose(point, expected) for point in points)
    assert len(made.data.frame) == 4


def test_costs_of_nothing_and_costs_with_decimals(drawn, odd_results, simulated_results):
    figure, made = drawn(threshold_curves.thresholds_figure, odd_results["perfect separation"])
    assert figure.axes[0].get_ylim()[1] > 0
    assert "at one half (0.5): 0" in made.alt
    found = simulated_results.evidence.thresholds
    half = replace(
        found.models["original"].at_half, expected_cost=2.5 / simulated_results.split.test_rows
    )
    evidence = changed(
        simulated_results.evidence,
        "thresholds",
        models=replace(
            found.models,
            original=replace(found.models["original"], at_half=half, cheapest=None),
        ),
    )
    _, made = drawn(
        threshold_curves.thresholds_figure, replace(simulated_results, evidence=evidence)
    )
    assert "Original at one half (0.5): 2.5;" in made.alt
    assert "Original at cheapest" not in made.alt
