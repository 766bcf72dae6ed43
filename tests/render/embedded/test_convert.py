"""The route without Quarto, on a small document of its own."""

import re
import shutil
from pathlib import Path

import pypdf
import pytest
import yaml

from analysis.base.errors import InputError
from render.embedded import convert, execute, kept, qmd
from render.embedded.qmd import QuartoError
from tests.support import reading

ROOT = Path(__file__).resolve().parents[3]
TITLES = {"title": "A small document", "subtitle": "With all that it may use"}
BODY = """\
```{python}
#| tags: [parameters]
data = ""
```

## First heading

The data are `{python} data`. See @tbl-one, @tbl-two and [the end](#last-heading).

:::: {#tbl-one}
| Name | Value |
|---|--:|
| alpha | 1.25 |

A table in Markdown
::::

:::: {#tbl-two}
```{=html}
<table><thead><tr><th>Name</th></tr></thead><tbody><tr><td>beta &lt;b&gt;</td></tr></tbody></table>
```

```{=typst}
#table(columns: 1, table.header("Name"), "beta <b>")
```

A table in the markup of each format
::::

::: {.callout-warning}
## Mind the title
The body of a callout.
:::

::: {.callout-note}
A callout without a title.
:::

::: {.content-visible when-format="html"}
Only on the page: $x^2$.
:::

::: {.content-visible when-format="typst"}
Only in the PDF.
:::

```{=html}
<p>Raw for the page.</p>
```

```{=typst}
Raw for the PDF.
```

### Below the first

More text.

## Last heading

The end.
"""
HOSTILE = 'a<b>#{1+1}$x$ {{< meta title >}} `{python} 1+1`".csv'


@pytest.fixture(scope="module")
def root(project, tmp_path_factory):
    """A project around the small document."""
    place = tmp_path_factory.mktemp("embedded") / "project"
    shutil.copytree(project, place, ignore=shutil.ignore_patterns(".*"))
    write(place, BODY)
    return place


def write(place, body):
    """Put a document of the report's settings in the report's place."""
    settings = qmd.read(ROOT / "report.qmd").metadata | TITLES
    (place / "report.qmd").write_text(f"---\n{yaml.safe_dump(settings)}---\n\n{body}")


def render(place, data, formats, folder):
    """Render the document of a project into a folder."""
    document = qmd.read(place / "report.qmd")
    outputs = execute.execute(document, {"data": data}, place, lambda _: None)
    convert.render(document, kept.Executed("", outputs, {}), formats, folder)


@pytest.fixture(autouse=True)
def _in_the_project(root, monkeypatch):
    monkeypatch.setattr(convert, "ROOT", root)


@pytest.fixture(scope="module")
def made(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, "ROOT", root)
        render(root, HOSTILE, ["html", "typst"], folder)
    return folder


@pytest.fixture(scope="module")
def page(made):
    return reading.load(made)


@pytest.fixture(scope="module")
def pdf(made):
    return pypdf.PdfReader(made / "report.pdf")


@pytest.fixture(scope="module")
def texts(made, page):
    """What the page and the PDF say."""
    return reading.page_text(page), " ".join(reading.pages(made))


def test_titles_and_headings(made, page, pdf):
    expected = ["First heading", "Below the first", "Last heading"]
    assert page.findtext("head/title") == "A small document"
    assert page.get("lang") == "en"
    assert reading.in_order(expected, reading.headings(page))
    assert reading.in_order(expected, reading.outline(made))
    assert pdf.metadata.title == "A small document"
    assert "With all that it may use" in reading.pages(made)[0]


def test_text_from_outside_does_nothing(page, texts):
    assert f"The data are {HOSTILE}." in texts[0].replace("\u201d", '"')
    written = texts[1].replace(" ", "")
    assert 'a<b>#{1+1}$x${{<metatitle>}}`{python}1+1`".csv' in written
    assert not page.xpath("//main//b")


