"""The report's figures, drawn once for each data file, code and set of libraries."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from functools import partial
from pathlib import Path

from analysis.base import files, parallel, project
from analysis.record import cache, serial
from analysis.report.drawing import tables
from analysis.report.drawing.figures import Picture
from analysis.report.sections.convergence import coefficients_figure
from analysis.report.sections.probabilities import ranking_figure, reliability_figure
from analysis.report.sections.resplits import resplits_figure
from analysis.report.sections.thresholds import thresholds_figure
from analysis.results import Results

DAY = 86_400  # seconds
DRAWING = re.compile(r"fig-[\w-]+-([0-9a-f]{12})\.svg")
ALL = {
    "coefficients": coefficients_figure,
    "ranking": ranking_figure,
    "reliability": reliability_figure,
    "thresholds": thresholds_figure,
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
    path = _figures() / f"{label}-{_digest(drawn.svg.encode())}.svg"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(path, drawn.svg.encode(), mode=0o600)
    _remove_old(path.parent, path.stat().st_mtime)
    alt = drawn.alt.replace("\\", " ").replace('"', "”")
    above = project.ROOT if path.is_relative_to(project.ROOT) else path.parent.parent
    place = path.relative_to(above).as_posix()
    return (
        f'::: {{#{label}}}\n![]({place}){{fig-alt="{alt}"}}\n\n{caption}\n:::\n\n'
        f'::: {{.content-visible when-format="html"}}\n{_numbers(label, drawn)}\n:::'
    )


def _figures() -> Path:
    """Return the folder of the drawings: the render's own, else one that Quarto can read."""
    return Path(os.environ.get(project.FIGURES) or project.ROOT / ".cache" / "figures")


def _digest(drawing: bytes) -> str:
    return hashlib.sha256(drawing).hexdigest()[:12]


def _remove_old(folder: Path, now: float) -> None:
    """Remove the drawings that no render has written for a day.

    Parameters
    ----------
    now : float
        When a drawing was written last, by the clock of the folder's own disk.
    """
    for path in folder.iterdir():
        named = DRAWING.fullmatch(path.name)
        with contextlib.suppress(OSError):  # another render removed it
            old = path.stat().st_mtime < now - DAY
            if named and old and not path.is_symlink() and named[1] == _digest(path.read_bytes()):
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
