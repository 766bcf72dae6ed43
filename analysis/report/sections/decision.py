"""The decision that opens the report: what to use, what it costs, on which conditions."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.base import display
from analysis.base.display import amount, count, rate, share
from analysis.evidence.numerics.resampling import Interval
from analysis.evidence.thresholds.choices import OWN, RULE
from analysis.evidence.thresholds.decision import REFUSE_ALL, REFUSE_NONE, Option
from analysis.findings.comparison import better, beyond_chance, ranks_alike, ranks_otherwise
from analysis.findings.finding import LEAST_COMBINATIONS, MATERIAL
from analysis.findings.wording import told_apart, verb
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing import escape
from analysis.report.drawing.figures import COLOURS, GREY, Picture, canvas, drawing, shortened
from analysis.report.drawing.markdown import Markdown, callout
from analysis.report.drawing.tables import NAME, Table, written
from analysis.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What the figure shows, top down; the matched threshold stands in the section on thresholds.
SHOWN = (ORIGINAL, OVERSAMPLED, OWN[ORIGINAL], OWN[OVERSAMPLED], RULE, REFUSE_ALL, REFUSE_NONE)
# Costs beyond so many times the largest of a model's are written at the edge, not drawn.
ROOM = 1.25
MOST_LETTERS = 26  # of a choice's name beside the figure
NARROW = 4.4  # inches, so that a phone shows it at once
TEN = 10  # ratios below are written with decimals


def question(results: Results) -> str:
    """Ask what the report answers."""
    words = results.words
    return (
        f"Does {words.resampling} help a logistic regression to recognise {words.high_risk} loans?"
    )


def box(results: Results) -> Markdown:
    """Return the decision as a callout: use, cost, oversampling, conditions."""
    parts = {
        "Use": use(results),
        "Cost": cost(results),
        display.capital(results.words.resampling): oversampling(results),
        "Only if": conditions(results),
    }
    lines = "\n".join(f"- **{name}:** {escape.said(text)}" for name, text in parts.items())
    return callout("important", "Decision", lines)


def title(results: Results, name: str) -> str:
    """Name a choice within a sentence, as plain text."""
    found = results.evidence.decision.by_id[name]
    if name == REFUSE_ALL:
        return "sending all loans to review"
    if name == REFUSE_NONE:
        return "sending none to review"
    if name == RULE:
        return f"the rule {_rule(results)}"
    at = "one half" if found.chosen_on == "published" else f"{found.threshold:.4g}"
    return f"{results.words.models[found.model or ORIGINAL]} at {at}"


def use(results: Results) -> str:
    """Say which choice is recommended: the plainest that is as cheap as any on training loans."""
    found = results.evidence.decision
    if found.chosen is None:
        return "nothing is recommended, as a label has too few training loans to choose on."
    name = title(results, found.chosen)
    if found.chosen in (REFUSE_ALL, REFUSE_NONE):
        return f"neither model; {name} is as cheap on training loans."
    if found.chosen == ORIGINAL:
        return f"{name}; no other choice is shown to be cheaper on training loans."
    if found.chosen == RULE:
        return f"neither model but {name}, which is cheaper on training loans."
    return f"{name}, chosen on training loans{_of_all(found.by_id[found.chosen].confusion)}."


def _of_all(counts: Confusion) -> str:
    """Say that a threshold decides on all loans alike, where it does."""
    if not counts.tn + counts.fn:
        return "; it sends all test loans to review"
    return "" if counts.fp + counts.tp else "; it sends no test loan to review"


def cost(results: Results) -> str:
    """Say what the chosen costs on the test loans, and what it saves against the published."""
    found = results.evidence.decision
    words = results.words
    start = f"{found.cost_ratio:g} needless reviews a missed {words.high_risk} loan"
    original = found.by_id[ORIGINAL].cost.estimate or 0.0
    if found.chosen in (None, ORIGINAL):
        return f"{amount(original)} on the test loans, at {start}."
    chosen = found.by_id[found.chosen or ORIGINAL]
    return (
        f"{amount(chosen.cost.estimate or 0.0)} on the test loans, at {start}; against "
        f"{words.models[ORIGINAL]} at one half ({amount(original)}) it {saving(results, chosen)}."
    )


def saving(results: Results, option: Option) -> str:
    """Say what an option saves against the original model at one half, and how sure that is."""
    saved = option.saving.estimate or 0.0
    if not saved:
        return "saves nothing"
    what = f"saves {amount(saved)}" if saved > 0 else f"costs {amount(-saved)} more"
    if not has_interval(results):
        return f"{what}, on too few unlike loans for an interval"
    low, high = _limits(option.saving, saved)
    span = f"95 % interval {low} to {high}"
    if beyond_chance(option.saving):
        return f"{what} ({span})"
    return f"{what}, which may be chance ({span})"


def has_interval(results: Results) -> bool:
    """Whether there are enough unlike test loans for an interval to mean anything."""
    return results.evidence.decision.feature_rows >= LEAST_COMBINATIONS


def with_intervals(results: Results) -> str:
    """Say at the end of a caption whether intervals stand beside the figures."""
    if has_interval(results):
        return ", with 95 % intervals"
    return "; the test loans are too few, or too alike, for intervals"


def _limits(found: Interval, sign: float) -> tuple[str, str]:
    """Write an interval of a saving on the side on which it is told."""
    ends = [(found.low or 0.0), (found.high or 0.0)]
    low, high = ends if sign > 0 else (-ends[1], -ends[0])
    cost = found.estimate or 0.0
    return whole(low, cost), whole(high, cost)


def whole(limit: float, cost: float) -> str:
    """Write a bootstrap limit of a cost without decimals that the cost does not have."""
    return amount(round(limit, 0 if float(cost).is_integer() else 1) or 0)


def oversampling(results: Results) -> str:
    """Say what oversampling does to the ranking, and what its gain at one half is."""
    return f"{ranking(results)}; {gain(results)}."


def ranking(results: Results) -> str:
    """Say whether oversampling ranks the test loans otherwise."""
    areas = results.evidence.areas
    values = {name: each.value for name, each in areas.areas.items()}
    first, second = values[ORIGINAL], values[OVERSAMPLED]
    if first is None or second is None:
        return "ranking cannot be compared"
    apart = abs(first - second) >= MATERIAL
    one, two = told_apart(first, second) if apart else (rate(first), rate(second))
    figures = f"(ROC AUC {two}, without it {one})"
    if ranks_otherwise(areas):
        return f"ranks {'better' if second > first else 'worse'} {figures}"
    if first == second:
        return f"ranks no better {figures}"
    if ranks_alike(areas):
        return f"leaves the ranking as it is {figures}"
    return f"is not shown to rank otherwise {figures}"


def gain(results: Results) -> str:
    """Say what the gain of oversampling at one half is, where there is one."""
    found = {each.id for each in results.findings}
    reasons = ["another threshold"] * ("threshold-alone" in found) + [
        "a finished fit, for the most part"
    ] * ("gain-without-oversampling" in found)
    if reasons:
        return f"its gain at one half comes without it too, from {' or '.join(reasons)}"
    best = better(results.evidence)
    if best is None:
        return "neither model is shown to be better at one half"
    return f"at one half {results.words.models[best]} is better"


def conditions(results: Results) -> str:
    """Say on which conditions the decision stands."""
    found = results.evidence.decision
    high = sum(each.severity == "high" for each in results.findings)
    settled = (
        f"the {verb(high, 'finding', f'{high} findings')} of high severity "
        f"{verb(high, 'is', 'are')} settled"
        if high
        else "later loans are like these"
    )
    ranges = {each.choice: each for each in found.ranges if each.wins}
    if found.chosen is None:
        return f"{settled}."
    if found.chosen not in ranges:
        return f"{settled}. On the test loans another choice is cheaper at every ratio."
    lower, upper = ranges[found.chosen].lower or 0.0, ranges[found.chosen].upper
    if not lower <= found.cost_ratio <= (upper or found.cost_ratio):
        return f"{settled}. On the test loans another choice is cheaper at this ratio."
    if not (lower or upper):
        return f"{settled}."
    return f"{settled}, and the ratio is {_span(lower, upper)}."


def _span(lower: float, upper: float | None) -> str:
    if upper is None:
        return f"{_ratio(lower)} or more"
    return f"from {_ratio(lower)} to {_ratio(upper)}" if lower else f"{_ratio(upper)} or less"


def _ratio(value: float) -> str:
    return share(value) if value < TEN else count(value)


def _rule(results: Results) -> str:
    found = results.evidence.baselines.best_rule
    if found is None:
        return ""
    return results.words.rule(found.rule.column, found.rule.direction, found.rule.threshold)


def _titles(results: Results) -> dict[str, str]:
    """Return what the figure calls each choice."""
    options, titles = results.evidence.decision.by_id, results.words.model_titles
    fixed = {
        **{name: f"{title} at one half" for name, title in titles.items()},
        REFUSE_ALL: "Review all",
        REFUSE_NONE: "Review none",
        RULE: _rule(results).strip("\u201c\u201d"),
    }
    for name, own in OWN.items():
        if own in options:
            fixed[own] = f"{titles[name]} at {options[own].threshold:.4g}"
    return {name: fixed[name] for name in SHOWN if name in options}


def decision_figure(results: Results) -> Picture:
    """Show what each choice costs on the test loans, with intervals."""
    frame, titles = _costs(results), {"cost": "Cost", "span": "95 % interval"}
    texts = written(frame, {"cost": amount}).assign(span=_spans(frame))
    parts = [
        f"{row[NAME]}: {row['span']}" for row in frame.assign(span=costed(frame)).to_dict("records")
    ]
    alt = (
        f"Cost of each choice on the test loans in needless reviews{with_intervals(results)}. "
        f"{'; '.join(parts)}."
    )
    data = Table("fig-decision-data", "Choice", frame, texts, titles)
    caption = f"What each choice costs on the test loans{with_intervals(results)}"
    return Picture("decision", _draw(frame), alt, data, caption, results.findings)


def _spans(frame: pd.DataFrame, name: str = "cost") -> list[str]:
    return [
        display.DASH if pd.isna(low) else f"{whole(low, cost)} to {whole(high, cost)}"
        for cost, low, high in frame[[name, f"{name}_low", f"{name}_high"]].to_numpy()
    ]


def costed(frame: pd.DataFrame, name: str = "cost") -> list[str]:
    """Write each cost or saving of a column with its interval, where it has one."""
    return [
        amount(cost) if within == display.DASH else f"{amount(cost)} ({within})"
        for cost, within in zip(frame[name], _spans(frame, name), strict=True)
    ]


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
            for key, name in _titles(results).items()
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
