"""What a report claims in words: which model is better at what, and that there are no errors."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.audit.judge import Judgement


@dataclass(frozen=True)
class Claim:
    """A claim with its judgement.

    Attributes
    ----------
    where, text : str
        Its place and its words.
    judgement : {"right", "wrong", "not judged"}
        Whether it is so.
    kind, instead : str
        The kind of mistake, and what is true.
    """

    where: str
    text: str
    judgement: Judgement
    kind: str = ""
    instead: str = ""
