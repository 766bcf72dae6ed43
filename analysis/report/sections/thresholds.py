"""Thresholds and costs: the section's sentences, tables and figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import amount, count, finer, plural, rate, share
from analysis.evidence.numerics.proportions import known_to
from analysis.evidence.thresholds.choices import HALF, MATCHED, OWN, RULE
from analysis.evidence.thresholds.costs import CostRange
from analysis.evidence.thresholds.decision import REFUSE_ALL, REFUSE_NONE
from analysis.findings.wording import plural_or_no
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.figures import COLOURS, GREY, MARKERS, Picture, canvas, drawing, line
from analysis.report.drawing.tables import COUNTS, NAME, Table, ends, pairs, written
from analysis.report.sections.decision import costed, has_interval, with_intervals
from analysis.results import Results


def _options(words: Words) -> dict[str, str]:
    """Return what each choice is called within a sentence."""
    return {
        **{name: f"{title} at one half" for name, title in words.models.items()},
        **{OWN[name]: f"{title} (cheapest in training)" for name, title in words.models.items()},
        MATCHED: f"{words.models[ORIGINAL]} (matched recall)",
        RULE: "the one-column rule",
        REFUSE_ALL: "review of all loans",
        REFUSE_NONE: "review of none",
    }


def thresholds(results: Results) -> Table:
    """Show what each choice does and costs, and what it saves against the published model."""
    found, bounded = results.evidence.decision, has_interval(results)
    frame = pd.DataFrame(
        [
            {
                NAME: display.capital(_choice(results, each.id)),
                "threshold": each.threshold,
                **{key: getattr(each.confusion, key) for key in COUNTS},
                "cost": each.cost.estimate,
                **ends("cost", each.cost if bounded else None),
                "saving": each.saving.estimate,
                **ends("saving", each.saving if bounded else None),
            }
            for each in found.options
        ]
    )
    titles = {"threshold": "Threshold", **COUNTS, "cost": "Cost", "saving": "Saved"}
    texts = written(frame, {"threshold": _threshold, **dict.fromkeys(COUNTS, count)}).assign(
        **{name: costed(frame, name) for name in ("cost", "saving")}
    )
    texts.loc[frame["saving_low"].eq(0) & frame["saving_high"].eq(0), "saving"] = amount(0)
    caption = (
        "Choices on the test loans; cost in needless reviews, and what is saved against the "
        f"original model at one half{with_intervals(results)}"
    )
    return Table("thresholds", "Choice", frame, texts, titles, caption, results.findings)


def _threshold(value: float | None) -> str:
    return display.DASH if value is None else f"{Decimal(f'{value:.3g}'):f}"


def _choice(results: Results, name: str) -> str:
    """Return what a choice is called."""
    best = results.evidence.baselines.best_rule
    if name == RULE and best:
        return results.words.rule(best.rule.column, best.rule.direction, best.rule.threshold)
    called = _options(results.words)[name]
    counts = results.evidence.decision.by_id[name].confusion
    if name in (REFUSE_ALL, REFUSE_NONE) or (counts.tn + counts.fn and counts.fp + counts.tp):
        return called
    every = "all" if counts.fp + counts.tp else "none"
    return f"{called.removesuffix(')')}{', ' if called.endswith(')') else ' ('}{every} to review)"


def cost_ranges(results: Results) -> Table:
    """Show the range of cost ratios in which each choice is the cheapest."""
    ranges = results.evidence.decision.ranges
    texts = pairs(
        {
            display.capital(_choice(results, each.choice)): ratios(each) if each.wins else "never"
            for each in ranges
        }
    )
    columns = ["wins", "lower", "upper"]
    frame = texts[[NAME]].assign(
        **{name: [getattr(each, name) for each in ranges] for name in columns}
    )
    titles = {"value": "Cheapest at cost ratios"}
    caption = "Where each choice is the cheapest"
    return Table("cost-ranges", "Choice", frame, texts, titles, caption, results.findings)


WORTH = {
    RULE: "One-column rule",
    "refuse_all": "Review all",
    "refuse_none": "Review none",
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
    frame = frame.assign(**{NAME: [f"{value:.3g}" for value in frame["threshold"]]})
    frame = frame[[NAME, *titles]]
    texts = written(frame, dict.fromkeys(titles, finer))
    data = Table("fig-net-benefit-data", "Threshold", frame, texts, titles)
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


TENTHS = [at / 10 for at in range(1, 10)]
STYLES: dict[str, dict[str, Any]] = {
    RULE: {"linestyle": "-."},
    "refuse_all": {"linestyle": ":"},
    "refuse_none": {"linestyle": "-", "marker": "|", "markevery": 0.1},
}


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


def thresholds_figure(results: Results) -> Picture:
    """Show the cost of both models over the decision threshold, with their cheapest points."""
    frame = _marked(results)
    titles = {"threshold": "Threshold", "cost": "Cost"}
    texts = written(frame, {"cost": amount}).assign(
        threshold=[f"{row.choice}: {row.threshold:.3g}" for row in frame.itertuples()]
    )
    parts = [
        f"{row[NAME]} at {row['choice']} ({row['threshold']:.3g}): {amount(row['cost'])}"
        for row in frame.to_dict("records")
    ]
    alt = (
        f"Cost of both models over the decision threshold, in needless reviews. {'; '.join(parts)}."
    )
    data = Table("fig-thresholds-data", "Model", frame, texts, titles)
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


def costs(results: Results) -> str:
    """Say which of all choices shown is the cheapest, and when either model at one half is."""
    found = results.evidence.decision
    options = found.by_id
    names = display.listing([_choice(results, name) for name in found.cheapest])
    lowest = options[found.cheapest[0]].cost.estimate or 0.0
    chosen = (
        ""
        if found.chosen is None or found.chosen in found.cheapest
        else f" The one chosen on training loans, {_choice(results, found.chosen)}, costs "
        f"{amount(options[found.chosen].cost.estimate or 0.0)}."
    )
    return (
        f"At the owner's ratio of {amount(found.cost_ratio)}, the lowest cost on the test loans is "
        f"{amount(lowest)}: {names}.{chosen} {_break_even(results)}"
    )


def _break_even(results: Results) -> str:
    """Say from which cost ratio on which model at one half is the cheaper."""
    found, called = results.evidence.decision.break_even, results.words.models
    ratio, above = found.ratio, found.cheaper_above
    counts = {name: model.confusion for name, model in results.models.items()}
    if ratio.estimate is None or above is None:
        first, second = counts[ORIGINAL], counts[OVERSAMPLED]
        errors = (first.fn + first.fp) - (second.fn + second.fp)
        if not errors:
            return "Both models at one half cost the same at every ratio."
        best = OVERSAMPLED if errors > 0 else ORIGINAL
        return f"At one half, {called[best]} is never the dearer of the two models."
    if not ratio.estimate:
        return f"At one half, {called[above]} is the cheaper of the two models at every ratio."
    upper = "no upper limit" if ratio.high is None else share(ratio.high)
    span = f" (95 % interval {share(ratio.low)} to {upper})" if has_interval(results) else ""
    return (
        f"At one half, {called[above]} is the cheaper of the two models from a ratio of "
        f"{share(ratio.estimate)} upwards{span}."
    )


def ratios(found: CostRange) -> str:
    """Write a range of cost ratios."""
    if found.upper is None:
        return f"from {share(found.lower)} upwards" if found.lower else "at every ratio"
    if not found.lower:
        return f"up to {share(found.upper)}"
    return f"from {share(found.lower)} to {share(found.upper)}"


def matched(results: Results) -> str:
    """Say what the original model costs at the recall of the oversampled one."""
    found = results.evidence.thresholds.matched
    if found is None:
        return "There are too few training loans of a label to choose a threshold on them."
    counts, words = found.choice.confusion, results.words
    return (
        f"At a threshold of {found.choice.threshold:g}, chosen by {found.folds}-fold "
        f"cross-validation on the training loans to reach {words.models[OVERSAMPLED]}'s recall "
        f"there ({rate(found.target_recall)}), the original model finds "
        f"{display.number_or_none(counts.tp)} of "
        f"{plural(counts.tp + counts.fn, f'{words.high_risk} test loan')} and sends "
        f"{plural_or_no(counts.fp, f'{words.healthy} one')} to review.{_sampled(results)}"
    )


def _sampled(results: Results) -> str:
    """Say so where not all training loans were cross-validated, and what that leaves unknown."""
    found, all_of_them = results.evidence.thresholds.validated_on, results.split.train_rows
    if found >= all_of_them:
        return ""
    return (
        f" Of the {plural(all_of_them, 'training loan')} a seeded sample of {count(found)} was "
        f"cross-validated: a share of them is known to {100 * known_to(found):.2f} percentage "
        "points or better."
    )
