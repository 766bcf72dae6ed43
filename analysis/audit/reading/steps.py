"""Counts of loans in prose: at which step of the analysis they are counted."""

from __future__ import annotations

import re

from analysis.audit.reading.numbers import Number

LEAST_LOANS = 10  # smaller numbers beside "loans" count other things
_LOANS = re.compile(
    r"\b(?:loans?|rows?|records?|instances?|samples?|observations?|zeros|ones|customers?"
    r"|borrowers?|"
    r"applicants?|entries|cases|of each|of them)\b",
    re.IGNORECASE,
)
_STEPS = {
    "support": r"\btest(?:ing)?\b|held[- ](?:out|back)|hold-?out|out of$",
    "resampled_training_loans": r"(?:over|under|re)-?sampl\w+|randomoversampler|smote|brings both|"
    r"both (?:labels|classes)|of each label|balanced",
    "training_loans": r"\btrain(?:ing)?\b",
    "loans": r"value[_ ]counts|\bfile\b|data ?set|\bdata\b|in total|loan_status|\bcolumn\b|"
    r"\bwe (?:had|have)\b|\btarget\b",
}
_STEP_WORDS = [(step, re.compile(pattern, re.IGNORECASE)) for step, pattern in _STEPS.items()]


def count_loans(text: str, number: Number) -> None:
    """Take a whole number beside "loans" or a label for a count of loans, by where it stands."""
    if not number.whole or int(number.token.value.replace(",", "")) < LEAST_LOANS:
        return
    start, end = number.token.start, number.token.end
    each = re.search(r"\bboth\b|\beach\b", text[max(0, start - 60) : end + 25], re.IGNORECASE)
    labelled = any(token.kind == "label" for token in number.after)
    if any(token.value == "refused" for token in (*number.before, *number.after)):
        return
    if not (labelled or each or _LOANS.search(text[end : end + 30])):
        return
    number.measure, number.model = step(text, start, end), None
    if not labelled:
        number.label = None
    if each and number.measure == "resampled_training_loans":
        number.label = 1


def step(text: str, start: int, end: int) -> str:
    """Return at which step loans are counted: the last one named before, else the next after."""
    before = [
        (found.end(), name)
        for name, pattern in _STEP_WORDS
        for found in pattern.finditer(text[:start].rstrip())
    ]
    if before:
        last = max(before)[1]
        resampled = "resampled_training_loans"
        known = resampled in {name for _, name in before}
        return resampled if last == "training_loans" and known else last
    after = [
        (found.start(), name)
        for name, pattern in _STEP_WORDS
        for found in pattern.finditer(text[end : end + 100])
    ]
    return min(after)[1] if after else "counted"
