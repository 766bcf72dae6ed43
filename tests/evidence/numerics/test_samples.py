"""Samples keep small portfolios whole, and draw from large ones without replacement."""

import numpy as np

from analysis.evidence.numerics.samples import sample
from analysis.portfolio import loans, simulate


def test_up_to_the_limit_all_loans_are_kept():
    whole = loans.from_table(simulate.portfolio(500, seed=1))
    assert sample(whole) is whole
    assert sample(whole, most=len(whole)) is whole


def test_beyond_it_loans_are_drawn_in_proportion():
    whole = loans.from_table(simulate.portfolio(4_000, seed=1))
    found = sample(whole, most=300)
    assert found.total == 300
    drawn = found.rows.merge(whole.rows.assign(times=whole.counts), how="left")
    assert (found.counts <= drawn["times"]).all()
    assert sample(whole, most=300).rows.equals(found.rows)
    rates = [np.average(each.rows["interest_rate"], weights=each.counts) for each in (whole, found)]
    assert abs(rates[0] - rates[1]) < 0.2


def test_distinct_rows_that_count_nothing_are_no_loans():
    whole = loans.from_table(simulate.portfolio(2_000, seed=1))
    risky = whole.weighed(np.where(whole.labels == 1, whole.counts, 0))
    kept = sample(risky, most=len(whole))
    assert (kept.labels == 1).all()
    assert kept.total == whole.label_counts[1]
    drawn = sample(risky, most=20)
    assert (drawn.total, set(drawn.labels)) == (20, {1})