def test_tables_are_numbered_and_referred_to(page, texts):
    for text in texts:
        assert re.search("Table 1:? A table in Markdown", text)
        assert re.search("Table 2:? A table in the markup of each format", text)
        assert "See Table 1, Table 2 and the end." in text
    for target in ("tbl-one", "tbl-two"):
        assert page.xpath(f"//main//p//a[@href='#{target}']")
        assert page.xpath(f"//*[@id='{target}']//table")


def test_tables_of_both_kinds_reach_both_outputs(texts):
    for text in texts:
        assert "alpha 1.25" in text
        assert "beta <b>" in text


def test_callouts(made, page, texts):
    warning = page.xpath("//*[contains(@class, 'callout-warning')]")[0]
    assert "Mind the title" in warning.text_content()
    assert "The body of a callout." in warning.text_content()
    assert (
        page.xpath("//*[contains(@class, 'callout-note')]")[0].text_content().split()[0] == "Note"
    )
    assert "Mind the title The body of a callout." in texts[1]
    assert "Mind the title" not in reading.outline(made)


def test_conditional_content_and_raw_blocks(texts):
    on_page, in_pdf = texts
    for text in ("Only on the page:", "Raw for the page."):
        assert text in on_page
        assert text not in in_pdf
    for text in ("Only in the PDF.", "Raw for the PDF."):
        assert text not in on_page
        assert text in in_pdf


def test_maths_needs_no_script(page):
    assert page.xpath("//main//*[local-name()='math']")
    assert not page.xpath("//script[@src]")


def test_contents_lead_to_the_headings(page):
    targets = page.xpath("//nav[@id='TOC']//a/@href")
    assert reading.in_order(["#first-heading", "#last-heading"], targets)
    assert all(page.xpath(f"//*[@id='{target[1:]}']") for target in targets)


