"""Figures: vectors, legible in grey, each with its alt text and its data."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.base import files, project
from analysis.findings.finding import Finding
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing import links
from analysis.report.drawing.markdown import Markdown, joined, numbered, only, raw
from analysis.report.drawing.tables import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Okabe and Ito's blue and vermilion: far apart in grey and for every kind of colour vision.
COLOURS = {ORIGINAL: "#0072B2", OVERSAMPLED: "#D55E00"}
LINES = {ORIGINAL: "-", OVERSAMPLED: (0, (4, 1.5))}
MARKERS = {ORIGINAL: "o", OVERSAMPLED: "s"}
LINE = re.compile(r'\bd="[^"]+"')  # of a path, in points
FRACTION = re.compile(r"-?[0-9]+\.[0-9]{3,}")
GREY = "#595959"
DAY = 86_400  # seconds
DRAWING = re.compile(r"fig-[\w-]+-([0-9a-f]{12})\.svg")
MOST_LETTERS = 42  # of a name beside an axis
WIDTH = 6.3  # inches: the measure of an A4 page
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "report",  # the same figure gives the same bytes
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
}


@dataclass(frozen=True)
class Picture:
    """A figure of the report; in a document it shows itself as Markdown, captioned and labelled.

    Attributes
    ----------
    id : str
        Unique in the document, where its label is `fig-` and this.
    svg : str
        The drawing.
    alt : str
        What it shows, in words computed from the figures it shows.
    data : Table
        What it shows, in numbers, for below it.
    caption : str
        What it shows, as Markdown.
    findings : tuple of Finding
        What was found, for links back from the figure that shows it.
    """

    id: str
    svg: str = field(repr=False)
    alt: str
    data: Table = field(repr=False)
    caption: str
    findings: tuple[Finding, ...] = ()

    def _repr_markdown_(self) -> str:
        # The numbers open at a click, and stand on the page alone.
        head = '<details class="figure-data"><summary>The figure in numbers</summary>'
        numbers = f"{raw('html', head)}\n{self.data.shown}\n{raw('html', '</details>')}"
        found = links.back(self.findings, f"fig-{self.id}")
        return joined([self.alone, only("html", numbers), found])

    @property
    def alone(self) -> Markdown:
        """The figure without its numbers, as Markdown: for the first screen."""
        return numbered(f"fig-{self.id}", self._image(), self.caption)

    def _image(self) -> str:
        path = _kept(f"fig-{self.id}", self.svg.encode())
        above = project.ROOT if path.is_relative_to(project.ROOT) else path.parent.parent
        alt = self.alt.replace("\\", " ").replace('"', "”")
        return f'![]({path.relative_to(above).as_posix()}){{fig-alt="{alt}"}}'


def _kept(name: str, drawn: bytes) -> Path:
    """Keep a drawing in a file named after its content and return its place.

    So two renders at once never write different drawings to the same file.
    """
    # The render's own folder, else one that Quarto can read.
    folder = Path(os.environ.get(project.FIGURES) or project.ROOT / ".cache" / "figures")
    path = folder / f"{name}-{_digest(drawn)}.svg"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(path, drawn, mode=0o600)
    _remove_old(folder, path.stat().st_mtime)
    return path


def _digest(drawn: bytes) -> str:
    return hashlib.sha256(drawn).hexdigest()[:12]


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


@contextmanager
def canvas(
    columns: int = 1, height: float = 2.6, width: float = WIDTH
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure with its axes side by side, in the report's style."""
    # Loaded here, since kept figures are shown without it.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, [figure.add_subplot(1, columns, place + 1) for place in range(columns)]


def drawing(figure: Figure) -> str:
    """Return a drawn figure as SVG that carries no date.

    Lines are drawn to a hundredth of a point, which no eye and no printer tells from more.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 -- as above

    stream = io.StringIO()
    # By itself: `savefig` draws once more, for what a figure of other formats may need.
    canvas: Any = FigureCanvasSVG(figure)  # its methods have no types
    canvas.print_svg(stream, metadata={"Date": None, "Creator": None})
    drawn = re.sub(r"\n\s+", "\n", stream.getvalue())  # the indent is a tenth of the page
    return LINE.sub(lambda line: FRACTION.sub(_hundredths, line[0]), drawn)


def _hundredths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """Return a name as an axis has room for."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def line(name: str, words: Words) -> dict[str, Any]:
    """Return how the line of a model is drawn."""
    return {
        "color": COLOURS[name],
        "linestyle": LINES[name],
        "linewidth": 2.2 if name == ORIGINAL else 1.2,  # where lines coincide, both are seen
        "label": words.model_titles[name],
    }
