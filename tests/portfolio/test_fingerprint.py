"""The fingerprint of loans: the same in any order and form, another for any other loans."""

import hashlib

import numpy as np
import pandas as pd

from analysis.portfolio import fingerprint
from analysis.portfolio.distinct import Distinct, distinct


def test_it_is_the_same_in_any_order(small_table):
    expected = fingerprint.of(distinct(small_table))
    assert fingerprint.of(distinct(small_table.sample(frac=1, random_state=1))) == expected
    every = np.arange(len(small_table))
    whole = Distinct(small_table, np.ones(len(small_table), np.int64), every)
    assert fingerprint.of(whole) == expected  # equal loans that were not joined
    assert fingerprint.of(distinct(small_table.astype(float) * -1 * -1)) == expected


def test_it_is_another_for_other_loans(small_table):
    expected = fingerprint.of(distinct(small_table))
    changed = small_table.copy()
    changed.loc[7, "total_debt"] += 1
    for other in (changed, small_table[1:], pd.concat([small_table, small_table[:1]])):
        assert fingerprint.of(distinct(other)) != expected


def test_it_can_be_computed_by_hand():
    table = pd.DataFrame({"a": [2.0, 1.0, 2.0], "b": [0.0, np.nan, -0.0]})
    rows = pd.DataFrame({"a": [2.0, 1.0], "b": [0.0, np.nan]})
    hashes = pd.util.hash_pandas_object(rows, index=False)
    counts = dict(zip(hashes, [2, 1], strict=True))
    ordered = sorted(counts)
    digest = hashlib.sha256(b"".join(int(each).to_bytes(8, "little") for each in ordered))
    digest.update(b"".join(counts[each].to_bytes(8, "little") for each in ordered))
    assert fingerprint.of(distinct(table)) == digest.hexdigest()
