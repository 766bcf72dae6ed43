"""The embedded default: a simulated portfolio with the structure of the published one.

One latent score u makes every column. The interest rate is 5.25 + 2.125 u and follows a mixture
of two normal distributions cut below at 5.25; few loans lie in the other label's component.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, module_12
from analysis.portfolio.schema import table as schema

SEED = 12
HEALTHY_LOANS, HIGH_RISK_LOANS = 75_036, 2_500
ROWS = HEALTHY_LOANS + HIGH_RISK_LOANS
LOWEST_RATE, RATE_PER_SCORE = 5.25, 2.125
LOW_RATES = (7.147, 0.496)  # mean and standard deviation, percent
HIGH_RATES = (11.0, 0.66)
# The shares of each label whose rate comes from the other label's component.
HEALTHY_WITH_HIGH_RATE = 422 / HEALTHY_LOANS
HIGH_RISK_WITH_LOW_RATE = 13 / HIGH_RISK_LOANS
# Below this many rows, there are fewer high-risk loans than a report needs.
LEAST_ROWS = 320
MOST_ROWS = 100_000_000
BEGINS = b"loan_size,interest_rate,"  # its CSV form


def portfolio(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Simulate a loan table.

    Parameters
    ----------
    rows : int
        How many loans, at least `LEAST_ROWS`; the share of high-risk loans stays that of the
        published portfolio.
    seed : int
        Seed of the generator; the same seed gives the same table.

    Returns
    -------
    DataFrame
        A loan table of the published report, `rows` rows, all healthy loans first.

    Raises
    ------
    ValueError
        When `rows` is below `LEAST_ROWS`.
    """
    if rows < LEAST_ROWS:
        raise ValueError(f"{rows} rows are too few: at least {LEAST_ROWS} are needed")
    generator = np.random.default_rng(seed)
    high_risk = round(rows * HIGH_RISK_LOANS / ROWS)
    healthy = rows - high_risk
    rate = np.concatenate(
        [
            _rates(generator, healthy, LOW_RATES, HIGH_RATES, HEALTHY_WITH_HIGH_RATE),
            _rates(generator, high_risk, HIGH_RATES, LOW_RATES, HIGH_RISK_WITH_LOW_RATE),
        ]
    )
    score = (rate - LOWEST_RATE) / RATE_PER_SCORE
    income = np.round(30_000 + 20_000 * score, -2)
    debt = income - 30_000
    table = pd.DataFrame(
        {
            "loan_size": np.round(5_000 + 5_000 * score, -2),
            "interest_rate": np.round(rate, 3),
            "borrower_income": income,
            "debt_to_income": debt / income,
            "num_of_accounts": np.floor(4.5 * score).astype("int64"),
            "derogatory_marks": np.floor(score).astype("int64"),
            "total_debt": debt,
            "loan_status": np.repeat([HEALTHY, HIGH_RISK], [healthy, high_risk]).astype("int64"),
        }
    )
    return schema(module_12()).validate(table)


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the table as a CSV file's bytes; reading them gives the same table again."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def _rates(
    generator: np.random.Generator,
    size: int,
    usual: tuple[float, float],
    other: tuple[float, float],
    other_share: float,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draw interest rates from a mixture, redrawing what falls below the lowest rate."""
    from_other = round(size * other_share)
    mean, deviation = np.repeat([usual, other], [size - from_other, from_other], axis=0).T
    rates = generator.normal(mean, deviation)
    while (low := rates < LOWEST_RATE).any():
        rates[low] = generator.normal(mean[low], deviation[low])
    return generator.permutation(rates)
