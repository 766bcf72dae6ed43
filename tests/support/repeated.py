"""Repeated splits of a portfolio, as the evidence puts them together."""

from itertools import chain

import pytest

from analysis.base import parallel
from analysis.evidence import resplits
from analysis.models import splitting


def repeat(loans, seeds):
    """Return the repetitions of some seeds; large portfolios take only the first of them."""
    with pytest.MonkeyPatch.context() as patch, parallel.one_thread():
        patch.setattr(resplits, "SEEDS", seeds)
        tried = resplits.affordable(loans, len(loans.feature_names))
        made = [resplits.repetitions(loans, {}, each) for each in splitting.batches(loans, tried)]
        return resplits.gathered(list(chain(*made)))
