"""What the tests of sections and of drawing share."""

import pytest

from analysis.report.drawing import figures
from analysis.report.sections import (
    calibration,
    convergence,
    ranking,
    resplits,
    threshold_curves,
)


@pytest.fixture
def drawn(simulated_results, monkeypatch):
    """Return a function that draws a figure and gives what was drawn with its picture."""
    kept = []
    plain = figures.drawing

    def keep(figure):
        kept.append(figure)
        return plain(figure)

    for section in (calibration, convergence, ranking, resplits, threshold_curves):
        monkeypatch.setattr(section, "drawing", keep)

    def draw(function, results=simulated_results):
        made = function(results)
        return kept[-1], made

    return draw
