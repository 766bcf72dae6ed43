"""What a report's text says of its recipe."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.portfolio.recipe import Recipe, Resampler

_SEED = re.compile(r"(?:random[_ ]?state|seed)(?:\s{0,2}(?:=|of|was|is|:)?\s{0,2})(\d{1,6})", re.I)
_SHARE = re.compile(
    r"test[_ ]?size\s{0,2}(?:=|of|:)?\s{0,2}0?\.(\d{1,2})|(\d{2}) ?(?:%|per ?cent)?[ -]{0,2}"
    r"(?:for |of the (?:data|loans) for )?test|\b(?:80 ?%? ?/ ?(20)|75 ?%? ?/ ?(25)"
    r"|70 ?%? ?/ ?(30)|67 ?%? ?/ ?(33)|90 ?%? ?/ ?(10))\b|test share(?: of)? (\d{2})",
    re.IGNORECASE,
)
LEAST_SHARE, MOST_SHARE = 0.05, 0.5  # of test rows


@dataclass(frozen=True)
class Told:
    """What a report's text says of its recipe.

    Attributes
    ----------
    seeds : tuple of int
        That it names.
    shares : tuple of float
        Of test rows.
    stratified, scaled : bool or None
        None where it does not say.
    resampler : str or None
        Likewise.
    """

    seeds: tuple[int, ...]
    shares: tuple[float, ...]
    stratified: bool | None
    scaled: bool | None
    resampler: Resampler | None

    def distance(self, recipe: Recipe, declared: Recipe) -> int:
        """Return how far a recipe is from what the text says, and else from the declared one."""
        seeds, shares = self.seeds or (declared.seed,), self.shares or (declared.test_share,)
        stratified = declared.stratified if self.stratified is None else self.stratified
        scaled = declared.scaled if self.scaled is None else self.scaled
        return (
            2 * (recipe.seed not in seeds)
            + 2 * (recipe.test_share not in shares)
            + (recipe.stratified != stratified)
            + (recipe.scaled != scaled)
            + (self.resampler is not None and recipe.resampler != self.resampler)
        )


def told(text: str) -> Told:
    """Read what a text says of its recipe."""
    seeds = tuple(dict.fromkeys(int(each) for each in _SEED.findall(text)))[:4]
    shares = [next(filter(None, groups)) for groups in _SHARE.findall(text)]
    given = [float(f"0.{each}") for each in shares]
    resampler: Resampler | None = None
    for name, pattern in (
        ("smote", r"\bsmote\b"),
        ("random_undersampling", r"under-?_?sampl"),
        ("class_weights", r"class[ _-]weight"),
        ("random_oversampling", r"over-?_?sampl"),
    ):
        if re.search(pattern, text, re.IGNORECASE):
            resampler = name  # type: ignore[assignment] # the four names of Resampler
            break
    return Told(
        seeds,
        tuple(dict.fromkeys(each for each in given if LEAST_SHARE <= each <= MOST_SHARE))[:3],
        True if re.search(r"(?<!not )(?<!un)stratif", text, re.IGNORECASE) else None,
        True
        if re.search(r"(?<!un)(?<!not )\bscal(?:ed|ing|e)\b|standard(?:scaler|i[sz]ed)", text, re.I)
        else None,
        resampler,
    )
