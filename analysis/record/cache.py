"""The analysis runs once for each data file, code and set of libraries; a second call reads it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from joblib import Memory

from analysis.base import files, project, settings
from analysis.base.errors import InputError
from analysis.portfolio import file, read
from analysis.portfolio.read import KnownFile
from analysis.record import provenance
from analysis.results import Results, run

FOLDER = project.KEPT
SIMULATED = "simulated"
MOST = 20  # results and sets of figures on file; the oldest go first
Kept = TypeVar("Kept")


def results(given: str | None = None) -> Results:
    """Return the results for the loan file that `loan_file.locate` finds, computed at most once.

    Raises
    ------
    InputError
        When the file cannot be used; nothing is kept then.
    """
    return results_of(file.locate(given))


def results_of(path: Path | None) -> Results:
    """Return the results for one loan file, or for the simulated portfolio when it is None.

    Raises
    ------
    InputError
        When the file cannot be used; nothing is kept then.
    """
    fingerprint = SIMULATED if path is None else file.fingerprint(path)
    return kept(
        _compute,
        "path",
        fingerprint=fingerprint,
        name=path.name if path else "",
        known=None if path is None else read.known_file(),
        cost_ratio=settings.load().cost_ratio,
        path=path,
    )


def kept(compute: Callable[..., Kept], ignored: str, **arguments: Any) -> Kept:
    """Return what a function gives, computed at most once for each code and set of libraries.

    Parameters
    ----------
    compute : function
        Of the arguments and of `key`, which stands for the code and the libraries.
    ignored : str
        The argument that follows from the others.
    """
    key = (provenance.code_fingerprint(), repr(provenance.library_versions()))
    memory = _memory()
    with warnings.catch_warnings():
        # joblib warns when a kept result is slow to read or damaged; it computes again then.
        warnings.simplefilter("ignore")
        found: Kept = memory.cache(compute, ignore=[ignored], verbose=0)(key=key, **arguments)
        memory.reduce_size(items_limit=MOST)
    return found


def _memory() -> Memory:
    """Return the place where results are kept; none where the folder cannot be written to."""
    try:
        files.make_folder(FOLDER)
    except InputError:
        return Memory(None, verbose=0)
    return Memory(FOLDER, verbose=0)


def _compute(
    *,
    fingerprint: str,
    name: str,
    known: KnownFile | None,
    cost_ratio: float,
    key: tuple[str, ...],
    path: Path | None,
) -> Results:
    """Compute results; `name`, `known` and `key` only take part in what a result is kept under."""
    del name, known, key
    portfolio = read.simulated() if path is None else read.read(path)
    if path is not None and portfolio.sha256 != fingerprint:
        raise InputError.of_file(
            str(path),
            "it changed while it was read",
            "a file that stays as it is",
            "run the command again",
        )
    return run(portfolio, cost_ratio)
