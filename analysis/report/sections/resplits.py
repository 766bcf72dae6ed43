"""What other splits give: the section's sentences, table and figure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.base.display import count, plural, share
from analysis.evidence.numerics.splits import MOST_ONE_BY_ONE
from analysis.evidence.resplits import Resplits
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, SHORT_TITLES, other
from analysis.report.drawing.figures import COLOURS, Picture, canvas, picture
from analysis.report.drawing.tables import METRICS, NAME, draw
from analysis.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def resplits(results: Results) -> GT:
    """Draw the spread of each headline figure over other splits."""
    summary = results.evidence.resplits.summary
    rows = []
    for metric, title in METRICS.items():
        for name in (ORIGINAL, OVERSAMPLED):
            found = summary[(summary["metric"] == metric) & (summary["model"] == name)]
            rows += [_spread(f"{title}, {name}", row) for row in found.to_dict(orient="records")]
    titles = {
        "mean": "Mean",
        "sd": "Std. deviation",
        "range": "Lowest to highest",
        "middle": "Middle 95 %",
        "wins": "Better in",
    }
    return draw(pd.DataFrame(rows, columns=[NAME, *titles]), "resplits", "Figure", titles)


def _spread(title: str, row: dict[Hashable, Any]) -> dict[str, str]:
    return {
        NAME: title,
        "mean": share(row["mean"], 4),
        "sd": display.DASH if pd.isna(row["sd"]) else share(row["sd"], 4),
        "range": f"{share(row['minimum'], 3)} to {share(row['maximum'], 3)}",
        "middle": f"{share(row['lower'], 3)} to {share(row['upper'], 3)}",
        "wins": count(row["wins"]),
    }


def resplits_figure(results: Results) -> Picture:
    """Draw how recall and balanced accuracy of both models spread over other splits."""
    found = results.evidence.resplits
    titles = {"recall": "Recall, high-risk", "balanced_accuracy": "Balanced accuracy"}
    rows = []
    with canvas(columns=2, height=2.3) as (figure, places):
        for axes, (metric, title) in zip(places, titles.items(), strict=True):
            for height, name in enumerate((OVERSAMPLED, ORIGINAL)):
                values = _values(found, name, metric)
                if len(values):
                    rows.append((title, SHORT_TITLES[name], values))
                    _strip(axes, values, height, name)
            axes.set(yticks=[0, 1], ylim=(-0.6, 1.6), title=title, xlabel="Share")
            axes.set_yticklabels([SHORT_TITLES[OVERSAMPLED], SHORT_TITLES[ORIGINAL]])
        data = pd.DataFrame(
            {
                "Figure": [title for title, *_ in rows],
                "Model": [name for _, name, _ in rows],
                "Lowest": [share(float(values.min()), 4) for *_, values in rows],
                "Median": [share(float(values.median()), 4) for *_, values in rows],
                "Highest": [share(float(values.max()), 4) for *_, values in rows],
            }
        )
        parts = [
            f"{title}, {name}: {share(float(values.min()), 3)} to {share(float(values.max()), 3)}"
            for title, name, values in rows
        ]
        alt = f"Spread over {plural(found.made, 'random split')}. {'; '.join(parts)}."
        if not parts:
            alt = "No other split has both labels on both sides, so nothing is drawn."
        return picture(figure, alt, data)


def _values(found: Resplits, name: str, metric: str) -> pd.Series[float]:
    values = found.values
    return values.loc[values["model"] == name, metric]


def _strip(axes: Axes, values: pd.Series[float], height: int, name: str) -> None:
    """Draw each split as a thin line and the median as a thick one."""
    axes.vlines(values, height - 0.25, height + 0.25, color=COLOURS[name], linewidth=0.6, alpha=0.6)
    axes.vlines(values.median(), height - 0.4, height + 0.4, color=COLOURS[name], linewidth=2)


def other_splits(results: Results) -> str:
    """Say how the comparison comes out on other splits."""
    found = results.evidence.resplits
    if not found.made:
        return "No other split has both labels on both sides."
    first, second = (_summary(found, "balanced_accuracy", name) for name in NAMES)
    means = (
        f"the means are {share(first['mean'], 3)} for {NAMES[ORIGINAL]} and "
        f"{share(second['mean'], 3)} for {NAMES[OVERSAMPLED]}"
    )
    splits = plural(found.made, "random split")
    if first["wins"] == second["wins"]:
        return f"Over {splits} neither model wins more often in balanced accuracy; {means}."
    best = ORIGINAL if first["wins"] > second["wins"] else OVERSAMPLED
    more, fewer = max(first["wins"], second["wins"]), min(first["wins"], second["wins"])
    return (
        f"Over {splits}, {NAMES[best]} has the better balanced accuracy in {count(more)}, "
        f"{NAMES[other(best)]} in {display.number_or_none(int(fewer))}; {means}."
    )


def left_out(results: Results) -> str:
    """Say how many splits were not made, and why; nothing where all were."""
    found = results.evidence.resplits
    parts = []
    if found.not_tried:
        was = "was" if found.not_tried == 1 else "were"
        parts.append(f"{count(found.not_tried)} {was} not tried because the file is large")
    if found.left_out:
        parts.append(f"{count(found.left_out)} gave a split that lacks a label on one side")
    return f" Of {plural(found.requested, 'seed')}, {display.listing(parts)}." if parts else ""


def drawn(results: Results) -> str:
    """Say how the splits were drawn: loan by loan, or in a large portfolio by count."""
    if results.data.rows <= MOST_ONE_BY_ONE:
        return "Each seed splits the portfolio anew, loan by loan."
    return (
        f"In a portfolio of more than {count(MOST_ONE_BY_ONE)} loans each seed draws how many of "
        "each distinct loan are test loans, which has the same distribution as drawing loan by "
        "loan."
    )


def _summary(found: Resplits, metric: str, model: str) -> dict[str, float]:
    summary = found.summary
    rows = summary[(summary["metric"] == metric) & (summary["model"] == model)]
    return {name: float(rows[name].iloc[0]) for name in ("mean", "wins")}
