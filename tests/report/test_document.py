"""What the document shows: figures, marks of the data, what changed."""

import json
import re
from dataclasses import replace

import pytest
from IPython.core.formatters import DisplayFormatter

from analysis.base import project, settings
from analysis.base.errors import InputError
from analysis.portfolio import file
from analysis.record import export, made, provenance
from analysis.report import cover, document
from analysis.report.document import Report
from analysis.report.drawing import escape, markdown
from analysis.report.drawing.markdown import Markdown
from tests.report.drawing.test_tables import HOSTILE
from tests.support.changed import with_data


@pytest.fixture(scope="module")
def report(simulated_results):
    return Report(simulated_results, provenance.trace(None), settings.load(), {})


def test_bullets_are_items_of_plain_text():
    assert markdown.bullets(["a *b*", "c\nd"]) == "- a \\*b\\*\n- c\\\\nd"
    assert markdown.bullets([]) == ""


def test_simulated_data_are_marked(report):
    assert report.simulated
    assert "No loan in this report is real" in cover.simulated_callout(report)
    marks = cover.page_marks(report)
    assert '<p class="simulated-mark">' in marks
    assert '#report-head.update("Simulated data: no loan in this report is real")' in marks


def test_a_file_is_not_marked_as_simulated(report):
    made = replace(report, results=with_data(report.results, source="file", name="loans.csv"))
    assert cover.simulated_callout(made) == ""
    assert "simulated-mark" not in cover.page_marks(made)
    assert cover.cover_facts(made)["Data"] == "loans.csv, 77,536 loans"


def test_hostile_texts_stay_texts(report):
    stated = report.settings
    model = replace(stated.model, name=HOSTILE, owner=HOSTILE, status=HOSTILE, version=HOSTILE)
    made = Report(
        with_data(report.results, source="file", name=HOSTILE),
        report.provenance,
        replace(stated, model=model, sign_off=(HOSTILE, "Owner")),
        report.pictures,
    )
    marks = cover.page_marks(made)
    typst, page = marks.split("\n\n" + markdown.FENCE, 1)
    assert marks.count(markdown.FENCE) == 4
    assert "{python}" not in marks
    assert "{{<" not in marks
    assert "<b>" not in page
    # Every quote of a text is escaped, so that each statement stays one statement.
    assert len(re.sub(r'"(\\.|[^"\\])*"', '""', typst).splitlines()) == 7
    assert re.sub(r'"(\\.|[^"\\])*"', '""', typst).count('"') % 2 == 0


def test_the_cover_says_what_a_reader_needs(report):
    facts = cover.cover_facts(report)
    assert list(facts) == ["Model", "Status", "Data", "Date", "Owner"]
    assert facts["Data"] == "Simulated portfolio, 77,536 loans"
    assert facts["Model"].endswith("version 1.0")


def test_what_changed_since_the_last_report(report, tmp_path, monkeypatch):
    stated = json.loads(export.to_json(report.results, report.provenance))
    path = tmp_path / "results.json"
    path.write_text(json.dumps(stated))
    monkeypatch.delenv(project.SINCE, raising=False)
    assert document.since_last(report) == ""
    monkeypatch.setenv(project.SINCE, str(path))
    assert "No figure is another than in the report of 2" in document.since_last(report)
    stated["models"]["original"]["balanced_accuracy"] = 0.5
    path.write_text(json.dumps(stated))
    text = document.since_last(report)
    assert text.startswith("## Since the last report\n\n- Balanced accuracy of the original model")
    assert "0\\.500 before" in text
    assert "In results\\.json 1 entry differs in all\\." in text


def test_a_report_that_was_named_is_held_against_the_loans(report, tmp_path, monkeypatch):
    monkeypatch.delenv(project.SINCE, raising=False)
    monkeypatch.delenv(project.AUDIT, raising=False)
    monkeypatch.delenv(project.DATA, raising=False)
    monkeypatch.setattr(file, "DEFAULT_FILE", tmp_path / "none.csv")
    assert "pagebreak" in document.asked_for(report)
    made = report.results.models["original"]
    right, wrong = f"{made.balanced_accuracy:.4f}", f"{made.report.loc['accuracy', 'f1_score']:.4f}"
    path = tmp_path / "written.md"
    path.write_text(
        f"# Original model\n\nRecall of high-risk loans: {made.report.loc['1', 'recall']:.4f}\n\n"
        f"Precision of high-risk loans: {made.report.loc['1', 'precision']:.4f}\n\n"
        f"Balanced accuracy: {wrong}\n"
    )
    monkeypatch.setenv(project.AUDIT, str(path))
    text = document.asked_for(report)
    assert text.startswith("## The report as written\n\nwritten\\.md was held against")
    assert escape.markdown(f"Line 7: {wrong}, said to be the balanced accuracy") in text
    assert escape.markdown(f"{float(right):.3f} is the balanced accuracy") in text


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"models": {}, "provenance": {}}'])
def test_a_last_report_that_is_none_is_an_error(report, tmp_path, monkeypatch, content):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    monkeypatch.setenv(project.SINCE, str(path))
    with pytest.raises(InputError, match=r"results\.json"):
        document.since_last(report)


def test_what_a_render_computed_is_shown_whatever_the_loan_file_is(report, tmp_path, monkeypatch):
    handed = made.Made(
        with_data(report.results, name="computed.csv"),
        replace(report.provenance, date="2000-02-29"),
        replace(report.settings, sign_off=("Somebody",)),
    )
    made.hand_over(handed, tmp_path / "results")
    monkeypatch.setenv(project.RESULTS, str(tmp_path / "results"))
    monkeypatch.setattr(document.pictures, "drawn", lambda _: {})
    found = document.load(str(tmp_path / "replaced.csv"))
    assert (found.results.data.name, found.provenance.date) == ("computed.csv", "2000-02-29")
    assert found.settings.sign_off == ("Somebody",)
    assert (tmp_path / "results").stat().st_mode & 0o777 == 0o600


def test_what_is_said_is_shown_as_markdown():
    assert DisplayFormatter().format(Markdown("*text*"))[0]["text/markdown"] == "*text*"
    said = markdown.say("A model's *text*")
    assert DisplayFormatter().format(said)[0]["text/markdown"] == "A model\u2019s \\*text\\*"


def test_nothing_said_is_a_space_in_place_of_which_quarto_shows_no_code():
    assert DisplayFormatter().format(markdown.say(""))[0]["text/markdown"] == " "


def test_the_document_names_no_folder_that_a_report_may_not_lie_in():
    assert "_site" not in (project.ROOT / "report.qmd").read_text(encoding="utf-8")
