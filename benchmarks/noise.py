"""Write a portfolio in which no loan is like another: noise on every amount."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.portfolio import schema, simulate
from analysis.portfolio.declaration import module_12

AMOUNTS = ("loan_size", "borrower_income", "total_debt")
SPREAD = 0.01  # standard deviation of the noise, as a share of the amount
SEED = 12


def portfolio(rows: int = simulate.ROWS, seed: int = SEED) -> pd.DataFrame:
    """Simulate a loan table without repeated rows.

    Parameters
    ----------
    rows : int
        How many loans, at least `simulate.LEAST_ROWS`.
    seed : int
        Seed of the noise; the loans below it are those of `simulate.portfolio`.

    Returns
    -------
    DataFrame
        A loan table of the published report, `rows` rows, amounts in whole cents.

    Raises
    ------
    RuntimeError
        When two loans have the same features after all.
    """
    table = simulate.portfolio(rows)
    generator = np.random.default_rng(seed)
    for name in AMOUNTS:
        table[name] = (table[name] * np.exp(generator.normal(0, SPREAD, rows))).round(2)
    table["debt_to_income"] = table["total_debt"] / table["borrower_income"]
    if table.duplicated([each.name for each in module_12().features]).any():
        raise RuntimeError(f"loans repeat among {rows:,} with noise of seed {seed}")
    return schema.table(module_12()).validate(table)


def main() -> None:
    """Write the file that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noise", description=__doc__)
    parser.add_argument("--rows", type=int, default=simulate.ROWS, metavar="N")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    options = parser.parse_args()
    options.out.write_bytes(simulate.to_csv(portfolio(options.rows)))


if __name__ == "__main__":
    main()
