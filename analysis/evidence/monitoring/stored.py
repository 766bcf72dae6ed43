"""A baseline read back from a report, and what of it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
from pydantic import TypeAdapter, ValidationError

from analysis.evidence.monitoring.baseline import Baseline, ScoredModel
from analysis.evidence.monitoring.bins import Bins
from analysis.evidence.monitoring.rates import PORTFOLIO, Rate, RateKind

# What a baseline that is read back may hold: beyond it nothing can be drawn, or it takes for ever.
MOST, LARGEST, MOST_BINS = 1e12, 1e100, 1_000
NO_BASELINE = "this is no monitoring baseline"


def from_dict(content: Mapping[str, Any]) -> Baseline:
    """Read a baseline back from the dictionary that its JSON form holds.

    Raises
    ------
    ValueError
        When it is not a baseline, with what is wrong.
    """
    try:
        found = TypeAdapter(Baseline).validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{NO_BASELINE}: {where or 'it'}: {first['msg']}") from None
    if problem := _problem(found):
        raise ValueError(f"{NO_BASELINE}: {problem}")
    return found


def _problem(found: Baseline) -> str:
    """Say what of a baseline cannot be; "" where it fits together."""
    models, features = [each.id for each in found.models], found.columns if found.models else []
    names = [("score", each) for each in models] + [("feature", each) for each in features]
    if len(set(models)) < len(models) or [(each.kind, each.name) for each in found.bins] != names:
        return "not one set of bins for each score and column"
    rates = {(kind, name) for kind in get_args(RateKind) for name in models if kind != "high_risk"}
    given = [(each.kind, each.name) for each in found.rates]
    if len(given) != len(rates) + 1 or set(given) != rates | {("high_risk", PORTFOLIO)}:
        return "not one rate of each kind"
    if found.training_rows > MOST:
        return "its training rows are too many"
    problems = [
        *(_model_problem(each, features) for each in found.models),
        *(_bins_problem(each) for each in found.bins),
        *(_rate_problem(each) for each in found.rates),
    ]
    return next(filter(None, problems), "")


def _model_problem(model: ScoredModel, features: list[str]) -> str:
    known = list(model.coefficients) == features  # all models have the same columns
    numbers = np.array([model.intercept, *model.coefficients.values()])
    return "" if known and (np.abs(numbers) < LARGEST).all() else f"no model {model.id!r}"


def _bins_problem(bins: Bins) -> str:
    add_up = (
        len(bins.shares) == len(bins.edges) + 1 <= MOST_BINS
        and (np.abs(bins.edges) < LARGEST).all()
        and (np.diff(bins.edges) > 0).all()
        and min(bins.shares) > 1 / MOST
        and abs(sum(bins.shares) - 1) < 1e-6  # noqa: PLR2004 -- rounding of a sum
    )
    return "" if add_up else f"bins of {bins.name!r} do not add up"


def _rate_problem(rate: Rate) -> str:
    least = 0 if rate.kind == "observed_expected" else rate.events
    fits = rate.events < MOST and max(least, 1 / MOST) <= rate.of < MOST
    return "" if fits else f"no {rate.kind!r} of {rate.name!r}"
