"""The rendered report, as its readers and its makers meet it."""

import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path

import jsonschema
import pypdf
import pytest

from analysis.base import display
from analysis.base.errors import printable
from analysis.portfolio import simulate
from analysis.record import cache, checksums, export, made
from analysis.report.sections import verdict
from render import quarto
from render.__main__ import main
from render.embedded import convert, kept, qmd
from tests.support import reading
from tests.support.document import woven
from tests.support.watched import HOSTILE

ROOT = Path(__file__).resolve().parents[2]
SHOWN = printable(HOSTILE)
NEVER = [
    r"\?@",
    r"@(tbl|fig|sec|eq)-",
    r"\?\?",
    r"Traceback",
    r"\bnan\b",
    r"\bNaN\b",
    r"\bNone\b(?! of)",
    r"\{python\}",
    r"\{\{<",
    r"\[@",
    r":::",
    r"\bWarning\b",
    r"[A-Za-z]Error\b",
    r"&[a-z#0-9]+;",
    r"\\[\(\)\-.*_]",
]
# Of a numbered table or figure, the last paragraph.
CAPTION = re.compile(r"(?ms)^:::: \{#(?:tbl|fig)-[\w-]+\}\n.*?\n\n([^\n]+)\n::::$")


@pytest.fixture(scope="session")
def document():
    return qmd.read(ROOT / "report.qmd")


@pytest.fixture(scope="session")
def captions(simulated_results):
    """The captions of all tables and figures, as plain text."""
    return [reading.plain(each) for each in CAPTION.findall(woven(simulated_results))]


@pytest.fixture(scope="session")
def written_headings(document):
    """The headings of the document, those that cells write left out."""
    text = "\n".join(block.source for block in document.blocks if isinstance(block, qmd.Text))
    return [
        reading.plain(re.sub(r"\{.*\}$", "", each))
        for each in re.findall(r"^#{2,3} (.*)$", text, re.MULTILINE)
    ]


def results_of(folder):
    return json.loads((folder / "results.json").read_text())


def pdf_text(folder):
    """Return the PDF's text with divided words joined."""
    return " ".join(reading.pages(folder)).replace("- ", "-")


def letters(text):
    """Return what is left of a text when lines may break and words be divided anywhere."""
    return re.sub(r"[\s\-\u2010\u2011\u00ad]", "", text).replace("\u2019", "'")


def test_published_order_of_the_sections(any_site):
    for found in (reading.headings(reading.load(any_site)), reading.outline(any_site)):
        kinds = [
            word
            for each in found
            for word in ("Overview", "Results", "Summary")
            if each.startswith(word)
        ]
        assert kinds == ["Overview", "Results", "Summary"]
        assert reading.in_order(
            [
                "Machine learning model 1: original training data",
                "Machine learning model 2: oversampled training data",
            ],
            found,
        )


def test_every_heading_of_the_document_is_there(any_site, written_headings):
    assert len(written_headings) > 6
    adjective = "`{python} words.adjective`"
    written_headings = [each.replace(adjective, "oversampled") for each in written_headings]
    page = reading.headings(reading.load(any_site))
    assert reading.in_order([letters(each) for each in written_headings], map(letters, page))
    bookmarks = [letters(each) for each in reading.outline(any_site)]
    assert set(map(letters, written_headings)) <= set(bookmarks)


def test_every_caption_is_there(any_site, captions):
    assert len(captions) > 30
    page = [
        letters(reading.plain(each.text_content()))
        for each in reading.load(any_site).iter("figcaption")
    ]
    pdf = letters(pdf_text(any_site))
    for caption in captions:
        assert any(each.endswith(letters(caption)) for each in page), caption
        assert letters(caption) in pdf, caption


def test_captions_are_numbered_in_order(any_site):
    found = [
        reading.plain(each.text_content()) for each in reading.load(any_site).iter("figcaption")
    ]
    for kind in ("Table", "Figure"):
        numbers = [
            int(each[1]) for each in (re.match(rf"{kind} (\d+)", text) for text in found) if each
        ]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("pattern", NEVER)
def test_never_says(any_site, pattern):
    page = reading.load(any_site)
    for text in (reading.page_text(page), " ".join(reading.pages(any_site))):
        found = re.search(pattern, text)
        assert not found, text[max(found.start() - 60, 0) : found.end() + 60]


def test_the_page_loads_nothing(any_site):
    assert reading.loaded(reading.load(any_site)) == []


