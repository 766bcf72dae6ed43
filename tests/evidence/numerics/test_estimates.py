"""Which interval is relied on, and limits from a standard error."""

import pytest

from analysis.evidence.numerics.estimates import estimate, normal
from analysis.evidence.numerics.resampling import Interval


def between(low, high):
    return Interval(0.5, low, high, "wald")


@pytest.mark.parametrize(
    ("rows", "features", "relied_on"),
    [
        ((0.4, 0.6), (0.3, 0.7), "feature rows"),
        ((0.4, 0.6), (0.41, 0.6), "feature rows"),
        ((0.4, 0.6), (0.45, 0.55), "rows"),
        ((None, None), (None, None), "feature rows"),
        ((0.4, 0.6), (None, None), "rows"),
    ],
)
def test_the_interval_by_rows_only_where_it_is_clearly_wider(rows, features, relied_on):
    found = estimate(between(*rows), between(*features))
    assert found.relied_on == relied_on
    assert found.interval == between(*(rows if relied_on == "rows" else features))
    assert found.value == 0.5


def test_limits_from_a_standard_error_stay_where_the_figure_can_be():
    found = normal(0.98, 0.1, "delong", 0, 1)
    assert (found.low, found.high) == (pytest.approx(0.98 - 0.1959964, abs=1e-6), 1)
    assert found.width == pytest.approx(0.02 + 0.1959964, abs=1e-6)
    assert normal(0.98, None, "wald") == Interval(0.98, None, None, "wald")
    assert normal(None, 0.1, "wald").width == 0
