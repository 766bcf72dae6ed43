"""The figures over thresholds: what both models cost, and what each choice is worth."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base.display import amount, finer, rate
from analysis.evidence.thresholds.choices import RULE
from analysis.evidence.thresholds.curve import HALF
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.figures import COLOURS, GREY, MARKERS, Picture, canvas, drawing, line
from analysis.report.drawing.tables import Table
from analysis.results import Results

WORTH = {
    RULE: "One-column rule",
    "refuse_all": "Review all",
    "refuse_none": "Review none",
}
TENTHS = [at / 10 for at in range(1, 10)]
STYLES: dict[str, dict[str, Any]] = {
    RULE: {"linestyle": "-."},
    "refuse_all": {"linestyle": ":"},
    "refuse_none": {"linestyle": "-", "marker": "|", "markevery": 0.1},
}


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
    return Picture("thresholds", _draw_costs(results, frame), alt, data, caption, results.findings)


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


def _draw_costs(results: Results, marked: pd.DataFrame) -> str:
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


def net_benefit_figure(results: Results) -> Picture:
    """Show the net benefit of each choice over thresholds."""
    found = results.evidence.net_benefit
    shown = (found.curve["threshold"] == found.owner_threshold) | found.curve["threshold"].isin(
        TENTHS
    )
    frame = found.curve[shown].reset_index(drop=True)
    worth = results.words.model_titles | WORTH
    titles = {name: title for name, title in worth.items() if frame[name].notna().any()}
    columns: Columns = {name: (title, finer) for name, title in titles.items()}
    frame = frame.assign(**{NAME: [f"{value:.3g}" for value in frame["threshold"]]})
    frame = frame[[NAME, *titles]]
    data = Table.of("fig-net-benefit-data", "Threshold", frame, columns)
    there = found.at_owner_threshold
    parts = [f"{title} {finer(there[name])}" for name, title in titles.items()]
    alt = (
        f"Net benefit over thresholds, in {results.words.high_risk} loans found for each test "
        f"loan. At the threshold of the report's cost ratio, {rate(found.owner_threshold)}: "
        f"{', '.join(parts)}."
    )
    caption = (
        "Net benefit over thresholds; the line upright is the threshold of the report's cost ratio"
    )
    return Picture(
        "net-benefit", _draw_worth(results, titles), alt, data, caption, results.findings
    )


def _draw_worth(results: Results, titles: dict[str, str]) -> str:
    found = results.evidence.net_benefit
    curve = found.curve
    with canvas(height=2.6) as (figure, (axes,)):
        for name, title in titles.items():
            style = (
                line(name, results.words)
                if name in COLOURS
                else {"color": GREY, **STYLES[name], "linewidth": 1.2, "label": title}
            )
            axes.plot(curve["threshold"], curve[name], **style)
        best = curve[[*titles]].to_numpy().max()
        axes.axvline(found.owner_threshold, color=GREY, linewidth=0.7)
        axes.set(
            xlabel="Threshold (probability), which prices a refusal",
            ylabel="Net benefit",
            ylim=(-0.3 * best, 1.1 * best) if best > 0 else None,
            xlim=(0, 1),
        )
        figure.legend(loc="outside upper left", ncols=3)
        return drawing(figure)
