"""Intervals of shares and of their ratios, against libraries and the published formulas."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest
from scipy.stats.contingency import relative_risk

from analysis.evidence.numerics.proportions import Proportion, effective, ratio_limits


@pytest.mark.parametrize(("part", "whole"), [(0, 12), (3, 10), (450, 500), (7, 7)])
def test_limits_are_those_of_the_library(part, whole):
    expected = binomtest(part, whole).proportion_ci(method="wilson")
    assert Proportion(part / whole, whole).limits() == pytest.approx(tuple(expected), abs=1e-12)
    wider = Proportion(part / whole, whole).limits(0.999)
    assert wider[0] <= expected.low
    assert wider[1] >= expected.high


def test_loans_that_are_alike_count_as_fewer():
    assert effective(np.arange(4), np.ones(4, np.int64)) == 4
    assert effective(np.zeros(4, np.int64), np.ones(4, np.int64)) == 1
    # Two groups of two and one of four: 8² / (4 + 4 + 16).
    assert effective(np.array([0, 0, 1, 2]), np.array([1, 1, 2, 4])) == pytest.approx(64 / 24)


def published(p1, p2, limits1, limits2):
    """Return the limits as Donner and Zou (2012) write them."""
    (low1, high1), (low2, high2) = limits1, limits2
    lower = p1 * p2 - math.sqrt((p1 * p2) ** 2 - low1 * high2 * (2 * p1 - low1) * (2 * p2 - high2))
    upper = p1 * p2 + math.sqrt((p1 * p2) ** 2 - high1 * low2 * (2 * p1 - high1) * (2 * p2 - low2))
    return lower / (high2 * (2 * p2 - high2)), upper / (low2 * (2 * p2 - low2))


def test_a_ratio_has_the_published_limits():
    first, second = Proportion(0.5, 100), Proportion(0.8, 150)
    expected = published(0.5, 0.8, first.limits(), second.limits())
    assert ratio_limits(first, second) == pytest.approx(expected)
    # Katz's interval of the same counts, another method, is near it.
    katz = relative_risk(50, 100, 120, 150).confidence_interval()
    assert ratio_limits(first, second) == pytest.approx(tuple(katz), abs=0.01)


def test_a_ratio_of_ends():
    none, every = Proportion(0.0, 20), Proportion(1.0, 20)
    low, high = ratio_limits(none, every)
    assert low == 0
    assert 0 < high < 0.3
    low, high = ratio_limits(every, every)
    assert low == pytest.approx(every.limits()[0])
    assert high == pytest.approx(1 / every.limits()[0], rel=0.1)


def test_the_interval_of_a_ratio_holds_as_often_as_it_says():
    generator = np.random.default_rng(0)
    parts = generator.binomial(60, [0.55, 0.75], size=(800, 2)) / 60
    found = [ratio_limits(*(Proportion(each, 60) for each in pair)) for pair in parts.tolist()]
    held = np.mean([low <= 0.55 / 0.75 <= high for low, high in found])
    assert 0.93 <= held <= 0.97
