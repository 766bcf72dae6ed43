"""Thresholds and costs: the section's sentences and tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import amount, count, digits, plural, rate
from analysis.evidence.numerics.proportions import known_to
from analysis.evidence.thresholds.costs import CostRange
from analysis.evidence.thresholds.decision import Option
from analysis.findings.wording import plural_or_no
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.cells import NAME, Columns, ends
from analysis.report.drawing.measures import COUNTS
from analysis.report.drawing.tables import Table
from analysis.report.sections.choices import (
    called,
    costed,
    has_interval,
    with_intervals,
    written_ratio,
)
from analysis.results import Results


def costs(results: Results) -> str:
    """Say which of all choices shown is the cheapest, and when either model at one half is."""
    found = results.evidence.decision
    options = found.by_id
    names = display.listing([called(results, name) for name in found.cheapest])
    lowest = options[found.cheapest[0]].cost.estimate or 0.0
    chosen = (
        ""
        if found.chosen is None or found.chosen in found.cheapest
        else f" The one chosen on training loans, {called(results, found.chosen)}, costs "
        f"{amount(options[found.chosen].cost.estimate or 0.0)}."
    )
    return (
        f"At the owner's ratio of {amount(found.cost_ratio)}, the lowest cost on the test loans is "
        f"{amount(lowest)}: {names}.{chosen} {_break_even(results)}"
    )


def _break_even(results: Results) -> str:
    """Say from which cost ratio on which model at one half is the cheaper."""
    found, names = results.evidence.decision.break_even, results.words.models
    ratio, above = found.ratio, found.cheaper_above
    counts = {name: model.confusion for name, model in results.models.items()}
    if ratio.estimate is None or above is None:
        first, second = counts[ORIGINAL], counts[OVERSAMPLED]
        errors = (first.fn + first.fp) - (second.fn + second.fp)
        if not errors:
            return "Both models at one half cost the same at every ratio."
        best = OVERSAMPLED if errors > 0 else ORIGINAL
        return f"At one half, {names[best]} is never the dearer of the two models."
    if not ratio.estimate:
        return f"At one half, {names[above]} is the cheaper of the two models at every ratio."
    low, high = written_ratio(ratio.low or 0.0), ratio.high
    chance = ", so it may be chance" if high is None and not ratio.low else ""
    upper = "no upper limit" if high is None else written_ratio(high)
    span = f" (95 % interval {low} to {upper}{chance})" if has_interval(results) else ""
    return (
        f"At one half, {names[above]} is the cheaper of the two models from a ratio of "
        f"{written_ratio(ratio.estimate)} upwards{span}."
    )


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


def thresholds(results: Results) -> Table:
    """Show what each choice does and costs, and what it saves against the published model."""
    frame = pd.DataFrame([_row(results, each) for each in results.evidence.decision.options])
    nothing = frame["saving_low"].eq(0) & frame["saving_high"].eq(0)
    saved = pd.Series(costed(frame, "saving")).mask(nothing, amount(0)).tolist()
    columns: Columns = {
        "threshold": ("Threshold", _threshold),
        **COUNTS,
        "cost": ("Cost", costed(frame)),
        "saving": ("Saved", saved),
    }
    caption = (
        "Choices on the test loans; cost in needless reviews, and what is saved against the "
        f"original model at one half{with_intervals(results)}"
    )
    return Table.of("thresholds", "Choice", frame, columns, caption, results.findings)


def _row(results: Results, option: Option) -> dict[str, Any]:
    bounded = has_interval(results)
    return {
        NAME: display.capital(called(results, option.id)),
        "threshold": option.threshold,
        **{key: getattr(option.confusion, key) for key in COUNTS},
        "cost": option.cost.estimate,
        **ends("cost", option.cost if bounded else None),
        "saving": option.saving.estimate,
        **ends("saving", option.saving if bounded else None),
    }


def _threshold(value: float | None) -> str:
    return display.DASH if value is None else digits(value, 3)


def cost_ranges(results: Results) -> Table:
    """Show the range of cost ratios in which each choice is the cheapest."""
    ranges = results.evidence.decision.ranges
    frame = pd.DataFrame(
        {
            NAME: [display.capital(called(results, each.choice)) for each in ranges],
            **{end: [getattr(each, end) for each in ranges] for end in ("wins", "lower", "upper")},
        }
    )
    texts = [ratios(each) if each.wins else "never" for each in ranges]
    columns: Columns = {"value": ("Cheapest at cost ratios", texts)}
    caption = "Where each choice is the cheapest"
    return Table.of("cost-ranges", "Choice", frame, columns, caption, results.findings)


def ratios(found: CostRange) -> str:
    """Write a range of cost ratios."""
    if found.upper is None:
        return f"from {written_ratio(found.lower)} upwards" if found.lower else "at every ratio"
    if not found.lower:
        return f"up to {written_ratio(found.upper)}"
    return f"from {written_ratio(found.lower)} to {written_ratio(found.upper)}"
