"""Repeats, conflicts, rows seen in training and grouped splits, against plain loops."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import RandomOverSampler
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupShuffleSplit

from analysis.evidence.repeats import counts, unseen
from analysis.evidence.repeats.grouped import against_random
from analysis.models import fits, metrics, splitting
from analysis.portfolio import loans, simulate
from analysis.portfolio.column import Column
from analysis.portfolio.distinct import distinct
from tests.support import plain, repeated
from tests.support.columns import LABEL, feature_names
from tests.support.odd_portfolios import fitted, published


@pytest.fixture(scope="module")
def small():
    return simulate.portfolio(4_000, seed=3)


def examined(table):
    split = plain.split(table)
    return counts.examine(loans.from_table(table), split.parts, {}), split


def test_counts_agree_with_pandas(small):
    found, split = examined(small)
    assert found.rows == len(small)
    assert found.repeated_rows == small.duplicated().sum()
    assert found.distinct_rows == len(small) - found.repeated_rows
    both = small.groupby(feature_names())[LABEL].agg(["nunique", "size"])
    assert found.distinct_feature_rows == len(both)
    assert found.conflicting_feature_rows == (both["nunique"] == 2).sum()
    assert found.conflicting_rows == both.loc[both["nunique"] == 2, "size"].sum()
    seen = split.test_features.merge(split.train_features.drop_duplicates(), how="inner")
    assert found.test_rows == len(split.test)
    assert found.test_rows_seen_in_training == len(seen)
    assert found.test_share_seen_in_training == pytest.approx(len(seen) / len(split.test))


def test_equal_rows_and_seen_loans_of_each_label_agree_with_pandas(small):
    found, split = examined(small)
    assert found.rows_equal_to_another == small.duplicated(keep=False).sum()
    known = set(map(tuple, split.train_features.to_numpy()))
    seen = np.array([tuple(each) in known for each in split.test_features.to_numpy()])
    for each in found.seen_by_label:
        of_label = split.test_labels.to_numpy() == each.label
        assert (each.loans, each.seen) == (of_label.sum(), seen[of_label].sum())
        assert each.share == pytest.approx(seen[of_label].mean())
    both = published(split.parts)
    new = unseen.examine(split.parts, both)
    assert (new.loans, new.high_risk) == ((~seen).sum(), split.test_labels[~seen].sum())
    for name, each in new.models.items():
        decided = both[name].fitted.predict(split.test_features)[~seen]
        assert each.confusion == metrics.confusion(
            split.test_labels[~seen].to_numpy(), decided, np.ones((~seen).sum(), np.int64)
        )
        expected = balanced_accuracy_score(split.test_labels[~seen], decided)
        assert each.balanced_accuracy == pytest.approx(expected)


def test_unseen_loans_of_one_label_have_no_balanced_accuracy():
    parts, both = fitted("equal features")
    found = unseen.examine(parts, both)
    assert found.loans == 0
    assert {each.balanced_accuracy for each in found.models.values()} == {None}


def test_errors_that_no_decision_avoids_are_those_of_the_best_table_of_decisions(small):
    table = small.round({"interest_rate": 0, "loan_size": -4}).assign(
        borrower_income=50_000.0, total_debt=20_000.0, debt_to_income=0.4
    )
    found, split = examined(table)
    for rows, errors in (
        (table, found.irreducible_errors),
        (split.test, found.irreducible_errors_test),
    ):
        share = rows.groupby(feature_names())[LABEL].transform("mean")
        assert errors == ((share > 0.5) != rows[LABEL]).where(share != 0.5, rows[LABEL] == 1).sum()
        assert errors > 0


def test_grouped_splits_are_compared_with_the_mean_over_random_ones(small):
    found, _ = examined(small)
    resplit = repeated.repeat(loans.from_table(small), seeds=range(5))
    made = against_random(found.grouped_splits, resplit.summary)
    for name, each in made.items():
        values = resplit.values.loc[resplit.values["model"] == name, "balanced_accuracy"]
        grouped_mean = np.mean([getattr(split, name) for split in found.grouped_splits])
        assert (each.grouped, each.random) == pytest.approx((grouped_mean, values.mean()))
        assert each.difference == pytest.approx(grouped_mean - values.mean())
        assert each.lower == pytest.approx(values.quantile(0.025))
        assert each.upper == pytest.approx(values.quantile(0.975))
    assert against_random((), resplit.summary) is None
    nothing = repeated.repeat(loans.from_table(small), seeds=[]).summary
    assert against_random(found.grouped_splits, nothing) is None


def test_conflicting_loans_are_counted_with_their_repeats(small):
    twice = small.iloc[[0, 0, 0]].assign(loan_status=[0, 1, 1])
    table = pd.concat([small.drop_duplicates(feature_names()), twice], ignore_index=True)
    found, _ = examined(table)
    assert (found.conflicting_feature_rows, found.conflicting_rows) == (1, 4)


def grouped(table, seed):
    """Return the rows of a split that keeps equal features on one side, from scikit-learn."""
    whole = distinct(table)
    groups = distinct(whole.rows[feature_names()]).inverse
    splitter = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=seed)
    train, test = next(splitter.split(table, groups=groups[whole.inverse]))
    assert not set(groups[whole.inverse][train]) & set(groups[whole.inverse][test])
    return table.iloc[train], table.iloc[test]


def without_signal(table):
    # Decisions then depend on every loan that is drawn.
    return table.assign(**{LABEL: np.random.default_rng(0).permutation(table[LABEL])})


@pytest.mark.parametrize("change", [pd.DataFrame.copy, without_signal])
def test_grouped_splits_agree_with_fits_on_all_rows(small, change):
    table = change(small)
    for found in examined(table)[0].grouped_splits:
        train, test = grouped(table, found.seed)
        assert (found.train_rows, found.test_rows) == (len(train), len(test))
        features, labels = train[feature_names()], train[LABEL]
        drawn = RandomOverSampler(random_state=found.seed).fit_resample(features, labels)
        for rows, measured in (((features, labels), found.original), (drawn, found.oversampled)):
            fitted_on = loans.from_table(rows[0].assign(**{LABEL: rows[1]}))
            model = fits.fit("a", fitted_on, fitted_on.weights)
            expected = balanced_accuracy_score(test[LABEL], model.predict(test))
            assert measured == pytest.approx(expected, abs=1e-12)


def test_large_portfolios_are_grouped_alike_and_oversampled_by_count(small, monkeypatch):
    usual = examined(small)[0]
    monkeypatch.setattr(splitting, "MOST_ONE_BY_ONE", 0)
    found = examined(small)[0]
    for left, right in zip(usual.grouped_splits, found.grouped_splits, strict=True):
        assert (left.train_rows, left.test_rows) == (right.train_rows, right.test_rows)
        assert left.original == pytest.approx(right.original, abs=1e-12)
        assert left.oversampled == pytest.approx(right.oversampled, abs=0.01)


def test_equal_features_everywhere_leave_nothing_to_split(small):
    table = small.assign(**{name: small[name].iloc[0] for name in feature_names()})
    found, _ = examined(table)
    assert found.grouped_splits == ()
    assert found.distinct_feature_rows == found.conflicting_feature_rows == 1
    assert found.test_share_seen_in_training == 1


def test_a_side_without_a_label_has_no_figure(small):
    # All high-risk loans are equal, so that they lie on one side of every grouped split.
    high_risk = small[LABEL] == 1
    table = pd.concat([small[~high_risk], small[high_risk].iloc[[0] * 20]], ignore_index=True)
    found = examined(table)[0].grouped_splits
    assert len(found) == 3
    assert {(each.original, each.oversampled) for each in found} == {(None, None)}


def test_real_file(real_portfolio):
    whole = real_portfolio.loans
    found = counts.examine(whole, splitting.split(whole), {})
    assert (found.rows, found.distinct_rows, found.repeated_rows) == (77_536, 5_229, 72_307)
    assert found.conflicting_feature_rows == 226
    assert found.rows_equal_to_another == 75_848
    assert (found.irreducible_errors, found.irreducible_errors_test) == (238, 25)
    shares = [each.share for each in found.seen_by_label]
    assert shares == pytest.approx([0.991, 0.596], abs=5e-4)
    parts = splitting.split(whole)
    new = unseen.examine(parts, published(parts))
    assert new.loans == 411
    assert [each.confusion.fp for each in new.models.values()] == [34, 45]
    reached = [each.balanced_accuracy for each in new.models.values()]
    assert reached == pytest.approx([0.816, 0.860], abs=5e-4)
    assert (found.test_rows, found.test_rows_seen_in_training) == (19_384, 18_973)
    # Limits as facts.md prints them, at three and four decimals.
    assert all(0.949 <= each.original <= 0.956 for each in found.grouped_splits)
    assert all(0.9944 < each.oversampled < 0.99665 for each in found.grouped_splits)


def test_what_repeats_is_judged_by_what_the_models_see(small):
    """Loans that only a group tells apart are equal; rows that were kept as they came, too."""
    table = pd.concat([small.head(300)] * 2, ignore_index=True).assign(sex=np.arange(600) % 7)
    whole = replace(
        loans.from_table(table[[*small.columns, "sex"]]), outside=(Column("sex", use="protected"),)
    )
    found = counts.examine(whole, splitting.split(whole), {})
    expected, _ = examined(table[list(small.columns)])
    assert found.distinct_rows == expected.distinct_rows < 600
    assert found.rows_equal_to_another == expected.rows_equal_to_another == 600
    assert found.conflicting_rows == expected.conflicting_rows
