"""What the report says that no loan file can tell: one small file, checked when it is read.

The types here are the rules; `analysis/settings.schema.json` is made from them (`make schema`).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, with_config

from analysis.base import yaml_file
from analysis.base.errors import Fault
from analysis.base.project import ROOT

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from analysis.base.yaml_file import Written

FILE = ROOT / "settings.yml"
SCHEMA_FILE = ROOT / "analysis" / "settings.schema.json"
OPEN = "To be filled in by the owner"
LONGEST = 2_000
NUMBER = re.compile(r"\+?(?:0|[1-9][0-9]*)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
ONLY = ConfigDict(extra="forbid")


def _plain_number(text: object) -> object:
    """Let through a number as a person writes it; YAML knows others, such as 1:10 for 70."""
    if isinstance(text, str) and not (text.strip("+") and NUMBER.fullmatch(text)):
        raise ValueError("this is no plain number")
    return text


def _in_a_calendar(text: str) -> str:
    datetime.date.fromisoformat(text)
    return text


Whole = Annotated[int, Field(ge=1), BeforeValidator(_plain_number)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST), BeforeValidator(yaml_file.one_line)]
Number = Annotated[float, Field(gt=0, le=1e6), BeforeValidator(_plain_number)]
Day = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    AfterValidator(_in_a_calendar),
    BeforeValidator(yaml_file.one_line),
]


@with_config(ONLY)
@dataclass(frozen=True)
class Model:
    """The model as its owner describes it; texts, shown as they stand.

    Attributes
    ----------
    name : str
        What the model is called.
    version : str
        Of the model, as text.
    status : str
        Such as draft, approved, retired.
    owner : str
        Who answers for it.
    reviewer : str
        Who reviewed it independently.
    materiality : str
        What depends on it.
    intended_use : str
        What it may be used for.
    out_of_scope_use : str
        What it may not be used for.
    """

    name: Text
    version: Text
    status: Text
    owner: Text
    reviewer: Text
    materiality: Text
    intended_use: Text
    out_of_scope_use: Text


@with_config(ONLY)
@dataclass(frozen=True)
class Change:
    """One line of the change log.

    Attributes
    ----------
    version : str
        The version that it led to.
    date : str
        The day, YYYY-MM-DD.
    change : str
        What was changed.
    """

    version: Text
    date: Day
    change: Text


@with_config(ONLY)
@dataclass(frozen=True)
class Database:
    """What may be asked of a database that loans are read from.

    Attributes
    ----------
    most_loans : int
        How many distinct loans may be fetched, and of how many rows the order.
    beyond : {"refuse", "sample"}
        What is done where there are more: nothing, or a sample of about as many is drawn.
    seconds : int
        After how many its answers are no longer waited for.
    """

    most_loans: Whole = 1_000_000
    beyond: Literal["refuse", "sample"] = "refuse"
    seconds: Whole = 600


@with_config(ONLY)
@dataclass(frozen=True)
class Settings:
    """The owner's statements.

    Attributes
    ----------
    model : Model
        The model and its use.
    assumptions : tuple of str
        What the figures rest on.
    cost_ratio : float
        What a missed high-risk loan costs, in refused healthy loans; above 0.
    sign_off : tuple of str
        The roles that sign.
    change_log : tuple of Change
        What was changed, the first change first.
    database : Database
        What may be asked of a database; it may be left out.
    """

    model: Model
    assumptions: tuple[Text, ...]
    cost_ratio: Number
    sign_off: Annotated[tuple[Text, ...], Field(min_length=1)]
    change_log: tuple[Change, ...]
    database: Database = Database()


MODEL_KEYS = tuple(each.name for each in fields(Model))
# What may stand in an entry, and what to write there, by its name; any other entry is a text.
ALLOWED = {
    "cost_ratio": "a number above 0 and to 1,000,000, with a point and no other sign",
    "date": "a day of the calendar",
    "model": f"the entries {', '.join(MODEL_KEYS)}",
    "assumptions": "a list of texts, none too",
    "sign_off": "a list of one role or more",
    "change_log": "a list of changes, each with version, date and change; none too",
    "database": "the entries most_loans, beyond and seconds, each only where it is to be another",
    "most_loans": "a whole number from 1, as digits alone",
    "beyond": "refuse or sample",
    "seconds": "a whole number from 1, as digits alone",
    "": "the entries model, assumptions, cost_ratio, sign_off and change_log, perhaps database",
}
TO_WRITE = {
    "cost_ratio": "cost_ratio: 10",
    "date": "date: 2026-11-24, with the day that is meant",
    "model": "model: and below it each of its entries, indented by two blanks",
    "assumptions": "each text on a line of its own, as in - One text; or assumptions: []",
    "sign_off": "each role on a line of its own, as in - Model owner",
    "change_log": "each change as the file delivered does, or change_log: []",
    "database": "database: and below it seconds: 600, indented by two blanks",
    "most_loans": "most_loans: 1000000",
    "beyond": "beyond: refuse",
    "seconds": "seconds: 600",
    "": "the entries of the file delivered",
}
A_TEXT = f"a text of 1 to {LONGEST:,} characters"


def load(path: Path = FILE) -> Settings:
    """Read the settings file.

    Raises
    ------
    InputError
        With every entry that is missing, unknown or of the wrong kind, its line, and what to
        write.
    """
    return yaml_file.checked(path, "put back the settings.yml delivered", Settings, _fault)[0]


def _fault(error: ErrorDetails, written: Written) -> Fault:
    place = tuple(error["loc"])
    line, at, problem = written.line(place), written.named(place), yaml_file.problem(error)
    if error["type"] == "unexpected_keyword_argument":
        remedy = f"line {line}: remove it, or correct its name"
        return Fault(
            at, "the entry is not known", 0, "", "the entries of the file delivered", remedy
        )
    key = next((str(each) for each in reversed(place) if isinstance(each, str)), "")
    in_list = bool(place) and isinstance(place[-1], int)
    # An item of a list of texts is a text; one of the change log is not.
    is_text = key not in ALLOWED or (in_list and key != "change_log")
    allowed = A_TEXT if is_text else ALLOWED[key]
    begin = "- " if in_list else f"{key}: "
    to_write = f"{begin}{OPEN}, or another text" if is_text else TO_WRITE[key]
    return Fault(at, problem, 0, "", allowed, f"line {line}: write {to_write}")
