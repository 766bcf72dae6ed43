"""One column of a loan file as it is declared: its kind, its use, what its values may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, with_config
from pydantic.alias_generators import to_camel

from analysis.base import yaml_file
from analysis.portfolio.recipe import Words

# More columns for one category than this would make the models unreadable, and slow.
MOST_LEVELS = 200
MOST_NAMED = 8  # levels in a message
STANDARD = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)
Text = Annotated[str, BeforeValidator(yaml_file.one_line), Field(min_length=1, max_length=500)]
Use = Literal["feature", "label", "protected", "segment", "ignored"]
Kind = Literal["number", "integer", "string", "boolean", "date", "any"]
NUMBERS = ("number", "integer")


@with_config(STANDARD)
@dataclass(frozen=True)
class Constraints:
    """What a column's values may be.

    Attributes
    ----------
    required : bool
        Whether no value may be missing.
    minimum, maximum : float or None
        The range of a number, ends included.
    exclusive_minimum, exclusive_maximum : float or None
        Likewise, ends excluded.
    enum : tuple of str
        The levels of a category as they are written; the others are held against the first.
    """

    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    enum: Annotated[tuple[str, ...], Field(max_length=MOST_LEVELS)] = ()


@with_config(STANDARD)
@dataclass(frozen=True)
class Column:
    """One column of a loan file.

    Attributes
    ----------
    name : str
        As the header has it.
    type : str
        `number`, `integer` (whole numbers), `string` or `boolean` (a category, its levels under
        `enum`); `date` and `any` only where the column is ignored.
    title, description : str
        For a reader; the title is the name where it is left out.
    unit : str
        Of the numbers: `$`, `%`, `years`.
    use : str
        `feature` (what the models are fitted on), `label`, `protected` or `segment` (groups to
        compare decisions by, never in a model), `ignored`.
    missing_values : tuple of str or None
        How a missing value is written in this column, where otherwise than in the others.
    constraints : Constraints
        What its values may be.
    others : str
        The level that every value counts as which `constraints.enum` does not name; where it is
        left out, such a value is refused.
    group_char : str
        What stands between the thousands of its numbers, where anything does.
    bare_number : bool
        Whether nothing stands around its numbers; else what does is left out: `$`, `%`, `months`.
    reason : str
        Why it is ignored.
    """

    name: Text
    type: Kind = "number"
    title: Words = ""
    description: Words = ""
    unit: Words = ""
    use: Use = "feature"
    missing_values: tuple[str, ...] | None = None
    constraints: Constraints = Constraints()
    others: Words = ""
    group_char: Annotated[str, Field(max_length=1)] = ""
    bare_number: bool = True
    reason: Words = ""

    def __post_init__(self) -> None:
        """Call a column by its name where it has no title."""
        object.__setattr__(self, "title", self.title or self.name)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of a category, that of all others last; none for numbers."""
        if self.type in NUMBERS:
            return ()
        return self.constraints.enum + ((self.others,) if self.others else ())

    @property
    def integer(self) -> bool:
        """Whether its numbers are whole."""
        return self.type == "integer"

    @property
    def plain(self) -> bool:
        """Whether its cells are numbers as they stand."""
        return self.type in NUMBERS and self.bare_number and not self.group_char

    @property
    def allowed(self) -> str:
        """What its values may be, in words."""
        held = self.constraints
        optional = "" if held.required else ", or missing"
        if held.enum:
            named = f"{either(held.enum[:MOST_NAMED])}{_more(held.enum)}"
            rest = f", any other as {self.others}" if self.others else ""
            return f"{named}{rest}{optional}"
        ends = [
            f"{words} {end:,.15g}"
            for words, end in (
                ("from", held.minimum),
                ("above", held.exclusive_minimum),
                ("to", held.maximum),
                ("below", held.exclusive_maximum),
            )
            if end is not None
        ]
        kind = "a whole number" if self.integer else "a number"
        return " ".join([kind, *ends]) + optional


def either(levels: tuple[str, ...]) -> str:
    """Name some values for a reader, of whom an empty one would be hidden: 1 or empty."""
    return " or ".join(level if level.strip() else "empty" for level in levels)


def _more(levels: tuple[str, ...]) -> str:
    return f" or {len(levels) - MOST_NAMED} more" if len(levels) > MOST_NAMED else ""
