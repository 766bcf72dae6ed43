"""Formulas as a reader writes them."""

import pytest

from analysis.evidence.columns.identities import number, term, weighted_sum


@pytest.mark.parametrize(
    ("value", "text"),
    [(30000.0, "30000"), (1e12, "1000000000000"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"), (-0.0, "0")],
)
def test_numbers_have_no_exponent_and_no_noise(value, text):
    assert number(value) == text


def test_a_weight_of_one_is_left_out():
    assert [term(1, "a"), term(-1, "a"), term(2, "a")] == ["a", "-a", "2 * a"]


def test_signs_stand_between_the_terms():
    assert weighted_sum([1, -2, -30_000], ("a", "b")) == "a - 2 * b - 30000"
    assert weighted_sum([-1, 0], ("a",)) == "-a"
    assert weighted_sum([0.5, 7], ("a",)) == "0.5 * a + 7"
