"""What columns and loans are called follows the declaration."""

from dataclasses import replace

import pytest

from analysis.findings.words import Words
from analysis.models.design import DesignColumn
from analysis.portfolio.column import Column
from analysis.portfolio.declaration import Declaration, Label, Table, module_12

HOME = DesignColumn("home: rent", "Home ownership: rent", "", "home", number=False)


@pytest.fixture
def words():
    fields = (
        Column("score", title="FICO score", unit="points"),
        Column("amount", title="Loan amount", unit="\u20ac"),
        Column("home", title="Home ownership", type="string"),
        Column("bad", type="string", use="label"),
    )
    label = Label(("yes",), ("no",), high_risk_name="unpaid", healthy_name="paid")
    return Words(Declaration("Loans", Table(fields), label), (HOME,))


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("Loan-to-value ratio", "loan-to-value ratio"),
        ("A score", "a score"),
        ("DebtRatio", "DebtRatio"),
        ("NumberOfTime30-59DaysPastDue", "NumberOfTime30-59DaysPastDue"),
        ("Years at CompanyX", "years at CompanyX"),
        ("X", "X"),
    ],
)
def test_a_title_that_is_no_word_stays_as_it_is_within_a_sentence(words, title, within):
    fields = (Column("some", title=title), Column("bad", type="string", use="label"))
    declared = Declaration("Loans", Table(fields), words.declaration.label)
    assert Words(declared, ()).within("some") == within


@pytest.mark.parametrize("title", ["Kreditbetrag", "Beh\u00f6rde", "Monatliches Einkommen"])
def test_german_titles_keep_their_capitals(words, title):
    fields = (
        Column("some", title=title),
        Column("alter", title="Alter"),
        Column("bad", type="string", use="label"),
    )
    declared = Declaration("Kredite", Table(fields), words.declaration.label)
    assert Words(declared).listing(["some", "alter"]) == f"{title} and Alter"


@pytest.mark.parametrize(
    ("name", "before_its_noun"),
    [
        ("in default", "in-default"),
        ("not paid back", "not-paid-back"),
        ("past due", "past-due"),
        ("fully paid", "fully paid"),
        ("overdue", "overdue"),
        ("high-risk", "high-risk"),
    ],
)
def test_a_name_that_is_a_phrase_has_hyphens_before_its_noun_alone(words, name, before_its_noun):
    label = replace(words.declaration.label, high_risk_name=name, healthy_name=name)
    made = Words(replace(words.declaration, label=label))
    assert made.high_risk == made.healthy == made.label(1) == before_its_noun
    assert made.loans(2, 1) == f"2 {before_its_noun} loans"
    assert made.predicate(0) == made.predicate(1) == name


def test_loans(words):
    assert words.loans(1, 1) == "1 unpaid loan"
    assert words.loans(1_200, 0) == "1,200 paid loans"
    assert words.one(1) == "an unpaid loan"
    assert words.one(0) == "a paid loan"


def test_columns(words):
    assert words.listing(["score", "amount", "home: rent"]) == (
        "FICO score, loan amount and home ownership: rent"
    )
    assert words.unit("home: rent") == ""
    assert words.feature("home: rent") == "home"
    assert words.feature("score") == "score"
    assert words.title("debt_over_income") == "debt_over_income"


def test_figures(words):
    assert words.figures("score", [640.5, 12.0]) == ["640.50 points", "12.00 points"]
    assert words.figures("amount", [84_000.0]) == ["\u20ac84,000"]
    assert words.figures("score", [-0.06]) == ["\u22120.06 points"]


def test_rules(words):
    assert words.rule("home_value", "<", -0.4) == "\u201chome_value < \u22120.4\u201d"
    assert words.rule("score", "<", 640.0) == "\u201cFICO score < 640 points\u201d"
    assert words.rule("home: rent", ">=", 1.0) == "\u201cHome ownership: rent\u201d"
    assert words.rule("home: rent", "<", 1.0) == "\u201cHome ownership: other than rent\u201d"
    published = Words(module_12())
    assert published.rule("interest_rate", ">=", 9.0) == "\u201cInterest rate \u2265 9 %\u201d"
    assert published.rule("borrower_income", "<", 5e4) == (
        "\u201cBorrower income < $50,000 a year\u201d"
    )