def test_the_pdf_is_tagged(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")


def test_the_same_document_gives_the_same_bytes(root, made, tmp_path):
    render(root, HOSTILE, ["typst", "html"], tmp_path)
    for name in ("index.html", "report.pdf"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


NAMED = "漢字 王小明 😀 สวัสดี 한글 عربي Ελλ Жук é שם.csv"


def test_a_name_in_any_letters_is_shown_in_both_formats(root, tmp_path):
    render(root, NAMED, ["html", "typst"], tmp_path)
    assert NAMED in reading.page_text(reading.load(tmp_path))
    (text,) = [" ".join(each.split()) for each in reading.pages(tmp_path) if "The data are" in each]
    for spelt in (
        r"\u6f22\u5b57",
        r"\u738b\u5c0f\u660e",
        r"\U0001f600",
        r"\ud55c\uae00",
        r"\u0639",
    ):
        assert spelt in text
    for shown in ("Ελλ", "Жук", "é"):
        assert shown in text


def test_every_letter_that_is_not_spelt_has_a_glyph(tmp_path):
    style = (ROOT / "render" / "style" / "style.typ").read_text(encoding="utf-8")
    stated = style[style.index("#let covered") : style.index("#let spelt")]
    ranges = re.findall(r"\\u\{(\w+)\}-\\u\{(\w+)\}", stated)
    assert len(ranges) > 5
    numbers = [number for low, high in ranges for number in range(int(low, 16), int(high, 16) + 1)]
    letters = [number for number in numbers if chr(number).isprintable()]
    source = '#set document(title: "Letters")\n#set text(font: "Libertinus Serif")\n' + "".join(
        f'#"\\u{{{number:x}}}"\n\n' for number in letters
    )
    assert convert._compiled(source.encode(), tmp_path, "ua-1")


@pytest.mark.parametrize(
    "shown",
    [
        "no table",
        "#table([one], [column])",
        "#table(columns: 2, table.header(table.cell(colspan: 2)[A]), [1], [2], table.hline(), [3])",
        "#table(columns: (1fr, 2fr), [a], [b #linebreak() c])",
        "#table(columns: 1, [a]) #table(columns: 2, [a], [b])",
    ],
)
def test_the_style_of_the_pdf_takes_any_figure(tmp_path, shown):
    style = (ROOT / "render" / "style" / "style.typ").read_text(encoding="utf-8")
    figure = f"#show: report.with(title: [A])\n= B\n#figure([{shown}], caption: [C])"
    assert convert._compiled(f"{style}\n{figure}".encode(), tmp_path, "ua-1")


@pytest.mark.parametrize(
    ("broken", "made"), [("style.typ", "index.html"), ("template.html", "report.pdf")]
)
def test_a_fault_of_one_format_does_not_cost_the_other(root, tmp_path, monkeypatch, broken, made):
    wrong = shutil.copytree(root, tmp_path / "wrong")
    (wrong / "render" / "style" / broken).write_text("#panic() $for(x)$")
    monkeypatch.setattr(convert, "ROOT", wrong)
    monkeypatch.setattr(convert, "HERE", wrong / "render" / "embedded")
    (tmp_path / "made").mkdir()
    with pytest.raises(convert.FormatError) as caught:
        render(wrong, "", ["html", "typst"], tmp_path / "made")
    assert list(caught.value.failed) == ["typst" if made == "index.html" else "html"]
    assert [each.name for each in (tmp_path / "made").iterdir()] == [made]


def test_a_fault_of_typst_itself_is_an_error(tmp_path, monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(*_, **__):
        raise PanicException("end byte index")

    monkeypatch.setattr(convert.typst, "compile", panic)
    with pytest.raises(RuntimeError, match="Typst failed: end byte index"):
        convert._compiled(b"", tmp_path, "ua-1")


def test_one_format_alone(root, tmp_path):
    render(root, "", ["html"], tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]


def test_a_reference_to_nothing_is_an_error(root, tmp_path, monkeypatch):
    wrong = shutil.copytree(root, tmp_path / "wrong")
    write(wrong, "See @tbl-none.\n")
    monkeypatch.setattr(convert, "ROOT", wrong)
    with pytest.raises(RuntimeError, match="@tbl-none"):
        render(wrong, "", ["html"], tmp_path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"number-sections": True}, "number-sections"),
        ({"format": {"html": {"code-fold": True}}}, "code-fold"),
        ({"format": {"docx": {"toc": True}}}, "toc"),
        ({"execute": {"echo": True}}, "execute"),
    ],
)
def test_a_setting_that_is_not_read_is_an_error(root, tmp_path, monkeypatch, change, named):
    project = yaml.safe_load((root / "_quarto.yml").read_text())
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(project | change))
    monkeypatch.setattr(convert, "ROOT", tmp_path)
    with pytest.raises(QuartoError, match=rf"_quarto\.yml: .*{re.escape(named)}"):
        convert.settings()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "entry 'format': the entry is missing"),
        ("[]", "entry 'format': the entry is missing"),
        ("format: html\nexecute: {echo: false}", "entry 'format': the entry is missing"),
        ("format:\n  html: default\nexecute: {echo: false}", "entry 'format': the entry"),
        ("lang: en\nlang: de", "line 2: 'lang' stands already on line 1"),
        ("format: [", "line 1: it is not YAML"),
        ("date: 2026-02-30", "day"),
    ],
)
def test_a_broken_project_file_is_bad_input(tmp_path, monkeypatch, content, named):
    (tmp_path / "_quarto.yml").write_text(content)
    monkeypatch.setattr(convert, "ROOT", tmp_path)
    with pytest.raises(InputError, match=re.escape(named)) as caught:
        convert.settings()
    assert "_quarto.yml" in str(caught.value)
    assert "to do: " in str(caught.value)


def test_a_project_file_without_an_entry_that_is_needed_names_it(root, tmp_path, monkeypatch):
    project = yaml.safe_load((root / "_quarto.yml").read_text())
    del project["format"]["typst"]["pdf-standard"]
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(project))
    monkeypatch.setattr(convert, "ROOT", tmp_path)
    with pytest.raises(InputError, match="entry 'format/typst/pdf-standard': the entry is missing"):
        convert.settings()


def test_the_projects_settings_are_read():
    found = convert.settings()
    assert found["lang"] == "en"
    assert set(found["format"]) == {"html", "typst"}
