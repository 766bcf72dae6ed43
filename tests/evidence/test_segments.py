"""Segments against pandas on all rows."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from analysis.evidence import segments
from analysis.evidence.numerics.cuts import equal_parts
from analysis.models import splitting
from analysis.portfolio import loans, simulate
from tests.support import plain
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published


@pytest.fixture(scope="module")
def found():
    parts = splitting.split(loans.from_table(simulate.portfolio(4_000, seed=2)))
    both = published(parts)
    return parts.test, both, segments.examine(parts.test, both)


def test_counts_agree_with_scikit_learn_on_all_rows(found):
    test, both, frame = found
    table = plain.table(test)
    for row in frame.itertuples():
        held = table[table[row.column].between(row.lower, row.upper)]
        labels, decided = held["loan_status"], both[row.model].fitted.predict(held)
        assert (row.loans, row.high_risk) == (len(held), labels.sum())
        cells = confusion_matrix(labels, decided, labels=[0, 1]).ravel()
        assert [row.tn, row.fp, row.fn, row.tp] == cells.tolist()
        assert row.refused_share == pytest.approx(decided.mean())
        if row.high_risk:
            assert row.recall == pytest.approx(recall_score(labels, decided))
        assert np.isnan(row.recall) == (row.high_risk == 0)


def test_segments_hold_every_loan_once_and_shares_add_up(found):
    test, both, frame = found
    for (_, model), each in frame.groupby(["column", "model"]):
        assert each["loans"].sum() == test.total
        assert each["segment"].tolist() == list(range(1, len(each) + 1))
        assert (each["lower"].to_numpy()[1:] > each["upper"].to_numpy()[:-1]).all()
        if both[model].fitted.predict(test.features).any():
            assert each["share_of_refused"].sum() == pytest.approx(1)


def test_quarters_have_about_a_quarter_each():
    values, counts = np.arange(1_000.0), np.ones(1_000, np.int64)
    assert np.bincount(equal_parts(values, counts, 4)).tolist() == [250] * 4
    ties = np.array([1.0] * 60 + [2.0] * 30 + [3.0] * 10)
    assert equal_parts(ties, np.ones(100, np.int64), 4).max() == 2
    assert equal_parts(np.array([1.0, 2.0]), np.array([1, 1_000]), 4).tolist() == [0, 0]


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    parts, both = fitted(name)
    frame = segments.examine(parts.test, both)
    constant = parts.test.features.nunique() == 1
    for column in parts.test.features.columns[constant]:
        assert len(frame[frame["column"] == column]) == 2


def test_the_top_quarter_of_income_bears_all_refusals_on_the_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    frame = segments.examine(parts.test, published(parts))
    top = frame[(frame["column"] == "borrower_income") & (frame["segment"] == 4)]
    assert top["share_of_refused"].tolist() == [1, 1]
    assert top["fp"].tolist() == [102, 116]
