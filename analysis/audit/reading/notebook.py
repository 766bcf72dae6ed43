"""What a notebook's code tells of the outputs below it."""

from __future__ import annotations

import re

from analysis.audit.reading.words import Vocabulary

# A notebook's variables tell which model an output is of.
RESAMPLED_CODE = re.compile(
    r"over|resampl|smote|under_?sampl|_ros\b|_res\b|balanced\"|weighted", re.I
)
RESAMPLER_CODE = re.compile(r"(?:OverSampler|SMOTE|UnderSampler)\s*\(|fit_resample")
COUNTS = re.compile(r"^\s{0,4}([01])\s{1,20}(\d{2,12})\s*$")
BARE = re.compile(r"\s*(?:np\.float64\()?(\d\.\d{2,20})\)?\s*$")


def scored(code: str, words: Vocabulary) -> str | None:
    """Return the measure that a line of code computes, None where it computes none."""
    if found := re.search(r"(\w*)score\s*\(", code):
        return str(words.only(found.group(), "measure") or "accuracy")
    return None


def step(code: str) -> str:
    """Return at which step a notebook counts labels, by its variable."""
    if RESAMPLED_CODE.search(code):
        return "resampled_training_loans"
    if "train" in code:
        return "training_loans"
    return "support" if "test" in code else "loans"
