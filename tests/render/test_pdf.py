"""The PDF by an independent reader: tagged, named, outlined, embedded, inside its margins."""

import re
import shutil
import subprocess
from collections import Counter
from itertools import pairwise

import pandas as pd
import pytest

from analysis.base.project import ROOT
from analysis.report.drawing import tables
from analysis.report.drawing.cells import NAME
from render.embedded import convert, kept, qmd

pikepdf = pytest.importorskip("pikepdf")

MOST_BYTES = 1_000_000
A4 = (595, 842)
LETTER = (612, 792, "us-letter")
MARGIN = 70  # points; the style sets 2.5 cm
EDGE = 1.0  # points that a glyph's box may reach over
WORD = re.compile(r'<word xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.*)</word>')


@pytest.fixture(scope="module")
def path(site):
    return site / "report.pdf"


@pytest.fixture(scope="module")
def pdf(path):
    with pikepdf.open(path) as found:
        yield found


@pytest.fixture(scope="module")
def elements(pdf):
    """All structure elements, in reading order, as (role, element, parent's role)."""
    found = []

    def walk(node, parent):
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child, parent)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            role = str(node.S)[1:]
            found.append((role, node, parent))
            walk(node.get("/K"), role)

    walk(pdf.Root.StructTreeRoot.K, "")
    return found


