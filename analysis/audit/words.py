"""The words in which reports of this kind name measures, labels and models."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from analysis.audit.stated import BOTH, MACRO, NUMBER, RESAMPLED, WEIGHTED
from analysis.models.fits import ORIGINAL

if TYPE_CHECKING:
    from analysis.portfolio.declaration import Label

MEASURES = {
    "balanced_accuracy": r"balanced[ _-]{1,2}accuracy(?:[ _-]scores?)?",
    "roc_auc": r"(?:roc[ _-])?auc(?:[ _-]score)?|area under|\broc\b",
    "correct": r"\b(?:correct(?:ly)?|right(?:ly)?) (?:for|about)\b|correctly (?:classifie[ds]|identifie[ds])",
    "found": r"\b(?:finds?|found|catch(?:es)?|caught|identif(?:y|ies|ied)|detects?|detected|captures?|captured|gets)\b",
    "justified": r"(?:of )?(?:its|the|their) (?:warnings?|alarms?|flags?|refusals?)(?: that)? (?:are|were) "
    r"(?:justified|right|correct|true)",
    "other": r"log[ -]?loss|brier|kappa|matthews|\bmcc\b|average precision|error rate|cross[- ]validat\w*"
    r"|balanced precision|training accuracy|standard deviation",
    "geometric_mean": r"g-?mean|geometric mean",
    "accuracy": r"(?:overall |plain |total )?accuracy(?:[ _-]scores?)?|\bacc\b|right on|\baccurate\b",
    "precision": r"precisions?(?:[ _-]scores?)?|\bppv\b|positive predictive value",
    "recall": r"recalls?(?:[ _-]scores?)?|sensitivit(?:y|ies)|true positive rate|\btpr\b",
    "specificity": r"specificit(?:y|ies)|true negative rate|\btnr\b",
    "f1_score": r"\bf[ -]?1(?!\d)(?:[ _-]?scores?)?|f1[ -]?measure|\bf[ -]scores?",
    "support": r"\bsupports?\b|test (?:rows|loans|samples)",
    "true_negatives": r"true[ _]negatives?|\btns?\b",
    "false_positives": r"false[ _]positives?|\bfps?\b|false alarms?|(?:refused|rejected|flagged) "
    r"(?:without need|by mistake|wrongly|in error|unnecessarily|needlessly)|wrongly (?:refused|rejected|flagged)",
    "false_negatives": r"false[ _]negatives?|\bfns?\b|\bmiss(?:ed|es)\b|undetected|overlook(?:s|ed)"
    r"|accepted (?:in error|wrongly|by mistake)|wrongly accepted",
    "true_positives": r"true[ _]positives?|\btps?\b",
    "refused": r"\b(?:refus|reject|flag|declin)(?:ed|ged|es|s)?\b|turned (?:away|down)",
    "errors": r"\b(?:errors?|mistakes?|misclassifications?|misclassified)\b",
}
_LABELS = {
    0: r"non[- ]?default\w*|not high[- ]risk|healthy|low[- ]risk|good (?:loans?|borrowers?|customers?)"
    r"|\bzeros\b|(?:class|label|status)[ =:]{1,3}['\"(]?0\b(?![.,]\d)|\(['\"]?0['\"]?\)|['\"]0['\"]|negative class"
    r"|(?<![\d.,])0(?=\s?[:=]\s)|\b0s\b|(?<=for )0\b(?![.,%]?\d|\s?%)",
    1: r"unhealthy|high[- ]?risk|risky|bad (?:loans?|borrowers?|customers?)|default(?:s|ed|ers?|ing)?\b"
    r"|\bones\b(?! (?:that|which|who))|(?:class|label|status)[ =:]{1,3}['\"(]?1\b(?![.,]\d)|\(['\"]?1['\"]?\)|['\"]1['\"]"
    r"|positive class|(?<![\d.,])1(?=\s?[:=]\s)|\b1s\b|(?<=for )1\b(?![.,%]?\d|\s?%)",
    MACRO: r"macro(?:[- ]?(?:avg|averaged?))?",
    WEIGHTED: r"weighted[- ](?:avg|averaged?)|avg / total",
}
_MODELS = {
    ORIGINAL: r"\boriginal(?:ly)?\b|(?:model|classifier|experiment)[ #]{0,2}(?:1\b|one\b|(?-i:A\b))"
    r"|(?:1st|first|plain|baseline|unbalanced|imbalanced) (?:logistic |regression ){0,2}"
    r"(?:model|classifier|one|try|data\b|training data|logistic regression)"
    r"|_raw\b|(?:of|by|with) the first(?=[:,.])|as they (?:came|are|were)|(?:without|no|before|non)[ -](?:over|re|under)?-?sampl\w+",
    RESAMPLED: r"(?:over|re|under|up|down)[ -]?sampl(?:ed|ing|er|es)\b|random(?:over|under)sampler|\bsmote\b|_ros\b"
    r"|(?:model|classifier|experiment)[ #]{0,2}(?:2\b|two\b|(?-i:B\b))"
    r"|(?:2nd|second) (?:logistic |regression ){0,2}(?:model|classifier|one|try|logistic regression)"
    r"|(?:of|by|with) the second(?=[:,.])|(?:balanced )?class[ _-]weight\w*|(?:re)?balanced (?:training )?data|re-?weighted",
    BOTH: r"\bboth (?:of )?(?:the |these )?(?:two )?(?:models|classifiers)"
    r"|\bboth (?=have|has|reach|get|give|achieve|score|show)|the two models|either model",
}
# Spelled wrongly, these are still meant.
_SPELLED = [
    "precision",
    "recall",
    "accuracy",
    "balanced",
    "original",
    "oversampled",
    "undersampled",
    "resampled",
    "oversampling",
    "resampling",
    "undersampling",
    "model",
    "sensitivity",
    "specificity",
    "healthy",
    "negatives",
    "positives",
    "support",
]
_NUMBERED = re.compile(r"(?:model|classifier|experiment|1st|first|2nd|second|\w+ the)\b", re.I)
_WORD = re.compile(r"[A-Za-z]{5,16}")
LONG_WORD = 8  # in it, two letters may be wrong


KINDS = ("measure", "label", "model")


@dataclass(frozen=True)
class Token:
    """A word that means something, or a number.

    Attributes
    ----------
    start, end : int
        Where it stands in its text.
    kind : {"measure", "label", "model", "number"}
        What it is.
    value : object
        The measure's, label's or model's id; a number's text.
    """

    start: int
    end: int
    kind: str
    value: Any


@dataclass(frozen=True)
class Vocabulary:
    """What finds the words.

    Attributes
    ----------
    labels : tuple of pairs
        A label, and how its declaration names it.
    """

    labels: tuple[tuple[int, str], ...] = ()

    def tokens(self, text: str, kinds: Container[str] = KINDS) -> list[Token]:
        """Return what a text names, in order; where two overlap, the earlier and longer one."""
        found = [
            Token(*match.span(), kind, value)
            for kind, value, pattern in _patterns(self.labels)
            if kind in kinds
            for match in pattern.finditer(text)
        ]
        found += [Token(*match.span(), "number", match.group()) for match in NUMBER.finditer(text)]
        found.sort(key=lambda each: (each.start, -each.end, each.kind == "number"))
        kept: list[Token] = []
        for each in found:
            if not kept or each.start >= kept[-1].end:
                kept.append(each)
        return kept

    def model(self, text: str) -> Any:
        """Return the one model that a text names: by what it was fitted on, else by its number."""
        named = [each for each in self.tokens(text, ("model",)) if each.kind == "model"]
        numbered = [each for each in named if _NUMBERED.match(text[each.start : each.end])]
        told = {each.value for each in named if each not in numbered}
        values = told if len(told) == 1 else {each.value for each in numbered or named}
        return values.pop() if len(values) == 1 else None

    def only(self, text: str, kind: str) -> Any:
        """Return the one value of a kind that a text names; None where it names none or several."""
        values = {each.value for each in self.tokens(text) if each.kind == kind}
        return values.pop() if len(values) == 1 else None

    def label(self, name: str) -> Any:
        """Return which label the name of a row is: `0`, `High-Risk`, `macro avg`; else None."""
        bare = name.strip().strip("'\"`*:").lower()
        exact = {"0": 0, "0.0": 0, "1": 1, "1.0": 1, "false": 0, "true": 1, "good": 0, "bad": 1}
        if bare in exact:
            return exact[bare]
        for label, written in self.labels:
            if bare == written.lower():
                return label
        return self.only(name, "label")


def vocabulary(label: Label | None) -> Vocabulary:
    """Return the words of the field, and those of a declared label."""
    if label is None:
        return Vocabulary()
    named = [(0, each) for each in (label.healthy_name, *label.healthy)]
    named += [(1, each) for each in (label.high_risk_name, *label.high_risk)]
    return Vocabulary(tuple(named))


@cache
def _patterns(labels: tuple[tuple[int, str], ...]) -> list[tuple[str, Any, re.Pattern[str]]]:
    own = [
        ("label", label, rf"\b{re.escape(name)}\b")
        for label, name in labels
        if len(name) > 2 and not name.isdigit()
    ]
    made = [
        *(("measure", name, pattern) for name, pattern in MEASURES.items()),
        *(("label", name, pattern) for name, pattern in _LABELS.items()),
        *(("model", name, pattern) for name, pattern in _MODELS.items()),
        *own,
    ]
    return [(kind, name, re.compile(pattern, re.IGNORECASE)) for kind, name, pattern in made]


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
        if lower[:1] == known[:1] and abs(len(known) - len(lower)) <= most:
            if _distance(lower, known) <= most:
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
