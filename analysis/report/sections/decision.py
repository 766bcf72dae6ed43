"""The decision that opens the report: what to use, what it costs, on which conditions."""

from __future__ import annotations

from analysis.base import display
from analysis.base.display import amount, rate
from analysis.evidence.numerics.resampling import Interval
from analysis.evidence.thresholds.choices import RULE
from analysis.evidence.thresholds.decision import REFUSE_ALL, REFUSE_NONE, Option
from analysis.findings.comparison import better, beyond_chance, ranks_alike, ranks_otherwise
from analysis.findings.finding import MATERIAL
from analysis.findings.wording import told_apart, verb
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing import escape
from analysis.report.drawing.markdown import Markdown, callout
from analysis.report.sections.choices import has_interval, title, whole, written_ratio
from analysis.results import Results


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


def _limits(found: Interval, sign: float) -> tuple[str, str]:
    """Write an interval of a saving on the side on which it is told."""
    ends = [(found.low or 0.0), (found.high or 0.0)]
    low, high = ends if sign > 0 else (-ends[1], -ends[0])
    cost = found.estimate or 0.0
    return whole(low, cost), whole(high, cost)


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
    dearer = has_interval(results) and not beyond_chance(found.by_id[found.chosen].excess)
    chance = ", perhaps by chance" if dearer else ""
    if found.chosen not in ranges:
        return f"{settled}. On the test loans another choice is cheaper at every ratio{chance}."
    lower, upper = ranges[found.chosen].lower or 0.0, ranges[found.chosen].upper
    if not lower <= found.cost_ratio <= (upper or found.cost_ratio):
        return f"{settled}. On the test loans another choice is cheaper at this ratio{chance}."
    if not (lower or upper):
        return f"{settled}."
    return f"{settled}, and the ratio is {_span(lower, upper)}."


def _span(lower: float, upper: float | None) -> str:
    if upper is None:
        return f"{written_ratio(lower)} or more"
    return (
        f"from {written_ratio(lower)} to {written_ratio(upper)}"
        if lower
        else f"{written_ratio(upper)} or less"
    )
