"""Files written otherwise than as CSV with commas: declared, or told by their first lines."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.base.errors import InputError
from analysis.portfolio import declaration, read, simulate
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.declaration import module_12
from analysis.portfolio.describe import draft
from analysis.portfolio.describe.sample import of_sample
from analysis.portfolio.dialect import Dialect, of_header
from analysis.portfolio.formats import lines
from analysis.portfolio.simulate import to_csv
from tests.support import loan_files, plain

TABLE = simulate.portfolio(simulate.LEAST_ROWS)
TEXT = to_csv(TABLE).decode()
NAMES = list(TABLE)


@pytest.fixture(params=[700, 2**23], autouse=True)
def part(request, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", request.param)


def read_as(text, tmp_path, dialect, declared=None):
    path = tmp_path / "loans.txt"
    path.write_text(text, encoding="utf-8", newline="")
    found = read.read(path, replace(declared or module_12(), dialect=dialect))
    return plain.table(found.loans), found.notes


@pytest.mark.parametrize(
    ("change", "dialect"),
    [
        (lambda text: text.replace(",", ";"), Dialect(";")),
        (lambda text: text.replace(",", ":"), Dialect(":")),
        (lambda text: text.replace(",", " \t  "), Dialect(" ")),
        (lambda text: text.split("\n", 1)[1], Dialect(header=False)),
        (lambda text: f"Loans of May\n\nas of 31 May, 2026\n{text}", Dialect(header_rows=(3,))),
        (
            lambda text: "\ufeffno, header\r\n" + text.split("\n", 1)[1],
            Dialect(header=False, header_rows=(2,)),
        ),
        (lambda text: "\n\n" + text.split("\n", 1)[1].replace(",", "\t"), Dialect("\t", False)),
        (lambda text: text.split("\n", 1)[1].replace(",", "  "), Dialect(" ", header=False)),
        (lambda text: text.split("\n", 1)[1].replace(",", ";"), Dialect(header=False)),
        (
            lambda text: text.replace(",", ";").replace(".", ","),
            Dialect(";", decimal_char=","),
        ),
        (
            lambda text: re.sub(r"([0-9])\.([0-9])", r"\1,\2", text.replace(",", "\t")),
            Dialect(" ", decimal_char=","),
        ),
    ],
)
def test_a_file_is_read_as_it_is_declared(change, dialect, tmp_path):
    table, _ = read_as(change(TEXT), tmp_path, dialect)
    pd.testing.assert_frame_equal(table, TABLE)


def test_quoted_fields_keep_their_blanks(tmp_path):
    levels = ["own  home", "rent"]
    home = Column("home", "string", constraints=Constraints(enum=tuple(levels)))
    fields = (*module_12().schema.fields, home)
    declared = replace(module_12(), schema=replace(module_12().schema, fields=fields))
    rows = TEXT.splitlines()
    text = "\n".join(
        f'{row.replace(",", "  ")}   "{levels[at % 2] if at else "home"}"'
        for at, row in enumerate(rows)
    )
    table, _ = read_as(text, tmp_path, Dialect(" "), declared)
    assert table["home"].tolist() == [(at + 1) % 2 for at in range(len(TABLE))]


def fault(text, tmp_path, dialect):
    with pytest.raises(InputError) as caught:
        read_as(text, tmp_path, dialect)
    return caught.value.faults[0]


def test_what_does_not_fit_says_what_to_declare(tmp_path):
    comma = TEXT.replace(",", ";").replace(".", ",")
    found = fault(comma, tmp_path, Dialect())
    assert found.problem == "number holds a comma, not a point"
    assert 'dialect: {decimalChar: ","}' in found.remedy
    found = fault(TEXT.replace(",", ";"), tmp_path, Dialect(";", decimal_char=","))
    assert found.problem == "number holds a point, not a comma"
    assert 'dialect: {decimalChar: "."}' in found.remedy
    found = fault(TEXT.split("\n", 1)[1] + "1,2\n", tmp_path, Dialect(header=False))
    assert "or declare another one (dialect: delimiter)" in found.remedy
    found = fault('1"2",' + TEXT.split("\n", 1)[1], tmp_path, Dialect(header=False))
    assert found.problem.startswith("line 1: a quote is not closed")
    found = fault(TEXT.replace("\n", "$,\n").replace(",", "$,"), tmp_path, Dialect())
    assert "bareNumber: false" not in found.remedy  # the names have it, too


def test_amounts_are_read_as_they_are_declared(tmp_path):
    size = Column("loan_size", group_char=",", bare_number=False)
    fields = tuple(size if each.name == "loan_size" else each for each in module_12().schema.fields)
    declared = replace(module_12(), schema=replace(module_12().schema, fields=fields))
    table = TABLE.assign(loan_size=[f"${each:,.2f} " for each in TABLE["loan_size"]])
    found, _ = read_as(to_csv(table).decode(), tmp_path, Dialect(), declared)
    assert found["loan_size"].tolist() == TABLE["loan_size"].tolist()
    assert (TABLE["loan_size"] > 1_000).any()
    found = fault(to_csv(table).decode(), tmp_path, Dialect())
    assert found.problem in ("text where a number is expected", "number holds a comma, not a point")
    assert 'bareNumber: false, groupChar: ","' in found.remedy


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$1,234.50 ", 1234.5),
        ("-$5", -5),
        ("$-5", -5),
        ("10.65%", 10.65),
        ("36 months", 36),
        ("($1,234.50)", -1234.5),
        (" (5) ", -5),
        ("$ (1,234.50)", -1234.5),
        ("(5) EUR", -5),
        ("grade (5)", 5),
        ("(-5)", -5),
    ],
)
def test_a_number_that_is_not_bare(written, value, tmp_path):
    size = Column("amount", group_char=",", bare_number=False)
    bad = Column("bad", "integer", use="label")
    table = declaration.Table((size, bad))
    declared = declaration.Declaration("A", table, declaration.Label(("1",), ("0",)))
    text = "amount,bad\n" + "".join(f'"{written}",{at % 2}\n' for at in range(40))
    found, _ = read_as(text, tmp_path, Dialect(), declared)
    assert found["amount"].tolist() == [value] * 40


def test_a_header_leaves_no_doubt_or_means_commas():
    assert of_header("loan_size;bad", NAMES) == ";"
    assert of_header("a|b|c;d", NAMES) == "|"
    assert of_header("loan_size\tb|c", NAMES) == "\t"
    assert of_header("loan_size  interest_rate", NAMES) == " "
    assert of_header("Loans of May", NAMES) == ","
    assert of_header("a;b,c", NAMES) == ","


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,x y\n", Dialect()),
        ("a;b\n1,5;2\n2,5;3\n", Dialect(";", decimal_char=",")),
        ("a;b\n1.5;2\n2,5;3\n", Dialect(";")),
        ("a;b\n74.732,00 €;05.02.2021\n(2,5);1.2.2021\n", Dialect(";", decimal_char=",")),
        ("a;b\n$74,732.00;1\n$5;2\n", Dialect(";")),
        ("a;b\n8,37 %;x\n7 %;y\n", Dialect(";", decimal_char=",")),
        ("a,b;c\n1;2\n", Dialect(";")),
        ("a|b\n1|2\n", Dialect("|")),
        ("A11 6 A34 1\nA12 48 A32 2\n", Dialect(" ", header=False)),
        ("  1   6  4\n  2  48  2\n", Dialect(" ", header=False)),
        ("1,2\n3,4\n", Dialect(header=False)),
        ("a,1\nb,c\n", Dialect()),
        ("", Dialect()),
        ("Loans of May\na,b\n1,2\n3,4\n", Dialect(header_rows=(2,))),
        ("Loans of May;;\n\nat;;\na;b;c\n1;2;3\n4;5;6\n", Dialect(";", header_rows=(3,))),
        ("note\n1,2\n3,4\n5,6\n", Dialect(header=False, header_rows=(2,))),
        ("a,b\n1,2,3\n4,5\n", Dialect()),
        ("a,b,c\n1,2\n3,4\n5,6\n", Dialect()),
    ],
)
def test_the_first_lines_tell_how_an_undeclared_file_is_written(text, expected):
    assert of_sample(text) == expected


def test_what_stands_above_a_header_is_left_out_of_a_draft(tmp_path):
    path, place = tmp_path / "loans.csv", tmp_path / "loans.yml"
    rows = "".join(f"{at}.5,{'xyz'[at % 3]},{at % 2}\n" for at in range(60))
    path.write_text("Loans of May\n\namount,kind,bad\n" + rows, encoding="utf-8")
    place.write_text(draft.draft(path), encoding="utf-8")
    assert "dialect: {headerRows: [2]}" in place.read_text(encoding="utf-8")
    assert read.read(path, declaration.read(place)).loans.total == 60


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"sep": ";", "decimal": ","}, 'dialect: {delimiter: ";", decimalChar: ","}'),
        ({"sep": "\t"}, 'dialect: {delimiter: "\\t"}'),
        ({"sep": " ", "header": False}, 'dialect: {delimiter: " ", header: false}'),
        ({}, ""),
    ],
)
def test_a_draft_says_how_the_file_is_written(form, said, tmp_path):
    generator = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "purpose": generator.choice(["A11", "A12"], 300),
            "amount": generator.normal(5, 1, 300).round(2),
            "bad": generator.integers(0, 2, 300),
        }
    )
    path, place = tmp_path / "loans.txt", tmp_path / "draft.yml"
    table.to_csv(path, index=False, **form)
    label = "bad=1" if form.get("header", True) else "column_3=1"
    place.write_text(draft.draft(path, label), encoding="utf-8")
    assert said in place.read_text(encoding="utf-8")
    assert ("dialect" in place.read_text(encoding="utf-8")) == bool(said)
    found = plain.table(read.read(path, declaration.read(place)).loans)
    assert found.iloc[:, 1].tolist() == table["amount"].tolist()
    assert found.iloc[:, 2].tolist() == table["bad"].tolist()


def test_an_undeclared_file_of_these_columns_is_read_with_a_note():
    table, notes = loan_files.table("a.csv", TEXT.replace(",", ";").encode())
    pd.testing.assert_frame_equal(table, TABLE)
    assert notes == ["Its fields are separated by semicolons."]
