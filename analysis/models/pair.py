"""Both models by their ids, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

ORIGINAL, OVERSAMPLED = "original", "oversampled"
TITLES = {ORIGINAL: "Original", OVERSAMPLED: "Oversampled"}
NAMES = {name: f"the {title.lower()} model" for name, title in TITLES.items()}

Each = TypeVar("Each")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Pair(Mapping[str, Each], Generic[Each]):
    """The same of both models, by their ids, the original one first.

    Attributes
    ----------
    original : same as oversampled
        The model fitted on the training rows as they are.
    oversampled : same as original
        The model fitted on training rows in which the recipe's resampler, random oversampling
        where nothing else is declared, made both labels count alike.
    """

    original: Each
    oversampled: Each

    def __getitem__(self, name: str) -> Each:
        return {ORIGINAL: self.original, OVERSAMPLED: self.oversampled}[name]

    def __iter__(self) -> Iterator[str]:
        return iter((ORIGINAL, OVERSAMPLED))

    def __len__(self) -> int:
        return len((ORIGINAL, OVERSAMPLED))

    def map(self, function: Callable[[Each], Made]) -> Pair[Made]:
        """Return what a function makes of both."""
        return Pair(function(self.original), function(self.oversampled))


def other(model: str) -> str:
    """Return the id of the model that `model` is compared with."""
    return OVERSAMPLED if model == ORIGINAL else ORIGINAL
