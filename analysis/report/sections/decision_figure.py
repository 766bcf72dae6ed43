"""The figure of the first screen: what each choice costs on the test loans."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.base.display import amount
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.figures import COLOURS, GREY, Picture, canvas, drawing, shortened
from analysis.report.drawing.tables import Table
from analysis.report.sections.choices import costed, drawn, has_interval, spans, with_intervals
from analysis.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Costs beyond so many times the largest of a model's are written at the edge, not drawn.
ROOM = 1.25
MOST_LETTERS = 26  # of a choice's name beside the figure
NARROW = 4.4  # inches, so that a phone shows it at once


def decision_figure(results: Results) -> Picture:
    """Show what each choice costs on the test loans, with intervals."""
    frame = _costs(results)
    parts = [
        f"{row[NAME]}: {row['span']}" for row in frame.assign(span=costed(frame)).to_dict("records")
    ]
    alt = (
        f"Cost of each choice on the test loans in needless reviews{with_intervals(results)}. "
        f"{'; '.join(parts)}."
    )
    columns: Columns = {"cost": ("Cost", amount), "span": ("95 % interval", spans(frame))}
    data = Table.of("fig-decision-data", "Choice", frame, columns)
    caption = f"What each choice costs on the test loans{with_intervals(results)}"
    return Picture("decision", _draw(frame), alt, data, caption, results.findings)


def _costs(results: Results) -> pd.DataFrame:
    options, shown = results.evidence.decision.by_id, has_interval(results)
    return pd.DataFrame(
        [
            {
                NAME: name,
                "model": options[key].model or "",
                "cost": options[key].cost.estimate,
                "cost_low": options[key].cost.low if shown else None,
                "cost_high": options[key].cost.high if shown else None,
            }
            for key, name in drawn(results).items()
        ]
    ).astype({"cost_low": float, "cost_high": float})


def _draw(frame: pd.DataFrame) -> str:
    models = frame[frame["model"] != ""]
    furthest = max(float(models[["cost", "cost_high"]].max().max()), 1.0)
    with canvas(height=2.1, width=NARROW) as (figure, (axes,)):
        for height, row in enumerate(frame.to_dict("records")):
            _dot(axes, height, row, furthest)
        axes.set(
            xlim=(0, furthest * ROOM * 1.6), xlabel="Cost on the test loans (needless reviews)"
        )
        axes.set_yticks(range(len(frame)), [shortened(name, MOST_LETTERS) for name in frame[NAME]])
        axes.set_ylim(len(frame) - 0.4, -0.6)
        return drawing(figure)


def _dot(axes: Axes, height: int, row: dict[Hashable, Any], furthest: float) -> None:
    """Draw one choice with its interval and figure; beyond the frame the figure alone.

    Parameters
    ----------
    furthest : float
        The largest cost of a model, or limit of one; up to it the figure has room on the right.
    """
    most = furthest * ROOM
    at, low, high = (float(row[name]) for name in ("cost", "cost_low", "cost_high"))
    colour = COLOURS.get(str(row["model"]), GREY)
    text = costed(pd.DataFrame([row]))[0]
    if at > most:
        # In shares of the axes' width, so that it ends where they do.
        place = axes.get_yaxis_transform()
        text = f"{text} \u2192"
        axes.text(
            1, height, text, transform=place, va="center", ha="right", fontsize=8, color=colour
        )
        return
    if not pd.isna(low):
        axes.hlines(height, low, min(high, most), color=colour, linewidth=1.5)
    axes.plot(at, height, marker="o", markersize=5, color=colour)
    left, right = (at, at) if pd.isna(high) else (low, min(high, most))
    if right <= furthest:
        axes.text(right + most * 0.02, height, text, va="center", fontsize=8, color=colour)
    else:  # Further out than any model, there is no room for it on this side.
        ends = left - most * 0.02
        axes.text(ends, height, text, va="center", ha="right", fontsize=8, color=colour)
