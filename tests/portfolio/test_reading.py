"""What is known of a file while it is read."""

import numpy as np

from analysis.portfolio.declaration import module_12
from analysis.portfolio.reading import Reading

DECLARED = module_12()


def test_rows_are_numbered_as_in_the_file():
    reading = Reading("a.csv", DECLARED, left_out=[0, 2, 3, 7])
    places = np.arange(5)
    assert reading.row_numbers(places).tolist() == [1, 4, 5, 6, 8]
    assert Reading("a.csv", DECLARED).row_numbers(places).tolist() == [0, 1, 2, 3, 4]


def test_a_note_stands_once():
    reading = Reading("a.csv", DECLARED)
    reading.note("a")
    reading.note("b")
    reading.note("a")
    assert reading.notes == ["a", "b"]
