"""Drafts of declarations: what each kind of column becomes, and that each draft is accepted."""

import csv
import io
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.__main__ import main
from analysis.base.errors import InputError
from analysis.models import splitting
from analysis.portfolio import declaration, read
from analysis.portfolio.describe import draft
from analysis.portfolio.formats import lines, parquet_file
from tests.conftest import REAL_FILE

ROWS = 60
BAD = [str(int(at % 4 == 0)) for at in range(ROWS)]
FOLDER = REAL_FILE.parent / "portfolios"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def written(folder, columns, name="loans.csv"):
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    path = folder / name
    path.write_bytes(stream.getvalue().encode())
    return path


def drafted(path, label=None):
    """Return the draft, as it is read, and hold it against the file that it is of."""
    place = path.with_suffix(".draft.yml")
    place.write_text(draft.draft(path, label), encoding="utf-8")
    declared = declaration.read(place)
    read.read(path, declared)
    return declared


def column(folder, cells, name="some", label="bad"):
    """Return what a column of these cells, repeated, becomes beside an amount and a label."""
    amount = [str(at * 1.5) for at in range(ROWS)]
    cells = [cells[at % len(cells)] for at in range(ROWS)]
    path = written(folder, {"amount": amount, name: cells, label: BAD})
    return drafted(path).column(name)


def comments(path, label=None):
    found = [each.strip() for each in draft.draft(path, label).splitlines()]
    return "\n".join(each for each in found if each.startswith("#"))


@pytest.mark.parametrize(
    ("cells", "kind", "required", "least"),
    [
        (["1", "2", "3"], "integer", True, 0),
        (["-1", "2", "3"], "integer", True, None),
        (["1.5", "2"], "number", True, 0),
        (["1.5", ""], "number", False, 0),
        (["2", "", "3"], "integer", False, 0),
        (["1e400", "3"], "string", True, None),
        (["9007199254740993", "3"], "number", True, 0),
        (["1,5", "2,5"], "string", True, None),
        (["yes", "no"], "boolean", True, None),
        (["T", "F", ""], "boolean", False, None),
        (["b", "a", "c"], "string", True, None),
        (["7", ""], "string", False, None),
    ],
)
def test_a_feature_is_of_the_kind_that_its_cells_are(folder, cells, kind, required, least):
    found = column(folder, cells)
    assert (found.use, found.type) == ("feature", kind)
    assert found.constraints.required is required
    assert found.constraints.minimum == least
    assert found.constraints.maximum is None
    levels = tuple(sorted(set(cells) - {""})) if kind in ("string", "boolean") else ()
    assert found.constraints.enum == levels


@pytest.mark.parametrize(
    ("cells", "name", "reason"),
    [
        ([str(at) for at in range(ROWS)], "Unnamed: 0", "it numbers the rows"),
        (["x"], "some", "the same value in every row"),
        ([""], "some", "no value at all"),
        (["", "NA"], "some", "no value at all, but words for a gap"),
        (["2020-01-31", ""], "some", "dates"),
        (["31/12/2020", "1/2/2021"], "some", "dates"),
        (["Dec-2011", "Jan-2012"], "some", "dates"),
        (["a word " * 30, "b"], "some", "free text"),
        (["1", "2"], "recoveries", "known only after the outcome, by its name"),
        (["", "5"], "ChgOffPrinGr", "known only after the outcome, by its name"),
    ],
)
def test_a_column_is_left_out_with_the_reason(folder, cells, name, reason):
    found = column(folder, cells, name)
    assert (found.use, found.reason) == ("ignored", reason)
    assert found.type == ("date" if reason == "dates" else "any")