def test_every_link_within_the_page_has_its_target(any_site):
    page = reading.load(any_site)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = [each[1:] for each in page.xpath("//a/@href") if each.startswith("#")]
    assert len(inner) > 10
    assert set(inner) <= {*ids, ""}


def test_links_to_elsewhere_are_of_the_web_or_of_the_report(any_site):
    for each in reading.load(any_site).xpath("//a/@href"):
        if not each.startswith(("#", "https://", "data:")):
            assert (any_site / each).is_file(), each


def test_every_figure_has_a_text_instead(any_site):
    page = reading.load(any_site)
    for image in page.iter("img"):
        assert len(image.get("alt", "")) > 20


def test_the_pdf_is_tagged_and_has_its_title(any_site, document):
    pdf = pypdf.PdfReader(any_site / "report.pdf")
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == document.metadata["title"]
    assert 4 <= len(pdf.pages) <= 25


def test_every_page_of_the_pdf_is_numbered_and_names_its_data(any_site):
    found = reading.pages(any_site)
    fingerprint = results_of(any_site)["data"]["sha256"][:12]
    for number, text in enumerate(found, start=1):
        assert re.search(rf"page {number} of {len(found)}\b", text)
        assert fingerprint in text


def test_results_match_the_schema(any_site):
    jsonschema.Draft202012Validator(json.loads(export.SCHEMA_FILE.read_bytes())).validate(
        results_of(any_site)
    )


def test_no_file_is_other_than_it_was_written(any_site):
    assert checksums.edited(any_site) == []
    assert {each.name for each in any_site.iterdir()} >= {
        "index.html",
        "report.pdf",
        "results.json",
    }


def test_simulated_data_are_marked_everywhere(site):
    page = reading.load(site)
    callout = page.xpath("//*[contains(@class, 'callout-warning')]")[0]
    assert "Simulated data" in callout.text_content()
    assert "No loan in this report is real" in reading.plain(callout.text_content())
    first = page.find(".//main").xpath(".//h2")[0]
    assert first in callout.xpath("following::*"), "the mark stands above the first section"
    for text in reading.pages(site):
        assert re.search("simulated", text, re.IGNORECASE)
    assert results_of(site)["data"]["source"] == "simulated"


def test_real_data_are_not_called_simulated(real_site):
    page = reading.load(real_site)
    assert not page.xpath("//*[contains(@class, 'callout-warning')]//*[contains(., 'imulated')]")
    for text in (reading.page_text(page), *reading.pages(real_site)):
        assert "imulated data" not in text
        assert "no loan in this report is real" not in text.lower()
    assert results_of(real_site)["data"]["source"] == "file"


def test_the_verified_file_is_named(real_site):
    text = reading.page_text(reading.load(real_site))
    assert "lending_data.csv" in text
    assert "verified" in text
    assert (
        results_of(real_site)["data"]["known"]["sha256"] == results_of(real_site)["data"]["sha256"]
    )


def test_published_figures_come_out_of_the_real_file(real_site):
    assert results_of(real_site)["published"]["all_cells_match"]
    for text in (reading.page_text(reading.load(real_site)), pdf_text(real_site)):
        assert "All 36 published figures come out again" in text
        for row in (
            "0 (healthy) 18,663 102",
            "1 (high-risk) 56 563",
            "0 (healthy) 18,649 116",
            "1 (high-risk) 4 615",
            "1 (high-risk) 0.85 0.91 0.88 619",
            "1 (high-risk) 0.84 0.99 0.91 619",
            "macro average 0.92 0.95 0.94 19,384",
            "macro average 0.92 0.99 0.95 19,384",
            "weighted average 0.99 0.99 0.99 19,384",
        ):
            assert row in text, row
        assert not re.search(r"\d\s≠\s\d", text)


def test_other_data_are_not_expected_to_agree(site):
    text = reading.page_text(reading.load(site))
    assert "not expected to agree" in text
    assert " ≠ " in text


def test_sentences_are_those_of_the_results(any_site, request):
    simulated = results_of(any_site)["data"]["source"] == "simulated"
    results = request.getfixturevalue("simulated_results" if simulated else "real_results")
    page = reading.page_text(reading.load(any_site))
    pdf = letters(pdf_text(any_site))
    for sentence in (
        verdict.headline(results),
        verdict.found(results),
        verdict.refused(results),
        verdict.verdict(results),
    ):
        assert sentence in page
        assert letters(sentence) in pdf


