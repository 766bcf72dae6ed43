"""The tables' HTML, held against what was looked at once; SNAPSHOTS=write writes it anew."""

import base64
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import typst
from lxml import html
from pypdf import PdfReader

from analysis.base import display
from analysis.base.errors import printable
from analysis.findings.finding import Finding
from analysis.report.drawing import tables
from analysis.report.drawing.cells import span, written
from analysis.report.drawing.markdown import only
from analysis.report.sections import board, outcomes, published
from tests.support.changed import with_counts, with_data, with_training

SNAPSHOTS = Path(__file__).with_name("snapshots")
# Figures that nobody measured, so that a change of a library cannot change them.
COUNTS = (18_000, 750, 60, 540), (17_990, 760, 10, 590)


@pytest.fixture(scope="module")
def results(small_results):
    made = with_counts(small_results, *COUNTS)
    made = with_data(made, label_counts={0: 75_000, 1: 2_400}, rows=77_400)
    made = with_training(made, {0: 56_250, 1: 1_800}, {0: 56_250, 1: 56_250})
    split = replace(
        made.split, train_rows=58_050, test_rows=19_350, test_counts={0: 18_750, 1: 600}
    )
    return replace(made, split=split)


TABLES = {
    "labels": outcomes.labels,
    "classification": lambda results: outcomes.classification(results, "original"),
    "confusion": lambda results: outcomes.confusion(results, "oversampled"),
    "side-by-side": outcomes.side_by_side,
    "published": lambda results: published.published(results, "original"),
    "dictionary": board.dictionary,
    "facts": lambda _: tables.facts("facts", "What", "Value", {"First": "1", "Second": "a & b"}),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_what_it_was(results, name):
    made = markup(TABLES[name](results)) + "\n"
    path = SNAPSHOTS / f"{name}.html"
    if os.environ.get("SNAPSHOTS") == "write":
        path.write_text(made, encoding="utf-8")
    expected = path.read_text(encoding="utf-8")
    assert made == expected, "if this is meant, run SNAPSHOTS=write and look at the difference"


def markup(table):
    """Return a table as HTML."""
    return table.html()


def cells(table):
    """Return a table's cells, a list of texts a row, the heads first."""
    return [
        [" ".join(cell.text_content().split()) for cell in row.iter("th", "td")]
        for row in html.fromstring(markup(table)).iter("tr")
    ]


def test_published_figures_that_come_out_again_are_marked(results):
    same = with_counts(results, (18_663, 102, 56, 563), (18_649, 116, 4, 615))
    for model in ("original", "oversampled"):
        texts = [text for row in cells(published.published(same, model))[1:] for text in row[1:]]
        assert not any("≠" in text for text in texts)
        assert sum("=" in text for text in texts) == 18


HOSTILE = "a<b>&amp;\"'`{python} 1`{{< meta >}}$x$</table>``````\n# x | y"


def test_text_from_outside_is_shown_as_it_is():
    table = tables.facts("facts", "What", "Value", {HOSTILE: HOSTILE})
    block = table.block()
    assert table.html().count("</table>") == 1
    assert block.count("``````") == 4
    assert "{python}" not in block
    assert "{{<" not in block
    shown = " ".join(printable(HOSTILE).split())
    assert cells(table)[1] == [shown, shown]


def words(text):
    return text.replace("\xad", "").split()


def test_the_pdfs_table_holds_the_same_texts(results, tmp_path):
    drawn = [*(draw(results) for draw in TABLES.values())]
    drawn.append(
        tables.facts("hostile", "1. What", 'Value \\ "', {HOSTILE: HOSTILE, "1. First": "$x$"})
    )
    style = '#set page(width: 90cm, height: 60cm)\n#set text(font: "DejaVu Sans Mono")\n'
    source = style + "\n".join(table.typst() for table in drawn)
    typst.compile(source.encode(), output=tmp_path / "tables.pdf", ignore_system_fonts=True)
    shown = " ".join(page.extract_text() for page in PdfReader(tmp_path / "tables.pdf").pages)
    expected = [text for table in drawn for row in cells(table) for text in row]
    assert words(shown) == words(" ".join(expected))


def test_a_link_of_a_table_leads_there_in_both_formats():
    texts = pd.DataFrame(
        {"name": ["a", "b"], "x": [tables.Link("there", "tbl-t"), tables.Link("none", "")]}
    )
    table = tables.Table.of_words("t", "Head", texts, {"x": "X"})
    assert '<a href="#tbl-t">there</a>' in table.html()
    assert 'link(label("tbl-t"), "there"), "b", "none")' in table.typst()


def test_the_columns_of_figures_align_to_the_right(results):
    made = outcomes.confusion(results, "original").typst()
    assert made.startswith(
        "#[#set table(columns: 3)\n#table(align: (auto, right, right, ), table.header("
    )
    assert "align: (auto, left, )" in tables.facts("t", "What", "Value", {"a": "b"}).typst()


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("html", ["html"]),
        ("typst", ["typst"]),
        ("docx", ["html", "typst"]),
        (None, ["html", "typst"]),
    ],
)
def test_a_document_has_its_tables_in_its_own_format(monkeypatch, tmp_path, name, formats):
    told = tmp_path / "info.json"
    told.write_text(json.dumps({"format": {"identifier": {"base-format": name}}}))
    monkeypatch.setenv("QUARTO_EXECUTE_INFO", str(told) if name else "")
    parts = [only(each, "text") for each in ("html", "typst")]
    assert list(map(bool, parts)) == [each in formats for each in ("html", "typst")]
    shown = tables.facts("t", "What", "Value", {"a": "b"}).shown
    assert [each for each in ("html", "typst") if f"{{={each}}}" in shown] == formats
    assert ("t.csv" in shown) is ("html" in formats)