def words(path):
    """Return for each page its words as (left, top, right, bottom, text)."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on the PATH: install poppler-utils")
    command = ["pdftotext", "-bbox", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        [(*(float(each) for each in found[:4]), found[4]) for found in WORD.findall(page)]
        for page in text.split("<page ")[1:]
    ]


def test_the_pdf_is_small(path):
    assert path.stat().st_size <= MOST_BYTES


def test_it_says_that_it_is_pdf_ua_1(pdf):
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Module 12 Report"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.Root.Lang) == "en"


def test_every_page_is_tagged_and_tabs_in_reading_order(pdf):
    for page in pdf.pages:
        assert "/StructParents" in page
        if "/Annots" in page:
            assert page.Tabs == pikepdf.Name.S


def test_everything_drawn_is_tagged_or_an_artifact(pdf):
    shows = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "f*", "S", "s", "B", "B*", "b", "b*", "EI"}
    for number, page in enumerate(pdf.pages, start=1):
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in {"BDC", "BMC"}:
                depth += 1
            elif name == "EMC":
                depth -= 1
            elif name in shows:
                assert depth > 0, f"page {number}: {name} outside of any tag"


def test_page_labels_count_from_one(pdf):
    labels = pdf.Root.PageLabels.Nums
    assert [str(labels[0]), str(labels[1].S)] == ["0", "/D"]
    assert [page.label for page in pdf.pages] == [str(n + 1) for n in range(len(pdf.pages))]


def test_bookmarks_lead_to_every_heading(pdf, elements):
    headings = [role for role, _, _ in elements if re.fullmatch(r"H[1-6]", role)]
    with pdf.open_outline() as outline:
        titles = [each.title for top in outline.root for each in (top, *top.children)]
    assert {"In brief", "Results", "Summary", "Data dictionary"} <= set(titles)
    assert len(titles) >= len(headings) - 2  # the contents list has a heading without a bookmark


def test_no_heading_level_is_skipped(elements):
    levels = [int(role[1]) for role, _, _ in elements if re.fullmatch(r"H[1-6]", role)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_figure_has_an_alt_text(elements):
    figures = [node for role, node, _ in elements if role == "Figure"]
    assert len(figures) >= 1
    for node in figures:
        assert len(str(node.Alt)) > 40


def test_every_table_has_head_cells_with_a_scope_and_rows_of_equal_width(elements):
    roles = Counter(role for role, _, _ in elements)
    assert roles["Table"] >= 10
    assert roles["THead"] == roles["Table"]
    for role, node, _ in elements:
        if role == "TH":
            attributes = node.A if isinstance(node.A, pikepdf.Array) else [node.A]
            assert any("/Scope" in each for each in attributes)
        if role == "Table":
            assert len(set(_widths(node))) == 1


def _widths(table):
    for part in table.K:
        if isinstance(part, pikepdf.Dictionary) and part.get("/S") in ("/THead", "/TBody"):
            for row in part.K:
                yield sum(_span(cell) for cell in row.K)


def _span(cell):
    attributes = cell.get("/A", [])
    attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((int(each.ColSpan) for each in attributes if "/ColSpan" in each), 1)


def test_elements_stand_where_they_may(elements):
    allowed = {
        "TR": {"THead", "TBody", "TFoot", "Table"},
        "TH": {"TR"},
        "TD": {"TR"},
        "LI": {"L"},
        "LBody": {"LI"},
        "TOCI": {"TOC"},
        "Caption": {"Table", "Figure", "Div", "Sect", "NonStruct"},
    }
    wrong = [
        (role, parent) for role, _, parent in elements if parent not in allowed.get(role, {parent})
    ]
    assert wrong == []


def test_links_are_tagged_and_described(pdf, elements):
    annotations = [
        each
        for page in pdf.pages
        for each in page.get("/Annots", [])
        if each.Subtype == pikepdf.Name.Link
    ]
    assert annotations
    assert all("/StructParent" in each and "/Contents" in each for each in annotations)
    assert sum(role == "Link" for role, _, _ in elements) > 0


def test_all_fonts_are_embedded_and_map_to_text(pdf):
    fonts = [
        node
        for node in pdf.objects
        if isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/Font"
    ]
    assert fonts
    for font in fonts:
        if font.Subtype == "/Type0":
            assert "/ToUnicode" in font
            continue
        descriptor = font.FontDescriptor
        assert any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3")), font


def test_figures_are_vectors(pdf):
    streams = [node for node in pdf.objects if isinstance(node, pikepdf.Stream)]
    assert not [node for node in streams if node.get("/Subtype") == "/Image"]


def test_no_script_and_no_attachment(pdf):
    assert "/OpenAction" not in pdf.Root
    assert "/AcroForm" not in pdf.Root
    assert "/Names" not in pdf.Root or "/JavaScript" not in pdf.Root.Names


def test_no_word_leaves_the_margins(path):
    pages = words(path)
    for number, page in enumerate(pages, start=1):
        for left, top, right, bottom, text in page:
            across = left >= MARGIN - EDGE and right <= A4[0] - MARGIN + EDGE
            inside = across and top >= 0 and bottom <= A4[1]
            assert inside, f"page {number}: {text}"


def test_no_word_lies_on_another(path):
    _no_overlap(path)


def _no_overlap(path):
    for number, page in enumerate(words(path), start=1):
        ordered = sorted(page, key=lambda word: word[1])
        for place, (left, top, right, bottom, text) in enumerate(ordered):
            for other_left, other_top, other_right, other_bottom, other in ordered[place + 1 :]:
                if other_top > bottom:
                    break
                across = min(right, other_right) - max(left, other_left)
                down = min(bottom, other_bottom) - other_top
                height = min(bottom - top, other_bottom - other_top)
                assert across < EDGE or down < 0.5 * height, f"page {number}: {text} and {other}"


def test_every_page_has_its_head_and_foot(path):
    pages = words(path)
    for number, page in enumerate(pages, start=1):
        text = " ".join(word for *_, word in page)
        assert f"page {number} of {len(pages)}" in text
        assert "Simulated data: no loan in this report is real" in text
        assert re.search(r"· (commit|code) [0-9a-f]{12}", text)


def test_no_page_is_empty_and_no_heading_ends_one(pdf, path):
    with pdf.open_outline() as outline:
        titles = {each.title for top in outline.root for each in (top, *top.children)}
    for number, page in enumerate(words(path), start=1):
        body = [word for word in page if 70 < word[1] < A4[1] - 70]
        assert len(body) > 15, f"page {number} is almost empty"
        lowest = max(word[3] for word in body)
        last = " ".join(text for *_, bottom, text in body if bottom > lowest - 4)
        assert last not in titles, f"page {number} ends with the heading {last}"


def test_checksums_are_whole_words_of_the_text(path):
    found = [
        text for page in words(path) for *_, text in page if re.fullmatch("[0-9a-f]{64}", text)
    ]
    assert len(set(found)) >= 3


@pytest.fixture
def compiled(monkeypatch, tmp_path):
    """Return a function that writes the PDF of some Markdown instead of the report's."""

    def write(markdown, papersize="a4"):
        settings = convert.settings()
        settings["format"]["typst"]["papersize"] = papersize
        monkeypatch.setattr(convert, "settings", lambda: settings)
        document = qmd.Document(qmd.read(ROOT / "report.qmd").metadata, [qmd.Text(markdown, 1)])
        convert.render(document, kept.Executed("{}", [[]], {}), ["typst"], tmp_path)
        return tmp_path / "report.pdf"

    return write


