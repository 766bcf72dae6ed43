"""Odd but valid portfolios get their evidence without a warning, and all of it can be written."""

import json
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from analysis.evidence import repeats
from analysis.evidence.certainty import comparison, intervals
from analysis.evidence.columns import coefficients, identities
from analysis.evidence.probabilities import recalibration, scores
from analysis.models import fits
from analysis.portfolio import loans, schema, simulate
from analysis.portfolio.declaration import module_12
from analysis.portfolio.distinct import distinct
from tests.support.columns import LABEL, feature_names
from tests.support.odd_portfolios import published

USUAL = simulate.portfolio(1_500, seed=2)
RISKY = USUAL[LABEL] == 1


def only(values):
    return USUAL.assign(**{name: values(USUAL[name]) for name in feature_names()})


def amounts_of_any_size():
    amounts = np.random.default_rng(0).uniform(1, 1e12, (len(USUAL), 3))
    table = USUAL.assign(
        loan_size=amounts[:, 0], borrower_income=amounts[:, 1], total_debt=amounts[:, 2]
    )
    return table.assign(debt_to_income=table["total_debt"] / table["borrower_income"])


PORTFOLIOS = {
    "most are high-risk": USUAL.assign(loan_status=1 - USUAL[LABEL]),
    "ten high-risk": pd.concat([USUAL[~RISKY], USUAL[RISKY].head(10)], ignore_index=True),
    "forty loans": pd.concat([USUAL[~RISKY].head(20), USUAL[RISKY].head(20)], ignore_index=True),
    "constant columns": USUAL.assign(loan_size=1_000.0, derogatory_marks=0),
    "equal features": only(lambda values: values.iloc[0]),
    "two feature rows": only(lambda values: np.where(RISKY, values.max(), values.min())),
    "separable": USUAL.assign(loan_status=(USUAL["interest_rate"] > 9).astype("int64")),
    "no signal": USUAL.assign(loan_status=np.random.default_rng(0).permutation(USUAL[LABEL])),
    "any amounts": amounts_of_any_size(),
    "no debt": USUAL.assign(total_debt=0.0, debt_to_income=0.0),
}


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_all_evidence_can_be_computed_and_written(name):
    whole = loans.from_table(schema.table(module_12()).validate(PORTFOLIOS[name]))
    parts = fits.split(whole)
    fits.check_split(name, parts, module_12().label)
    test = parts.test
    both = published(parts).values()
    scored = [scores.score(test.labels, each.log_odds, test.counts) for each in both]
    described = [
        intervals.describe(each.confusion, test.labels, each.log_odds, test.counts, replicates=100)
        for each in both
    ]
    corrected = recalibration.recalibrate(list(both)[1], scored[1], test, parts.train.label_counts)
    found = identities.search(whole.features)
    rank = coefficients.design(whole.features)
    groups = distinct(test.features).inverse
    evidence = [
        repeats.examine(whole, parts),
        rank,
        *found,
        *scored,
        *(each for model in both for each in coefficients.describe(model.fitted, parts.train)),
        *(each for metrics in described for each in metrics.values()),
        comparison.compare(
            test.labels, *(each.decided for each in both), groups, test.counts, replicates=100
        ),
        corrected,
    ]
    json.dumps([asdict(each) for each in evidence], allow_nan=False)
    constant = {each.target for each in found if each.kind == "constant"}
    assert constant == {each for each in feature_names() if whole.rows[each].nunique() == 1}
    assert constant <= set(rank.unidentified)
    assert 1 <= rank.design_rank <= rank.design_columns == 8
