"""What the report cannot know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.base import display
from analysis.base.display import count, finer, plural
from analysis.findings.wording import portion, verb
from analysis.portfolio.declaration import HIGH_RISK
from analysis.results import Results

# From this balanced accuracy on, a reader should ask whether the label was made from the columns.
HIGH_ACCURACY = 0.95
INTEREST = re.compile(r"\bint(erest)?[ _.]?rate\b|\bapr\b", re.IGNORECASE)


def limitations(results: Results) -> list[str]:
    """List what this report cannot know, computed where it can be."""
    data = results.data
    high_risk = results.split.test_counts[HIGH_RISK]
    lines = [
        *_simulated(results),
        f"One portfolio of {count(data.rows)} loans{_dates(results)}, and no test is later in time "
        "than the training.",
        "Only loans with a known label are analysed: how others, or applicants without a loan, "
        "would have fared is unknown.",
        "No column says over which time the outcome was observed, so a probability has no horizon.",
        "The split is drawn by position, so the file's order decides which loans are test loans.",
        *_price(results),
        f"The test holds {results.words.loans(high_risk, HIGH_RISK)}; one of them more "
        f"or less recognised moves that label's recall by {finer(1 / high_risk)}.",
        _fairness(results),
        _label_making(results),
        "Both models are linear in the log-odds, with no interaction between columns.",
        *_repeated(results),
    ]
    return [display.typographic(line) for line in lines]


def _simulated(results: Results) -> Iterator[str]:
    if results.data.source == "simulated":
        yield "The loans are simulated; no figure says anything about real borrowers."


def _fairness(results: Results) -> str:
    if any(each.use == "protected" for each in results.words.declaration.groups):
        return "Fairness is assessed between the declared groups, by one column at a time."
    return (
        "No protected attribute is among the columns, so fairness between groups of people "
        "cannot be assessed from this data."
    )


def _dates(results: Results) -> str:
    """Say whether columns tell of time, and what is not known for all that."""
    words = results.words
    unknown = "nothing is known of other lenders, products or years"
    if times := words.times:
        return f"; {words.listing(times)} {verb(len(times), 'is', 'are')} read, but {unknown}"
    dated = any(each.type == "date" for each in words.declaration.ignored)
    which = "whose dates are left out" if dated else "without dates"
    return f" {which}: {unknown}"


def _price(results: Results) -> Iterator[str]:
    """Say so where a feature is called an interest rate."""
    for each in results.words.declaration.features:
        if INTEREST.search(f"{each.name} {each.title}"):
            title = results.words.within(each.name)
            yield (
                f"The {title} is the lender's own price of risk: a model with it partly repeats "
                "that judgement."
            )


def _label_making(results: Results) -> str:
    said = "How the label was decided is not recorded"
    if max(model.balanced_accuracy for model in results.models.values()) < HIGH_ACCURACY:
        return f"{said}."
    return f"{said}; a rule that the label was made by would explain figures this high."


def _repeated(results: Results) -> Iterator[str]:
    repeats = results.evidence.data.repeats
    equal, unlike = repeats.rows_equal_to_another, repeats.distinct_rows
    if equal:
        yield (
            f"{count(equal)} of {count(repeats.rows)} rows ({portion(equal / repeats.rows)}) equal "
            f"another; {plural(unlike, 'row')} {verb(unlike, 'is', 'are')} "
            "distinct, so the portfolio holds less information than its size suggests."
        )
