"""What screening keeps holds every sum and product; what it drops is none."""

from itertools import combinations

import numpy as np
import pytest

from analysis.evidence.columns import screening


@pytest.fixture
def rows():
    generator = np.random.default_rng(7)
    made = generator.normal(100, 15, (500, 40))
    made[:, 30:] = generator.poisson(0.3, (500, 10))  # mostly zeros
    return made


def test_of_all_pairs_only_those_of_a_planted_sum_are_kept(rows):
    rows[:, 39] = 2 * rows[:, 5] - rows[:, 31] + 1e6
    correlated = screening.correlations(rows)
    assert screening.sums(correlated, 39, list(range(39))) == [(5, 31)]
    assert screening.sums(correlated, 38, list(range(38))) == []


def test_a_multiple_is_kept_before_the_pairs_that_hold_it(rows):
    rows[:, 20] = -0.001 * rows[:, 3]
    kept = screening.sums(screening.correlations(rows), 20, list(range(20)))
    assert kept[0] == (3,)
    assert {pair for pair in kept[1:] if 3 not in pair} == set()


@pytest.mark.parametrize(("first", "second"), [(4, 9), (4, 33)])
def test_of_all_pairs_only_those_of_a_planted_product_are_kept(rows, first, second):
    rows[:, 39] = -3 * rows[:, first] * rows[:, second]
    assert screening.factors(rows, 39).tolist() == [[first, second]]
    assert screening.factors(rows, 12).tolist() == []


def test_rounding_by_a_billionth_of_the_range_hides_no_product(rows):
    product = rows[:, 4] * np.exp(rows[:, 6] / 10)
    rows = np.column_stack([rows, np.exp(rows[:, 6] / 10), product])
    rows[:, -1] += 5e-10 * np.ptp(product) * np.sign(rows[:, 0] - 100)
    assert [4, 40] in screening.factors(rows, 41).tolist()


def test_no_volume_is_left_exactly_where_numpy_finds_a_lower_rank(rows):
    rows[:, 7] = rows[:, 1] + rows[:, 2]
    few = rows[:, :9]
    correlated = screening.correlations(few)
    for target in range(9):
        free = [at for at in range(9) if at != target]
        flat = {
            pair
            for pair in combinations(free, 2)
            if np.linalg.matrix_rank(few[:, [*pair, target]] - few[:, [*pair, target]].mean(axis=0))
            < 3
        }
        assert set(screening.sums(correlated, target, free)) == flat
