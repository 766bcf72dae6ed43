"""What the document shows: figures, marks of the data, what changed."""

import json
import os
import re
import time
from dataclasses import replace

import pytest

from analysis.base import project, settings
from analysis.base.errors import InputError
from analysis.record import export, made, provenance
from analysis.report import cover, document, pictures
from analysis.report.document import Report
from analysis.report.sections import outcomes, probabilities
from tests.report.drawing.test_tables import HOSTILE
from tests.support.changed import with_data


@pytest.fixture(scope="module")
def report(simulated_results):
    return Report(simulated_results, provenance.trace(None), settings.load())


@pytest.fixture
def drawings(tmp_path, monkeypatch):
    """Let figures be written to a folder of the test's own."""
    monkeypatch.setattr(pictures.project, "ROOT", tmp_path)
    monkeypatch.delenv(project.FIGURES, raising=False)
    return tmp_path


def test_bullets_are_items_of_plain_text():
    assert document.bullets(["a *b*", "c\nd"]) == "- a \\*b\\*\n- c\\\\nd"
    assert document.bullets([]) == ""


def test_a_figure_in_markdown(report, drawings):
    drawn = probabilities.ranking_figure(report.results)
    text = pictures.figure("fig-ranking", "A *caption*", drawn)
    assert text.startswith("::: {#fig-ranking}\n![](.cache/figures/fig-ranking-")
    (place,) = re.findall(r"!\[\]\((.+?\.svg)\)", text)
    assert (drawings / place).read_text() == drawn.svg
    assert f'fig-alt="{drawn.alt}"' in text
    assert "\n\nA *caption*\n:::" in text
    assert '<details class="figure-data">' in text
    for cell in drawn.data.to_numpy().ravel():
        assert cell in text
    assert text.count(":::") == 4


def test_a_figure_is_kept_under_its_content(report, drawings):
    drawn = probabilities.ranking_figure(report.results)
    first = pictures.figure("fig-a", "A", drawn)
    assert pictures.figure("fig-a", "A", drawn) == first
    other = pictures.figure("fig-a", "A", replace(drawn, svg=drawn.svg + " "))
    assert other != first
    assert len(list((drawings / ".cache" / "figures").iterdir())) == 2


def test_a_render_has_its_drawings_in_a_folder_of_its_own(report, drawings, monkeypatch):
    monkeypatch.setenv(project.FIGURES, str(drawings.parent / "own" / "figures"))
    text = pictures.figure("fig-ranking", "A", probabilities.ranking_figure(report.results))
    (name,) = re.findall(r"!\[\]\(figures/(.+?\.svg)\)", text)
    assert (drawings.parent / "own" / "figures" / name).exists()
    assert list(drawings.iterdir()) == []


@pytest.fixture
def ages(report, drawings):
    """Draw a figure among others' files, each of an age in days, and name what stays."""

    def draw(days):
        drawn = probabilities.ranking_figure(report.results)
        pictures.figure("fig-a", "A", drawn)
        folder = drawings / ".cache" / "figures"
        pictures.figure("fig-old", "A", drawn)
        (folder / "fig-mine-0123456789ab.svg").write_text("<svg/>")
        (folder / "thesis.svg").write_text("<svg/>")
        for each in folder.iterdir():
            os.utime(each, (time.time() - days * pictures.DAY,) * 2)
        pictures.figure("fig-a", "A", drawn)
        return sorted(re.sub("-[0-9a-f]{12}", "", each.name) for each in folder.iterdir())

    return draw


def test_old_drawings_are_removed_and_nothing_else(ages):
    assert ages(0.9) == ["fig-a.svg", "fig-mine.svg", "fig-old.svg", "thesis.svg"]
    assert ages(1.1) == ["fig-a.svg", "fig-mine.svg", "thesis.svg"]


def test_a_clock_that_is_ahead_removes_no_drawing(ages, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10 * pictures.DAY)
    monkeypatch.setattr(os, "utime", lambda *_: None)  # all are written now
    assert len(ages(0)) == 4


def test_an_alt_text_cannot_leave_its_quotes(report, drawings):
    assert drawings
    drawn = replace(probabilities.ranking_figure(report.results), alt='a" .class key="b\\')
    text = pictures.figure("fig-a", "A", drawn)
    (alt,) = re.findall(r'fig-alt="([^"]*)"\}', text)
    assert alt == "a” .class key=”b "


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
    )
    marks = cover.page_marks(made)
    typst, page = marks.split("\n\n" + document.FENCE, 1)
    assert marks.count(document.FENCE) == 4
    assert "{python}" not in marks
    assert "{{<" not in marks
    assert "<b>" not in page
    # Every quote of a text is escaped, so that each statement stays one statement.
    assert len(re.sub(r'"(\\.|[^"\\])*"', '""', typst).splitlines()) == 6
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


def test_show_prints_markdown_and_tables(report, capsys):
    document.show("*text*")
    assert capsys.readouterr().out == "\n*text*\n\n"
    document.show(outcomes.labels(report.results))
    assert document.FENCE + "{=html}" in capsys.readouterr().out
