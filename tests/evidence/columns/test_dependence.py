"""How far columns say the same, against SciPy and scikit-learn on all rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata, spearmanr
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from analysis.evidence.columns import dependence
from analysis.portfolio import loans, simulate


@pytest.fixture(scope="module")
def table():
    generator = np.random.default_rng(2)
    made = simulate.portfolio(2_000, seed=4)
    return made.assign(
        loan_size=generator.uniform(1_000, 2_000, 2_000).round(-2),
        interest_rate=generator.uniform(2, 9, 2_000).round(),
    )


def test_midranks_of_counted_values():
    values, counts = np.array([3.0, 1.0, 2.0, 1.0]), np.array([2, 1, 3, 4])
    expected = rankdata(values.repeat(counts))
    assert dependence.midranks(values, counts).repeat(counts) == pytest.approx(expected)


def test_figures_agree_with_libraries_on_all_rows(table):
    found = dependence.examine(loans.from_table(table), {})
    features = table.drop(columns="loan_status")
    expected = pd.DataFrame(
        spearmanr(features.to_numpy()).statistic, features.columns, features.columns
    )
    assert found.loans == 2_000
    assert len(found.rank_correlations) == 21
    for row in found.rank_correlations.itertuples():
        assert row.correlation == pytest.approx(expected.loc[row.first, row.second])
    # The simulated portfolio takes the debt from the income, exactly.
    assert found.given == ("total_debt",)
    free = features.drop(columns="total_debt")
    assert list(found.variance_inflation) == list(free)
    for name, value in found.variance_inflation.items():
        others = StandardScaler().fit_transform(free.drop(columns=name))
        fit = LinearRegression().fit(others, free[name])
        assert value == pytest.approx(1 / (1 - fit.score(others, free[name])), rel=1e-6)
    component = PCA().fit(StandardScaler().fit_transform(features)).explained_variance_ratio_[0]
    assert found.first_component_share == pytest.approx(component)


def test_columns_in_the_same_order_are_found_in_either_direction(table):
    rate = np.random.default_rng(0).uniform(2, 9, len(table))
    made = table.assign(
        interest_rate=rate, loan_size=np.exp(rate), num_of_accounts=np.rint(900 - 100 * rate)
    )
    found = dependence.examine(loans.from_table(made.astype({"num_of_accounts": "int64"})), {})
    assert set(found.same_order) >= {"interest_rate", "loan_size", "num_of_accounts"}
    assert 0.99 <= found.same_order_least <= 1


def test_constants_and_unrelated_columns(table):
    constant = {name: table[name].iloc[0] for name in table.columns[1:-1]}
    found = dependence.examine(loans.from_table(table.assign(**constant)), {})
    assert found.constant == tuple(table.columns[1:-1])
    assert found.rank_correlations.empty
    assert (found.same_order, found.same_order_least) == ((), None)
    assert found.variance_inflation == {"loan_size": 1}
    assert found.first_component_share == 1
    nothing = dependence.examine(loans.from_table(table.assign(**constant, loan_size=1.0)), {})
    assert (nothing.variance_inflation, nothing.first_component_share) == ({}, None)


@pytest.mark.parametrize("scale", [1e-300, 1e9])
def test_the_unit_does_not_matter(table, scale):
    usual = dependence.examine(loans.from_table(table), {})
    scaled = table.assign(loan_size=scale * table["loan_size"])
    found = dependence.examine(loans.from_table(scaled), {})
    assert found.variance_inflation == pytest.approx(usual.variance_inflation)


def test_real_file(real_portfolio):
    found = dependence.examine(real_portfolio.loans, {})
    assert len(found.same_order) == 5
    assert found.same_order_least == pytest.approx(0.9997, abs=5e-5)
    assert found.first_component_share == pytest.approx(0.949, abs=5e-4)
    score = [found.variance_inflation[each] for each in found.same_order[:3]]
    assert (min(score), max(score)) == pytest.approx((5_300, 95_500), abs=50)
    assert found.given == ("total_debt",)


def test_the_levels_of_a_category_do_not_inflate_each_other():
    """Fox and Monette's factor, which does not depend on the level left out; by determinants."""
    generator = np.random.default_rng(2)
    level = np.where(generator.random(600) < 0.02, 0, generator.integers(1, 4, 600))
    income = generator.normal(size=600) + (level == 2)
    made = pd.DataFrame({"income": income, "bad": generator.integers(0, 2, 600)})
    found = []
    for left_out in (0, 1):
        kept = [each for each in range(4) if each != left_out]
        names = [f"home: {each}" for each in kept]
        table = made.assign(
            **{name: (level == each).astype(float) for name, each in zip(names, kept, strict=True)}
        )
        whole = loans.from_table(table, "bad")
        found.append(dependence.examine(whole, dict.fromkeys(names, "home")))
    assert max(found[0].variance_inflation.values()) > 10  # held against 2 % of the loans
    assert found[0].feature_inflation == pytest.approx(found[1].feature_inflation)
    correlated = table[["income", *names]].corr().to_numpy()
    own = np.linalg.det(correlated[1:, 1:]) / np.linalg.det(correlated)
    assert found[1].feature_inflation["home"] == pytest.approx(own ** (1 / 3))
    assert found[1].feature_inflation["income"] == found[1].variance_inflation["income"]
