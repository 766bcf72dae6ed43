"""What a report is made of, kept as Quarto's runs of the document read it.

So a render after a change of prose loads none of what computes, but in those runs themselves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from analysis.base import settings
from analysis.portfolio import declaration
from analysis.portfolio.database.address import DataSource
from analysis.record import cache, provenance

KIND = "computed"  # of what is kept


@dataclass(frozen=True)
class Computed:
    """What a render computes before the document runs.

    Attributes
    ----------
    results : str
        results.json.
    handed : str
        What the document's code reads in place of computing it: a `made.Made`, as text.
    """

    results: str
    handed: str


def of(path: DataSource | None) -> Computed:
    """Return what the report on a loan file is made of, on the simulated portfolio for None.

    Raises
    ------
    InputError
        When the file or the settings cannot be used; nothing is kept then.
    """
    fingerprint = cache.taken(path) if path else ""
    return Computed(
        **cache.kept(KIND, parts(path, fingerprint), lambda: _compute(path, fingerprint))
    )


def parts(path: DataSource | None, fingerprint: str) -> list[object]:
    """Return what results, provenance and settings follow from, beside code and libraries."""
    return [
        repr(settings.load()),
        fingerprint,
        repr(declaration.of(path)),
        declaration.MODULE_12.read_text(encoding="utf-8"),
        asdict(provenance.trace(path)),
        cache.state(path),
    ]


def _compute(path: DataSource | None, fingerprint: str) -> dict[str, str]:
    from analysis.record import made, serial  # noqa: PLC0415 -- what is kept needs none of it

    found = made.of(path, fingerprint)
    return {"results": found.json, "handed": serial.dump(found).decode("utf-8", "surrogatepass")}
