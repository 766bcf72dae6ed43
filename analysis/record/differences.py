"""Two results files side by side: what changed, and whether a report's figures still come out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from analysis.base import display
from analysis.base.errors import InputError

CHECKSUMS = "SHA256SUMS"
# Not figures: where, when and with what a report was made.
NOT_FIGURES = ("provenance.", "data.name", "data.notes", "data.known", "format_version")
SHOWN = 40
# What every command here reads of a results file, of whatever version.
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
FINDING = {
    "type": "object",
    "properties": {"id": TEXT, "title": TEXT},
    "required": ["id", "title"],
}
SHAPE = {
    "type": "object",
    "properties": {
        "data": {
            "type": "object",
            "properties": {"name": TEXT, "rows": NUMBER, "sha256": TEXT},
            "required": ["name", "rows", "sha256"],
        },
        "models": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"balanced_accuracy": NUMBER},
                "required": ["balanced_accuracy"],
            },
        },
        "evidence": {
            "type": "object",
            "properties": {"findings": {"type": "array", "items": FINDING}},
        },
        "provenance": {"type": "object"},
    },
    "required": ["data", "models", "provenance"],
}


@dataclass(frozen=True)
class Change:
    """One entry that differs between two results files; None where a file lacks it."""

    path: str
    old: Any
    new: Any

    @property
    def difference(self) -> float | None:
        """New minus old, where both are numbers."""
        numbers = (int, float)
        if isinstance(self.old, bool) or isinstance(self.new, bool):
            return None
        if isinstance(self.old, numbers) and isinstance(self.new, numbers):
            return self.new - self.old
        return None

    def __str__(self) -> str:
        """Show the entry on one line."""
        step = "" if self.difference is None else f" ({self.difference:+.6g})"
        return f"{self.path}: {_shown(self.old)} -> {_shown(self.new)}{step}"


def load(path: Path) -> dict[str, Any]:
    """Read a results file.

    Raises
    ------
    InputError
        When there is none, or it is not one of ours.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _refuse(path, f"it cannot be read ({_reason(error)})") from None
    if not jsonschema.Draft202012Validator(SHAPE).is_valid(found):
        raise _refuse(path, "it does not hold the results of a report")
    return found


def _refuse(path: Path, problem: str) -> InputError:
    allowed = "a results.json that make report or python -m analysis run wrote"
    return InputError.of_file(str(path), problem, allowed, "name another file")


def _reason(error: Exception) -> str:
    """Say what is wrong with a file, whose name the message has already."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Return every entry of nested dictionaries and lists by its path, as in `a.b.0.c`."""
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = ((_key(each, place), each) for place, each in enumerate(value))  # type: ignore[assignment]
    else:
        return {path: value}
    return {
        name: leaf
        for key, each in parts
        for name, leaf in flatten(each, f"{path}.{key}" if path else str(key)).items()
    }


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """List the entries that differ, in the new file's order, those that went last."""
    before, after = flatten(old), flatten(new)
    paths = [*after, *(path for path in before if path not in after)]
    return [
        Change(path, before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def figures(found: list[Change]) -> list[Change]:
    """Keep the changes of figures, leaving out where, when and with what they were made."""
    return [change for change in found if not change.path.startswith(NOT_FIGURES)]


def findings(results: dict[str, Any]) -> dict[str, str]:
    """Return the titles of a results file's findings by their id."""
    found = results.get("evidence", {}).get("findings", [])
    return {finding["id"]: finding["title"] for finding in found}


def describe(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Tell what changed between two results files: data, versions, figures, findings."""
    found = changes(old, new)
    groups = {
        "Data": [c for c in found if c.path.startswith("data.")],
        "Made with": [c for c in found if c.path.startswith("provenance.")],
        "Figures": [c for c in figures(found) if not c.path.startswith(("data.", "evidence."))],
        "Evidence": [
            c
            for c in found
            if c.path.startswith("evidence.") and not c.path.startswith("evidence.findings")
        ],
    }
    lines = []
    for title, group in groups.items():
        lines.append(f"{title}: {len(group) or 'no'} change{'' if len(group) == 1 else 's'}")
        lines += [f"  {change}" for change in group[:SHOWN]]
        if len(group) > SHOWN:
            lines.append(f"  and {len(group) - SHOWN} more")
    before, after = findings(old), findings(new)
    came = [after[key] for key in after if key not in before]
    went = [before[key] for key in before if key not in after]
    lines.append(f"Findings: {len(came) or 'none'} came, {len(went) or 'none'} went")
    lines += [f"  came: {title}" for title in came] + [f"  went: {title}" for title in went]
    return "\n".join(lines)


def summary(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Tell a reader in a few sentences what changed; none where every figure is the same."""
    found = figures(changes(old, new))
    if not found:
        return []
    lines = []
    if old["data"]["sha256"] != new["data"]["sha256"]:
        lines.append(f"The data are others: {_data(old)} before, {_data(new)} now.")
    for name, model in new["models"].items():
        if name in old["models"]:
            before = f"{old['models'][name]['balanced_accuracy']:.3f}"
            after = f"{model['balanced_accuracy']:.3f}"
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


def checksums(folder: Path) -> str:
    """Return the SHA-256 of every file of a report, in the form that sha256sum reads."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name[0] != "." and path.name != CHECKSUMS
    )
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    )


def edited(folder: Path) -> list[str]:
    """Name the files of a report that are not as they were written.

    Raises
    ------
    InputError
        When the report has no list of checksums.
    """
    path = folder / CHECKSUMS
    try:
        kept = _by_name(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError.of_file(
            str(path),
            f"it cannot be read ({_reason(error)})",
            "the list of checksums that make report wrote beside the report",
            "render the report again, or name another folder",
        ) from None
    now = _by_name(checksums(folder))
    return [name for name in sorted(kept.keys() | now.keys()) if kept.get(name) != now.get(name)]


def _by_name(sums: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in sums.splitlines())
    return {name: checksum for checksum, name in pairs}


def _data(results: dict[str, Any]) -> str:
    """Name the data of a results file: its name, its fingerprint, its loans."""
    data = results["data"]
    return f"{data['name']} ({data['sha256'][:12]}, {data['rows']:,} loans)"


def _key(entry: Any, place: int) -> str:
    """Name a list's entry by its own id where it has one, so that lists can grow and shrink."""
    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
        return str(entry["id"])
    return str(place)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 -- a terminal's width
