"""Declarations: what one may hold, and that each fault is told with its line and what to do."""

import json
from dataclasses import replace

import jsonschema
import pytest
import yaml

from analysis.base.errors import InputError
from analysis.base.project import ROOT
from analysis.portfolio import declaration
from analysis.portfolio.column import Constraints
from analysis.record import schema

GOOD = """\
title: Home loans
schema:
  fields:
    - {name: bad, type: integer, use: label}
    - {name: income, constraints: {minimum: 0}}
    - name: home
      type: string
      constraints: {enum: [no, 1.10, 2026-11-24]}
label:
  high_risk: [1]
  healthy: [0]
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "loans.yml"


def read(path, text):
    path.write_text(text, encoding="utf-8")
    return declaration.read(path)


def refused(path, text):
    with pytest.raises(InputError) as caught:
        read(path, text)
    (fault,) = caught.value.faults
    return fault


def test_texts_are_read_as_they_stand(path):
    found = read(path, GOOD)
    assert found.column("home").levels == ("no", "1.10", "2026-11-24")
    assert (found.label.high_risk, found.label.healthy) == (("1",), ("0",))
    assert found.column("income").title == "income"
    assert found.recipe == declaration.USUAL


@pytest.mark.parametrize(
    ("old", "new", "entry", "problem", "line"),
    [
        ("title: Home loans", "titel: Home loans", "title", "the entry is missing", 1),
        ("{minimum: 0}", "{minimun: 0}", "minimun", "the entry is not known", 5),
        ("{minimum: 0}", "{minimum: low}", "minimum", "it is 'low'", 5),
        ("title: Home loans", "title:", "title", "nothing is stated", 1),
        ("type: integer", "type: int", "type", "it is 'int'", 4),
        ("use: label", "use: target", "use", "it is 'target'", 4),
        ("use: label", "use: feature", "fields", "use: label are not one column", 3),
        ("name: income", "name: bad", "name", "'bad' is declared twice", 5),
        ("type: string", "type: date", "type", "its use is feature", 7),
        ("{enum: [no, 1.10, 2026-11-24]}", "{}", "3", "the levels of a category are not named", 6),
        ("high_risk: [1]", "high_risk: []", "high_risk", "the list is empty", 10),
        ("healthy: [0]", "healthy: [1]", "label", "the value '1' stands there twice", 9),
        ("healthy: [0]", "healthy: {a: 0}", "healthy", "entries stand there", 11),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_allowed(path, old, new, *, entry, problem, line):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    with pytest.raises(InputError) as caught:
        read(path, text)
    faults = [each for each in caught.value.faults if problem in each.problem]
    assert faults, caught.value
    assert entry in faults[0].column
    assert f"line {line}" in faults[0].column
    assert faults[0].allowed
    assert "docs/portfolio.md" in faults[0].remedy + faults[0].allowed


@pytest.mark.parametrize(
    "identity",
    [
        "{column: income, dividend: home, divisor: bad}",
        "{column: debt, dividend: income, divisor: bad}",
    ],
)
def test_an_identity_names_columns_of_numbers(path, identity):
    fault = refused(path, f"{GOOD}identities:\n  - {identity}\n")
    assert "is no column of numbers" in fault.problem
    assert "line 13" in fault.column


def test_more_levels_than_can_be_columns(path):
    levels = ", ".join(f"level {number}" for number in range(201))
    fault = refused(path, GOOD.replace("no, 1.10, 2026-11-24", levels))
    assert fault.problem == "the list has 201 entries"
    assert fault.allowed == (
        "at most 200: the commonest, and under others one name for all the rest; or use: ignored"
    )
    fault = refused(path, f"{GOOD}dialect: {{headerRows: [1, 2]}}\n")
    assert fault.allowed == "tuple should have at most 1 item after validation, not 2"


OTHERS = GOOD.replace("constraints: {enum", "others: elsewhere\n      constraints: {enum")


def test_the_level_of_all_other_values_is_the_last(path):
    home = read(path, OTHERS).column("home")
    assert home.levels == ("no", "1.10", "2026-11-24", "elsewhere")
    assert replace(home, constraints=Constraints(enum=("", "1"))).allowed == (
        "empty or 1, any other as elsewhere, or missing"
    )
    assert home.allowed == "no or 1.10 or 2026-11-24, any other as elsewhere, or missing"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (OTHERS.replace("elsewhere", "no"), "it is one of the levels"),
        (GOOD.replace("name: income,", "name: income, others: x,"), "it is no category"),
        (GOOD.replace("use: label", "use: label, others: x"), "it is no category"),
    ],
)
def test_others_are_those_of_a_category_and_no_level_of_it(path, text, problem):
    assert refused(path, text).problem == problem


def test_segments_are_features(path):
    fault = refused(path, f"{GOOD}segments: [income, bad]\n")
    assert "'bad' is no feature" in fault.problem


def test_a_declaration_that_is_not_there_leads_to_the_command(path):
    with pytest.raises(InputError, match="python -m analysis describe FILE"):
        declaration.read(path)


def content(text):
    """Return what an editor holds against the schema; YAML 1.1 takes 1e12 for a text."""
    return yaml.safe_load(text.replace(": 1e", ": 1.0e+"))


def test_the_schema_is_what_the_classes_say():
    text = declaration.SCHEMA_FILE.read_text(encoding="utf-8")
    assert text == schema.entries_text(declaration.Declaration), "`make schema` writes it"
    checker = jsonschema.Draft202012Validator(json.loads(text))
    delivered = content(declaration.MODULE_12.read_text(encoding="utf-8"))
    checker.validate(delivered)
    assert not checker.is_valid(delivered | {"colour": "red"})
    assert not checker.is_valid(delivered | {"recipe": {"test_share": 1}})
    assert not checker.is_valid({key: delivered[key] for key in delivered if key != "label"})


def entries(made):
    forms = [made, *made["$defs"].values()]
    return {name: each for form in forms for name, each in form["properties"].items()}


def test_each_entry_is_described_and_documented():
    made = json.loads(declaration.SCHEMA_FILE.read_text(encoding="utf-8"))
    found = entries(made)
    assert not [name for name, each in found.items() if not each.get("description")]
    page = (ROOT / "docs" / "portfolio.md").read_text(encoding="utf-8")
    assert not [name for name in found if f"`{name}`" not in page]


def test_the_documented_example_is_one(path):
    page = (ROOT / "docs" / "portfolio.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    found = read(path, example)
    assert found.label.left_out == ("Current",)
    made = json.loads(declaration.SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(made).validate(content(example))


def test_a_recipe_holds_the_choices_of_a_hand_written_report(path):
    recipe = "{scaled: false, solver: lbfgs, iterations: 100, resampler: class_weights}"
    found = read(path, f"{GOOD}recipe: {recipe}\n").recipe
    assert found.fit == (False, "lbfgs", 100)
    assert found.resampler == "class_weights"


@pytest.mark.parametrize(
    ("entry", "problem", "allowed"),
    [
        ("dialect: {delimiter: ab}", "it is 'ab'", "';'"),
        ("dialect: {delimeter: ;}", "the entry is not known", "docs/portfolio.md"),
        ("dialect: {header: maybe}", "it is 'maybe'", "boolean"),
        ("dialect: {decimalChar: ;}", "it is ';'", "'.' or ','"),
        ("recipe: {solver: lbgfs}", "it is 'lbgfs'", "'lbfgs'"),
        ("recipe: {resampler: rose}", "it is 'rose'", "'smote'"),
        ("recipe: {iterations: 0}", "it is '0'", "greater than or equal to 1"),
        ("recipe: {fit: published}", "the entry is not known", "docs/portfolio.md"),
    ],
)
def test_faults_of_dialect_and_recipe(path, entry, problem, allowed):
    fault = refused(path, f"{GOOD}{entry}\n")
    assert problem in fault.problem
    assert allowed in fault.allowed
    assert "line 12" in fault.column


@pytest.mark.parametrize("written", [r'"\t"', r"\t", "tab"])
def test_a_tab_may_be_written_in_words(path, written):
    assert read(path, f"{GOOD}dialect: {{delimiter: {written}}}\n").dialect.delimiter == "\t"


def test_no_loans_are_made_between_categories(path):
    fault = refused(path, f"{GOOD}recipe: {{resampler: smote}}\n")
    assert "'home' is a category" in fault.problem
    assert "line 12" in fault.column
