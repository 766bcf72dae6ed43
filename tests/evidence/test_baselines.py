"""The majority class and the best one-column rule, against a search by brute force."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score

from analysis.evidence import baselines
from analysis.evidence.baselines import Rule
from analysis.models import metrics, splitting
from analysis.portfolio import loans
from analysis.record import export
from tests.support import declared_shapes, plain
from tests.support.columns import LABEL, feature_names
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published


@pytest.fixture(scope="module")
def real(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    return parts, baselines.compare(parts, published(parts))


def table_of(values, labels):
    """Make loans whose columns are all alike, but for two free ones."""
    first, second = zip(*values, strict=True)
    table = pd.DataFrame(dict.fromkeys(feature_names(), 1.0), index=range(len(values)))
    return table.assign(loan_size=first, total_debt=second, **{LABEL: labels})


def test_the_real_file_gives_the_second_model_s_decisions_with_one_column(real):
    _, found = real
    assert (found.best_rule.rule.column, found.best_rule.rule.direction) == ("interest_rate", ">=")
    assert found.best_rule.rule.threshold == 8.87
    assert found.best_rule.rule.tied_columns == ("borrower_income", "debt_to_income", "total_debt")
    cells = tuple(found.best_rule.outcome.confusion.as_dict().values())
    assert cells == (18649, 116, 4, 615)
    assert found.best_rule.outcome.differing_decisions == {"original": 66, "oversampled": 0}


def rule(column, direction, threshold):
    return Rule(column, direction, threshold, threshold, threshold, 1.0, ())


def test_the_rule_at_nine_percent_on_the_real_file(real):
    parts, _ = real
    test = plain.table(parts.test)
    decided = rule("interest_rate", ">=", 9.0).predict(test)
    confusion = metrics.confusion(test[LABEL].to_numpy(), decided, plain.once(test))
    assert tuple(confusion.as_dict().values()) == (18649, 116, 4, 615)


def test_the_majority_of_the_real_file(real):
    _, found = real
    assert found.majority.label == 0
    assert found.majority.outcome.balanced_accuracy == 0.5
    assert tuple(found.majority.outcome.confusion.as_dict().values()) == (18765, 0, 619, 0)
    assert found.majority.outcome.differing_decisions == {"original": 665, "oversampled": 731}


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=25
    ).filter(lambda rows: len({label for *_, label in rows}) == 2)
)
def test_no_rule_does_better_on_the_training_rows(rows):
    values, labels = [row[:2] for row in rows], [row[2] for row in rows]
    table = table_of(values, labels)
    found = baselines.best_rule(loans.from_table(table))
    every = {
        (column, direction, threshold): balanced_accuracy_score(
            labels, rule(column, direction, threshold).predict(table)
        )
        for column, direction in product(["loan_size", "total_debt"], [">=", "<"])
        for threshold in np.unique(table[column])[1:]
    }
    if not every:
        assert found is None
        return
    assert found.training_balanced_accuracy == pytest.approx(max(every.values()))
    decided = found.predict(table)
    assert balanced_accuracy_score(labels, decided) == pytest.approx(max(every.values()))


def best_rule_of(values, labels):
    return baselines.best_rule(loans.from_table(table_of(values, labels)))


def test_ties_go_to_the_first_column_upwards_and_the_lowest_threshold():
    # Each column is 1, 2, 3 with the high-risk loan in the middle: 0.75 for three of the rules.
    tied = best_rule_of([(1, 1), (2, 2), (3, 3)], [0, 1, 0])
    assert (tied.column, tied.direction, tied.threshold) == ("loan_size", ">=", 2.0)
    assert tied.tied_columns == ("total_debt",)
    falling = best_rule_of([(1, 1), (2, 1), (3, 1)], [1, 0, 0])
    assert (falling.direction, falling.threshold, falling.tied_columns) == ("<", 2.0, ())


def test_the_rule_is_chosen_without_the_test_rows():
    parts, both = fitted("usual")
    test = loans.from_table(plain.table(parts.test).assign(loan_status=0))
    turned = splitting.parts_of(parts.train, test)
    others = both.map(lambda each: each.fitted.apply(turned.test))
    one, other = baselines.compare(parts, both), baselines.compare(turned, others)
    assert one.best_rule.rule == other.best_rule.rule
    assert one.best_rule.outcome != other.best_rule.outcome


def test_a_majority_of_high_risk_loans():
    parts, both = fitted("mostly high-risk")
    found = baselines.majority(parts, both)
    assert found.label == 1
    assert found.training_share == pytest.approx(plain.table(parts.train)[LABEL].mean())
    assert (found.outcome.confusion.tn, found.outcome.confusion.fn) == (0, 0)


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_odd_portfolios(name):
    parts, both = fitted(name)
    found = baselines.compare(parts, both)
    json.dumps(export.plain(found), allow_nan=False)
    assert (found.best_rule is None) == name.startswith("equal")
    for name_, model in both.items():
        decided = model.fitted.predict(plain.table(parts.test))
        differing = (decided != found.majority.label).sum()
        assert found.majority.outcome.differing_decisions[name_] == differing


def test_a_rule_may_be_the_level_that_the_models_have_no_column_for():
    portfolio = declared_shapes.made("a first level that tells")
    parts = splitting.split(portfolio.loans)
    made = baselines.best_rule(parts.train)
    train, test = splitting.drawn(portfolio.loans, portfolio.recipe.seed)
    place = portfolio.loans.rows["region"].to_numpy()
    labels = portfolio.loans.labels
    scores = {
        level: max(
            balanced_accuracy_score(labels[train], place[train] == level),
            balanced_accuracy_score(labels[train], place[train] != level),
        )
        for level in np.unique(place)
    }
    assert max(scores, key=scores.get) == 0
    assert (made.column, made.direction) == ("region: a coast", ">=")
    assert made.training_balanced_accuracy == pytest.approx(scores[0])
    decided = made.predict(parts.test.rows)[parts.test.inverse]
    np.testing.assert_array_equal(decided, place[test] == 0)