def test_a_block_carries_no_style_sheet(results):
    for draw in TABLES.values():
        block = draw(results).block()
        assert "<style" not in block
        assert "<script" not in block
        assert "http" not in block


def test_draw_shows_texts_in_order():
    frame = pd.DataFrame({"name": ["a", "b"], "x": ["1", "2"]})
    assert cells(tables.Table("t", "Head", frame, frame, {"x": "X"})) == [
        ["Head", "X"],
        ["a", "1"],
        ["b", "2"],
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("last_twelve_months_total", ["last_", "twelve_", "months_", "total"]),
        ("NumberOfTime30-59DaysPastDue", ["Number", "Of", "Time30-59Days", "Past", "Due"]),
        ("kreditausfallquotenklasse", ["kreditausfal", *"lquot", "enklasse"]),
        ("MonthlyIncome", ["MonthlyIncome"]),
        ("a name of many short words", ["a name of many short words"]),
    ],
)
def test_a_name_that_is_one_long_word_may_be_broken(name, parts):
    frame = pd.DataFrame({"name": [name], "x": ["1"]})
    block = tables.Table("t", "Head", frame, frame, {"x": "X"}).block()
    assert f">{'<wbr>'.join(parts)}</t" in block


def test_undefined_figures_are_written_as_such():
    frame = pd.DataFrame({"name": ["a", "b"], "x": [0.25, None], "n": [1_000, None]})
    texts = written(frame, {"n": ("N", str), "x": ("X", display.share)})
    assert texts.to_numpy().tolist() == [["a", "1000.0", "0.25"], ["b", "None", "\u2013"]]


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ((0.9, 0.8, 0.95), "0.900 (0.800 to 0.950)"),
        ((0.9, None, None), "0.900"),
        ((None, None, None), "\u2013"),
        ((None, 0.8, 0.95), "\u2013"),
    ],
)
def test_a_figure_with_its_interval(figures, text):
    frame = pd.DataFrame([figures], columns=["x", "x_low", "x_high"]).assign(x_error=0.0)
    assert span(frame, "x") == [text]


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ((-0.00072, -0.00117, -0.00037, 1e-5), "\u22120.0007 (\u22120.0012 to \u22120.0004)"),
        ((-0.00072, -0.00117, -0.00037, 1e-3), "\u22120.001 (0.00 to 0.00)"),
        ((0.003, 0.0, 0.007, 1e-5), "+0.003 (0.000 to +0.007)"),
    ],
)
def test_a_difference_shows_its_side_of_0_where_the_draws_tell(figures, text):
    frame = pd.DataFrame([figures], columns=["x", "x_low", "x_high", "x_error"])
    assert span(frame, "x", display.difference) == [text]


def csv_of(table):
    return pd.read_csv(io.StringIO(table.csv()))


@pytest.mark.parametrize("name", [name for name in TABLES if name not in {"dictionary", "facts"}])
def test_every_column_of_figures_is_read_as_numbers(results, name):
    found = csv_of(TABLES[name](results))
    assert all(pd.api.types.is_numeric_dtype(found[column]) for column in found.columns[1:])


def test_the_csv_has_the_figures_in_full(results):
    found = csv_of(outcomes.side_by_side(results)).set_index("name")
    recall = results.models.original.confusion.recall
    assert found.loc["Recall, high-risk", "original"] == recall
    assert found.loc["Recall, healthy", "difference"] == pytest.approx(-10 / 18_750, abs=1e-12)
    assert outcomes.labels(results).csv().splitlines()[1] == "0 (healthy),75000,56250,56250,18750"
    assert (
        outcomes.classification(results, "original").csv().splitlines()[3].startswith("accuracy,,")
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(start):
    table = tables.facts("facts", "What", "Value", {f"{start}x": f"{start}cmd|' /C calc'!A0"})
    assert csv_of(table).to_numpy().tolist() == [[f"'{start}x", f"'{start}cmd|' /C calc'!A0"]]


def test_in_a_document_a_table_offers_its_csv_and_leads_back(results):
    finding = Finding("x", "high", "A title", "1 in 2", "Said.", "Do this.", "tbl-labels")
    table = replace(outcomes.labels(results), findings=(finding,))
    text = table._repr_markdown_()
    assert text.startswith(f":::: {{#tbl-labels}}\n{table.block()}")
    assert text.endswith(f"\n\n{table.caption}\n::::")
    (name, content) = re.findall(r'download="(.+?)" href="data:text/csv;base64,(.+?)"', text)[0]
    assert name == "labels.csv"
    assert base64.b64decode(content).decode() == table.csv()
    assert "(#finding-x)" in text
    assert "finding" not in replace(table, id="other")._repr_markdown_()
