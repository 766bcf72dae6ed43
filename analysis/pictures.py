"""The report's figures, drawn once for each data file, code and set of libraries."""

from __future__ import annotations

from functools import partial

from analysis import cache, figures, parallel
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
    with parallel.begun(partial(_picture, results), range(len(figures.ALL))) as pictures:
        return {
            draw.__name__: picture
            for draw, picture in zip(figures.ALL, pictures(lambda _: None), strict=True)
        }


def _picture(results: Results, number: int) -> Picture:
    return figures.ALL[number](results)
