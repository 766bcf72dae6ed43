"""The figure of net benefit: what each choice is worth at each threshold."""

from __future__ import annotations

from typing import Any

from analysis.base.display import finer, rate
from analysis.evidence.thresholds.choices import RULE
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.figures import COLOURS, GREY, Picture, canvas, drawing, line
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
    return Picture("net-benefit", _draw(results, titles), alt, data, caption, results.findings)


def _draw(results: Results, titles: dict[str, str]) -> str:
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
