"""Counts at every threshold, the matched one and the cheapest, against plain counting."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, recall_score

from analysis.evidence.thresholds import choices, curve
from analysis.evidence.thresholds.validation import Validated
from analysis.models import splitting
from analysis.models.metrics import Confusion
from analysis.models.pair import Pair
from analysis.portfolio import loans, simulate
from analysis.record import export
from tests.support import plain
from tests.support.columns import LABEL
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published
from tests.support.plain import once

CELLS = ["tn", "fp", "fn", "tp"]


@pytest.fixture(scope="module")
def real(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    return choices.examine(parts, published(parts), 10.0)


def test_the_published_threshold_on_the_real_file(real):
    assert real.models.original.at_half.confusion == Confusion(18663, 102, 56, 563)
    assert real.models.oversampled.at_half.confusion == Confusion(18649, 116, 4, 615)
    assert real.models.original.at_half.expected_cost == pytest.approx((102 + 10 * 56) / 19_384)


def test_the_matched_threshold_makes_the_second_model_s_decisions_on_the_real_file(real):
    assert real.matched.choice.threshold == 0.062
    assert real.matched.cross_validated_recall >= real.matched.target_recall
    assert real.matched.choice.confusion == real.models.oversampled.at_half.confusion


def test_what_each_choice_does_in_cross_validation(real):
    found = {name: each.as_dict() for name, each in real.cross_validated.items()}
    assert list(found) == [
        "original",
        "oversampled",
        "original_own",
        "oversampled_own",
        "matched",
        "one_column_rule",
    ]
    assert {sum(each.values()) for each in found.values()} == {58_152}
    assert real.matched.target_recall == found["oversampled"]["tp"] / 1_881
    assert real.matched.cross_validated_recall == found["matched"]["tp"] / 1_881
    cost = {name: each["fp"] + 10 * each["fn"] for name, each in found.items()}
    assert cost["original_own"] <= cost["original"]
    assert cost["oversampled_own"] <= cost["oversampled"]


def test_ranges_of_the_real_file(real):
    ranges = {each.choice: (each.lower, each.upper) for each in real.ranges}
    swap = (116 - 102) / (56 - 4)
    assert ranges["original"] == (0, pytest.approx(swap))
    assert ranges["oversampled"] == ranges["matched"] == (pytest.approx(swap), None)


def test_curves_of_the_real_file_are_thinned_and_keep_what_counts(real):
    for model in (real.models.original, real.models.oversampled):
        kept = model.curve
        assert len(kept) <= 1_001 < model.distinct_thresholds
        assert kept["threshold"].equals(real.models.original.curve["threshold"])
        assert set(curve.GRID) < set(kept["threshold"])
        assert kept["threshold"].is_monotonic_increasing
        assert kept[CELLS].iloc[0].tolist() == [0, 18_765, 0, 619]
        assert kept[CELLS].iloc[-1].tolist() == [18_765, 0, 619, 0]
        half = kept.set_index("threshold").loc[0.5, CELLS]
        assert Confusion(*half) == model.at_half.confusion
        assert kept["expected_cost"].min() == model.cheapest_in_hindsight.expected_cost
        assert model.cheapest_in_hindsight.expected_cost <= model.cheapest.expected_cost


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=30),
    st.floats(0.1, 50),
)
def test_a_curve_counts_as_scikit_learn_does(rows, ratio):
    probability, labels = (np.array(each) for each in zip(*rows, strict=True))
    frame = curve.curve(probability, labels, ratio, once(labels))
    assert {0.0, 0.5, *probability} == set(frame["threshold"])
    for row in frame.itertuples():
        expected = confusion_matrix(labels, probability > row.threshold, labels=[0, 1]).ravel()
        assert [row.tn, row.fp, row.fn, row.tp] == expected.tolist()
        assert row.expected_cost == pytest.approx((row.fp + ratio * row.fn) / len(rows))


@given(st.lists(st.floats(-800, 800) | st.sampled_from([0.0, 1e-17, -1e-17, 5e-324])))
def test_probabilities_lie_above_one_half_exactly_where_the_model_refuses(scores):
    scores = np.array(scores)
    assert ((curve.probabilities(scores) > 0.5) == (scores > 0)).all()


@pytest.mark.parametrize("most", [6, 50, 333])
def test_thinning_keeps_ends_half_and_minimum(most, monkeypatch):
    monkeypatch.setattr(curve, "MOST_POINTS", most)
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 1_000)
    frame = curve.curve(generator.beta(1 + labels, 2), labels, 3.0, once(labels))
    kept = curve.thin(frame)
    assert most - 4 <= len(kept) <= most
    wanted = {frame["threshold"].iloc[0], frame["threshold"].iloc[-1], 0.5}
    assert wanted < set(kept["threshold"])
    assert kept["expected_cost"].min() == frame["expected_cost"].min()
    assert curve.thin(kept) is kept


def test_shared_thresholds_count_as_the_whole_curves_do():
    generator = np.random.default_rng(1)
    labels = generator.integers(0, 2, 300)
    scored = {name: generator.beta(1 + labels, 2) for name in ("original", "oversampled")}
    whole = {name: curve.curve(each, labels, 4.0, once(labels)) for name, each in scored.items()}
    for name, frame in curve.share(Pair(**whole)).items():
        for row in frame.itertuples():
            expected = confusion_matrix(labels, scored[name] > row.threshold).ravel()
            assert [row.tn, row.fp, row.fn, row.tp] == expected.tolist()


def test_the_matched_threshold_is_the_highest_that_reaches_the_recall():
    generator = np.random.default_rng(4)
    labels = generator.integers(0, 2, 400)
    original, oversampled = (generator.beta(1 + labels, 2 - labels) for _ in range(2))
    both = Pair(original**3, oversampled).map(
        lambda each: curve.curve(each, labels, 10, once(labels))
    )
    found = choices.match(Validated(5, both, None), both.original, 10)
    target = recall_score(labels, oversampled > 0.5)
    assert found.target_recall == pytest.approx(target)
    at = found.choice.threshold
    assert recall_score(labels, original**3 > at) == pytest.approx(found.cross_validated_recall)
    assert found.cross_validated_recall >= target
    least_found = min(value for value in original[labels == 1] ** 3 if value > at)
    assert recall_score(labels, original**3 > least_found) < target


def test_a_dearer_miss_never_raises_the_cheapest_threshold():
    parts, both = fitted("usual")
    found = [choices.examine(parts, both, ratio) for ratio in (1, 10, 1_000)]
    cheapest = [each.models.original.cheapest_in_hindsight.threshold for each in found]
    assert cheapest == sorted(cheapest, reverse=True)


def test_thresholds_are_chosen_without_the_test_rows():
    parts, both = fitted("usual")
    test = loans.from_table(plain.table(parts.test).iloc[::2])
    turned = splitting.parts_of(parts.train, test)
    others = both.map(lambda each: each.fitted.apply(turned.test))
    one, other = choices.examine(parts, both, 10.0), choices.examine(turned, others, 10.0)
    assert one.matched.choice.threshold == other.matched.choice.threshold
    assert one.models.original.cheapest.threshold == other.models.original.cheapest.threshold


def test_a_single_training_loan_of_a_label_leaves_nothing_to_cross_validate():
    parts, both = fitted("usual")
    table = plain.table(parts.train)
    risky = table[LABEL] == 1
    train = loans.from_table(table[~risky | (risky.cumsum() == 1)])
    found = choices.examine(splitting.parts_of(train, parts.test), both, 10.0)
    assert found.matched is None
    assert found.models.original.cheapest is None
    assert [each.choice for each in found.ranges] == ["original", "oversampled"]


def test_a_cost_ratio_must_be_above_0():
    with pytest.raises(ValueError, match="cost ratio 0"):
        choices.examine(*fitted("usual"), cost_ratio=0)


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    parts, both = fitted(name)
    found = choices.examine(parts, both, 10.0)
    json.dumps(export.plain(found), allow_nan=False)
    test = plain.table(parts.test)
    labels = test[LABEL].to_numpy()
    for name_, each in found.models.items():
        assert (each.curve[CELLS].sum(axis=1) == len(labels)).all()
        assert each.at_half.confusion == both[name_].confusion


def test_many_training_loans_are_cross_validated_in_a_sample(monkeypatch):
    parts = splitting.split(loans.from_table(simulate.portfolio(4_000, seed=1)))
    both = published(parts)
    whole = choices.examine(parts, both, 10.0)
    assert whole.validated_on == parts.train.total
    monkeypatch.setattr(choices, "MOST_VALIDATED", 900)
    found = choices.examine(parts, both, 10.0)
    assert found.validated_on == 900
    assert {each.rows for each in found.cross_validated.values()} == {900}
    # What a choice does on the test loans is counted on all of them.
    assert {each.at_half.confusion.rows for each in found.models.values()} == {parts.test.total}
