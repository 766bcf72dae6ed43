"""Results drawn as figures: vectors, legible in grey, each with its alt text and its data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.models.fits import ORIGINAL, OVERSAMPLED, SHORT_TITLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Okabe and Ito's blue and vermilion: far apart in grey and for every kind of colour vision.
COLOURS = {ORIGINAL: "#0072B2", OVERSAMPLED: "#D55E00"}
LINES = {ORIGINAL: "-", OVERSAMPLED: (0, (4, 1.5))}
MARKERS = {ORIGINAL: "o", OVERSAMPLED: "s"}
GREY = "#595959"
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
    """A figure ready for a document.

    Attributes
    ----------
    svg : str
        The drawing.
    alt : str
        What it shows, in words computed from the figures it shows.
    data : DataFrame
        What it shows, as texts with a title for each column.
    """

    svg: str
    alt: str
    data: pd.DataFrame


@contextmanager
def canvas(columns: int = 1, height: float = 2.6) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure with its axes side by side, in the report's style."""
    # Loaded here, since kept figures are shown without it.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, [figure.add_subplot(1, columns, place + 1) for place in range(columns)]


def picture(figure: Figure, alt: str, data: pd.DataFrame) -> Picture:
    """Turn a drawn figure into a `Picture`; it carries no date."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(stream.getvalue(), alt, data)


def line(name: str) -> dict[str, Any]:
    """Return how the line of a model is drawn."""
    return {
        "color": COLOURS[name],
        "linestyle": LINES[name],
        "linewidth": 2.2 if name == ORIGINAL else 1.2,  # where lines coincide, both are seen
        "label": SHORT_TITLES[name],
    }
