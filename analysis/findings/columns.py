"""Rules about the columns: whether they say the same, know the label, can be read one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.base import display
from analysis.base.display import amount, capital, count, finer, percent, plural, rate, share
from analysis.evidence.collect import Evidence
from analysis.evidence.columns.identities import Identity
from analysis.evidence.columns.strength import ColumnStrength, FeatureStrength
from analysis.findings.finding import ALARM, GUESS, INFLATED, MATERIAL, Facts, Finding
from analysis.findings.wording import verb
from analysis.findings.words import Words

# Columns that put the loans into one order to this degree are one column for a ranking.
FEW = 3
# An information value counts where chance gives less in 99 of 100 samples: so many deviations.
BEYOND = 2.326


def one_score(facts: Facts) -> Iterator[Finding]:
    """Fire when one column alone ranks as well as the models, or several are one score."""
    words = facts.words
    alike = facts.evidence.columns.dependence.same_order
    least = facts.evidence.columns.dependence.same_order_least
    strongest, name = _strongest(facts)
    best = max(each.value or 0.0 for each in facts.evidence.areas.areas.values())
    several = len(words.declaration.features) > 1  # a single one is the model itself
    as_good = several and strongest is not None and strongest.area > max(GUESS, best - MATERIAL)
    weak = any(
        (each.interval.low or GUESS) <= GUESS for each in facts.evidence.areas.areas.values()
    )
    if strongest is None or weak or not (as_good or len(alike) >= FEW):
        return
    parts = []
    if len(alike) >= FEW and least is not None:
        parts.append(
            f"{capital(words.listing(alike))} put the loans into nearly one order (rank "
            f"correlations of {finer(least)} at the least, in size)."
        )
    if as_good:
        parts.append(
            f"{capital(words.within(name))} alone has an area under the ROC curve of "
            f"{finer(strongest.area)}, the better model {finer(best)}{_higher(facts)}."
        )
    yield Finding(
        "one-score",
        "high" if as_good else "medium",
        "One column alone ranks as well"
        if as_good
        else f"{count(len(alike))} columns are one score",
        f"ROC AUC {rate(strongest.area)} against {rate(best)}"
        if as_good
        else f"rank correlations {finer(least)} at the least",
        " ".join(parts),
        "Ask whether the columns, or the label, were made from one score."
        if len(alike) >= FEW
        else "Show what the other columns add before a model of all of them is kept.",
        "tbl-strength",
    )


def knows_the_label(facts: Facts) -> Iterator[Finding]:
    """Fire when columns alone say more of the label than honest ones usually do.

    Beyond what chance gives a column whose own information value is at the alarm: that of a sample
    is about chi-squared distributed, not centrally, scaled by both labels' numbers (Kullback 1959,
    Information Theory and Statistics). Few loans of a label alone raise it.
    """
    found = facts.evidence.columns.strengths
    whole = {each.feature: each for each in found.features if loud(facts.evidence, each)}
    single = [
        each
        for each in found.columns
        if facts.words.feature(each.column) not in whole and loud(facts.evidence, each)
    ]
    known = {each.column: each for each in single} | whole
    if not known:
        return
    values = sorted(each.information_value for each in known.values())
    low, high = share(values[0], 1), share(values[-1], 1)
    span = high if low == high else f"{low} to {high}"
    perfect = [name for name, each in known.items() if each.area == 1]
    have = verb(len(known), "has an information value", "have information values")
    said = (
        f" {capital(facts.words.listing(perfect))} alone "
        f"{verb(len(perfect), 'separates', 'separate')} the labels of the test loans without an "
        "error."
        if perfect
        else ""
    )
    yield Finding(
        "knows-the-label",
        "high" if perfect else "medium",
        f"{plural(len(known), 'column')} may know the label",
        f"information value {span}, alarm above {share(ALARM, 1)}",
        f"{capital(facts.words.listing(list(known)))} alone {have} of {span}; "
        f"above {share(ALARM, 1)} is a usual alarm for a column that was made from the label, or "
        f"the label from it.{said}",
        "Find out when and from what each column was recorded.",
        "tbl-strength",
    )


def loud(evidence: Evidence, found: ColumnStrength | FeatureStrength) -> bool:
    """Whether an information value is above the alarm beyond chance.

    Loans that repeat others are taken to tell nothing more.
    """
    repeats = evidence.data.repeats
    loans = evidence.columns.strengths.training_loans * repeats.distinct_rows / repeats.rows
    risky = loans * (evidence.data.prevalence.estimate or 0.0)
    if not 0 < risky < loans or found.bins == 1:
        return False
    scale = 1 / risky + 1 / (loans - risky)
    return found.information_value > scale * _beyond(found.bins - 1, ALARM / scale)


def _beyond(degrees: int, noncentrality: float) -> float:
    """Return the 99 % quantile of noncentral chi-squared.

    Abdel-Aty 1954, doi:10.1093/biomet/41.3-4.538: near enough for a limit, and without a second's
    wait for a library of distributions.
    """
    mean = degrees + noncentrality
    spread = 2 * (mean + noncentrality) / (9 * mean**2)
    return mean * (1 - spread + BEYOND * math.sqrt(spread)) ** 3


def near_collinear(facts: Facts) -> Iterator[Finding]:
    """Fire when columns nearly give each other, so that no coefficient can be read alone."""
    found = facts.evidence.columns.dependence.feature_inflation
    inflated = {name: value for name, value in found.items() if value > INFLATED}
    if not inflated:
        return
    most = max(inflated, key=inflated.__getitem__)
    several = sum(each.feature == most for each in facts.words.columns) > 1
    variance = f"the variance of {'a' if several else 'the'} coefficient of"
    yield Finding(
        "near-collinear",
        "medium",
        "Coefficients cannot be read one by one",
        f"variance inflation up to {amount(float(f'{inflated[most]:.3g}'))}",
        f"The other columns nearly give {facts.words.listing(list(inflated))}: {variance} "
        f"{facts.words.within(most)} is {amount(float(f'{inflated[most]:.3g}'))} times what it "
        f"would be if they were unrelated (above {amount(INFLATED)} is a usual alarm), so its "
        "size and sign are not evidence.",
        "Explain no decision by single coefficients.",
        "tbl-strength",
    )


def exact_identities(facts: Facts) -> Iterator[Finding]:
    """Fire when columns are exact functions of others beyond what is declared."""
    design, found = facts.evidence.data.design, facts.evidence.data.identities
    told = [each.formula for each in found if not demanded(each, facts.words)]
    open_ones = design.unidentified
    parts = []
    if told:
        parts.append(f"{display.listing(told)} in every row.")
    if open_ones:
        parts.append(
            f"The design has rank {design.design_rank} of {design.design_columns}: "
            f"{facts.words.coefficients(open_ones)} "
            f"{verb(len(open_ones), 'is', 'are')} not identified."
        )
    if parts:
        yield Finding(
            "exact-identities",
            "medium" if open_ones else "low",
            "Columns are exact functions of others",
            f"{plural(len(open_ones), 'coefficient')} not identified"
            if open_ones
            else f"{plural(len(told), 'identity', 'identities')}",
            " ".join(parts),
            "Keep one column of each identity.",
            "tbl-coefficients",
        )


def demanded(identity: Identity, words: Words) -> bool:
    """Whether the declaration itself demands an identity of the loan file."""
    names = {identity.target, *identity.sources}
    declared = any(each.names == names for each in words.declaration.identities)
    return declared and identity.kind in ("ratio", "product") and _factor_is_one(identity)


def _factor_is_one(identity: Identity) -> bool:
    """Whether a quotient or product carries no constant of its own."""
    return not any(part[:1].isdigit() for part in identity.formula.split())


def _strongest(facts: Facts) -> tuple[ColumnStrength | FeatureStrength | None, str]:
    """Return what has the largest area alone, a column or a whole feature, and its name."""
    found = facts.evidence.columns.strengths
    alone = {each.column: each for each in found.columns} | {
        each.feature: each for each in found.features
    }
    best = max(alone, key=lambda name: alone[name].area, default="")
    return alone.get(best), best


def _higher(facts: Facts) -> str:
    """Say which label has the higher values of the strongest column; nothing of a category."""
    strongest, _ = _strongest(facts)
    if not isinstance(strongest, ColumnStrength):
        return ""
    return f"; {facts.words.high_risk} loans have {_means(strongest, facts.words)}"


def _means(found: ColumnStrength, words: Words) -> str:
    """Write both labels' means of a column: the higher mean of it ($84,028, healthy ones $48,062).

    A column of 0 and 1 has a share.
    """
    means = [found.mean_healthy, found.mean_high_risk]
    is_number = words.is_number(found.column)
    low, high = words.figures(found.column, means) if is_number else map(percent, means)
    what = "mean" if is_number else "share"
    if found.mean_high_risk == found.mean_healthy:
        return f"the same {what} as {words.healthy} ones ({high})"
    side = "higher" if found.mean_high_risk > found.mean_healthy else "lower"
    return f"the {side} {what} of it ({high}, {words.healthy} ones {low})"
