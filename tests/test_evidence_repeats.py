"""Repeats, conflicts, rows seen in training and grouped splits, against plain loops."""

from pathlib import Path

import pandas as pd
import pytest
from imblearn.over_sampling import RandomOverSampler
from sklearn.model_selection import GroupShuffleSplit

from analysis import data, models, simulate
from analysis.evidence import repeats
from analysis.evidence.weighting import distinct
from analysis.metrics import balanced_accuracy
from analysis.schema import LABEL, feature_names

REAL = Path("../shared/lending_data.csv")


@pytest.fixture(scope="module")
def small():
    return simulate.portfolio(4_000, seed=3)


def test_counts_agree_with_pandas(small):
    parts = models.split(small)
    found = repeats.examine(small, parts)
    assert found.repeated_rows == small.duplicated().sum()
    assert found.distinct_rows == len(small) - found.repeated_rows
    both = small.groupby(feature_names())[LABEL].agg(["nunique", "size"])
    assert found.distinct_feature_rows == len(both)
    assert found.conflicting_feature_rows == (both["nunique"] == 2).sum()
    assert found.conflicting_rows == both.loc[both["nunique"] == 2, "size"].sum()
    seen = parts.test_features.merge(parts.train_features.drop_duplicates(), how="inner")
    assert found.test_rows_seen_in_training == len(seen)
    assert found.test_share_seen_in_training == pytest.approx(len(seen) / len(parts.test))


def test_conflicting_loans_are_counted_with_their_repeats(small):
    twice = small.iloc[[0, 0, 0]].assign(loan_status=[0, 1, 1])
    table = pd.concat([small.drop_duplicates(feature_names()), twice], ignore_index=True)
    found = repeats.examine(table, models.split(table))
    assert (found.conflicting_feature_rows, found.conflicting_rows) == (1, 4)


def test_grouped_splits_agree_with_fits_on_all_rows(small):
    found = repeats.examine(small, models.split(small)).grouped_splits[1]
    loans = distinct(small)
    groups = distinct(loans.rows[feature_names()]).inverse[loans.inverse]
    splitter = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=1)
    train, test = next(splitter.split(small, groups=groups))
    assert not set(groups[train]) & set(groups[test])
    assert (found.train_rows, found.test_rows) == (len(train), len(test))
    features, labels = small[feature_names()], small[LABEL]
    original = models.fit("original", features.iloc[train], labels.iloc[train])
    drawn = RandomOverSampler(random_state=1).fit_resample(features.iloc[train], labels.iloc[train])
    oversampled = models.fit("oversampled", *drawn)
    for model, measured in ((original, found.original), (oversampled, found.oversampled)):
        expected = balanced_accuracy(labels.iloc[test], model.predict(features.iloc[test]))
        assert measured == pytest.approx(expected, abs=0.01)


def test_equal_features_everywhere_leave_nothing_to_split(small):
    table = small.assign(**{name: small[name].iloc[0] for name in feature_names()})
    found = repeats.examine(table, models.split(table))
    assert found.grouped_splits == ()
    assert found.distinct_feature_rows == found.conflicting_feature_rows == 1
    assert found.test_share_seen_in_training == 1


def test_a_side_without_a_label_has_no_figure(small):
    # All high-risk loans are equal, so that they lie on one side of every grouped split.
    high_risk = small[LABEL] == 1
    table = pd.concat([small[~high_risk], small[high_risk].iloc[[0] * 20]], ignore_index=True)
    found = repeats.examine(table, models.split(table)).grouped_splits
    assert len(found) == 3
    assert {(each.original, each.oversampled) for each in found} == {(None, None)}


def test_real_file():
    if not REAL.exists():
        pytest.skip("the real loan file is not there")
    table = data.read(REAL).table
    found = repeats.examine(table, models.split(table))
    assert (found.rows, found.distinct_rows, found.repeated_rows) == (77_536, 5_229, 72_307)
    assert found.conflicting_feature_rows == 226
    assert (found.test_rows, found.test_rows_seen_in_training) == (19_384, 18_973)
    # Limits as facts.md prints them, at three and four decimals.
    assert all(0.949 <= each.original <= 0.956 for each in found.grouped_splits)
    assert all(0.9944 < each.oversampled < 0.99665 for each in found.grouped_splits)