def drawn(rows, **values):
    """Draw a numbered table of `rows` rows, each with the same values."""
    frame = pd.DataFrame([{NAME: f"row{number}", **values} for number in range(rows)])
    titles = {name: name for name in values}
    return tables.Table.of_words("some", "Heading", frame, titles, "Captioned").markdown


def test_the_paper_is_a4_and_us_letter_by_the_setting(pdf, compiled):
    assert _sizes(pdf) == {A4}
    letter = compiled(
        "## A heading\n\n" + "Many words. " * 900 + drawn(4, value="x" * 8), LETTER[2]
    )
    with pikepdf.open(letter) as found:
        assert _sizes(found) == {LETTER[:2]}
    for page in words(letter):
        assert all(word[2] <= LETTER[0] - MARGIN + EDGE for word in page)


@pytest.fixture(scope="module")
def letter(simulated_results, tmp_path_factory):
    """The whole report on US Letter."""
    assert simulated_results  # kept, so that the document need not compute them
    settings = convert.settings()
    settings["format"]["typst"]["papersize"] = LETTER[2]
    folder = tmp_path_factory.mktemp("letter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, "settings", lambda: settings)
        document = qmd.read(ROOT / "report.qmd")
        convert.render(document, kept.executed(document, None), ["typst"], folder)
    return folder / "report.pdf"


def test_the_whole_report_fits_us_letter(letter):
    with pikepdf.open(letter) as found:
        assert _sizes(found) == {LETTER[:2]}
    pages = words(letter)
    for number, page in enumerate(pages, start=1):
        assert all(left >= MARGIN - EDGE for left, *_ in page), number
        assert all(right <= LETTER[0] - MARGIN + EDGE for _, _, right, *_ in page), number
        body = [word for word in page if 70 < word[1] < LETTER[1] - 70]
        assert len(body) > 30, f"page {number} is almost empty"


def test_the_contents_fit_the_cover_on_both_papers(path, letter):
    for pages in (words(path), words(letter)):
        cover, second = (" ".join(text for *_, text in page) for page in pages[:2])
        assert "References" in cover
        assert "In brief Does oversampling help" in second


@pytest.mark.parametrize("letters", range(9, 13))
def test_a_table_a_little_too_wide_is_set_smaller_and_wraps_no_cell(compiled, letters):
    values = {f"C{number}": "x" * letters + " end" for number in range(5)}
    (page,) = (each for each in words(compiled(drawn(3, **values))) if "row1" in str(each))
    rows = sorted(top for _, top, _, _, text in page if re.fullmatch(r"row\d", text))
    ends = sorted({top for _, top, _, _, text in page if text == "end"})
    assert len(rows) == len(ends) == 3
    assert all(abs(row - end) < EDGE for row, end in zip(rows, ends, strict=True))


def test_a_table_higher_than_a_page_breaks_and_repeats_its_head(compiled):
    pages = words(compiled("## A heading\n\n" + drawn(90, value="some text")))
    holding = [[text for *_, text in page] for page in pages]
    holding = [page for page in holding if any(re.fullmatch(r"row\d+", text) for text in page)]
    assert len(holding) >= 2
    assert all("Heading" in page for page in holding)


def test_a_table_of_most_of_a_page_leaves_no_page_half_empty(compiled):
    text = "\n\n".join(["A line."] * 18)
    pages = words(compiled(f"## A heading\n\n{text}\n\n{drawn(28, value='text')}"))
    (first,) = (page for page in pages if "row0" in {text for *_, text in page})
    assert max(bottom for *_, bottom, text in first if text == "text") > 0.8 * A4[1]


@pytest.mark.parametrize("rows", range(48, 53))
def test_no_row_of_a_table_that_breaks_is_alone_on_a_page(compiled, rows):
    pages = words(compiled("## A heading\n\n" + drawn(rows, value="text")))
    held = [sum(text.startswith("row") for *_, text in page) for page in pages]
    assert sum(held) == rows
    assert min(filter(None, held)) >= tables.LAST


def figures(**values):
    """Draw a numbered table of figures with the same values in each of its rows."""
    texts = pd.DataFrame([{NAME: "a name of many a word, of which some", **values}] * 7)
    titles = dict.fromkeys(values, "Several words above it")
    return tables.Table("some", "Heading", texts, texts, titles, "Captioned").markdown


def test_names_wrap_after_heads_and_figures_stand_above_their_intervals(compiled):
    few = {f"C{number}": "123,456,789" for number in range(4)}
    many = {f"C{number}": "0.84 (0.70 to 1.00)" for number in range(5)}
    for values, figure, below in ((few, "123,456,789", None), (many, "0.84", "(0.70")):
        (page,) = words(compiled("## A heading\n\n" + figures(**values)))[1:]
        tops = {text: [round(word[1]) for word in page if word[4] == text] for *_, text in page}
        assert len(tops[figure]) == 7 * len(values)
        assert len(set(tops["Several"])) == 1 < len({*tops["Several"], *tops["above"], *tops["it"]})
        if below:
            assert tops[below] == tops["1.00)"]
            assert set(tops[below]).isdisjoint(tops[figure])


@pytest.mark.parametrize("others", [0, 4])
@pytest.mark.parametrize("number", [150, 500])
def test_a_table_of_few_rows_with_much_text_loses_no_word(compiled, others, number):
    texts = {f"other{other}": "wide texts beside it" for other in range(others)}
    text = " ".join(f"word{each}" for each in range(number))
    pages = words(compiled("## A heading\n\n" + drawn(3, value=text, **texts)))
    found = [word for page in pages for *_, word in page if word.startswith("word")]
    assert len(found) == 3 * number
    for page in pages:
        assert all(bottom <= A4[1] - MARGIN for *_, bottom, word in page if "word" in word)


@pytest.mark.parametrize("lines", range(30, 46, 3))
def test_a_lower_table_stays_whole_with_its_caption(compiled, lines):
    text = "\n\n".join(["A line."] * lines)
    pages = words(compiled(f"## A heading\n\n{text}\n\n{drawn(12, value='text')}"))
    holding = [{text for *_, text in page} & {"Captioned", "row0", "row11"} for page in pages]
    assert [each for each in holding if each] == [{"Captioned", "row0", "row11"}]


def test_a_checksum_breaks_rather_than_leave_its_column(compiled):
    pages = words(compiled("## A heading\n\n" + drawn(2, first="0a" * 32, second="b1" * 32)))
    for page in pages:
        for left, _, right, _, text in page:
            assert left >= MARGIN - EDGE, text
            assert right <= A4[0] - MARGIN + EDGE, text


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("RevolvingUtilizationOfUnsecuredLines", ("Revolving", "Lines")),
        ("revolving_utilization_of_unsecured_lines", ("revolving_", "lines")),
        ("kreditausfallwahrscheinlichkeitsklasse", ("kred", "asse")),
    ],
)
def test_a_name_that_is_one_long_word_breaks_rather_than_leave_its_column(compiled, name, parts):
    path = compiled("## A heading\n\n" + drawn(1, **dict.fromkeys("abcdef", name)))
    _no_overlap(path)
    texts = [text for page in words(path) for *_, text in page]
    assert any(text.startswith(parts[0]) and text != name for text in texts)
    assert any(text.endswith(parts[1]) and text != name for text in texts)


def test_a_cell_that_opens_with_a_number_is_no_list(compiled):
    path = compiled("## A heading\n\n" + drawn(1, **{"1": "1. Some", "2": "12. Other name"}))
    tops = {text: round(top) for page in words(path) for _, top, _, _, text in page}
    _no_overlap(path)
    assert tops["1."] == tops["Some"] == tops["12."] == tops["Other"]


def _sizes(pdf):
    return {tuple(round(float(each)) for each in page.mediabox[2:]) for page in pdf.pages}
