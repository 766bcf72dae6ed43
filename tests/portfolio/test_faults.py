"""How wrong rows are told of."""

import pyarrow as arrow
import pytest

from analysis.base.errors import Fault
from analysis.portfolio.faults import merged, shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.9, "'0.9'"),
        (-5.0, "'-5'"),
        (1e300, "'1e+300'"),
        (float("nan"), "'nan'"),
        ("a\tb", r"'a\tb'"),
        ("x" * 41, "'" + "x" * 40 + "…'"),
        (arrow.scalar("x"), "'x'"),
    ],
)
def test_a_cell_is_shown_short_and_on_one_line(value, expected):
    assert shown(value) == expected


def test_faults_of_one_column_and_problem_are_one():
    parts = [
        Fault("a", "p", 2, "row 1: 'x'\nrow 2: 'y'", "all", "mend"),
        Fault("b", "p", 1, "row 2: '1'", "all", "mend"),
        Fault("a", "p", 3, "row 7: 'z'\nrow 8: 'z'", "all", "mend"),
    ]
    assert merged(parts) == [
        Fault("a", "p", 5, "row 1: 'x'\nrow 2: 'y'\nrow 7: 'z'", "all", "mend"),
        parts[1],
    ]
    assert merged([]) == []
