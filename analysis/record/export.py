"""Results as JSON: full precision, keys as the documented schema has them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandera.typing.pandas import DataFrame

from analysis.base.entries import INLINE, UNWRITTEN, WRITTEN
from analysis.base.project import ROOT
from analysis.evidence.collect import Evidence
from analysis.findings.finding import Finding
from analysis.models.evaluation import ModelResult, SplitResult
from analysis.models.pair import Pair
from analysis.models.published import PublishedFrame
from analysis.portfolio.recipe import Recipe
from analysis.portfolio.summary import DataResult
from analysis.record.provenance import Provenance
from analysis.results import Results

SCHEMA_FILE = ROOT / "analysis" / "results.schema.json"
BEGINS = b'{\n  "format_version"'  # every results.json, of whatever version


@dataclass(frozen=True)
class PublishedCells:
    """How the figures compare with those of the published report.

    Attributes
    ----------
    all_cells_match : bool
        Whether every published figure came out again; only the published report's own data are
        expected to give them.
    cells : DataFrame
        Every figure of both published tables.
    """

    all_cells_match: bool
    cells: DataFrame[PublishedFrame]


@dataclass(frozen=True)
class JudgedEvidence:
    """How far the models can be trusted, a field a question, and what follows for a reader.

    Attributes
    ----------
    findings : tuple of Finding
        What a reader must know, most severe first.
    """

    evidence: Evidence = field(metadata=INLINE)
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ResultsFile:
    """Everything that the report states, with full precision; undefined figures are null.

    Attributes
    ----------
    format_version : int
        Grows when an entry changes its meaning or goes away.
    data : DataResult
        The loan table that was analysed.
    split : SplitResult
        How the table was split into training and test rows.
    recipe : Recipe
        How the loans were split and the models fitted.
    models : Pair of ModelResult
        What each model does on the test rows.
    published : PublishedCells
        How the figures compare with those of the published report.
    evidence : JudgedEvidence
        How far the models can be trusted.
    provenance : Provenance
        What made this file, apart from its data.
    """

    format_version: Literal[1]
    data: DataResult
    split: SplitResult
    recipe: Recipe
    models: Pair[ModelResult]
    published: PublishedCells
    evidence: JudgedEvidence
    provenance: Provenance


def to_dict(results: Results, provenance: Provenance) -> dict[str, Any]:
    """Return what results.json holds: a `ResultsFile`, as `results.schema.json` describes it."""
    whole = ResultsFile(
        format_version=1,
        data=results.data,
        split=results.split,
        recipe=results.recipe,
        models=results.models,
        published=PublishedCells(results.all_cells_match, results.published),
        evidence=JudgedEvidence(results.evidence, results.findings),
        provenance=provenance,
    )
    return _entries(whole)


def to_json(results: Results, provenance: Provenance) -> str:
    """Return results.json as text; the same results give the same bytes."""
    text = json.dumps(to_dict(results, provenance), indent=2, ensure_ascii=False, allow_nan=False)
    # A byte of a file's name that is no text arrives as half a character; JSON has a form for it.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def plain(value: Any) -> Any:  # noqa: PLR0911 -- one line a kind of value
    """Turn dataclasses, frames, arrays and tuples into what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return _entries(value)
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict(orient="records")]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _entries(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass as `base.entries` says that each is written."""
    found: dict[str, Any] = {}
    for each in fields(value):
        how = each.metadata.get(WRITTEN)
        if how == INLINE[WRITTEN]:
            found |= _entries(getattr(value, each.name))
        elif how != UNWRITTEN[WRITTEN]:
            found[each.name] = plain(getattr(value, each.name))
    return found
