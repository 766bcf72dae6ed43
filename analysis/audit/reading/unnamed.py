"""Tables whose model nothing names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.audit.stated import MODELS, RESAMPLED, Figure
from analysis.models.pair import ORIGINAL


def with_models(figures: Sequence[Figure]) -> list[Figure]:
    """Give tables whose model nothing names to the models in their order, where that is clear."""
    tables: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.table is not None:
            tables.setdefault(figure.table, []).append(figure)
    named = {each.model for group in tables.values() for each in group if each.model}
    alone = [at for at, group in tables.items() if not any(each.model for each in group)]
    given: dict[int, str] = {}
    if named == {ORIGINAL} and len(alone) == 1:
        measures = {at: {each.measure for each in group} for at, group in tables.items()}
        own = measures.pop(alone[0])
        given = {alone[0]: RESAMPLED if own in measures.values() else ORIGINAL}
    elif not named and len(alone) == len(MODELS):
        given = dict(zip(alone, MODELS, strict=True))
    elif named <= {RESAMPLED}:
        given = dict.fromkeys(alone[:1], ORIGINAL)
    return [
        replace(figure, model=given[figure.table])
        if figure.table in given and figure.model is None
        else figure
        for figure in figures
    ]
