"""Results as JSON: full precision, keys as the documented schema has them."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence.baselines import Baselines
from analysis.evidence.collect import ModelEvidence
from analysis.provenance import Provenance
from analysis.results import ModelResult, Results

FORMAT_VERSION = 1
SCHEMA_FILE = Path(__file__).with_name("results.schema.json")


def to_dict(results: Results, provenance: Provenance) -> dict[str, Any]:
    """Return what results.json holds; `results.schema.json` describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "data": plain(results.data),
        "split": plain(results.split),
        "models": {name: _model(model) for name, model in results.models.items()},
        "published": {
            "all_cells_match": results.all_cells_match,
            "cells": plain(results.published),
        },
        "evidence": _evidence(results),
        "provenance": plain(provenance),
    }


def to_json(results: Results, provenance: Provenance) -> str:
    """Return results.json as text; the same results give the same bytes."""
    text = json.dumps(to_dict(results, provenance), indent=2, ensure_ascii=False, allow_nan=False)
    # A byte of a file's name that is no text arrives as half a character; JSON has a form for it.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


@cache
def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of results.json."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def _model(model: ModelResult) -> dict[str, Any]:
    fitted = model.fitted
    return {
        "training_counts": plain(fitted.training_counts),
        "confusion": plain(model.confusion),
        "classification_report": model.classification_report,
        "balanced_accuracy": model.balanced_accuracy,
        "iterations": fitted.iterations,
        "converged": fitted.converged,
    }


def _evidence(results: Results) -> dict[str, Any]:
    """Return the evidence under the names that the schema documents."""
    evidence = results.evidence
    return {
        "data": {
            "prevalence": plain(evidence.prevalence),
            **plain(evidence.repeats),
            "identities": plain(evidence.identities),
            **plain(evidence.design),
        },
        "models": {name: _model_evidence(model) for name, model in evidence.models.items()},
        "comparison": plain(evidence.comparison),
        "recalibrated": plain(evidence.recalibrated),
        "converged": plain(evidence.converged),
        "baselines": _baselines(evidence.baselines),
        "thresholds": plain(evidence.thresholds),
        "resplits": plain(evidence.resplits),
        "monitoring": plain(evidence.monitoring),
        "findings": plain(results.findings),
    }


def _baselines(found: Baselines) -> dict[str, Any]:
    """Put each baseline beside what it does on the test rows."""
    majority = plain(found.majority)
    rule = found.best_rule and plain(found.best_rule) | plain(found.best_rule_outcome)
    return {"majority": majority.pop("outcome") | majority, "best_rule": rule}


def _model_evidence(model: ModelEvidence) -> dict[str, Any]:
    return {
        **plain(model.scores),
        "iterations": model.iterations,
        "converged": model.converged,
        "coefficients": plain(model.coefficients),
        "intervals": plain(model.intervals),
        "reliability": plain(model.curves.reliability),
    }


def plain(value: Any) -> Any:  # noqa: PLR0911 -- one line a kind of value
    """Turn dataclasses, frames, arrays and tuples into what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
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
