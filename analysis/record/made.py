"""What a report is made of: results, where they came from, the owner's settings; read once.

A render computes them in one process and makes the document of them in another: what the first
one writes down is what the second one shows, whatever happens to the loan file meanwhile.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from analysis.base import files, project, settings
from analysis.base.settings import Settings
from analysis.portfolio.database.address import DataSource
from analysis.record import cache, export, provenance, serial
from analysis.record.provenance import Provenance
from analysis.results import Results


@dataclass(frozen=True)
class Made:
    """All that a report's document and its results.json are made of."""

    results: Results
    provenance: Provenance
    settings: Settings

    @property
    def json(self) -> str:
        """The text of results.json."""
        return export.to_json(self.results, self.provenance)


def of(path: DataSource | None, fingerprint: str = "") -> Made:
    """Return what the report on a loan file is made of, on the simulated portfolio for None.

    Parameters
    ----------
    fingerprint : str
        The file's, where it was taken before: a file that is another by now is refused.

    Raises
    ------
    InputError
        When the file or the settings cannot be used.
    """
    owners = settings.load()
    results = cache.results_of(path, owners.cost_ratio, fingerprint)
    return Made(results, provenance.trace(path), owners)


def hand_over(made: Made, place: Path) -> None:
    """Write it down for the process that makes the document; `project.RESULTS` names it."""
    files.write(place, serial.dump(made), mode=0o600)


def handed_over() -> Made | None:
    """Return what the render that makes this document has computed; None where there is none."""
    place = os.environ.get(project.RESULTS)
    if not place:
        return None
    found: Made = serial.load(Path(place).read_bytes())
    return found
