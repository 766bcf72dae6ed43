"""The cost ratio from which on the one model is cheaper than the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.evidence.numerics.resampling import Interval, monte_carlo_error, plain
from analysis.evidence.thresholds.errors import Errors
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, other


@dataclass(frozen=True)
class BreakEven:
    """The cost ratio at which both models, each at one half, cost the same.

    Attributes
    ----------
    ratio : Interval
        Cost of a missed high-risk loan in refused healthy loans, from 0; undefined where there is
        none, for one model is cheaper at every ratio or both cost the same. `high` is None where
        there is no upper limit: in some replicates the model that misses fewer high-risk loans is
        the dearer one at every ratio.
    cheaper_above : str or None
        Id of the model that is cheaper above the ratio, or at every ratio where there is none;
        None where both cost the same.
    """

    ratio: Interval
    cheaper_above: str | None


def break_even(confusions: Mapping[str, Confusion], errors: Mapping[str, Errors]) -> BreakEven:
    """Find where both models at one half cost the same.

    Parameters
    ----------
    confusions, errors : mapping of model id
        What each decides on the test loans, and how it errs on their replicates.
    """
    fewer = min((ORIGINAL, OVERSAMPLED), key=lambda name: confusions[name].fn)
    few, more = confusions[fewer], confusions[other(fewer)]
    missed, refused = more.fn - few.fn, few.fp - more.fp
    if missed == 0 or refused < 0:
        cheaper = fewer if refused < 0 else other(fewer) if refused > 0 else None
        return BreakEven(Interval(None, None, None, "bootstrap"), cheaper)
    drawn_refused = errors[fewer].refused - errors[other(fewer)].refused
    drawn_missed = errors[other(fewer)].missed - errors[fewer].missed
    ratios = np.full(len(drawn_refused), np.inf)
    np.divide(drawn_refused, drawn_missed, out=ratios, where=drawn_missed > 0)
    low, high = np.quantile(np.maximum(ratios, 0), [0.025, 0.975], method="inverted_cdf")
    most = float(high) if high < np.inf else None
    found = Interval(refused / missed, plain(low), most, "bootstrap", monte_carlo_error(ratios))
    return BreakEven(found, fewer)
