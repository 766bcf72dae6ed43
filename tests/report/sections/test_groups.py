"""Who is refused: shown where groups are declared, by column, with what the rows say."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.findings.groups import compared
from analysis.portfolio import read
from analysis.portfolio.declaration import Table
from analysis.report.sections import groups
from tests.report.drawing.test_tables import cells
from tests.support import odd_results
from tests.test_portfolios import EXPECTED, FOLDER, declared


@pytest.fixture(scope="module")
def unequal():
    return odd_results.named("a group refused far more")


def test_nothing_where_no_group_is_declared(simulated_results):
    assert groups.section(simulated_results) == ""


def test_each_column_has_its_table_under_one_heading(unequal):
    said = groups.section(unequal)
    assert said.startswith("### Who is refused\n\nBy sex, the lowest ratio of acceptance is ")
    assert re.findall(r"^:::: \{#(.*)\}$", said, re.MULTILINE) == ["tbl-groups-1", "tbl-groups-2"]
    assert "\nBoth models by sex, with 95 % intervals\n::::" in said
    (finding,) = (each for each in unequal.findings if each.id.startswith("four-fifths"))
    back = said.split("::: {.back-to-findings}\n")[1]
    assert finding.evidence == "tbl-groups-1"
    assert back.startswith("**High: Unequal acceptance by sex.**")


def test_the_table_shows_every_group_and_choice(unequal):
    (sex, age) = compared(unequal.evidence)
    head, *body = cells(groups.groups(unequal, sex))
    assert head == [
        "Sex", "Loans", "Accepted, %", "Ratio", "Paid sent to review, %", "Recall, %",
        "Observed / expected",
    ]  # fmt: skip
    own = {each["choice"]: each["threshold"] for each in sex.rows.to_dict("records")}
    assert [row[0] for row in body][:4] == [
        "f, Original at 0.5", "m, Original at 0.5",
        "f, Oversampled at 0.5", "m, Oversampled at 0.5",
    ]  # fmt: skip
    assert body[4][0] == f"f, Original at {own['original_own']:g}"
    row = sex.rows.iloc[0]
    assert body[0][2] == (
        f"{100 * row['accepted']:.0f} ({100 * row['accepted_low']:.0f} to "
        f"{100 * row['accepted_high']:.0f})"
    )
    assert body[1][3] == "1.00"
    names = [row[0] for row in cells(groups.groups(unequal, age))[1:]]
    assert len(set(names)) == len(names)
    assert any(name.startswith("missing (small), Original") for name in names)
    assert any(re.match(r"20 to \d\d, Original", name) for name in names)


def test_of_many_groups_the_largest_are_shown_and_the_others_together(unequal, monkeypatch):
    monkeypatch.setattr(groups, "MOST_GROUPS", 1)
    (_, age) = compared(unequal.evidence)
    body = cells(groups.groups(unequal, age))[1:]
    shown = {row[0].split(",")[0] for row in body}
    rows = age.rows[age.rows["choice"] == "original"]
    left = len(rows) - len(shown) + 1
    assert left > 1
    assert f"; {left} small or further groups are taken together" in groups.section(unequal)
    (row,) = (row for row in body if row[0] == f"{left} other groups, Original at 0.5")
    kept = {groups._name(unequal, each) for each in rows.to_dict("records")} & {
        each[0] for each in body
    }
    together = rows[[groups._name(unequal, e) not in kept for e in rows.to_dict("records")]]
    accepted = (together["tn"] + together["fn"]).sum() / together["loans"].sum()
    assert row[1] == f"{together['loans'].sum():,}"
    assert row[2] == f"{100 * accepted:.0f}"
    assert row[5] == f"{100 * together['tp'].sum() / together['high_risk'].sum():.0f}"
    assert row[6] == f"{together['high_risk'].sum() / together['expected'].sum():.2f}"


def test_unequal_calibration_stands_in_words_and_as_a_finding(unequal):
    results = odd_results.named("a group expected wrongly")
    said = groups.refused(results)
    (finding,) = (each for each in results.findings if each.id == "unequal-calibration-1")
    assert "the original model expects 63\\.4 of 186 test loans to be unpaid, and 113 are" in said
    assert finding.figure == "observed / expected 1.78 against 0.33"
    assert finding.evidence == "tbl-groups-1"
    assert not any(each.id.startswith("unequal-cal") for each in unequal.findings)
    assert groups.refused(unequal).count("Neither model is shown to be calibrated otherwise") == 2


@pytest.mark.slow
def test_german_credit():
    path = Path(FOLDER, "german_credit.csv")
    if not path.exists():
        pytest.skip("the public loan files are not there")
    found = declared(path, *EXPECTED["german_credit"][0])
    protected = {"personal_status_and_sex", "age_in_years"}
    fields = [
        replace(each, use="protected") if each.name in protected else each
        for each in found.schema.fields
    ]
    portfolio = read.read(path, replace(found, schema=Table(tuple(fields))))
    results = odd_results.of(portfolio)
    assert not protected & {
        results.words.feature(name) for name in results.models.original.fitted.columns
    }
    women = results.evidence.groups.query(
        "choice == 'original' and column == 'personal_status_and_sex'"
    )
    assert women["loans"].tolist() == [75, 13, 26, 136]
    assert women["small"].tolist() == [False, True, True, False]
    assert women["high_risk"].sum() == 74
    said = groups.section(results)
    assert "personal\\_status\\_and\\_sex" in said
    assert "none is shown to be below four fifths" in said
