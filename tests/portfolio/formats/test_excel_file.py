"""Workbooks: the sheet that is meant, cells of every kind, and bombs."""

import datetime
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from analysis.base.errors import InputError
from analysis.portfolio import declaration, read, simulate
from analysis.portfolio.declaration import module_12
from analysis.portfolio.describe import draft
from analysis.portfolio.dialect import Dialect
from analysis.portfolio.formats import excel_file
from tests.support import loan_files, plain

TABLE = simulate.portfolio(simulate.LEAST_ROWS)


def workbook(rows, title="Loans"):
    """Return a workbook's bytes with these rows."""
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read_as(tmp_path, content, dialect=None):
    path = tmp_path / "loans.xlsx"
    path.write_bytes(content)
    found = read.read(path, replace(module_12(), dialect=dialect or Dialect()))
    return plain.table(found.loans), found.notes


def refused(tmp_path, content, dialect=None):
    with pytest.raises(InputError) as caught:
        read_as(tmp_path, content, dialect)
    return " ".join(str(caught.value).split())


def test_the_first_sheet_is_read_or_the_one_declared(tmp_path):
    other = TABLE.assign(loan_size=TABLE["loan_size"] + 100)
    content = loan_files.to_workbook(Loans=TABLE, May=other)
    table, notes = read_as(tmp_path, content)
    pd.testing.assert_frame_equal(table, TABLE)
    assert notes == ("Of its 2 sheets the first was read, 'Loans'.",)
    table, notes = read_as(tmp_path, content, Dialect(sheet_name="May"))
    pd.testing.assert_frame_equal(table, other)
    assert notes == ()
    found = refused(tmp_path, content, Dialect(sheet_name="June"))
    assert "the workbook has no sheet 'June'; its sheets: 'Loans', 'May'" in found
    assert "sheetName" in found


def test_what_is_empty_around_a_table_is_left_out(tmp_path):
    rows = [list(TABLE), *TABLE.to_numpy().tolist()]
    padded = [[], [], *([None, None, *row, None] for row in rows), [], [None] * 12]
    table, notes = read_as(tmp_path, workbook(padded))
    pd.testing.assert_frame_equal(table, TABLE)
    assert notes == ()


def test_a_title_above_a_table_is_left_out(tmp_path):
    table = [list(TABLE), *TABLE.to_numpy().tolist()]
    rows = [["Loans of May"], [], *([None, *row] for row in table)]
    rows[5][-1] = None
    assert "row 3: ''" in refused(tmp_path, workbook(rows), Dialect(header_rows=(2,)))
    rows[5][-1] = 0
    table, _ = read_as(tmp_path, workbook(rows), Dialect(header_rows=(2,)))
    pd.testing.assert_frame_equal(table, TABLE)
    path, place = tmp_path / "other.xlsx", tmp_path / "other.yml"
    path.write_bytes(workbook(rows))
    place.write_text(draft.draft(path, "loan_status=1"), encoding="utf-8")
    assert "headerRows: [2]" in place.read_text(encoding="utf-8")
    assert read.read(path, declaration.read(place)).loans.total == len(TABLE)


def test_the_index_of_a_frame_is_left_out(tmp_path):
    rows = [[None, *TABLE], *([at, *row] for at, row in enumerate(TABLE.to_numpy().tolist()))]
    table, notes = read_as(tmp_path, workbook(rows))
    pd.testing.assert_frame_equal(table, TABLE)
    assert notes == ("A column that only numbers the rows was left out.",)


def test_a_wrong_cell_is_named(tmp_path):
    rows = [list(TABLE), *TABLE.to_numpy().tolist()]
    rows[5][0], rows[7][1] = "ten", None
    found = refused(tmp_path, workbook(rows))
    assert "row 5: 'ten'" in found
    assert "row 7: ''" in found


