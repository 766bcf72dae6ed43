"""results.json of a loan file."""

from __future__ import annotations

from pathlib import Path

from analysis import cache, export, provenance

BEGINS = b'{\n  "format_version"'  # every results.json, of whatever version


def text(path: Path | None) -> str:
    """Return results.json for one loan file, or for the simulated portfolio when it is None.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    return export.to_json(cache.results_of(path), provenance.trace(path.name if path else None))
