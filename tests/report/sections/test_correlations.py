"""The square of rank correlations by content."""

import pytest

from analysis.report.sections import correlations
from tests.report.drawing.test_tables import cells
from tests.support import odd_results as odd


def test_rank_correlations_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(correlations.table(real_results))}
    assert found["Interest rate"] == ["0.9997", "", "", "", "", ""]
    assert found["Total debt"][-2:] == ["0.9652", "0.8327"]


@pytest.mark.slow
def test_long_titles_stand_beside_numbers_that_head_the_square():
    made = odd.named("wide")
    head, *rows = cells(correlations.table(made))
    assert head[1:] == [str(place) for place in range(1, len(rows))]
    assert [row[0].split(". ")[0] for row in rows] == [str(at) for at in range(1, len(rows) + 1)]
    assert set(rows[0][1:]) == {""}
    assert not any(text.endswith("0.00") and text != "0.00" for row in rows for text in row[1:])
