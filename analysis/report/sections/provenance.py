"""What made the report: the rows of its table and the line at its foot."""

from __future__ import annotations

from analysis.base import display
from analysis.portfolio.database.origin import Origin
from analysis.record.provenance import UNKNOWN, Provenance
from analysis.report.drawing.tables import Table, facts
from analysis.results import Results

OTHERS = " (other versions ran)"


def table(results: Results, provenance: Provenance) -> Table:
    """Show what made this report."""
    rows = identity(results, provenance)
    return facts("provenance", "What", "Value", rows, "What made this report")


def identity(results: Results, provenance: Provenance) -> dict[str, str]:
    """Return what identifies this report, name to text."""
    data = results.data
    origin = data.database
    kind = f"{origin.engine} {origin.version}" if origin else data.source
    state = "" if provenance.clean else ", with uncommitted changes"
    rows = {
        "Data": f"{data.name} ({kind}{', verified' if data.known else ''})",
        "Data SHA-256": data.sha256,
        "Loans SHA-256, in any order": data.loans_sha256,
        **(_of_database(origin) if origin else {}),
        "Declaration": provenance.declaration,
        "Declaration SHA-256": provenance.declaration_sha256,
        "Rows": display.count(data.rows),
        "Training rows / test rows": (
            f"{display.count(results.split.train_rows)} / {display.count(results.split.test_rows)}"
        ),
        f"Seed of split, {_resampler(results)} and solver": str(results.split.random_state),
        "Commit": provenance.commit + (state if provenance.commit != UNKNOWN else ""),
        "Code SHA-256": provenance.code_sha256,
        "Lock file SHA-256": provenance.lock_sha256 + ("" if provenance.as_locked else OTHERS),
        "Python": f"{provenance.python} on {provenance.platform}",
        **provenance.libraries,
        "Date (UTC)": provenance.date,
        "Made again by": provenance.command,
    }
    if data.notes:
        rows["Reading the file"] = " ".join(data.notes)
    return rows


def _of_database(origin: Origin) -> dict[str, str]:
    return {
        "Query": origin.query,
        "Snapshot": origin.snapshot,
        "Order of the loans": origin.order,
        "Rows in the database": display.count(origin.rows),
        "Fetched": f"{'a sample of the' if origin.sampled else 'all'} distinct loans, "
        f"{display.count(origin.fetched_bytes)} bytes",
    }


def _resampler(results: Results) -> str:
    return "oversampler" if results.words.resampling == "oversampling" else "resampler"


def footer(results: Results, provenance: Provenance) -> str:
    """Return the line at the foot of every page: data, code, lock file, date."""
    changed = "" if provenance.clean else " (changed)"
    known = provenance.commit != UNKNOWN
    code = (
        f"commit {provenance.commit[:12]}{changed}"
        if known
        else f"code {provenance.code_sha256[:12]}"
    )
    lock = provenance.lock_sha256[:12] + ("" if provenance.as_locked else OTHERS)
    return f"Data {results.data.sha256[:12]} · {code} · lock {lock} · {provenance.date}"
