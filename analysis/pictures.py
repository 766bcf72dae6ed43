"""The report's figures, drawn once for each data file, code and set of libraries."""

from __future__ import annotations

from analysis import cache, figures
from analysis.figures import Picture
from analysis.results import Results


def drawn(results: Results) -> dict[str, Picture]:
    """Return the report's figures by name.

    Parameters
    ----------
    results : Results
        As `cache.results` returns them: a changed copy would find the figures of its original.
    """
    cost_ratio = results.evidence.thresholds.cost_ratio
    return cache.kept(
        _draw, "results", data=repr(results.data), cost_ratio=cost_ratio, results=results
    )


def _draw(
    data: str, cost_ratio: float, key: tuple[str, ...], results: Results
) -> dict[str, Picture]:
    """Draw all figures; all but `results` only takes part in what they are kept under."""
    del data, cost_ratio, key
    return {draw.__name__: draw(results) for draw in figures.ALL}
