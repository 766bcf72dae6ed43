"""Samples of large portfolios, for what costs too much on all of their loans."""

from __future__ import annotations

import numpy as np

from analysis.evidence.numerics.resampling import SEED
from analysis.models.splitting import without_replacement
from analysis.portfolio.loans import Loans

# Unlike loans on which a sort of each column takes a twentieth of a second. A share of so many
# loans is known to 0.3 points.
MOST_LOANS = 100_000


def sample(loans: Loans, most: int = MOST_LOANS) -> Loans:
    """Return the loans themselves, or so many drawn from them where more are unlike each other.

    Parameters
    ----------
    loans : Loans
        At least one; distinct rows that count 0 are none.
    most : int
        Up to so many distinct loans all are kept; beyond, so many loans are drawn without
        replacement.
    """
    if np.count_nonzero(loans.counts) <= most:
        return loans.held()
    return loans.counted(without_replacement(loans.counts, most, np.random.default_rng(SEED)))
