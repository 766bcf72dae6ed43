"""What a terminal is told of a later file that was held against a report."""

from __future__ import annotations

import pandas as pd

from analysis.evidence.monitoring.stability import LARGE, LEVEL
from analysis.findings.words import Words
from analysis.report.sections.monitoring import watched

SHIFT = "shift"


def lines(found: pd.DataFrame, labelled: bool, words: Words) -> list[str]:
    """Tell what was watched, a line a figure, then what left its limits.

    Parameters
    ----------
    found : DataFrame
        A `StabilityFrame`.
    labelled : bool
        Whether the later file has labels.
    words : Words
        What the models and the loans are called.
    """
    figures = [watched(kind, name, words) for kind, name in found[["kind", "name"]].to_numpy()]
    named = found.assign(figure=figures)
    shown = named[["figure", "baseline", "later", "low", "high", "flag"]]
    table = shown.to_string(index=False, float_format=lambda value: f"{value:.4f}").splitlines()
    outside = named[named["flag"] == SHIFT]
    large = outside[outside["kind"].isin(["score", "feature"]) & (outside["later"] >= LARGE)]
    beyond = "shift, beyond what chance gives in files of this size, and what matters"
    told = [*table, f"{beyond}: {_listed(outside)}"]
    if len(outside):
        told.append(f"large by convention (an index of {LARGE:.2f} or more): {_listed(large)}")
    else:
        told.append(
            f"files of an unchanged portfolio stay within all limits in {LEVEL:.0%} or more"
        )
    if not labelled:
        told.append(
            f"no labels: the share of {words.high_risk} loans, recall and calibration were not "
            "watched"
        )
    return told


def _listed(figures: pd.DataFrame) -> str:
    return ", ".join(figures["figure"]) or "nothing"