def test_figures_are_those_of_the_results(any_site):
    found = results_of(any_site)
    page = reading.page_text(reading.load(any_site))
    for model in found["models"].values():
        assert f"Balanced accuracy: {model['balanced_accuracy']:.3f}" in page
        for label in ("0", "1"):
            row = model["classification_report"][label]
            assert f"precision {row['precision']:.3f}, recall {row['recall']:.3f}" in page
    assert display.count(found["data"]["rows"]) in page
    assert found["data"]["sha256"] in page
    assert found["provenance"]["lock_sha256"] in page
    for name, version in found["provenance"]["libraries"].items():
        assert f"{name} {version}" in page


def test_the_data_dictionary_is_the_schemas(any_site):
    page = reading.page_text(reading.load(any_site))
    for column in ("loan_size", "debt_to_income", "loan_status"):
        assert column in page
    assert "Negative entries in the borrower's credit record" in page.replace("\u2019", "'")


# A file of any name, and the choice of one format


def test_a_files_name_does_nothing_in_the_page(watched):
    page = reading.load(watched.site)
    text = reading.page_text(page).replace("\u201d", '"').replace("\u2019", "'")
    assert text.count(reading.plain(SHOWN)) >= 2
    assert not page.xpath("//main//b | //main//script[.='x'] | //main//em[.='c']")
    assert "Another" not in page.findtext("head/title")
    assert not any("Heading.csv" in each for each in reading.headings(page))


def test_a_files_name_does_nothing_in_the_pdf(watched):
    text = letters(" ".join(reading.pages(watched.site)).replace("\u201d", '"'))
    assert text.count(letters(SHOWN)) >= 2
    assert not any("Heading.csv" in each for each in reading.outline(watched.site))
    assert "Another" not in pypdf.PdfReader(watched.site / "report.pdf").metadata.title


def test_a_files_name_is_in_the_results(watched):
    assert results_of(watched.site)["data"]["name"] == SHOWN


def test_a_files_data_are_not_called_simulated(watched):
    for text in (reading.page_text(reading.load(watched.site)), *reading.pages(watched.site)):
        assert "imulated data" not in text


# One format alone, with a writer in place of Pandoc and Typst


@pytest.fixture(scope="session")
def hostile_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / HOSTILE
    path.write_bytes(simulate.to_csv(simulate.portfolio(600)))
    return path


@pytest.fixture
def written(monkeypatch):
    """Have the formats written by name only; return what was asked for."""
    asked = []

    def execute(_document, path):
        asked.append(path)
        return kept.Executed("{}", [], {})

    def write(_document, _outputs, formats, folder):
        names = {"html": "index.html", "typst": "report.pdf"}
        for each in formats:
            (folder / names[each]).write_text(each)

    monkeypatch.setattr(kept, "executed", execute)
    monkeypatch.setattr(convert, "render", write)
    return asked


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--to", "html"], {"index.html"}),
        (["--to", "pdf"], {"report.pdf"}),
        (["--to", "pdf", "--to", "html"], {"index.html", "report.pdf"}),
        ([], {"index.html", "report.pdf"}),
    ],
)
def test_formats_that_are_asked_for(command, written, arguments, names, tmp_path):
    place = tmp_path / "new" / "site"
    code, shown, message = command("--out", place, *arguments)
    assert (code, message) == (0, "")
    made = {each.name for each in place.iterdir()}
    assert made == names | {"results.json", checksums.NAME}
    assert {line.strip() for line in shown.splitlines()[1:]} == {
        str(place / name) for name in names | {"results.json"}
    }
    assert [each.name for each in written] == [HOSTILE]


# What goes wrong leaves an earlier report


@pytest.fixture
def earlier(rendered, tmp_path):
    """A report that must stay as it is, with the state that shows it."""
    whole = rendered("embedded", "simulated")
    place = shutil.copytree(whole, tmp_path / "place" / "site")
    yield place
    assert checksums.edited(place) == []
    assert state(place) == state(whole)
    assert [each.name for each in place.parent.iterdir()] == ["site"]


def state(folder):
    return {
        each.relative_to(folder): each.read_bytes() for each in folder.rglob("*") if each.is_file()
    }


