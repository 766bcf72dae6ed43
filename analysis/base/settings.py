"""What the report says that no loan file can tell: one small file, checked when it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from analysis.base.errors import Fault, InputError
from analysis.base.project import ROOT

FILE = ROOT / "settings.yml"
ALLOWED = "the entries of the settings.yml delivered"
OPEN = "To be filled in by the owner"
TEXT = {"type": "string", "minLength": 1, "maxLength": 2000}
CHANGE = {
    "type": "object",
    "properties": {"version": TEXT, "date": TEXT, "change": TEXT},
    "required": ["version", "date", "change"],
    "additionalProperties": False,
}
MODEL_KEYS = (
    "name",
    "version",
    "status",
    "owner",
    "reviewer",
    "materiality",
    "intended_use",
    "out_of_scope_use",
)
SCHEMA = {
    "type": "object",
    "properties": {
        "model": {
            "type": "object",
            "properties": dict.fromkeys(MODEL_KEYS, TEXT),
            "required": list(MODEL_KEYS),
            "additionalProperties": False,
        },
        "assumptions": {"type": "array", "items": TEXT},
        "cost_ratio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1e6},
        "sign_off": {"type": "array", "items": TEXT, "minItems": 1},
        "change_log": {"type": "array", "items": CHANGE},
    },
    "required": ["model", "assumptions", "cost_ratio", "sign_off", "change_log"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Model:
    """The model as its owner describes it; texts, shown as they stand."""

    name: str
    version: str
    status: str
    owner: str
    reviewer: str
    materiality: str
    intended_use: str
    out_of_scope_use: str


@dataclass(frozen=True)
class Change:
    """One line of the change log."""

    version: str
    date: str
    change: str


@dataclass(frozen=True)
class Settings:
    """The owner's statements.

    Attributes
    ----------
    cost_ratio : float
        What a missed high-risk loan costs, in refused healthy loans; above 0.
    sign_off : tuple of str
        The roles that sign.
    """

    model: Model
    assumptions: tuple[str, ...]
    cost_ratio: float
    sign_off: tuple[str, ...]
    change_log: tuple[Change, ...]


def load(path: Path = FILE) -> Settings:
    """Read the settings file.

    Raises
    ------
    InputError
        With every entry that is missing, unknown or of the wrong kind.
    """
    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise InputError.of_file(
            path.name, problem, "a YAML file like the one delivered", "mend it"
        ) from None
    checker = jsonschema.Draft202012Validator(SCHEMA)
    faults = [
        Fault(
            "/".join(map(str, each.path)), each.message[:200], 0, "", "see settings.yml", "mend it"
        )
        for each in checker.iter_errors(_without_nan(found))
    ]
    if faults:
        raise InputError(path.name, faults)
    return Settings(
        model=Model(**found["model"]),
        assumptions=tuple(found["assumptions"]),
        cost_ratio=float(found["cost_ratio"]),
        sign_off=tuple(found["sign_off"]),
        change_log=tuple(Change(**each) for each in found["change_log"]),
    )


def _without_nan(found: Any) -> Any:
    """Return the settings with a cost ratio that is no number as text: no limit excludes it."""
    ratio = found.get("cost_ratio") if isinstance(found, dict) else None
    if isinstance(ratio, float) and math.isnan(ratio):
        return found | {"cost_ratio": "not a number"}
    return found
