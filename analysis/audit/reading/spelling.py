"""Words of the field that are spelled wrongly, and still meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

# Spelled wrongly, these are still meant.
_SPELLED = (
    *("precision", "recall", "accuracy", "balanced", "original", "oversampled", "undersampled"),
    *("resampled", "oversampling", "resampling", "undersampling", "model", "sensitivity"),
    *("specificity", "healthy", "negatives", "positives", "support"),
)
_WORD = re.compile(r"[A-Za-z]{5,16}")
CLOSE = 0.86  # ratio of matching letters; at less, "origin" is taken for "original"


def spelled(text: str) -> str:
    """Return a text with the words of the field spelled rightly."""
    return _WORD.sub(lambda match: _word(match.group()), text)


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    lower = word.lower()
    alike = [known for known in _SPELLED if known[0] == lower[0]]
    if any(lower.startswith(known) for known in alike):
        return word
    exchanged = [known for known in alike if sorted(known) == sorted(lower)]
    return next(iter(exchanged or get_close_matches(lower, alike, 1, CLOSE)), word)
