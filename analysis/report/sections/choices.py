"""What the choices are called, and how what they cost is written."""

from __future__ import annotations

import pandas as pd

from analysis.base.display import DASH, amount, count, share
from analysis.evidence.thresholds.choices import MATCHED, OWN, RULE
from analysis.evidence.thresholds.decision import REFUSE_ALL, REFUSE_NONE
from analysis.findings.finding import LEAST_COMBINATIONS
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.results import Results

# What the figure shows, top down; the matched threshold stands in the section on thresholds.
DRAWN = (ORIGINAL, OVERSAMPLED, OWN[ORIGINAL], OWN[OVERSAMPLED], RULE, REFUSE_ALL, REFUSE_NONE)
TEN, HUNDRED = 10, 100  # ratios below are written with two decimals and with one


def title(results: Results, name: str) -> str:
    """Name a choice within a sentence, as plain text."""
    found = results.evidence.decision.by_id[name]
    if name == REFUSE_ALL:
        return "sending all loans to review"
    if name == REFUSE_NONE:
        return "sending none to review"
    if name == RULE:
        return f"the rule {rule(results)}"
    at = "one half" if found.chosen_on == "published" else f"{found.threshold:.4g}"
    return f"{results.words.models[found.model or ORIGINAL]} at {at}"


def rule(results: Results) -> str:
    """Return the best rule with one column; nothing where none can be made."""
    found = results.evidence.baselines.best_rule
    if found is None:
        return ""
    return results.words.rule(found.rule.column, found.rule.direction, found.rule.threshold)


def written_ratio(value: float) -> str:
    """Write a cost ratio with three digits, or all of a whole one: 0.27, 12.5 or 1,250."""
    return share(value, 2 - (value >= TEN)) if value < HUNDRED else count(value)


def drawn(results: Results) -> dict[str, str]:
    """Return what the figure calls each choice."""
    options, titles = results.evidence.decision.by_id, results.words.model_titles
    fixed = {
        **{name: f"{title} at one half" for name, title in titles.items()},
        REFUSE_ALL: "Review all",
        REFUSE_NONE: "Review none",
        RULE: rule(results).strip("\u201c\u201d"),
    }
    for name, own in OWN.items():
        if own in options:
            fixed[own] = f"{titles[name]} at {options[own].threshold:.4g}"
    return {name: fixed[name] for name in DRAWN if name in options}


def called(results: Results, name: str) -> str:
    """Return what tables and the sentences beside them call a choice."""
    if name == RULE:
        return rule(results) or "the one-column rule"
    title = _options(results.words)[name]
    counts = results.evidence.decision.by_id[name].confusion
    if name in (REFUSE_ALL, REFUSE_NONE) or (counts.tn + counts.fn and counts.fp + counts.tp):
        return title
    every = "all" if counts.fp + counts.tp else "none"
    return f"{title.removesuffix(')')}{', ' if title.endswith(')') else ' ('}{every} to review)"


def _options(words: Words) -> dict[str, str]:
    """Return what each choice is called within a sentence."""
    return {
        **{name: f"{title} at one half" for name, title in words.models.items()},
        **{OWN[name]: f"{title} (cheapest in training)" for name, title in words.models.items()},
        MATCHED: f"{words.models[ORIGINAL]} (matched recall)",
        REFUSE_ALL: "review of all loans",
        REFUSE_NONE: "review of none",
    }


def has_interval(results: Results) -> bool:
    """Whether there are enough unlike test loans for an interval to mean anything."""
    return results.evidence.decision.feature_rows >= LEAST_COMBINATIONS


def with_intervals(results: Results) -> str:
    """Say at the end of a caption whether intervals stand beside the figures."""
    if has_interval(results):
        return ", with 95 % intervals"
    return "; the test loans are too few, or too alike, for intervals"


def whole(limit: float, cost: float) -> str:
    """Write a bootstrap limit of a cost without decimals that the cost does not have."""
    return amount(round(limit, 0 if float(cost).is_integer() else 1) or 0)


def costed(frame: pd.DataFrame, name: str = "cost") -> list[str]:
    """Write each cost or saving of a column with its interval, where it has one."""
    return [
        amount(cost) if within == DASH else f"{amount(cost)} ({within})"
        for cost, within in zip(frame[name], spans(frame, name), strict=True)
    ]


def spans(frame: pd.DataFrame, name: str = "cost") -> list[str]:
    """Write the interval of each cost or saving of a column."""
    return [
        DASH if pd.isna(low) else f"{whole(low, cost)} to {whole(high, cost)}"
        for cost, low, high in frame[[name, f"{name}_low", f"{name}_high"]].to_numpy()
    ]
