"""A figure with its judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from analysis.audit.stated import Figure

Judgement = Literal["right", "wrong", "not judged"]
RIGHT: Final = "right"
WRONG: Final = "wrong"
NOT_JUDGED: Final = "not judged"


@dataclass(frozen=True)
class Judged:
    """A figure with its judgement.

    Attributes
    ----------
    figure : Figure
        What is stated.
    judgement : {"right", "wrong", "not judged"}
        Whether it is so, to the decimals shown.
    kind : str
        The kind of mistake, where it is wrong.
    instead : str
        What is true, and what the figure is; or why it is not judged.
    """

    figure: Figure
    judgement: Judgement
    kind: str = ""
    instead: str = ""
