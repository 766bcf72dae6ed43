"""Two results files side by side: what changed, beyond what another machine's rounding changes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from analysis.base import display

# Another processor's linear algebra adds in another order: on the published loans a figure moved
# by up to 9e-7 of itself, in an optimum that is all but flat. Figures that are nearer than this
# are the same; whole numbers and texts are the same when they are equal.
RELATIVE, ABSOLUTE = 1e-5, 1e-12
# Not figures: where, when and with what a report was made.
NOT_FIGURES = ("provenance.", "data.name", "data.notes", "data.known", "format_version")
GROUPS = {
    "data.": "Data",
    "provenance.": "Made with",
    "evidence.findings": "",  # told by title
    "evidence.": "Evidence",
    "": "Figures",
}
ORDER = ("Data", "Made with", "Figures", "Evidence")
SHOWN, WIDTH = 40, 80  # changes of a group, and characters of a value


class Absent(Enum):
    """What stands where a file lacks an entry; `null` is an entry."""

    ABSENT = "nothing"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True)
class Change:
    """One entry that differs between two results files; ABSENT where a file lacks it."""

    path: str
    old: Any
    new: Any

    @property
    def difference(self) -> float | None:
        """New minus old, where both are numbers."""
        if _is_number(self.old) and _is_number(self.new):
            return float(self.new - self.old)
        return None

    def __str__(self) -> str:
        """Show the entry on one line."""
        step = "" if self.difference is None else f" ({self.difference:+.6g})"
        return f"{self.path}: {_shown(self.old)} -> {_shown(self.new)}{step}"


def flatten(value: Any) -> dict[str, Any]:
    """Return every entry of nested dictionaries and lists by its path, as in `a.b.0.c`.

    An empty dictionary or list is an entry too.
    """
    return dict(_leaves(value, "")) if value else {}


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """List the entries that differ, in the new file's order, those that went last."""
    before, after = flatten(old), flatten(new)
    paths = [*after, *(path for path in before if path not in after)]
    found = [Change(path, before.get(path, ABSENT), after.get(path, ABSENT)) for path in paths]
    return [change for change in found if not _same(change.old, change.new)]


def figures(found: list[Change]) -> list[Change]:
    """Keep the changes of figures, leaving out where, when and with what they were made."""
    return [change for change in found if not change.path.startswith(NOT_FIGURES)]


def findings(results: dict[str, Any]) -> dict[str, str]:
    """Return the titles of a results file's findings by their id."""
    found = results.get("evidence", {}).get("findings", [])
    return {finding["id"]: finding["title"] for finding in found}


def describe(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Tell what changed between two results files, a line each: data, versions, figures, findings.

    The lines hold the files' own texts as they are.
    """
    groups: dict[str, list[Change]] = {title: [] for title in ORDER}
    for change in changes(old, new):
        groups.setdefault(_group(change), []).append(change)
    lines = [line for title in ORDER for line in listed(title, groups[title])]
    return lines + _came_and_went(findings(old), findings(new))


def listed(title: str, found: list[Change]) -> list[str]:
    """Count changes under a title, and list the first of them."""
    count = f"{title}: {len(found) or 'no'} change{'' if len(found) == 1 else 's'}"
    more = [f"  and {len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
    return [count, *(f"  {change}" for change in found[:SHOWN]), *more]


def _group(change: Change) -> str:
    return next(title for start, title in GROUPS.items() if change.path.startswith(start))


def _came_and_went(before: dict[str, str], after: dict[str, str]) -> list[str]:
    came = [f"  came: {title}" for key, title in after.items() if key not in before]
    went = [f"  went: {title}" for key, title in before.items() if key not in after]
    return [f"Findings: {len(came) or 'none'} came, {len(went) or 'none'} went", *came, *went]


def summary(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Tell a reader in a few sentences what changed; none where every figure is the same."""
    found = figures(changes(old, new))
    if not found:
        return []
    lines = []
    if old["data"]["sha256"] != new["data"]["sha256"]:
        loans = [each["data"].get("loans_sha256") for each in (old, new)]
        same = loans[0] is not None and loans[0] == loans[1]
        what = "The same loans lie elsewhere or in another order" if same else "The data are others"
        lines.append(f"{what}: {_data(old)} before, {_data(new)} now.")
    for name, model in new["models"].items():
        if name in old["models"]:
            stated = (old["models"][name], model)
            before, after = (display.rate(each["balanced_accuracy"]) for each in stated)
            moved = f"{before} before, {after} now" if before != after else f"still {after}"
            lines.append(f"Balanced accuracy of the {name} model: {moved}.")
    earlier, now = findings(old), findings(new)
    lines += [
        f"New finding: {display.typographic(title)}."
        for key, title in now.items()
        if key not in earlier
    ]
    lines += [
        f"No longer found: {display.typographic(title)}."
        for key, title in earlier.items()
        if key not in now
    ]
    differ = "entry differs" if len(found) == 1 else "entries differ"
    lines.append(f"In results.json {len(found):,} {differ} in all.")
    return lines


def _data(results: dict[str, Any]) -> str:
    """Name the data of a results file: its name, its fingerprint, its loans."""
    data = results["data"]
    return f"{data['name']} ({data['sha256'][:12]}, {data['rows']:,} loans)"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict | list) or not value:
        yield path, value
        return
    for name, each in _named(value):
        yield from _leaves(each, f"{path}.{name}" if path else name)


def _named(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """Name the entries of a dictionary by their keys, those of a list by their id or place.

    By their id lists can grow and shrink; one that stands twice, or is a number, names nothing.
    """
    if isinstance(value, dict):
        yield from ((json.dumps(key) if "." in key else key, each) for key, each in value.items())
        return
    seen: set[str | None] = set()
    for place, each in enumerate(value):
        given = each.get("id") if isinstance(each, dict) else None
        own = isinstance(given, str) and given not in seen and not given.isdecimal()
        seen.add(given if own else None)
        yield str(given if own else place), each


def _same(old: Any, new: Any) -> bool:
    """Whether two entries are the same, figures to within the tolerance."""
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    if _is_number(old) and _is_number(new):
        return bool(old == new)
    return type(old) is type(new) and bool(old == new)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    text = str(value.value) if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
