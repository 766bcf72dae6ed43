"""Thresholds and costs: the section's sentences, tables and figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from great_tables import GT

from analysis.base import display
from analysis.base.display import amount, count, plural, share
from analysis.evidence.thresholds.choices import HALF, MATCHED
from analysis.evidence.thresholds.costs import CostRange
from analysis.models.fits import ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.report.drawing.figures import COLOURS, GREY, MARKERS, Picture, canvas, line, picture
from analysis.report.drawing.tables import COUNTS, NAME, draw, facts
from analysis.results import Results

if TYPE_CHECKING:
    pass


CHOICES = {
    ORIGINAL: "the original model at one half",
    OVERSAMPLED: "the oversampled model at one half",
    MATCHED: "the original model at the matched threshold",
}


def thresholds(results: Results) -> GT:
    """Draw what the choices of a threshold do and cost."""
    found = results.evidence.thresholds
    choices = {
        f"{SHORT_TITLES[name]}, one half": each.at_half for name, each in found.models.items()
    }
    if found.matched:
        choices["Original, matched recall"] = found.matched.choice
    for name, each in found.models.items():
        if each.cheapest:
            choices[f"{SHORT_TITLES[name]}, cheapest in training"] = each.cheapest
    written = display.aligned([choice.threshold for choice in choices.values()])
    rows = [
        {
            NAME: title,
            "threshold": threshold,
            **{key: count(getattr(choice.confusion, key)) for key in ("tp", "fn", "fp")},
            "cost": display.amount(choice.expected_cost * choice.confusion.rows),
        }
        for (title, choice), threshold in zip(choices.items(), written, strict=True)
    ]
    titles = {
        "threshold": "Threshold",
        "tp": COUNTS["tp"],
        "fn": COUNTS["fn"],
        "fp": COUNTS["fp"],
        "cost": "Cost",
    }
    return draw(pd.DataFrame(rows), "thresholds", "Choice", titles)


def cost_ranges(results: Results) -> GT:
    """Draw the range of cost ratios in which each choice is the cheapest."""
    rows = {}
    for each in results.evidence.thresholds.ranges:
        span = ratios(each) if each.wins else "never"
        title = CHOICES[each.choice].removeprefix("the ")
        rows[display.capital(title)] = span
    return facts(rows, "cost-ranges", "Choice", "Cheapest at cost ratios", "right")


def thresholds_figure(results: Results) -> Picture:
    """Draw the cost of both models over the decision threshold, with their cheapest points."""
    found = results.evidence.thresholds
    rows = []
    with canvas(height=2.8) as (figure, (axes,)):
        for name, model in found.models.items():
            curve, scale = model.curve, model.at_half.confusion.rows
            axes.step(
                curve["threshold"], curve["expected_cost"] * scale, where="post", **line(name)
            )
            choices = {"one half": model.at_half, "cheapest": model.cheapest}
            for title, choice in choices.items():
                if choice is None:
                    continue
                cost = choice.expected_cost * scale
                axes.plot(
                    choice.threshold,
                    cost,
                    marker=MARKERS[name],
                    color=COLOURS[name],
                    fillstyle="full" if title == "cheapest" else "none",
                )
                rows.append((SHORT_TITLES[name], title, choice.threshold, cost))
        highest = max(cost for *_, cost in rows)
        axes.set(
            xlabel="Decision threshold (probability)",
            ylabel="Cost (refused healthy loans)",
            ylim=(0, max(highest, 1) * 1.6),
            xlim=(0, 1),
        )
        axes.axvline(HALF, color=GREY, linewidth=0.7, linestyle=":")
        figure.legend(loc="outside upper left", ncols=2)
        data = pd.DataFrame(
            {
                "Model": [row[0] for row in rows],
                "Threshold": [f"{row[1]}: {row[2]:.3g}" for row in rows],
                "Cost": [amount(row[3]) for row in rows],
            }
        )
        parts = [f"{model} at {name} ({at:.3g}): {amount(cost)}" for model, name, at, cost in rows]
        alt = (
            "Cost of both models over the decision threshold, in refused healthy loans. "
            f"{'; '.join(parts)}."
        )
        return picture(figure, alt, data)


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
