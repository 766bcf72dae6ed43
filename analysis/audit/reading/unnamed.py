"""Tables whose model nothing names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.audit.stated import MODELS, RESAMPLED, Figure
from analysis.models.pair import ORIGINAL


def with_models(figures: Sequence[Figure]) -> list[Figure]:
    """Give tables whose model nothing names to the models in their order, where that is clear."""
    tables: dict[int, set[str | None]] = {}
    kinds: dict[int, set[str | None]] = {}
    for figure in figures:
        if figure.table is not None:
            tables.setdefault(figure.table, set()).add(figure.model)
            kinds.setdefault(figure.table, set()).add(figure.measure)
    named = {model for models in tables.values() for model in models if model}
    alone = [table for table, models in tables.items() if models == {None}]
    given: dict[int, str] = {}
    alike = [
        table
        for table in alone
        if any(kinds[table] == kinds[other] for other in tables if other not in alone)
    ]
    if named == {ORIGINAL} and len(alone) == 1:
        given = {alone[0]: RESAMPLED if alike else ORIGINAL}
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
