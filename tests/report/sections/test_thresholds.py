"""Thresholds and costs: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

import numpy as np

from analysis.evidence.thresholds.costs import CostRange
from analysis.report.sections import thresholds
from tests.support.changed_evidence import (
    changed,
)
from tests.support.drawn import line


def won(choice, lower=0.0, upper=None):
    return CostRange(choice, wins=True, lower=lower, upper=upper)


def lost(choice):
    return CostRange(choice, wins=False, lower=None, upper=None)


def test_thresholds(results, rows):
    found = rows(thresholds.thresholds)
    half = results.evidence.thresholds.models.original.at_half
    cost = half.confusion.fp + 10 * half.confusion.fn
    decimals = {len(row[0].partition(".")[2]) for row in found.values() if row[0] != "Threshold"}
    assert len(decimals) == 1  # the points stand in line
    assert found["Original, one half"] == [
        f"{0.5:.{decimals.pop()}f}",
        f"{half.confusion.tp:,}",
        f"{half.confusion.fn:,}",
        f"{half.confusion.fp:,}",
        f"{cost:,}",
    ]
    models = {
        name: replace(results.evidence.thresholds.models[name], cheapest=None)
        for name in ("original", "oversampled")
    }
    fewer = changed(results.evidence, "thresholds", matched=None, **models)
    assert set(rows(thresholds.thresholds, fewer)) == {
        "Choice",
        "Original, one half",
        "Oversampled, one half",
    }


def test_a_cost_keeps_its_decimals(results, rows):
    found = results.evidence.thresholds.models.original
    half = replace(found.at_half, expected_cost=2.5 / found.at_half.confusion.rows)
    evidence = changed(results.evidence, "thresholds", original=replace(found, at_half=half))
    assert rows(thresholds.thresholds, evidence)["Original, one half"][-1] == "2.5"


def test_cost_ranges(results, rows):
    ranges = (
        CostRange("original", wins=True, lower=0.0, upper=3.0),
        CostRange("oversampled", wins=True, lower=3.0, upper=None),
        CostRange("matched", wins=False, lower=None, upper=None),
    )
    found = rows(thresholds.cost_ranges, changed(results.evidence, "thresholds", ranges=ranges))
    assert found["Original model at one half"] == ["up to 3.00"]
    assert found["Oversampled model at one half"] == ["from 3.00 upwards"]
    assert found["Original model at the matched threshold"] == ["never"]


def test_thresholds_mark_one_half_and_the_cheapest(drawn, simulated_results):
    figure, made = drawn(thresholds.thresholds_figure)
    (axes,) = figure.axes
    found = simulated_results.evidence.thresholds
    rows = simulated_results.split.test_rows
    curve = line(axes, "Original").get_xydata()
    np.testing.assert_allclose(curve[:, 0], found.models.original.curve["threshold"])
    np.testing.assert_allclose(curve[:, 1], found.models.original.curve["expected_cost"] * rows)
    at_half = found.models.original.at_half
    cost = at_half.confusion.fp + found.cost_ratio * at_half.confusion.fn
    assert f"Original at one half (0.5): {cost:,.0f}" in made.alt
    cheapest = found.models.oversampled.cheapest
    points = [
        each.get_xydata()[0].tolist() for each in axes.get_lines() if len(each.get_xdata()) == 1
    ]
    expected = [cheapest.threshold, cheapest.expected_cost * rows]
    assert any(np.allclose(point, expected) for point in points)
    assert len(made.data.frame) == 4


def test_costs_of_nothing_and_costs_with_decimals(drawn, odd_results, simulated_results):
    figure, made = drawn(thresholds.thresholds_figure, odd_results["separable"])
    assert figure.axes[0].get_ylim()[1] > 0
    assert "at one half (0.5): 0" in made.alt
    found = simulated_results.evidence.thresholds
    half = replace(
        found.models.original.at_half, expected_cost=2.5 / simulated_results.split.test_rows
    )
    evidence = changed(
        simulated_results.evidence,
        "thresholds",
        original=replace(found.models.original, at_half=half, cheapest=None),
    )
    _, made = drawn(thresholds.thresholds_figure, replace(simulated_results, evidence=evidence))
    assert "Original at one half (0.5): 2.5;" in made.alt
    assert "Original at cheapest" not in made.alt
