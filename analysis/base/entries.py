"""Entries of results.json: the ranges of their figures, and which stand elsewhere or nowhere.

A result is a dataclass; `record/export.py` writes its fields and `record/schema.py` describes them
from the types here and from the class's "Attributes" section.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from annotated_types import Ge, Gt, Le, MinLen

Count = Annotated[int, Ge(0)]
Positive = Annotated[int, Gt(0)]
Share = Annotated[float, Ge(0), Le(1)]
FromZero = Annotated[float, Ge(0)]
AboveZero = Annotated[float, Gt(0)]
Text = Annotated[str, MinLen(1)]
Sha256 = Annotated[str, re.compile(r"^[0-9a-f]{64}$")]
Commit = Annotated[str, re.compile(r"^([0-9a-f]{40}|unknown)$")]
Day = Annotated[str, re.compile(r"^\d{4}-\d{2}-\d{2}$")]
WRITTEN: Final = "written"
# For `dataclasses.field(metadata=...)`: the entries of this field stand among those around it, or
# it is not written at all.
INLINE: Final = {WRITTEN: "inline"}
UNWRITTEN: Final = {WRITTEN: "no"}