def test_cells_of_every_kind(tmp_path):
    rows = [["amount", "late", "granted", "home", "bad"]]
    day = datetime.datetime(2020, 1, 31)
    rows += [[at + 0.5, at % 3 == 0, day, "own, with garden", at % 2] for at in range(40)]
    path, place = tmp_path / "loans.xlsx", tmp_path / "draft.yml"
    path.write_bytes(workbook(rows))
    place.write_text(draft.draft(path), encoding="utf-8")
    declared = declaration.read(place)
    assert declared.column("late").levels == ("FALSE", "TRUE")
    assert declared.column("granted").type == "date" or declared.column("granted").use == "ignored"
    found = plain.table(read.read(path, declared).loans)
    assert found["amount"].tolist() == [row[0] for row in rows[1:]]
    assert found["bad"].tolist() == [row[4] for row in rows[1:]]
    assert excel_file._text(day) == "2020-01-31"
    assert excel_file._text(0.1) == "0.1"


def altered(content, name, change, more=None):
    """Return a workbook with one of its parts changed, and more parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            part = old.read(each)
            new.writestr(each, change(part) if each == name else part, zipfile.ZIP_DEFLATED)
        for each, part in (more or {}).items():
            new.writestr(each, part)
    return stream.getvalue()


SHEET, CONTENTS = "xl/worksheets/sheet1.xml", "[Content_Types].xml"


def test_promised_sizes_cost_nothing(tmp_path):
    content = loan_files.to_workbook(Loans=TABLE)

    def promise(part):
        return part.replace(b'ref="A1:H321"', b'ref="A1:XFD1048576"')

    assert promise(part_of(content, SHEET)) != part_of(content, SHEET)
    table, _ = read_as(tmp_path, altered(content, SHEET, promise))
    pd.testing.assert_frame_equal(table, TABLE)


def part_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name)


def test_a_row_far_below_is_refused(tmp_path):
    content = loan_files.to_workbook(Loans=TABLE)
    far = altered(content, SHEET, lambda part: part.replace(b'r="321"', b'r="2000000000"'))
    assert "the sheet has more than 1,048,576 rows" in refused(tmp_path, far)


def test_more_cells_than_a_table_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(excel_file, "MOST_CELLS", 2_000)
    assert "or 2,000 cells" in refused(tmp_path, loan_files.to_workbook(Loans=TABLE))


def with_texts_apart(content):
    """Return a workbook as Excel writes it, with the texts of its cells in a part of their own."""
    inline = re.compile(rb't="inlineStr"><is><t>(.*?)</t></is>')
    texts = inline.findall(part_of(content, SHEET))
    items = b"".join(b"<si><t>" + each + b"</t></si>" for each in texts)
    numbers = iter(range(len(texts)))
    content = altered(
        content, SHEET, lambda part: inline.sub(lambda _: b't="s"><v>%d</v>' % next(numbers), part)
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/texts.xml" ContentType="' + kind + b'"/></Types>'
    content = altered(content, CONTENTS, lambda part: part.replace(b"</Types>", override))
    main = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return altered(content, "", None, {"xl/texts.xml": main + items + b"</sst>"})


def test_texts_of_cells_may_stand_apart(tmp_path):
    content = with_texts_apart(loan_files.to_workbook(Loans=TABLE))
    table, _ = read_as(tmp_path, content)
    pd.testing.assert_frame_equal(table, TABLE)
    cut = altered(content, "xl/texts.xml", lambda part: part[:200])
    assert "the workbook is damaged" in refused(tmp_path, cut)


@pytest.mark.parametrize("limit", ["MOST_UNPACKED", "MOST_TEXTS", "MOST_PARTS"])
def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(excel_file, limit, 7)
    content = with_texts_apart(loan_files.to_workbook(Loans=TABLE))
    assert "the workbook unpacks to" in refused(tmp_path, content)


def test_entities_are_not_expanded(tmp_path):
    bomb = (
        b"<!DOCTYPE a ["
        + b'<!ENTITY a "ha">'
        + b"".join(
            f'<!ENTITY a{at} "{10 * f"&a{at - 1 if at > 1 else str()};"}">'.encode()
            for at in range(1, 12)
        )
    )
    content = altered(
        loan_files.to_workbook(Loans=TABLE),
        SHEET,
        lambda part: bomb + b"]>" + part.replace(b"<v>", b"<v>&a11;", 1),
    )
    assert "damaged" in refused(tmp_path, content)


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", CONTENTS])
def test_a_damaged_part_is_said(tmp_path, name):
    whole = loan_files.to_workbook(Loans=TABLE)
    content = altered(whole, name, lambda part: part[: len(part) // 2])
    assert "the workbook is damaged, protected or cut off" in refused(tmp_path, content)
