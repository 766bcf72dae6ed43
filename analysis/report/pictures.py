"""The report's figures, drawn once for each data file, code and set of libraries."""

from __future__ import annotations

import hashlib
from functools import partial

from analysis.base import parallel
from analysis.record import cache, serial
from analysis.report.drawing.figures import Picture
from analysis.report.sections.convergence import coefficients_figure
from analysis.report.sections.decision import decision_figure
from analysis.report.sections.probabilities import ranking_figure, reliability_figure
from analysis.report.sections.resplits import resplits_figure
from analysis.report.sections.thresholds import net_benefit_figure, thresholds_figure
from analysis.results import Results

ALL = {
    "decision": decision_figure,
    "coefficients": coefficients_figure,
    "ranking": ranking_figure,
    "reliability": reliability_figure,
    "thresholds": thresholds_figure,
    "net-benefit": net_benefit_figure,
    "resplits": resplits_figure,
}


def drawn(results: Results) -> dict[str, Picture]:
    """Return the report's figures by name."""
    content = hashlib.sha256(serial.dump(results)).hexdigest()
    found: dict[str, Picture] = cache.kept("pictures", [content], partial(_draw, results))
    return found


def _draw(results: Results) -> dict[str, Picture]:
    with parallel.begun(partial(_picture, results), list(ALL)) as pictures:
        return dict(zip(ALL, pictures(lambda _: None), strict=True))


def _picture(results: Results, name: str) -> Picture:
    return ALL[name](results)