@pytest.fixture
def in_process(monkeypatch):
    """Keep what the command sets for its process within the test."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    handlers = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def command(request, hostile_file, capsys):
    """Return a function that renders the hostile file in this process: code, output, message."""
    request.getfixturevalue("in_process")

    def run(*arguments):
        code = main(["--engine", "embedded", "--data", str(hostile_file), *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


@pytest.mark.usefixtures("in_process")
def test_bad_input_leaves_an_earlier_report(earlier, tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_bytes(simulate.to_csv(simulate.portfolio(400).assign(loan_status=2)))
    assert main(["--engine", "embedded", "--data", str(path), "--out", str(earlier)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    for text in ("bad.csv", "loan_status", "row 1: '2'", "to do: "):
        assert text in shown.err


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    "arguments",
    [["--engine", "word"], ["--to", "docx"], ["--to"], ["report.qmd"], ["--rows", "3"]],
)
def test_wrong_usage_leaves_an_earlier_report(arguments, earlier, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--out", str(earlier), *arguments])
    assert ended.value.code == 2
    assert "usage: python -m render" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
        (RuntimeError("the reason"), 1),
        (OSError(28, "the reason"), 1),
        (qmd.QuartoError("the reason"), 1),
    ],
)
def test_a_failing_render_leaves_an_earlier_report(command, error, code, earlier, monkeypatch):
    def fail(_document, _executed, _formats, folder):
        (folder / "index.html").write_text("half")
        if isinstance(error, int):
            signal.raise_signal(error)
        raise error

    monkeypatch.setattr(kept, "executed", lambda *_: kept.Executed("{}", [], {}))
    monkeypatch.setattr(convert, "render", fail)
    # A program that was started in the background is told to ignore this one.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ended, _, message = command("--out", earlier)
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended == code
    assert len(message.splitlines()) == 1
    assert ("the reason" in message) == (code == 1)


@pytest.mark.parametrize("failing", ["html", "typst"])
def test_where_one_format_fails_the_other_is_delivered(command, failing, tmp_path, monkeypatch):
    def write(_document, _executed, formats, folder):
        for name in formats:
            if name != failing:
                beside = os.environ["REPORT_FILES"]
                (folder / {"html": "index.html", "typst": "report.pdf"}[name]).write_text(beside)
        if failing in formats:
            raise convert.FormatError({failing: RuntimeError("the reason")})

    monkeypatch.setattr(kept, "executed", lambda *_: kept.Executed("{}", [], {}))
    monkeypatch.setattr(convert, "render", write)
    made, lost = ("report.pdf", "index.html") if failing == "html" else ("index.html", "report.pdf")
    code, said, message = command("--out", tmp_path / "new")
    assert (code, message) == (1, f"error: {lost} was not made: the reason\n")
    assert {each.name for each in (tmp_path / "new").iterdir()} == {
        made,
        "results.json",
        "SHA256SUMS",
    }
    assert made in said
    # No link leads to a file that is not there.
    assert ("report.pdf" in (tmp_path / "new" / made).read_text()) == (made == "report.pdf")


@pytest.mark.parametrize("moment", ["after it was read", "before"])
def test_a_loan_file_that_is_replaced_meanwhile_is_refused(
    command, hostile_file, earlier, monkeypatch, moment
):
    whole = hostile_file.read_bytes()

    def replace():
        other = hostile_file.with_name("other")
        other.write_bytes(simulate.to_csv(simulate.portfolio(400)))
        other.replace(hostile_file)

    if moment == "before":
        monkeypatch.setattr(cache, "found_under", lambda *_: replace())
        monkeypatch.setattr(cache, "keep", lambda *_: None)
    else:
        monkeypatch.setattr(kept, "executed", lambda *_: kept.Executed("{}", [], {}))
        monkeypatch.setattr(convert, "render", lambda *_: replace())
    try:
        code, said, message = command("--out", earlier)
    finally:
        hostile_file.write_bytes(whole)
    assert (code, said) == (2, "")
    assert "it changed while it was read" in message


@pytest.mark.usefixtures("in_process")
def test_a_folder_with_other_files_is_refused(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["--engine", "embedded", "--out", str(tmp_path)]) == 2
    assert "notes.txt" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_project_that_quarto_cannot_write_to_is_refused_at_once(
    command, earlier, tmp_path, monkeypatch
):
    (tmp_path / "file").touch()
    monkeypatch.setattr(quarto, "WORK", tmp_path / "file")
    monkeypatch.setattr(made, "of", None)
    code, _, message = command("--out", earlier, "--engine", "quarto")
    assert code == 2
    assert "copy the project" in message


def test_without_quarto_its_engine_is_refused_in_plain_words(command, earlier, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    code, _, message = command("--out", earlier, "--engine", "quarto")
    assert code == 1
    assert message == (
        "error: the report was not rendered: no quarto 1.9 or newer on the PATH or in .venv\n"
    )
