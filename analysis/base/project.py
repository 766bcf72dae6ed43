"""Where the project is, and what it keeps there."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache"
DATA = "LENDING_DATA"  # the loan file
PREVIOUS = "REPORT_PREVIOUS"  # results.json of the report that the new one is to replace
FILES = "REPORT_FILES"  # the names of what lies beside the page
