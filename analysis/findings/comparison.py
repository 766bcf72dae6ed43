"""Which of the two models is shown to be better, if any: the one judgement that all of it rests on.

A lead counts where it is beyond chance, large enough to matter, of the same sign over other splits,
not that of a model which may be guessing, and not the dearer choice at the owner's cost ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.base.display import amount, count, digits, percent, plural, rate
from analysis.evidence.certainty.comparison import decide_alike, relied_on
from analysis.evidence.collect import Evidence
from analysis.evidence.numerics.resampling import LEVEL, Interval
from analysis.evidence.probabilities.delong import Areas
from analysis.findings.finding import GUESS, LEAST_COMBINATIONS, MATERIAL, MOST_SPLITS
from analysis.findings.wording import signed
from analysis.models.pair import NAMES, ORIGINAL, OVERSAMPLED, other

METRIC = "balanced_accuracy"


def better(evidence: Evidence) -> str | None:
    """Return the id of the model that is shown to be better at one half, None where neither is."""
    return ahead(evidence) if not any(doubts(evidence)) else None


def ahead(evidence: Evidence) -> str | None:
    """Return the id of the model with the higher balanced accuracy, however little; None if equal.

    Nothing is claimed by it.
    """
    difference = evidence.comparison.differences[METRIC].difference
    if not difference:
        return None
    return OVERSAMPLED if difference > 0 else ORIGINAL


def doubts(evidence: Evidence, names: Mapping[str, str] = NAMES) -> Iterator[str]:
    """Yield every reason why neither model is shown to be better, a clause each."""
    leads = ahead(evidence)
    if decide_alike(evidence.comparison):
        yield "they make the same decision on every test loan"
    elif leads is None:
        yield "their balanced accuracy is the same"
    else:
        yield from _within_chance(evidence)
        yield from _other_splits(evidence)
        yield from _guessing(evidence, leads, names)
        yield from _dearer(evidence, leads, names)


def beyond_chance(bounds: Interval) -> bool:
    """Whether an interval of a difference lies on one side of 0, judged unrounded."""
    return bounds.low is not None and bounds.high is not None and not bounds.low <= 0 <= bounds.high


def ranks_otherwise(areas: Areas) -> bool:
    """Whether one model ranks better: beyond chance, however loans are counted, and materially.

    A model that may rank like a guess ranks no better than another.
    """
    found = areas.difference
    best = areas.areas[OVERSAMPLED if (found.value or 0.0) > 0 else ORIGINAL]
    low = best.value if best.interval.low is None else best.interval.low
    return (
        abs(found.value or 0.0) >= MATERIAL
        and (low or 0.0) > GUESS
        and all(beyond_chance(each) for each in (found.by_rows, found.by_feature_rows))
    )


def ranks_alike(areas: Areas) -> bool:
    """Whether the whole interval of the difference of the areas is immaterial."""
    found = areas.difference.interval
    if found.low is None or found.high is None:
        return False
    return max(-found.low, found.high) < MATERIAL


def own_bounds(evidence: Evidence, name: str, metric: str = METRIC) -> Interval:
    """Return the interval of a model's metric to rely on: the wider of the two.

    One is drawn over combinations of features, the other over test loans or, of a share of them,
    Wilson's, which alone has a width where all of them are decided alike.
    """
    paired = evidence.comparison.differences[metric]
    by_features = (
        paired.first_by_feature_rows if name == ORIGINAL else paired.second_by_feature_rows
    )
    found = evidence.models[name].intervals[metric]
    return max((by_features, found), key=lambda each: each.width)


def guessing(evidence: Evidence, name: str) -> bool:
    """Whether a model's balanced accuracy may be that of labels given at random."""
    low = own_bounds(evidence, name).low
    return low is None or low <= GUESS


def too_few(evidence: Evidence) -> float | None:
    """Return McNemar's p-value where a label has too few test loans to draw from and it is large.

    All draws of two loans that one model finds are alike: they would call its lead certain.
    """
    found, counts = evidence.comparison, evidence.models.original.confusion
    fewest = min(counts.tp + counts.fn, counts.tn + counts.fp)
    both = found.mcnemar_high_risk, found.mcnemar_healthy
    p = min(each.p_value_by_feature_rows for each in both)
    return p if fewest < LEAST_COMBINATIONS and p >= 1 - LEVEL else None


def _within_chance(evidence: Evidence) -> Iterator[str]:
    paired, p = evidence.comparison.differences[METRIC], too_few(evidence)
    bounds, value = relied_on(paired), paired.difference or 0.0
    if bounds.low is None or bounds.high is None:
        yield "their difference has no interval on these loans"
    elif not beyond_chance(bounds):
        yield (
            f"the difference in balanced accuracy, {signed(value)}, may be chance (95 % interval "
            f"{signed(bounds.low)} to {signed(bounds.high)})"
        )
    elif p is not None:
        yield (
            f"the difference in balanced accuracy, {signed(value)}, may be chance (so few test "
            f"loans of a label; exact p {digits(p, 2)})"
        )
    if abs(value) < MATERIAL:
        yield f"the difference in balanced accuracy is below {MATERIAL}, too small to matter"


def _other_splits(evidence: Evidence) -> Iterator[str]:
    found = evidence.unconditional
    mean, alike = found.differences[METRIC].estimate, found.same_sign[METRIC]
    here = evidence.comparison.differences[METRIC].difference or 0.0
    if not found.splits or mean is None:
        yield "no other split confirms it"
    elif mean * here <= 0:
        yield (
            f"the mean difference over {plural(found.splits, 'other split')} is {signed(mean)}, "
            f"here it is {signed(here)}"
        )
    elif alike < MOST_SPLITS:
        yield f"only {percent(alike, 0)} of {count(found.splits)} other splits agree on the sign"


def _guessing(evidence: Evidence, leads: str, names: Mapping[str, str]) -> Iterator[str]:
    if guessing(evidence, leads):
        bounds = own_bounds(evidence, leads)
        low = "no lower limit" if bounds.low is None else f"{rate(bounds.low)} at the least"
        yield f"the balanced accuracy of {names[leads]} may be that of a guess ({low})"


def _dearer(evidence: Evidence, leads: str, names: Mapping[str, str]) -> Iterator[str]:
    options = evidence.decision.by_id
    costs = {name: options[name].cost.estimate or 0.0 for name in (ORIGINAL, OVERSAMPLED)}
    if costs[leads] > costs[other(leads)]:
        yield (
            f"{names[leads]} costs {amount(costs[leads])} at the owner\u2019s ratio and "
            f"{names[other(leads)]} {amount(costs[other(leads)])}"
        )
