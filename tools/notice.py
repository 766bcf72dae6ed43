"""Write NOTICE.md: every locked dependency with its version and licence.

`python tools/notice.py` writes it, `python tools/notice.py --check` fails when it is not current.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICE = ROOT / "NOTICE.md"
LOCKS = {
    "requirements.txt": "the report and its tests",
    "requirements-dev.txt": "the checks",
    "requirements-databases.txt": "loans in databases",
    "requirements-spark.txt": "loans in Spark",
    "requirements-quarto.txt": "Quarto, where it can be installed",
}
PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
ROW = re.compile(r"^\| (\S+) \| (\S+) \| (.+) \|$", re.MULTILINE)
LONGEST = 60  # characters; a longer licence field holds the licence's text, not its name
UNKNOWN = "not installed where this table was made"
HEAD = """# Notice

What this project installs, from the lock files; `make notice` writes this file. None of it is part
of this repository, and each package stays under its own licence.
"""


def pins(lock: str) -> list[tuple[str, str]]:
    """Return the names and versions in a lock file; some have several, each for some Python."""
    return sorted(set(PIN.findall((ROOT / lock).read_text(encoding="utf-8"))))


def licence(name: str, version: str) -> str | None:
    """Return the licence that an installed package states, None when this version is not there."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if found["Version"] != version:
        return None
    stated = (found.get("License-Expression") or found.get("License") or "").strip()
    classified = [
        each.rpartition(" :: ")[2]
        for each in found.get_all("Classifier") or []
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    if not stated or len(stated) > LONGEST or "\n" in stated:
        stated = ", ".join(classified) or "see the package"
    return stated.replace("|", "\\|")


def notice(earlier: str) -> str:
    """Return the text of NOTICE.md; what is not installed here keeps its earlier entry.

    Parameters
    ----------
    earlier : str
        The text so far: packages for another system or Python were seen when it was made there.
    """
    known = {(name, version): text for name, version, text in ROW.findall(earlier)}
    parts = [HEAD]
    seen: set[tuple[str, str]] = set()
    for lock, purpose in LOCKS.items():
        rows = [
            f"| {name} | {version} | "
            f"{licence(name, version) or known.get((name, version), UNKNOWN)} |"
            for name, version in pins(lock)
            if (name, version) not in seen
        ]
        seen |= set(pins(lock))
        table = ["| Package | Version | Licence |", "| --- | --- | --- |", *rows]
        parts.append(f"## For {purpose}\n\n" + "\n".join(table) + "\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` return 1 when it is not current."""
    earlier = NOTICE.read_text(encoding="utf-8") if NOTICE.exists() else ""
    text = notice(earlier)
    if arguments == ["--check"]:
        if text != earlier:
            sys.stderr.write("NOTICE.md is not what is locked: run make notice\n")
        return int(text != earlier)
    NOTICE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