def test_identifiers_and_categories_of_many_levels_are_left_out(folder):
    rows = 300
    columns = {
        "customer_id": [str(7 * at % 1009) for at in range(rows)],
        "drawn": [str(date(2021, 1, 3) + timedelta(days=at)) for at in range(rows)],
        "code": [f"x{7 * at % 1009}" for at in range(rows)],
        "job": [f"job {at % 250}" for at in range(rows)],
        "income": [str(7 * at % 1009) for at in range(rows)],
        "bad": ["0", "1"] * (rows // 2),
    }
    found = {each.name: each for each in drafted(written(folder, columns)).schema.fields}
    assert found["customer_id"].reason == found["code"].reason == "an identifier"
    assert (found["drawn"].type, found["drawn"].reason) == ("date", "dates"), "though all differ"
    assert found["job"].reason == "a category with more than 200 levels"
    assert found["income"].use == "feature"


@pytest.mark.parametrize(
    "name", ["SEX", "age_in_years", "personAge", "Race", "marital.status", "Geschlecht"]
)
def test_a_protected_attribute_is_in_no_model(folder, name):
    assert column(folder, ["1", "2", "3"], name).use == "protected"


@pytest.mark.parametrize("name", ["mortgage", "average", "CLAGE", "account_age", "percentage"])
def test_what_only_looks_like_one_stays_a_feature(folder, name):
    assert column(folder, ["1", "2", "3"], name).use == "feature"


def test_codes_of_a_protected_attribute_are_a_category(folder):
    assert column(folder, ["2", "10", "1"], "SEX").constraints.enum == ("1", "2", "10")


def test_levels_with_decimal_commas_or_words_for_a_gap_are_drafted(folder):
    path = folder / "loans.csv"
    rows = [f"{at % 5}00,0;{at % 5 or 'None'};{at % 3 or 'none'};{at % 2}\n" for at in range(ROWS)]
    path.write_text("amount;months;education;bad\n" + "".join(rows), encoding="utf-8")
    found = drafted(path, "bad=1")
    assert found.schema.missing_values == ("", "None", "none")
    assert [found.column(each).type for each in ("amount", "months")] == ["integer", "integer"]
    assert found.column("education").levels == ("1", "2")
    assert not found.column("education").constraints.required


def test_numbers_that_are_not_read_are_left_out_with_the_reason(folder):
    found = column(folder, ["1.5", "-1e71", "3"])
    assert (found.use, found.reason) == (
        "ignored",
        "it holds numbers beyond 1e+70, which are not read",
    )
    assert column(folder, ["1.5", "-1e70", "3"]).use == "feature"


def test_words_for_a_gap_are_read_as_one_and_are_to_be_confirmed(folder):
    cells = ["1", "2", "NA", "?", "null", "3"] * (ROWS // 6)
    path = written(folder, {"a": cells, "b": ["none", "x"] * (ROWS // 2), "bad": BAD})
    declared = drafted(path)
    assert declared.schema.missing_values == ("", "?", "NA", "null")
    assert declared.column("b").constraints.enum == ("none", "x")
    said = "confirm: '?' (10), 'NA' (10), 'null' (10) is read as a missing value"
    assert said in comments(path)


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (["3", "-9", "5"], "does -9 (20) mean"),
        (["3", "999", "5"], "does 999 (20) mean"),
        (["-3", "-9", "5"], None),
        (["300", "999", "950"], None),
        (["0", "99", "98"], None),
    ],
)
def test_numbers_that_look_like_codes_are_asked_about(folder, cells, asked):
    path = written(folder, {"a": cells * (ROWS // 3), "b": BAD[::-1], "bad": BAD})
    assert ("mean a missing value" in comments(path)) is (asked is not None)
    assert asked is None or asked in comments(path)


@pytest.mark.parametrize(
    ("name", "values", "high_risk"),
    [
        ("BAD", ("1", "0"), "1"),
        ("default", ("Yes", "No"), "Yes"),
        ("Class", ("bad", "good"), "bad"),
        ("not.fully.paid", ("1", "0"), "1"),
        ("SeriousDlqin2yrs", ("1", "0"), "1"),
        ("MIS_Status", ("CHGOFF", "P I F"), "CHGOFF"),
    ],
)
def test_a_label_whose_name_or_values_leave_no_doubt_is_taken(folder, name, values, high_risk):
    labels = [values[at] for at in map(int, BAD)]
    path = written(folder, {"a": BAD[::-1], "y1": ["u", "v"] * (ROWS // 2), name: labels})
    label = drafted(path).label
    assert (label.high_risk, {*label.high_risk, *label.healthy}) == ((high_risk,), set(values))
    assert "# confirm: this column and its high-risk value" in comments(path)


def test_a_label_that_some_loans_lack_is_drafted(folder):
    labels = ["", *BAD[1:]]
    path = written(folder, {"a": BAD[::-1], "bad": labels})
    declared = drafted(path, "bad=1")
    assert declared.label.left_out == ("",)
    assert read.read(path, declared).notes == ("1 row was left out, since bad is empty there.",)
    path = written(folder, {"a": BAD[::-1], "bad": ["", "", *["x", "y"] * (ROWS // 2 - 1)]})
    with pytest.raises(InputError, match=r"--label 'bad=[xy]'"):
        draft.draft(path)


def test_a_sheet_without_the_loans_is_named(folder):
    with pd.ExcelWriter(folder / "loans.xlsx") as book:
        pd.DataFrame({"see": ["below"]}).to_excel(book, sheet_name="About", index=False)
        pd.DataFrame({"a": BAD, "bad": BAD}).to_excel(book, sheet_name="Loans", index=False)
    with pytest.raises(InputError, match="its sheet 'About' has one column"):
        draft.draft(folder / "loans.xlsx")


@pytest.mark.parametrize("name", ["loan_status", "creditability", "target", "past_default", "x"])
def test_a_label_that_only_a_person_knows_is_asked_for(folder, name):
    path = written(folder, {"a": [str(at) for at in range(ROWS)], name: BAD})
    with pytest.raises(InputError) as caught:
        draft.draft(path)
    message = str(caught.value)
    assert f"{name} ('0' 75 %, '1' 25 %)" in message
    assert f"--label '{name}=1'" in " ".join(message.split())


def test_a_rival_of_the_label_is_no_longer_beyond_doubt(folder):
    path = written(folder, {"default": ["Y", "N"] * (ROWS // 2), "loan_status": BAD})
    with pytest.raises(InputError, match="does not follow from the names"):
        draft.draft(path)
    label = drafted(written(folder, {"a": BAD, "default": BAD}), "default=0").label
    assert (label.high_risk, label.healthy) == (("0",), ("1",))


def test_the_label_told_leaves_open_loans_out(folder):
    states = ["Charged Off", "Fully Paid", "Current", "Does not meet"]
    path = written(folder, {"a=b": BAD, "x=y": states * (ROWS // 4)})
    found = drafted(path, "x=y=Charged Off")
    assert found.label_column.name == "x=y"
    assert found.label.high_risk == ("Charged Off",)
    assert found.label.healthy == ("Does not meet", "Fully Paid")
    assert found.label.left_out == ("Current",)
    said = comments(path, "x=y=Charged Off")
    assert "confirm: all other values count as healthy" in said
    assert "confirm: rows of loans that are not decided are left out" in said


def test_applications_without_a_decision_are_left_out(folder):
    undecided = ["Application withdrawn by applicant", "File closed for incompleteness"]
    states = ["Application denied", "Loan originated", *undecided]
    path = written(folder, {"x": BAD, "action": states * (ROWS // 4)})
    found = drafted(path, "action=Application denied").label
    assert (found.healthy, list(found.left_out)) == (("Loan originated",), undecided)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("bad=2", "'2' is no value of 'bad'"),
        ("worse=1", "no column is called 'worse'"),
        ("bad", "'' is no value of 'bad'"),
        ("a=1.5", "'a' has not 2 to 12 values"),
        ("a=0.7", "'a' has not 2 to 12 values"),
    ],
)
def test_a_label_that_is_not_there_is_refused(folder, told, problem):
    path = written(folder, {"a": [str(at * 1.5) for at in range(ROWS)], "bad": BAD})
    with pytest.raises(InputError) as caught:
        draft.draft(path, told)
    assert problem in str(caught.value)
    assert "bad ('0' 75 %, '1' 25 %)" in str(caught.value)


def test_a_column_without_a_name_that_numbers_the_rows_is_left_out(folder):
    path = written(folder, {"": [str(at) for at in range(ROWS)], "a": BAD[::-1], "bad": BAD})
    assert [each.name for each in drafted(path).schema.fields] == ["a", "bad"]
    path = written(folder, {"": ["x"] * ROWS, "a": BAD[::-1], "bad": BAD})
    with pytest.raises(InputError, match="column 1 has no name"):
        draft.draft(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a,b,a\n1,0,2\n", "2 columns are called 'a'"),
        (b"a b,a  b,bad\n1,0,2\n", "2 columns are called 'a b'"),
        (b"a:b\n1:2\n", "its header names one column"),
        (b"a\n1\n", "its header names one column"),
        (b"a,bad\n1,0\n2\n", "row 2: 1 field"),
        (b'a,bad\n1,0\n"2,1\n', "a quote is not closed"),
        (b"a,bad\n", "the file has a header and no rows"),
        (b"a,bad\n\xff,0\n", "the file is not UTF-8 text"),
        (b"PK\x03\x04...", "another zip archive"),
        (b"x,bad\n" + b"k,0\nk,1\n" * 20, "no column is left that a model could be fitted on"),
    ],
)
def test_what_cannot_be_described_is_refused(folder, content, problem):
    path = folder / "loans.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match="error: ") as caught:
        draft.draft(path)
    message = " ".join(str(caught.value).split())
    assert problem in message
    assert "loan_size" not in message  # nobody has said that these are those loans


def test_parquet_with_all_kinds_of_columns(folder):
    frame = pd.DataFrame(
        {
            "flag": [True, False, None] * (ROWS // 3),
            "date": pd.to_datetime(["2020-01-31"] * (ROWS - 1) + ["2021-02-01"]),
            "group": pd.Categorical(["u", "v"] * (ROWS // 2)),
            "text": [str(at % 3) for at in range(ROWS)],
            "lists": [[at] for at in range(ROWS)],
            "part": np.where(np.arange(ROWS) % 5, np.arange(ROWS) / 4, np.nan),
            "bad": [each == "1" for each in BAD],
        }
    )
    frame.to_parquet(folder / "loans.parquet")
    found = drafted(folder / "loans.parquet")
    kinds = {each.name: (each.type, each.use) for each in found.schema.fields}
    assert kinds == {
        "flag": ("boolean", "feature"),
        "date": ("date", "ignored"),
        "group": ("string", "feature"),
        "text": ("string", "feature"),
        "lists": ("any", "ignored"),
        "part": ("number", "feature"),
        "bad": ("string", "label"),
    }
    assert found.label.high_risk == ("true",)


@pytest.mark.parametrize("rows", [7, 23])
def test_a_file_read_in_parts_gives_the_same_draft(folder, monkeypatch, rows):
    columns = {
        "row": [str(at) for at in range(ROWS)],
        "a": ["1", "2.5", "-9", "", "NA"] * (ROWS // 5),
        "b": ["x", "y", "z"] * (ROWS // 3),
        "bad": BAD,
    }
    path = written(folder, columns)
    frame = pd.DataFrame(columns).assign(a=np.arange(ROWS) % 4 + 0.5)
    frame.to_parquet(folder / "loans.parquet")
    whole = [draft.draft(path), draft.draft(folder / "loans.parquet")]
    monkeypatch.setattr(lines, "PART_BYTES", rows * 20)
    monkeypatch.setattr(parquet_file, "BATCH_ROWS", rows)
    assert [draft.draft(path), draft.draft(folder / "loans.parquet")] == whole


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8
) | st.sampled_from(
    ["no", "null", "~", "1.10", "2026-11-24", "#a", "- a", "a: b", "{", "'", '"', "none", "NA", "?"]
)
NUMBERS = st.one_of(
    st.integers(-20, 10**6).map(str),
    st.floats(-1e6, 1e6).map(str),
    st.sampled_from(["-9", "999", "1e5", "+3", ".5", "1e400", "inf", "nan"]),
)
CELLS = st.one_of(
    st.lists(TEXTS, min_size=1, max_size=6),
    st.lists(NUMBERS, min_size=1, max_size=12),
    st.lists(NUMBERS | st.sampled_from(["", "NA", "NULL", "?", " "]), min_size=1, max_size=12),
    st.lists(st.dates().map(str), min_size=1, max_size=5),
)


@given(st.dictionaries(TEXTS.filter(lambda text: text.strip() == text), CELLS, max_size=5))
@settings(max_examples=30)
def test_any_frame_gets_a_draft_that_accepts_it(tmp_path_factory, drawn):
    columns = {
        name: [cells[at % len(cells)] for at in range(ROWS)] for name, cells in drawn.items()
    }
    columns = {name: cells for name, cells in columns.items() if not set(name) & set('\r\n",')}
    columns |= {"an amount": [str(at % 7 + 0.5) for at in range(ROWS)], "bad loan": BAD}
    path = written(tmp_path_factory.mktemp("drawn"), columns)
    try:
        draft.draft(path, "bad loan=1")
    except InputError as error:
        assert "columns are called" in str(error) or "has no name" in str(error)  # noqa: PT017
    else:
        assert drafted(path, "bad loan=1").label.high_risk == ("1",)


def big(folder, columns, bad):
    """Write a file of as many rows as there are labels."""
    return written(folder, columns | {"bad": [str(each) for each in bad]})


@pytest.fixture
def generator():
    return np.random.default_rng(5)


@pytest.mark.parametrize(
    ("cells", "unit", "group"),
    [
        (["$60,000.00 ", "$5.00 ", "$1,250.50 "], "$", ","),
        (["10.65%", "7%", "12.1 %"], "%", ","),
        (["1,200", "900", "12,345,678"], "", ","),
        (["$5.00", "", "-$1,000.00"], "$", ","),
        (["(1,200)", "900", "(7)"], "", ","),
        (["$(1,200)", "$900", "$ (7)"], "$", ","),
    ],
)
def test_amounts_are_numbers(folder, cells, unit, group):
    found = column(folder, cells)
    assert found.type in ("number", "integer")
    assert (found.unit, found.group_char, found.bare_number) == (unit, group, False)
    assert found.constraints.required == ("" not in cells)


@pytest.mark.parametrize("cells", [["7,5", "8,25"], ["1,2,3", "4"], ["$5", "high"], ["+", "$"]])
def test_other_texts_are_no_amounts(folder, cells):
    assert column(folder, cells).type == "string"


def test_a_few_words_beside_many_numbers_are_asked_about(folder, generator):
    bad = generator.integers(0, 2, 600)
    ratio = [str(each) for each in generator.random(600).round(4)]
    ratio[::9] = ["Exempt"] * len(ratio[::9])
    path = big(folder, {"ratio": ratio}, bad)
    found = drafted(path)
    assert found.column("ratio").type == "number"
    assert found.schema.missing_values == ("", "Exempt")
    assert "confirm: 'Exempt' (67) is read as a missing value" in comments(path)


@pytest.mark.parametrize("name", ["zip", "county_code", "NAICS", "FranchiseCode"])
def test_numbers_that_name_places_are_no_numbers(folder, name, generator):
    bad, few = generator.integers(0, 2, 600), ["451120", "722410", "0"]
    columns = {"amount": [str(each) for each in generator.random(600)]}
    path = big(folder, columns | {name: [few[at % 3] for at in range(600)]}, bad)
    assert drafted(path).column(name).levels == ("0", "451120", "722410")
    path = big(folder, columns | {name: [str(at * 7 % 9999) for at in range(600)]}, bad)
    found = drafted(path).column(name)
    assert (found.use, found.reason) == ("ignored", "a category with more than 200 levels")


def test_few_numbers_are_groups_by_their_name(folder):
    assert column(folder, ["1", "2", "3"], "EDUCATION").levels == ("1", "2", "3")
    assert column(folder, ["1", "2", "3"], "loan_purpose").levels == ("1", "2", "3")
    assert column(folder, ["1", "2", "3"], "years").type == "integer"


def told(folder, generator, make):
    """Return the draft of a file in which one column is made of the label, and its comments."""
    bad = (generator.random(600) < 0.3).astype(int)
    amount = [str(each) for each in generator.random(600)]
    path = big(folder, {"amount": amount, "some": make(bad)}, bad)
    return drafted(path).column("some"), comments(path)


@pytest.mark.parametrize(
    "make",
    [
        lambda bad: ["24-Jun-91x" if each else "" for each in bad],
        lambda bad: ["denied" if each else "ok" for each in bad],
        lambda bad: [str(5.5 + at % 4 if each else 0) for at, each in enumerate(bad)],
        lambda bad: [str(100 * each + at % 50) for at, each in enumerate(bad)],
        lambda bad: [f"${100 * each + at % 50:,.2f}" for at, each in enumerate(bad)],
    ],
)
def test_a_column_that_tells_the_label_is_left_out(folder, generator, make):
    found, said = told(folder, generator, make)
    assert found.use == "ignored"
    assert found.reason in (draft.TELLS, "the same value in every row")
    assert "confirm: it should be left out" in said


def test_a_column_that_almost_tells_the_label_is_flagged(folder, generator):
    def make(bad):
        cells = ["late" if each else "ok" for each in bad]
        cells[int(np.flatnonzero(bad == 0)[0])] = "late"
        return cells

    found, said = told(folder, generator, make)
    assert found.use == "feature"
    assert draft.ALMOST_TELLS in said
    found, said = told(folder, generator, lambda bad: [str(each % 3) for each in range(len(bad))])
    assert found.use == "feature"
    assert "tells the label" not in said


def test_the_only_column_stays_though_it_tells_the_label(folder):
    bad = [at % 3 == 0 for at in range(600)]
    path = big(folder, {"rate": [str(5.5 + 3 * each) for each in bad]}, map(int, bad))
    assert drafted(path).column("rate").use == "feature"
    assert draft.ALMOST_TELLS in comments(path)


def test_a_column_is_told_across_the_parts_of_a_file(folder, generator, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", 2_000)
    found, _ = told(
        folder, generator, lambda bad: [str(100 * e + i % 50) for i, e in enumerate(bad)]
    )
    assert found.reason == draft.TELLS


def test_a_number_that_names_something_is_asked_about(folder):
    columns = {"lender_id": [str(at % 7 + 100) for at in range(ROWS)], "bad": BAD}
    said = comments(written(folder, columns))
    assert "confirm: it names something; if its size says nothing: use: ignored" in said
    assert "words for \u201ca loan is \u2026\u201d and \u201c\u2026 loans\u201d" in said


def test_values_that_mean_the_same_go_with_the_one_named(folder):
    cells = ["Fully Paid", "Charged Off", "Default", "Current", "Late (31-120 days)"]
    cells += ["Does not meet the credit policy. Status:Charged Off", "In Grace Period"]
    cells += ["Does not meet the credit policy. Status:Fully Paid"]
    columns = {"amount": [str(at) for at in BAD], "status": [cells[at % 8] for at in range(ROWS)]}
    path = folder / "loans.csv"
    written(folder, columns | {"amount": [str(at % 7 + 0.5) for at in range(ROWS)]})
    found = drafted(path, "status=Charged Off").label
    assert found.high_risk == ("Charged Off", "Default", cells[5])
    assert found.healthy == (cells[7], "Fully Paid")
    assert found.left_out == ("Current", "In Grace Period", "Late (31-120 days)")


def test_a_code_for_a_gap_comes_with_the_line_to_add(folder):
    path = written(
        folder,
        {
            "months": [["3", "40", "-9", "-8"][at % 4] for at in range(ROWS)],
            "late": [["0", "1", "98", "2"][at % 4] for at in range(ROWS)],
            "bad": BAD,
        },
    )
    said = comments(path)
    assert "does -9 (15), -8 (15) mean a missing value?" in said
    assert '#   missingValues: ["", "-9", "-8"]' in said
    assert "does 98 (15) mean a missing value?" in said


@pytest.mark.parametrize(
    ("name", "columns", "edits"),
    [
        ("german_credit", 48, (("      use: protected\n", ""),)),
        ("hmeq", 27, ()),
        ("islr_default", 3, ()),
        (
            "lending_club",
            65,
            (('"addr_state"\n      type: string\n', '"addr_state"\n      use: ignored\n'),),
        ),
        ("taiwan_default", 25, ()),
        # As the reference has them: age and marriage among the features.
        (
            "taiwan_default",
            29,
            tuple(
                (f'title: "{name}"\n{unit}      use: protected\n', f'title: "{name}"\n{unit}')
                for name, unit in (("AGE", '      unit: ""\n'), ("MARRIAGE", ""))
            ),
        ),
    ],
)
def test_public_loan_files(name, columns, edits, folder):
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        pytest.skip("the public loan files are not there")
    text = draft.draft(path)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "draft.yml").write_text(text, encoding="utf-8")
    portfolio = read.read(path, declaration.read(folder / "draft.yml"))
    assert len(splitting.split(portfolio.loans).design.columns) == columns


def test_the_command_writes_beside_the_file_and_never_over_another(folder, capsys):
    path = written(folder, {"a": BAD[::-1], "bad": BAD}, "my.loans.csv")
    assert main(["describe", str(path)]) == 0
    place = folder / "my.yml"
    assert declaration.locate(path) == place
    assert f"{place}: drafted" in capsys.readouterr().out
    assert yaml.safe_load(place.read_text(encoding="utf-8"))["label"]["high_risk"] == ["1"]
    before = place.read_bytes()
    around = folder / "none" / ".." / path.name
    for arguments in ([], ["--out", str(place)], ["--out", str(path)], ["--out", str(around)]):
        assert main(["describe", str(path), *arguments]) == 2
        assert "there is a file already" in capsys.readouterr().err
    assert place.read_bytes() == before
    assert main(["describe", str(path), "--out", str(folder / "other.yml")]) == 0


def test_an_unknown_header_leads_to_the_command(folder, capsys):
    path = written(folder, {"a": BAD[::-1], "b": BAD})
    assert main(["validate", str(path)]) == 2
    assert "python -m analysis describe FILE" in " ".join(capsys.readouterr().err.split())


def test_the_title_begins_with_a_capital(tmp_path):
    path = tmp_path / "german_credit.csv"
    path.write_text("income,bad\n" + "".join(f"{at % 7},{at % 2}\n" for at in range(40)))
    assert '\ntitle: "German credit"\n' in draft.draft(path, "bad=1")


def test_a_category_of_too_many_levels_is_to_be_confirmed(tmp_path):
    path = tmp_path / "loans.csv"
    rows = [f"firm {at % 300},{at % 7},{at % 2}\n" for at in range(900)]
    path.write_text("employer,income,bad\n" + "".join(rows))
    before, after = draft.draft(path, "bad=1").split('name: "employer"')
    assert before.splitlines()[-2].startswith("    # confirm: it should be left out; to use it, ")
    assert 'reason: "a category with more than 200 levels"' in after


@pytest.mark.parametrize("told", ["bad=true", "bad=TRUE", "bad=True"])
def test_capitals_of_a_label_told_may_differ(tmp_path, told):
    path = tmp_path / "loans.csv"
    path.write_text("income,bad\n" + "".join(f"{at % 7},{at % 2 == 0}\n" for at in range(40)))
    assert 'high_risk: ["True"]' in draft.draft(path, told)


def test_capitals_that_tell_two_values_apart_may_not_differ(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text("income,bad\n" + "".join(f"{at % 7},{'yYn'[at % 3]}\n" for at in range(42)))
    assert 'high_risk: ["Y"]' in draft.draft(path, "bad=Y")
    with pytest.raises(InputError, match="'yes' is no value of 'bad'"):
        draft.draft(path, "bad=yes")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (("denied", "approved"), ("denied", "approved")),
        (("Charged Off", "Fully Paid"), ("charged off", "fully paid")),
        (("Y", "N"), ("high-risk", "healthy")),
        (("bad", "paid"), ("high-risk", "healthy")),
    ],
)
def test_values_that_say_what_a_loan_is_name_it(tmp_path, values, names):
    path = tmp_path / "loans.csv"
    rows = "".join(f"{at % 7},{values[at % 2]}\n" for at in range(40))
    path.write_text(f"income,outcome\n{rows}")
    drafted = draft.draft(path, f"outcome={values[0]}")
    assert f"high_risk_name: {names[0]}\n  healthy_name: {names[1]}\n" in drafted
