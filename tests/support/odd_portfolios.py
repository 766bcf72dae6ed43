"""Portfolios that are odd but valid: every computation must survive them without a warning."""

import numpy as np
import pandas as pd

from analysis.models import fits, splitting
from analysis.models.pair import Pair
from analysis.portfolio import loans, schema, simulate
from analysis.portfolio.declaration import module_12
from tests.support.columns import LABEL, feature_names


def _tables():
    usual = simulate.portfolio(1_200, seed=5)
    risky = usual[LABEL] == 1
    generator = np.random.default_rng(0)
    equal = usual.assign(**{name: usual[name].iloc[0] for name in feature_names()})
    amounts = generator.uniform(1, 1e12, (len(usual), 3))
    huge = usual.assign(loan_size=amounts[:, 0], borrower_income=amounts[:, 1])
    huge = huge.assign(total_debt=amounts[:, 2], debt_to_income=amounts[:, 2] / amounts[:, 1])
    return {
        "usual": usual,
        "mostly high-risk": usual.assign(loan_status=1 - usual[LABEL]),
        "ten high-risk": pd.concat([usual[~risky], usual[risky].head(10)], ignore_index=True),
        "twenty loans": pd.concat([usual[~risky].head(10), usual[risky].head(10)]),
        "constant columns": usual.assign(loan_size=1_000.0, derogatory_marks=0),
        "equal features": equal,
        "equal halves": equal.assign(loan_status=np.arange(len(equal)) % 2),
        "separable": usual.assign(loan_status=(usual["interest_rate"] > 9).astype("int64")),
        "no signal": usual.assign(loan_status=generator.permutation(usual[LABEL])),
        "huge amounts": huge,
        "tiny amounts": usual.assign(loan_size=1e-300 * usual["loan_size"]),
    }


PORTFOLIOS = {name: schema.table(module_12()).validate(table) for name, table in _tables().items()}


def fitted(name):
    """Return the split of an odd portfolio and both models as published."""
    parts = splitting.split(loans.from_table(PORTFOLIOS[name]))
    splitting.check_split(name, parts, module_12().label)
    return parts, published(parts)


def published(parts):
    """Return both models as published, on the test rows."""
    both = fits.fit_original(parts.train), fits.fit_oversampled(parts.train)
    return Pair(*(model.apply(parts.test) for model in both))
