"""Words of the field that are spelled wrongly, and still meant."""

from __future__ import annotations

import re
from functools import lru_cache

# Spelled wrongly, these are still meant.
_SPELLED = (
    *("precision", "recall", "accuracy", "balanced", "original", "oversampled", "undersampled"),
    *("resampled", "oversampling", "resampling", "undersampling", "model", "sensitivity"),
    *("specificity", "healthy", "negatives", "positives", "support"),
)
_WORD = re.compile(r"[A-Za-z]{5,16}")
LONG_WORD = 8  # in it, two letters may be wrong


def spelled(text: str) -> str:
    """Return a text with the words of the field spelled rightly."""
    return _WORD.sub(lambda match: _word(match.group()), text)


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    lower = word.lower()
    for known in _SPELLED:
        if lower.startswith(known):
            return word
    most = 2 if len(word) >= LONG_WORD else 1
    for known in _SPELLED:
        alike = lower[:1] == known[:1] and abs(len(known) - len(lower)) <= most
        if alike and _distance(lower, known) <= most:
            return known
    return word


def _distance(one: str, other: str) -> int:
    """Return how many letters differ, two exchanged ones counted once (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
    return row[-1]
