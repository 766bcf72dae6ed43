"""Where the project is, where results are kept, and what the environment tells the program."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = "LENDING_DATA"  # the loan file
PORTFOLIO = "LENDING_PORTFOLIO"  # what it holds and means, where not beside it
CACHE = "REPORT_CACHE"  # the folder where results are kept
RESULTS = "REPORT_RESULTS"  # what a render has computed, for the document that it makes of it
FIGURES = "REPORT_FIGURES"  # the folder for that document's drawings
SINCE = "REPORT_SINCE"  # results.json of the report that the new one is to be compared with
AUDIT = "REPORT_AUDIT"  # a hand-written report that is held against the loan file
FORMATS = ("html", "typst")  # of the document
FILES = "REPORT_FILES"  # the names of what lies beside the page
QUARTO = "QUARTO_EXECUTE_INFO"  # a file of the render in which Quarto runs this code, about it


def rendered() -> Path | None:
    """Return where results.json waits for the end of a render by Quarto; None in any other."""
    told = os.environ.get(QUARTO)
    return Path(f"{told}.results") if told else None


def formats() -> tuple[str, ...]:
    """Return the formats that the running document is made for.

    Quarto runs it once for each and says for which; any other render runs it once for both.
    """
    told = os.environ.get(QUARTO)
    if not told:
        return FORMATS
    import json  # noqa: PLC0415 -- nothing at start-up that it can do without

    name = json.loads(Path(told).read_bytes())["format"]["identifier"]["base-format"]
    return (name,) if name in FORMATS else FORMATS


def kept() -> Path:
    """Return the folder where results are kept between two calls.

    The one that was named; else the project's own; else, where an installation is shared and may
    only be read, one of the user's.
    """
    if named := os.environ.get(CACHE):
        return Path(named).absolute()
    own = ROOT / ".cache"
    if os.access(own if own.exists() else ROOT, os.W_OK | os.X_OK):
        return own
    import hashlib  # noqa: PLC0415 -- as above

    users = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    name = f"module-12-report-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]}"
    return Path(users, name).absolute()
