"""Valid loan files of many shapes, small: what every sentence of the report must be true on."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.portfolio import schema, simulate
from analysis.portfolio.declaration import module_12
from tests.support.columns import LABEL

Table = pd.DataFrame
ROWS = 800


def _validated(table: Table) -> Table:
    return schema.table(module_12()).validate(table)


def usual(rows: int = ROWS, seed: int = 5) -> Table:
    """Return loans like the published ones: columns that determine each other, few high-risk."""
    return simulate.portfolio(rows, seed=seed)


def unrelated(rows: int = ROWS, seed: int = 1) -> Table:
    """Return loans whose columns have nothing to do with each other; all of them healthy."""
    generator = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "loan_size": generator.uniform(1_000, 50_000, rows).round(2),
            "interest_rate": generator.uniform(2, 20, rows).round(3),
            "borrower_income": generator.uniform(2e4, 2e5, rows).round(0),
            "debt_to_income": 0.0,
            "num_of_accounts": generator.integers(0, 20, rows),
            "derogatory_marks": generator.integers(0, 4, rows),
            "total_debt": generator.uniform(0, 1e5, rows).round(0),
        }
    )
    return labelled(table, np.zeros(rows))


def labelled(table: Table, chance: np.ndarray, seed: int = 7) -> Table:
    """Return loans that are high-risk with these probabilities."""
    drawn = np.random.default_rng(seed).random(len(table)) < chance
    ratio = table["total_debt"] / table["borrower_income"]
    made = table.assign(debt_to_income=ratio, **{LABEL: drawn.astype("int64")})
    return _validated(made.reset_index(drop=True))


def logistic(table: Table, **slopes: float) -> np.ndarray:
    """Return a probability that rises with standardised columns; `base` is added to log-odds."""
    log_odds = np.full(len(table), slopes.pop("base", 0.0))
    for name, slope in slopes.items():
        log_odds += slope * (table[name] - table[name].mean()) / table[name].std()
    return np.asarray(expit(log_odds))


def _noise(base: float = 0.0, rows: int = ROWS, seed: int = 1, **slopes: float) -> Table:
    table = unrelated(rows, seed)
    return labelled(table, logistic(table, base=base, **slopes))


def _high_risk(table: Table, number: int) -> Table:
    """Return the healthy loans and the first few high-risk ones."""
    risky = table[table[LABEL] == 1].head(number)
    return pd.concat([table[table[LABEL] == 0], risky]).reset_index(drop=True)


def _u_shaped() -> Table:
    table = unrelated()
    middle = (table["interest_rate"] > 6) & (table["interest_rate"] < 16)
    return labelled(table, np.where(middle, 0.05, 0.8))


def _xor() -> Table:
    table = unrelated()
    first, second = (
        table[name] > table[name].median() for name in ("interest_rate", "borrower_income")
    )
    return labelled(table, np.where(first ^ second, 0.9, 0.1))


def _few_distinct(kinds: int) -> Table:
    table = unrelated(kinds, seed=3)
    chance = np.linspace(0.05, 0.7, kinds)
    rows = np.random.default_rng(2).integers(0, kinds, ROWS)
    return labelled(table.iloc[rows], chance[rows])


def _constant(table: Table, *names: str) -> Table:
    return _validated(table.assign(**{name: table[name].iloc[0] for name in names}))


def _only(name: str) -> Table:
    table = usual()
    return _constant(table, *(each for each in table.columns if each not in (name, LABEL)))


def _flipped(table: Table, share: float) -> Table:
    """Return loans of which a share has the other label."""
    wrong = np.random.default_rng(4).random(len(table)) < share
    return table.assign(**{LABEL: np.where(wrong, 1 - table[LABEL], table[LABEL])})


def _inverted() -> Table:
    """Return loans whose label is learned in training and turned round in the test."""
    table = _noise(interest_rate=2.0)
    held_out = np.random.default_rng(0).random(len(table)) < 0.5
    return table.assign(**{LABEL: np.where(held_out, 1 - table[LABEL], table[LABEL])})


def _sorted(table: Table) -> Table:
    return table.sort_values(LABEL, kind="stable").reset_index(drop=True)


def _large_amounts() -> Table:
    table = unrelated()
    amounts = np.random.default_rng(0).uniform(1, 1e12, (len(table), 3))
    table = table.assign(
        loan_size=amounts[:, 0], borrower_income=amounts[:, 1], total_debt=amounts[:, 2]
    )
    return labelled(table, logistic(table, base=-2, loan_size=1.5))


def _repeated(times: int) -> Table:
    table = _noise(base=-1, rows=ROWS // times, interest_rate=1.0, loan_size=0.5)
    return pd.concat([table] * times, ignore_index=True)


def _all_equal() -> Table:
    table = usual()
    return _constant(table, *(name for name in table.columns if name != LABEL))


SHAPES: Mapping[str, Callable[[], Table]] = {
    "usual": usual,
    "usual, 320 loans": lambda: usual(320, seed=1),
    "usual, 5,000 loans": lambda: usual(5_000, seed=8),
    "usual, one in ten labels wrong": lambda: _flipped(usual(), 0.1),
    "mostly high-risk": lambda: usual().assign(**{LABEL: 1 - usual()[LABEL]}),
    "99 % high-risk": lambda: _noise(base=5.5, rows=1_500, interest_rate=1.0),
    "half high-risk": lambda: _noise(interest_rate=2.0),
    "as many of both": lambda: _sorted(_noise(interest_rate=1.0)).iloc[150:650],
    "no signal": lambda: _noise(base=-2.5),
    "no signal, half high-risk": _noise,
    "heavy noise": lambda: _noise(base=-2, interest_rate=0.6, loan_size=0.3),
    "perfect separation": lambda: usual().assign(
        **{LABEL: (usual()["interest_rate"] > 9).astype("int64")}
    ),
    "perfect separation, half": lambda: _noise(interest_rate=1_000.0),
    "perfect separation by two columns": lambda: _noise(
        interest_rate=1_000.0, borrower_income=1_000.0
    ),
    "higher is safer": lambda: _noise(base=-1, interest_rate=-3.0),
    "labels turned round at random": _inverted,
    "U-shaped": _u_shaped,
    "XOR": _xor,
    "ten high-risk": lambda: _high_risk(usual(), 10),
    "twenty loans": lambda: pd.concat(
        [_noise().query(f"{LABEL} == {label}").head(10) for label in (0, 1)], ignore_index=True
    ),
    "sixty loans": lambda: _noise(rows=60, interest_rate=1.0),
    "rare, 2,000 loans": lambda: _noise(base=-5, rows=2_000, interest_rate=1.5),
    "two distinct rows": lambda: _few_distinct(2),
    "forty distinct rows": lambda: _few_distinct(40),
    "each loan ten times": lambda: _repeated(10),
    "each loan twice": lambda: _repeated(2),
    "constant columns": lambda: _constant(usual(), "loan_size", "derogatory_marks"),
    "no debt": lambda: _validated(usual().assign(total_debt=0.0, debt_to_income=0.0)),
    "one column": lambda: _only("interest_rate"),
    "one whole-number column": lambda: _only("derogatory_marks"),
    "all rows equal": _all_equal,
    "large amounts": _large_amounts,
    "sorted by label": lambda: _sorted(_noise(base=-1.5, interest_rate=1.0)),
    "usual, as published": usual,
}
# Fitted by the published recipe; the others are files of somebody else.
STAND_INS = ("usual, as published",)


def made(name: str) -> Table:
    """Return the loans of a shape."""
    return _validated(SHAPES[name]().reset_index(drop=True))
