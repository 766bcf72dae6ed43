"""The numbers of a sentence, each with the words that may belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.audit.reading.words import Token, of_kind
from analysis.audit.stated import Label

_SOFT = re.compile(
    r"(?:about|at least|at most|over|above|below|under|nearly|almost|around|approximately|roughly|"
    r"approx\.?|more than|less than|close to|near|up to|[~≈<>≥≤])\s{0,2}$",
    re.IGNORECASE,
)
# "0.84 before, 0.99 after oversampling": of which model the first is, is not named.
_BEFORE_AHEAD = re.compile(r"\b(?:before|previously|beforehand)\W{1,3}$", re.IGNORECASE)
_BEFORE_BEHIND = re.compile(r"\s(?:before|previously|beforehand)(?! \w*sampl)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:by|gain of|increase of|drop of|decrease of|improvement of|difference of"
    r"|loss of)\s(?:only |just )?$",
    re.IGNORECASE,
)
_DIFFERS = re.compile(
    r"\s?-?(?:(?:percentage )?points?\b|pp\b|(?:loans? )?from (?:the )?(?:true|false)\b"
    r"|(?:(?:loans?|cases|customers|borrowers) )?(?:more|fewer|higher|lower|better|worse|increase|"
    r"improvement|decrease|drop)\b)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?:random[_ ]?state|seeds?|max[_ ]?iter|tol|\bC|test[_ ]size|threshold|iterations?|version"
    r"|python|"
    r"sklearn|scikit-learn|pandas|numpy|chapter|module|figure|table|step|week|homework|challenge|"
    r"question|section|page|line|cell|\bn_\w{1,20})\s{0,2}(?:=|of|was|is|:)?\s{0,2}$",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"\s?(?:million|thousand|billion|dollars?|euros?|usd|k\b|years?|months?|days?|minutes?"
    r"|seconds?|"
    r"iterations?|features?|columns?|folds?|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|/(?!\s[A-Za-z]|\s\d?\.\d))",
    re.IGNORECASE,
)
# "6 of 1,000 healthy loans" is a rate, as is "97 % of all loans are healthy": no model's figure.
_EVERY = r"(?:every )?(?:10|100|1,?000|10,?000)"
_RATE_BEHIND = re.compile(rf"\s(?:in|of|out of) {_EVERY}\b(?!,\d)", re.IGNORECASE)
_RATE_AHEAD = re.compile(r"(?:\d\s(?:in|out of)|\bof) (?:every )?$", re.IGNORECASE)
_OF_SO_MANY = re.compile(rf"\b(?:of|in|out of) {_EVERY} [^.;:]*$", re.IGNORECASE)
_OF_THE_LOANS = re.compile(
    r"\sof (?:all |the |our )*(?:test )?(?:loans|borrowers|customers|data|sample) "
    r"(?:is|are|were|was) (?:healthy|high[- ]?risk|good|bad|risky)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[,;()]|\.(?:\s|$)|\s(?:and|while|whereas|where|although|though|but|to|against|versus|vs\.?|than|or)\s"
)


@dataclass
class Number:
    """A number of a sentence with the words before it and after it that may belong to it."""

    token: Token
    before: list[Token]
    after: list[Token]
    ahead: str
    behind: str
    together: bool = False
    measure: str | None = None
    label: Label = None
    model: str | None = None
    guessed: bool = False
    loose: bool = False
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is written as a whole number, so that it can be a count."""
        return str(self.token.value).replace(",", "").strip().isdigit()


_BRACKETS = re.compile(r"\(([^()\d]*)\)")


def without_explanations(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Leave out measures that only explain one: "false positives (healthy loans flagged): 6"."""
    ends = {each.end for each in of_kind(tokens, "measure")}
    explained = [
        found.span()
        for found in _BRACKETS.finditer(text)
        if len(text[: found.start()].rstrip()) in ends
        and not any(found.span(1) == (each.start, each.end) for each in tokens)
    ]
    return [
        each
        for each in tokens
        if each.kind != "measure" or not any(one < each.start < end for one, end in explained)
    ]


def numbers_of(text: str, tokens: Sequence[Token]) -> list[Number]:
    """Return the numbers of a sentence, each with the words that may belong to it."""
    found = of_kind(tokens, "number")
    numbers: list[Number] = []
    spent = 0
    for at, token in enumerate(found):
        following = found[at + 1].start if at + 1 < len(found) else len(text)
        end = _end(text, token.end, following)
        bracket = _BRACKETS.match(text, end, following)  # "93 % really are (precision)"
        if bracket and any(bracket.span(1) == (each.start, each.end) for each in tokens):
            end = bracket.end()
        after = [each for each in tokens if token.end <= each.start and each.end <= end]
        before = [each for each in tokens if spent <= each.start and each.end <= token.start]
        before = [each for each in before if each.kind != "number"]
        if at:
            # What follows the number before within its own part of the sentence is that number's,
            # unless that one was named already.
            last = numbers[-1]
            named = any(each.kind == "measure" and each.value != "found" for each in last.before)
            before = [
                each
                for each in before
                if each not in last.after
                or (each.kind == "measure" and (named or each.value == "found"))
            ]
        ahead, behind = (
            text[max(0, token.start - 60) : token.start],
            text[token.end : token.end + 30],
        )
        numbers.append(Number(token, before, after, ahead, behind))
        numbers[-1].why = _why(token.value, ahead, behind)
        earlier = _BEFORE_AHEAD.search(ahead) or _BEFORE_BEHIND.match(behind)
        numbers[-1].loose = bool(earlier or _SOFT.search(ahead))
        spent = token.end
    return numbers


def _end(text: str, start: int, following: int) -> int:
    """Return where the words end that may follow a number and belong to it."""
    opened = re.match(r"\s*\(", text[start:following])
    if opened:
        closing = text.find(")", start, following)
        return closing if closing >= 0 else start  # with a number in them, brackets speak of that
    broken = _BREAK.search(text, start, following)
    return broken.start() if broken else following


def _why(token: str, ahead: str, behind: str) -> str:
    """Return why a number is no figure of a model, where the words beside it say so."""
    if _SETTING.search(ahead):
        return "setting"
    if re.match(r"\s(?:of the data |of all loans )?(?:for |as )?(?:test|train|hold)", behind):
        return "setting" if "%" in token or "cent" in token else ""
    every = bool(re.fullmatch(_EVERY, token) and _RATE_AHEAD.search(ahead))
    if (
        every
        or (token.isdigit() and _OF_SO_MANY.search(ahead))
        or _RATE_BEHIND.match(behind)
        or _OF_THE_LOANS.match(behind)
    ):
        return "rate"
    if _OTHER_UNIT.match(behind):
        return "other unit"
    if _DIFFERENCE.search(ahead) or _DIFFERS.match(behind):
        return "difference"
    return ""
