"""What choices cost: by hand, against resampled combinations of features, and on odd portfolios."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence import baselines
from analysis.evidence.thresholds import choices, curve, decision, errors
from analysis.evidence.thresholds.break_even import break_even
from analysis.evidence.thresholds.errors import Errors
from analysis.models import splitting
from analysis.models.metrics import Confusion
from analysis.portfolio import loans, simulate
from analysis.portfolio.distinct import distinct
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published

IDS = [
    "original",
    "oversampled",
    "original_own",
    "oversampled_own",
    "matched",
    "one_column_rule",
    "refuse_all",
    "refuse_none",
]


def decided(parts, both, cost_ratio=10.0):
    found = choices.examine(parts, both, cost_ratio)
    return decision.examine(parts, both, found, baselines.best_rule(parts.train))


@pytest.fixture(scope="module")
def noisy():
    """Loans of 60 combinations of features with labels by chance, each twenty times on average."""
    table = simulate.portfolio(1_200, seed=3)
    generator = np.random.default_rng(1)
    rate = generator.integers(50, 110, 1_200) / 10
    risky = (generator.random(1_200) < (rate - 4.5) / 12).astype(np.int64)
    same = {name: table[name].iloc[0] for name in table}
    return table.assign(**same | {"interest_rate": rate, "loan_status": risky})


@pytest.fixture(scope="module")
def found(noisy):
    parts = splitting.split(loans.from_table(noisy))
    both = published(parts)
    return parts, both, decided(parts, both)


def test_costs_are_those_of_the_decisions(found):
    parts, both, made = found
    assert [each.id for each in made.options] == IDS
    for each in made.options:
        counts = each.confusion
        assert counts.rows == parts.test.total
        assert each.cost.estimate == counts.fp + 10 * counts.fn
        assert each.saving.estimate == made.by_id["original"].cost.estimate - each.cost.estimate
        if each.model:
            probability = curve.probabilities(both[each.model].fitted.scores(parts.test.features))
            refused = parts.test.counts[probability > each.threshold].sum()
            assert counts.fp + counts.tp == refused
    labels = parts.test.label_counts
    assert made.by_id["refuse_all"].cost.estimate == labels[0]
    assert made.by_id["refuse_none"].cost.estimate == 10 * labels[1]


def test_the_cheapest_is_the_cheapest_of_all(found):
    made = found[2]
    lowest = min(each.cost.estimate for each in made.options)
    assert made.cheapest == tuple(each.id for each in made.options if each.cost.estimate == lowest)
    for each in made.options:
        assert each.excess.estimate == each.cost.estimate - lowest
    assert sum(each.cheapest_share for each in made.options) >= 1


def test_the_plainest_within_one_standard_error_of_the_cheapest_is_chosen():
    # 90 fp and 1 fn at ratio 10: mean 0.1 over 1,000 loans, standard error by hand below.
    loss = np.repeat([0, 1, 10], [909, 90, 1])
    error = loss.std() / np.sqrt(len(loss))
    within, beyond = int(1000 * error), int(1000 * error) + 1
    cheapest = Confusion(800, 90, 1, 109)
    names = ["original", "oversampled", "refuse_none"]
    for more, expected in ((within, "original"), (beyond, "oversampled")):
        validated = {
            "refuse_none": Confusion(890, 0, 110, 0),
            "original": Confusion(800 - more, 90 + more, 1, 109),
            "oversampled": cheapest,
        }
        assert decision._chosen(names, validated, 10.0) == expected
    assert decision._chosen([*names, "matched"], validated, 10.0) is None


def test_refusing_none_goes_before_a_model_that_refuses_nobody():
    parts, both = fitted("equal features")
    made = decided(parts, both)
    assert made.by_id["original"].training_cost == made.by_id["refuse_none"].training_cost
    assert made.chosen == "refuse_none"


def test_intervals_agree_with_resampled_combinations_of_features(found):
    parts, _, made = found
    groups, test = distinct(parts.test.features).inverse, parts.test
    number = groups.max() + 1
    cost = {}
    for name in ("original", "refuse_all", "refuse_none"):
        option = made.by_id[name]
        if option.model:
            probability = curve.probabilities(found[1][name].log_odds)
            refused = probability > option.threshold
        else:
            refused = np.full(len(test), name == "refuse_all")
        each = test.counts * np.where(test.labels == 1, 10 * ~refused, refused)
        cost[name] = np.bincount(groups, each)
    size = np.bincount(groups, test.counts)
    generator = np.random.default_rng(0)
    drawn = [generator.integers(number, size=number) for _ in range(3_000)]
    for name, each in cost.items():
        totals = [test.total * each[rows].sum() / size[rows].sum() for rows in drawn]
        limits = np.quantile(totals, [0.025, 0.975])
        option = made.by_id[name].cost
        assert [option.low, option.high] == pytest.approx(limits, abs=0.1 * np.ptp(limits))
        assert 0 < option.error < 0.1 * np.ptp(limits)
    savings = [
        test.total * (cost["original"] - cost["refuse_all"])[rows].sum() / size[rows].sum()
        for rows in drawn
    ]
    saving = made.by_id["refuse_all"].saving
    limits = np.quantile(savings, [0.025, 0.975])
    assert [saving.low, saving.high] == pytest.approx(limits, abs=0.1 * np.ptp(limits))


def test_ranges_name_the_cheapest_at_every_ratio(found):
    made = found[2]
    for ratio in np.geomspace(0.01, 1_000, 60):
        cost = {each.id: each.confusion.fp + ratio * each.confusion.fn for each in made.options}
        cheapest = {name for name, each in cost.items() if each == min(cost.values())}
        ranges = {
            each.choice
            for each in made.ranges
            if each.wins and each.lower <= ratio <= (each.upper or np.inf)
        }
        assert cheapest <= ranges
    assert {each.choice for each in made.ranges} == set(IDS)


counts = st.tuples(*[st.integers(0, 9)] * 4)


@given(counts, counts)
def test_both_models_cost_the_same_where_they_break_even(first, second):
    # The same loans: both have ten of each label.
    confusions = {
        name: Confusion(10 - fp, fp, fn, 10 - fn)
        for name, (_, fp, fn, _) in (("original", first), ("oversampled", second))
    }
    drawn = {
        name: Errors(np.array([float(each.fp)]), np.array([float(each.fn)]))
        for name, each in confusions.items()
    }
    found = break_even(confusions, drawn)
    if found.cheaper_above is None:
        assert found.ratio.estimate is None
        assert confusions["original"] == confusions["oversampled"]
        return
    above = confusions.pop(found.cheaper_above)
    (other,) = confusions.values()
    ratio = found.ratio.estimate
    if ratio is None:
        assert (above.fn, above.fp) != (other.fn, other.fp)
        assert above.fn <= other.fn
        assert above.fp <= other.fp
        return
    assert above.fp + ratio * above.fn == pytest.approx(other.fp + ratio * other.fn)
    assert above.fn < other.fn
    assert found.ratio.low == found.ratio.high == pytest.approx(ratio)


def test_without_an_upper_limit_of_the_ratio_there_is_none():
    confusions = {"original": Confusion(8, 2, 3, 7), "oversampled": Confusion(5, 5, 2, 8)}
    drawn = {
        "original": Errors(np.full(100, 2.0), np.full(100, 3.0)),
        "oversampled": Errors(np.full(100, 5.0), np.repeat([2.0, 3.0], [30, 70])),
    }
    found = break_even(confusions, drawn)
    assert (found.ratio.estimate, found.ratio.low, found.ratio.high) == (3, 3, None)
    assert found.cheaper_above == "oversampled"


def test_few_high_risk_loans_leave_what_needs_no_cross_validation():
    table = simulate.portfolio(800, seed=3)
    risky = table["loan_status"] == 1
    table = table.assign(loan_status=0)
    table.loc[table.index[risky][:5], "loan_status"] = 1
    whole = loans.from_table(table)
    for seed in range(40):
        parts = splitting.resplit(whole, seed)
        if parts.train.label_counts[1] == 1:
            break
    made = decided(parts, published(parts))
    assert [each.id for each in made.options] == [
        "original",
        "oversampled",
        "one_column_rule",
        "refuse_all",
        "refuse_none",
    ]
    assert made.chosen is None
    assert {each.training_cost for each in made.options} == {None}


def test_fewer_replicates_of_many_kinds_of_combinations(found, monkeypatch):
    parts, both, made = found
    monkeypatch.setattr(errors, "MOST_DRAWN", 1)
    fewer = decided(parts, both)
    assert (made.replicates, fewer.replicates) == (10_000, 1_000)
    wide = made.by_id["original"].cost
    assert fewer.by_id["original"].cost.low == pytest.approx(
        wide.low, abs=(wide.high - wide.low) / 9
    )
    assert fewer.by_id["original"].cost.error > wide.error


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name, monkeypatch):
    monkeypatch.setattr(errors, "REPLICATES", 200)
    parts, both = fitted(name)
    rule, found = baselines.best_rule(parts.train), choices.examine(parts, both, 3.0)
    made = decision.examine(parts, both, found, rule)
    assert made.cheapest
    for each in made.options:
        assert each.cost.low - 1e-9 <= each.cost.estimate <= each.cost.high + 1e-9
    assert made == decision.examine(parts, both, found, rule)


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    made = decided(parts, published(parts))
    found = made.by_id
    assert {name: each.cost.estimate for name, each in found.items()} == {
        "original": 662,
        "oversampled": 156,
        "original_own": 156,
        "oversampled_own": 159,
        "matched": 156,
        "one_column_rule": 156,
        "refuse_all": 18_765,
        "refuse_none": 6_190,
    }
    saving = found["oversampled"].saving
    assert saving.estimate == 506
    assert (saving.low, saving.high) == pytest.approx((370, 651), abs=8)
    assert "oversampled" in made.cheapest
    ratio = made.break_even.ratio
    assert ratio.estimate == pytest.approx(0.2692, abs=5e-5)
    assert (ratio.low, ratio.high) == pytest.approx((0.13, 0.46), abs=0.01)
    assert made.break_even.cheaper_above == "oversampled"
    nobody = next(each for each in made.ranges if each.choice == "refuse_none")
    assert (nobody.lower, nobody.upper) == (0, pytest.approx(0.18, abs=0.005))
