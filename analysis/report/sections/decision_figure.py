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
MOST_WRITTEN = 24  # letters of a cost with its interval
NARROW = 4.4  # inches, so that a phone shows it at once
MOST_TICKS = 3
LETTER = 0.0275  # of the axes' width, the widest that one of a figure takes


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
    furthest = max(float(models[["cost", "cost_high"]].max().max()), 1.0) * ROOM
    with canvas(height=2.1, width=NARROW) as (figure, (axes,)):
        for height, row in enumerate(frame.assign(text=_texts(frame, furthest)).to_dict("records")):
            _dot(axes, height, row, furthest)
        # Further right stand figures alone: the axis ends where what is drawn does.
        axes.set_xlim(0, furthest)
        axes.locator_params("x", nbins=MOST_TICKS)
        ticks = [each for each in axes.get_xticks() if each <= furthest]
        axes.set_xticks(ticks, [amount(each) for each in ticks])
        axes.set_xlim(0, _width(frame, furthest))
        axes.set_xlabel("Cost (needless reviews)", loc="left")
        axes.spines["bottom"].set_bounds(0, furthest)
        axes.set_yticks(range(len(frame)), [shortened(name, MOST_LETTERS) for name in frame[NAME]])
        axes.set_ylim(len(frame) - 0.4, -0.6)
        return drawing(figure)


def _texts(frame: pd.DataFrame, furthest: float) -> list[str]:
    """Return what is written beside each choice: without intervals where they would be too long.

    Those that are not drawn have the whole width for it.
    """
    texts, inside = costed(frame), frame["cost"] <= furthest
    longest = max(len(text) for text, held in zip(texts, inside, strict=True) if held)
    return texts if longest <= MOST_WRITTEN else list(map(amount, frame["cost"]))


def _width(frame: pd.DataFrame, furthest: float) -> float:
    """Return how wide the axes are, so that each figure has room on the right of its interval."""
    ends = frame[["cost", "cost_high"]].max(axis=1).clip(upper=furthest)
    taken = LETTER * (2 + pd.Series(_texts(frame, furthest)).str.len())
    return max(float((ends / (1 - taken))[frame["cost"] <= furthest].max()), 1.0)


def _dot(axes: Axes, height: int, row: dict[Hashable, Any], furthest: float) -> None:
    """Draw one choice with its interval and figure; beyond the frame the figure alone.

    Parameters
    ----------
    furthest : float
        Costs beyond it are not drawn, intervals not further than it.
    """
    at, low, high = (float(row[name]) for name in ("cost", "cost_low", "cost_high"))
    colour = COLOURS.get(str(row["model"]), GREY)
    text = row["text"]
    style: dict[str, Any] = {"va": "center", "fontsize": 8, "color": colour}
    if at > furthest:
        # In shares of the axes' width, so that it ends where they do.
        place = axes.get_yaxis_transform()
        axes.text(1, height, f"{text} \u2192", transform=place, ha="right", **style)
        return
    right = at if pd.isna(high) else min(high, furthest)
    if not pd.isna(low):
        axes.hlines(height, low, right, color=colour, linewidth=1.5)
    axes.plot(at, height, marker="o", markersize=5, color=colour)
    axes.annotate(text, (right, height), (5, 0), textcoords="offset points", **style)
