"""The figure of costs: what both models cost at each threshold."""

from __future__ import annotations

import pandas as pd

from analysis.base.display import amount
from analysis.evidence.thresholds.curve import HALF
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.figures import COLOURS, GREY, MARKERS, Picture, canvas, drawing, line
from analysis.report.drawing.tables import Table
from analysis.results import Results


def thresholds_figure(results: Results) -> Picture:
    """Show the cost of both models over the decision threshold, with their cheapest points."""
    frame = _marked(results)
    marks = [f"{row.choice}: {row.threshold:.3g}" for row in frame.itertuples()]
    columns: Columns = {"threshold": ("Threshold", marks), "cost": ("Cost", amount)}
    parts = [
        f"{row[NAME]} at {row['choice']} ({row['threshold']:.3g}): {amount(row['cost'])}"
        for row in frame.to_dict("records")
    ]
    alt = (
        f"Cost of both models over the decision threshold, in needless reviews. {'; '.join(parts)}."
    )
    data = Table.of("fig-thresholds-data", "Model", frame, columns)
    caption = (
        "Cost of both models over the decision threshold, in needless reviews; hollow marks at one "
        "half, full ones at the cheapest in training. The curves go on above the frame"
    )
    return Picture("thresholds", _draw(results, frame), alt, data, caption, results.findings)


def _marked(results: Results) -> pd.DataFrame:
    """Return the thresholds that the figure marks, with what they cost."""
    return pd.DataFrame(
        [
            {
                NAME: results.words.model_titles[name],
                "model": name,
                "choice": title,
                "threshold": choice.threshold,
                "cost": choice.expected_cost * choice.confusion.rows,
            }
            for name, model in results.evidence.thresholds.models.items()
            for title, choice in {"one half": model.at_half, "cheapest": model.cheapest}.items()
            if choice
        ]
    )


def _draw(results: Results, marked: pd.DataFrame) -> str:
    """Draw the cost curves, hollow marks at one half and full ones at the cheapest in training."""
    with canvas(height=2.8) as (figure, (axes,)):
        for name, model in results.evidence.thresholds.models.items():
            curve, scale = model.curve, model.at_half.confusion.rows
            axes.step(
                curve["threshold"],
                curve["expected_cost"] * scale,
                where="post",
                **line(name, results.words),
            )
            for row in marked[marked["model"] == name].to_dict("records"):
                axes.plot(
                    row["threshold"],
                    row["cost"],
                    marker=MARKERS[name],
                    color=COLOURS[name],
                    fillstyle="full" if row["choice"] == "cheapest" else "none",
                )
        axes.set(
            xlabel="Decision threshold (probability)",
            ylabel="Cost (needless reviews)",
            ylim=(0, max(marked["cost"].max(), 1) * 1.6),
            xlim=(0, 1),
        )
        axes.axvline(HALF, color=GREY, linewidth=0.7, linestyle=":")
        figure.legend(loc="outside upper left", ncols=2)
        return drawing(figure)
