"""An audit for a terminal, and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from analysis.audit.judging.claims import Claim
from analysis.audit.judging.instead import LABELS
from analysis.audit.judging.judged import NOT_JUDGED, RIGHT, WRONG, Judged
from analysis.audit.report import Audit
from analysis.audit.stated import MEASURES
from analysis.base.display import percent
from analysis.base.errors import WIDTH
from analysis.portfolio.recipe import Recipe

INDENT = " " * 6
FIGURE = ("where", "text", "measure", "label", "model")
RECIPE = ("seed", "test_share", "stratified", "scaled", "solver", "iterations", "resampler")
MOST_NAMED = 5  # pictures


def lines(audit: Audit) -> Iterator[str]:
    """Yield what a person reads: the recipe, then all that is wrong, then how much was judged."""
    yield f"{audit.name}: {_counted(audit)}"
    yield from _wrapped(recipe(audit), "  ")
    for what, instead in wrong(audit):
        yield f"  {what}"
        yield from _wrapped(instead, INDENT)
    for note in audit.notes:
        yield from _wrapped(f"note: {note}", "  ")
    if audit.images:
        named = ", ".join(audit.images[:MOST_NAMED]) + (
            " and more" if len(audit.images) > MOST_NAMED else ""
        )
        yield from _wrapped(f"note: {len(audit.images)} pictures were not read: {named}", "  ")


def wrong(audit: Audit) -> Iterator[tuple[str, str]]:
    """Yield every wrong figure and claim with its place, and what is true instead."""
    for each in audit.judged:
        if each.judgement == WRONG:
            said = f"{each.figure.text}, said to be {_said(each)}, is wrong"
            yield f"{each.figure.where}: {said}", each.instead
    for claim in audit.claims:
        if claim.judgement == WRONG:
            yield f"{claim.where}: “{claim.text}” is wrong", claim.instead


def _said(each: Judged) -> str:
    figure = each.figure
    whose = f" of the {figure.model} model" if figure.model else ""
    measure = MEASURES.get(str(figure.measure), "a count of loans")
    return f"{measure}{LABELS.get(figure.label, '')}{whose}"


def recipe(audit: Audit) -> str:
    """Say which recipe gives a report's figures."""
    if audit.found is None:
        return "No loan file was given: the figures are held against each other alone."
    if audit.found.trial is None:
        return "No recipe that reports of this kind use gives these figures on this loan file."
    words = f"The figures come from this recipe: {described(audit.found.trial.recipe)}."
    if audit.found.same:
        others = " or ".join(each.resampling for each in audit.found.same)
        words += f" With {others} the same figures come out: the report does not tell them apart."
    return words


def described(made: Recipe) -> str:
    """Return a recipe in words."""
    stratified = "stratified" if made.stratified else "not stratified"
    return (
        f"{percent(made.test_share, 0)} test loans, seed {made.seed}, {stratified}; "
        f"{made.fitted_by}; second model by {made.resampling}"
    )


def as_json(audit: Audit) -> str:
    """Return everything that an audit found as JSON."""
    return json.dumps(content(audit), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def content(audit: Audit) -> dict[str, Any]:
    """Return everything that an audit found as plain dictionaries."""
    trial = None if audit.found is None else audit.found.trial
    return {
        "report": audit.name,
        "recipe": None if trial is None else _recipe(trial.recipe),
        "recipe_in_words": recipe(audit),
        "not_told_apart": [_recipe(each) for each in audit.found.same] if audit.found else [],
        "figures": [
            {name: getattr(each.figure, name) for name in FIGURE} | _judgement(each)
            for each in audit.judged
        ],
        "claims": [
            {"where": each.where, "text": each.text} | _judgement(each) for each in audit.claims
        ],
        "notes": list(audit.notes),
        "images_not_read": list(audit.images),
    }


def _judgement(each: Judged | Claim) -> dict[str, Any]:
    return {
        "judgement": each.judgement,
        "kind": each.kind or None,
        "instead": each.instead or None,
    }


def _recipe(made: Recipe) -> dict[str, Any]:
    return {name: getattr(made, name) for name in RECIPE}


def _counted(audit: Audit) -> str:
    counts = audit.counts
    return f"{counts[RIGHT]} right, {counts[WRONG]} wrong, {counts[NOT_JUDGED]} not judged"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
