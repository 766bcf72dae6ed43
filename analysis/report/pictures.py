"""The report's figures, drawn once for each data file, code and set of libraries."""

from __future__ import annotations

import contextlib
import hashlib
import time
from functools import partial
from pathlib import Path

from analysis.base import files, parallel, project
from analysis.record import cache
from analysis.report.drawing import tables
from analysis.report.drawing.figures import Picture
from analysis.report.sections.convergence import coefficients_figure
from analysis.report.sections.probabilities import ranking_figure, reliability_figure
from analysis.report.sections.resplits import resplits_figure
from analysis.report.sections.thresholds import thresholds_figure
from analysis.results import Results

DAY = 86_400  # seconds
ALL = {
    "coefficients": coefficients_figure,
    "ranking": ranking_figure,
    "reliability": reliability_figure,
    "thresholds": thresholds_figure,
    "resplits": resplits_figure,
}


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
    with parallel.begun(partial(_picture, results), list(ALL)) as pictures:
        return dict(zip(ALL, pictures(lambda _: None), strict=True))


def _picture(results: Results, name: str) -> Picture:
    return ALL[name](results)


def figure(label: str, caption: str, drawn: Picture) -> str:
    """Return a numbered figure as Markdown: the drawing, its alt text, its data for the page.

    The drawing is kept in a file named after its content, so that two renders at once never
    write different drawings to the same one.

    Parameters
    ----------
    label : str
        `fig-` and a name, unique in the document.
    caption : str
        Markdown, one paragraph.
    """
    digest = hashlib.sha256(drawn.svg.encode()).hexdigest()[:12]
    path = cache.FOLDER / "figures" / f"{label}-{digest}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, drawn.svg.encode())
    _remove_old(path.parent)
    alt = drawn.alt.replace("\\", " ").replace('"', "”")
    place = path.relative_to(project.ROOT).as_posix()
    return (
        f'::: {{#{label}}}\n![]({place}){{fig-alt="{alt}"}}\n\n{caption}\n:::\n\n'
        f'::: {{.content-visible when-format="html"}}\n{_numbers(label, drawn)}\n:::'
    )


def _remove_old(folder: Path) -> None:
    """Remove the drawings that no render has written for a day."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another render removed it
            if path.stat().st_mtime < time.time() - DAY:
                path.unlink()


def _numbers(label: str, drawn: Picture) -> str:
    """Return a figure's data as a table that opens at a click."""
    first, *others = drawn.data.columns
    table = tables.draw(
        drawn.data.rename(columns={first: tables.NAME}),
        f"{label}-data",
        first,
        {name: name for name in others},
    )
    head = '<details class="figure-data"><summary>The figure in numbers</summary>'
    return (
        f"{tables.FENCE}{{=html}}\n{head}\n{tables.FENCE}\n{tables.block(table)}\n"
        f"{tables.FENCE}{{=html}}\n</details>\n{tables.FENCE}"
    )
