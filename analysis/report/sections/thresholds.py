"""Thresholds and costs: the section's sentences, tables and figure."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import amount, count, plural, share
from analysis.evidence.thresholds.choices import HALF, MATCHED
from analysis.evidence.thresholds.costs import CostRange
from analysis.models.fits import ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.report.drawing.figures import COLOURS, GREY, MARKERS, Picture, canvas, drawing, line
from analysis.report.drawing.tables import COUNTS, NAME, Table, pairs, written
from analysis.results import Results

CHOICES = {
    ORIGINAL: "the original model at one half",
    OVERSAMPLED: "the oversampled model at one half",
    MATCHED: "the original model at the matched threshold",
}


def thresholds(results: Results) -> Table:
    """Show what the choices of a threshold do and cost."""
    found = results.evidence.thresholds
    choices = {
        f"{SHORT_TITLES[name]}, one half": each.at_half for name, each in found.models.items()
    }
    if found.matched:
        choices["Original, matched recall"] = found.matched.choice
    for name, each in found.models.items():
        if each.cheapest:
            choices[f"{SHORT_TITLES[name]}, cheapest in training"] = each.cheapest
    frame = pd.DataFrame(
        [
            {
                NAME: title,
                "threshold": choice.threshold,
                **{key: getattr(choice.confusion, key) for key in COUNTS},
                "cost": choice.expected_cost * choice.confusion.rows,
            }
            for title, choice in choices.items()
        ]
    )
    titles = {"threshold": "Threshold", **COUNTS, "cost": "Cost"}
    texts = written(frame, {**dict.fromkeys(COUNTS, count), "cost": amount})
    texts = texts.assign(threshold=display.aligned(frame["threshold"].to_list()))
    texts = texts[[NAME, *titles]]
    return Table("thresholds", "Choice", frame, texts, titles, results.findings)


def cost_ranges(results: Results) -> Table:
    """Show the range of cost ratios in which each choice is the cheapest."""
    ranges = results.evidence.thresholds.ranges
    rows = {
        display.capital(CHOICES[each.choice].removeprefix("the ")): ratios(each)
        if each.wins
        else "never"
        for each in ranges
    }
    columns = ["wins", "lower", "upper"]
    texts = pairs(rows)
    figures = texts[[NAME]].assign(
        **{name: [getattr(each, name) for each in ranges] for name in columns}
    )
    titles = {"value": "Cheapest at cost ratios"}
    return Table("cost-ranges", "Choice", figures, texts, titles, results.findings)


def thresholds_figure(results: Results) -> Picture:
    """Show the cost of both models over the decision threshold, with their cheapest points."""
    frame = _marked(results)
    titles = {"threshold": "Threshold", "cost": "Cost"}
    texts = written(frame, {"cost": amount}).assign(
        threshold=[f"{row.choice}: {row.threshold:.3g}" for row in frame.itertuples()]
    )[[NAME, *titles]]
    parts = [
        f"{row[NAME]} at {row['choice']} ({row['threshold']:.3g}): {amount(row['cost'])}"
        for row in frame.to_dict("records")
    ]
    alt = (
        "Cost of both models over the decision threshold, in refused healthy loans. "
        f"{'; '.join(parts)}."
    )
    data = Table("fig-thresholds-data", "Model", frame, texts, titles)
    return Picture("thresholds", _draw_costs(results, frame), alt, data, results.findings)


def _marked(results: Results) -> pd.DataFrame:
    """Return the thresholds that the figure marks, with what they cost."""
    return pd.DataFrame(
        [
            {
                NAME: SHORT_TITLES[name],
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
                curve["threshold"], curve["expected_cost"] * scale, where="post", **line(name)
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
            ylabel="Cost (refused healthy loans)",
            ylim=(0, max(marked["cost"].max(), 1) * 1.6),
            xlim=(0, 1),
        )
        axes.axvline(HALF, color=GREY, linewidth=0.7, linestyle=":")
        figure.legend(loc="outside upper left", ncols=2)
        return drawing(figure)


def costs(results: Results) -> str:
    """Say which choice is the cheapest at which cost ratio."""
    found = results.evidence.thresholds
    winners: dict[str, list[str]] = {}
    for each in sorted(found.ranges, key=lambda each: each.lower or 0):
        if each.wins:
            winners.setdefault(ratios(each), []).append(CHOICES[each.choice])
    # Two choices that are the cheapest at more than one ratio make as many errors of each kind.
    parts = [f"{_alike(names)} {span}" for span, names in winners.items()]
    return (
        "Counted in refused healthy loans for one missed high-risk loan, the cheapest choice is "
        f"{display.listing(parts)}; the report's ratio is {display.amount(found.cost_ratio)}."
    )


def ratios(found: CostRange) -> str:
    """Write a range of cost ratios."""
    if found.upper is None:
        return f"from {share(found.lower)} upwards" if found.lower else "at every ratio"
    if not found.lower:
        return f"up to {share(found.upper)}"
    return f"from {share(found.lower)} to {share(found.upper)}"


def _alike(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or, equally, {names[-1]}"


def matched(results: Results) -> str:
    """Say what the original model costs at the recall of the oversampled one."""
    found = results.evidence.thresholds.matched
    if found is None:
        return "There are too few training loans of a label to choose a threshold on them."
    counts = found.choice.confusion
    return (
        f"At a threshold of {found.choice.threshold:g}, chosen by {found.folds}-fold "
        "cross-validation on the training loans to reach the oversampled model's recall there "
        f"({share(found.target_recall, 3)}), the original model finds {count(counts.tp)} of "
        f"{plural(counts.tp + counts.fn, 'high-risk test loan')} and refuses "
        f"{plural(counts.fp, 'healthy one')}."
    )
