"""A report held against a new computation: what is seen, and what is said not to be."""

import json
import shutil
from dataclasses import replace

import pytest

from analysis.__main__ import main
from analysis.portfolio.database.origin import Origin
from analysis.record import cache, checksums, export, provenance, verification

DIFFERS = 1


@pytest.fixture
def content(small_results):
    simulated = replace(small_results, data=replace(small_results.data, source="simulated"))
    return json.loads(export.to_json(simulated, provenance.trace(None)))


@pytest.fixture
def report(tmp_path, small_results, content, monkeypatch):
    """A report's folder; the program computes small results, and renders this very page."""
    monkeypatch.setattr(cache, "computed", lambda *_: small_results)
    monkeypatch.setattr(cache, "results_of", lambda *_: pytest.fail("what is kept was read"))

    def rendered(_path, formats, place, _date):
        place.mkdir()
        assert formats == ["html"]
        (place / "index.html").write_text("the page")
        return ""

    monkeypatch.setattr(verification, "rendered", rendered)
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("the page")
    return sealed(folder, content)


def sealed(folder, content=None):
    """Write results and checksums of whatever lies there, as one who knows how does."""
    if content is not None:
        (folder / "results.json").write_text(json.dumps(content))
    (folder / checksums.NAME).write_text(checksums.of(folder))
    return folder


def verified(folder, capsys, *options):
    code = main(["verify", "--quiet", str(folder), *options])
    shown = capsys.readouterr()
    assert shown.err == ""
    return code, shown.out.splitlines()


def test_a_report_is_verified_and_what_is_not_seen_is_said(report, capsys):
    code, lines = verified(report, capsys)
    assert code == 0
    assert lines == [f"{report}: {verification.AGREES}", f"note: {verification.LIMITS}"]
    assert "every figure comes out again, computed afresh, to within 1e-05" in lines[0]
    assert "not seen: the date" in lines[1]


def test_a_copy_of_a_report_is_verified_too(report, tmp_path, capsys):
    shutil.copytree(report, tmp_path / "copy")
    assert verified(tmp_path / "copy", capsys)[0] == 0


def test_a_figure_that_differs_is_named(report, content, capsys):
    content["models"]["original"]["confusion"]["tp"] += 1
    sealed(report, content)
    code, lines = verified(report, capsys)
    assert code == DIFFERS
    assert lines[0].startswith("differs: models.original.confusion.tp: ")
    assert not any("comes out again" in line for line in lines)


def test_what_rounding_on_another_processor_does_is_no_difference(report, content, capsys):
    content["models"]["original"]["balanced_accuracy"] *= 1 + 1e-7
    (report / "index.html").write_text("the page, with another last digit")
    sealed(report, content)
    code, lines = verified(report, capsys)
    assert code == 0
    assert any(line.startswith("note: not compared: index.html, whose last") for line in lines)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda content: content.update(more=None), "more: null -> nothing"),
        (lambda content: content["evidence"].update(more={}), "evidence.more: {} -> nothing"),
        (lambda content: content.update(format_version=7), "format_version: 7 -> 1"),
        (lambda content: content["data"].update(notes=["all is well"]), "data.notes"),
        (lambda content: content["data"].update(known={"name": "x"}), "data.known"),
        (
            lambda content: content["evidence"]["findings"].append(
                content["evidence"]["findings"][0] | {"title": "All is well"}
            ),
            "evidence.findings",
        ),
    ],
)
def test_entries_that_no_report_has_are_named(report, content, capsys, change, path):
    change(content)
    sealed(report, content)
    code, lines = verified(report, capsys)
    assert code == DIFFERS
    assert lines[0].startswith(f"differs: {path}")


def test_a_changed_commit_or_name_is_told(report, content, capsys):
    content["provenance"]["commit"] = "0" * 40
    content["data"]["name"] = "another.csv"
    sealed(report, content)
    code, lines = verified(report, capsys)
    assert code == 0
    told = [line for line in lines if line.startswith("note: stated, not so here: ")]
    assert [line.split(": ")[2] for line in told] == ["data.name", "provenance.commit"]
    assert "note: not compared: index.html, on which that shows" in lines


def test_pages_with_sections_of_other_files_are_compared_where_these_are_named(
    report, content, monkeypatch, capsys
):
    (report / "index.html").write_text("the page, with the section Since the last report")
    content["provenance"]["command"] += " SINCE=old.json AUDIT=by_hand.md"
    sealed(report, content)
    code, lines = verified(report, capsys)
    assert code == 0
    assert any("SINCE=old.json AUDIT=by_hand.md" in each for each in lines)
    assert "note: not compared: index.html, on which that shows" in lines
    for each in ("REPORT_SINCE", "REPORT_AUDIT"):
        monkeypatch.setenv(each, "")
    named = ("--since", "old.json", "--audit", "by_hand.md")
    assert verified(report, capsys, *named)[0] == DIFFERS


def test_another_state_of_a_database_with_the_same_loans_is_told(
    report, small_results, monkeypatch, capsys
):
    origin = Origin("PostgreSQL", "15", "table loans", "state 1", "id", 2_000, False, 1)
    earlier, now = (
        replace(small_results, data=replace(small_results.data, database=each))
        for each in (origin, replace(origin, snapshot="state 2"))
    )
    monkeypatch.setattr(cache, "computed", lambda *_: now)
    sealed(report, json.loads(export.to_json(earlier, provenance.trace(None))))
    code, lines = verified(report, capsys)
    assert code == 0
    assert 'note: stated, not so here: data.database.snapshot: "state 1" -> "state 2"' in lines
    assert any(line.startswith("note: not compared: index.html") for line in lines)


def test_a_page_that_was_edited_with_its_checksum_is_named(report, content, capsys):
    (report / "index.html").write_text("the page, edited")
    content["provenance"]["date"] = "2000-02-29"
    sealed(report, content)
    code, lines = verified(report, capsys)
    assert code == DIFFERS
    assert lines[0].startswith("differs: index.html is not what comes of these data")


def test_a_page_that_cannot_be_made_again_is_told(report, monkeypatch, capsys):
    monkeypatch.setattr(verification, "rendered", lambda *_: "Pandoc is missing")
    code, lines = verified(report, capsys)
    assert code == 0
    assert "note: not compared: index.html (Pandoc is missing)" in lines


def test_edited_and_hidden_files_are_named(report, capsys):
    (report / "page.html").write_text("added")
    (report / ".hidden").write_text("added")
    code, lines = verified(report, capsys)
    assert code == DIFFERS
    assert lines[:2] == [
        "edited: .hidden is not as it was written",
        "edited: page.html is not as it was written",
    ]


def test_a_date_that_is_no_day_is_told(tmp_path):
    assert verification.rendered(None, ["html"], tmp_path, "some day") == (
        "the report's date is no day"
    )


def test_what_is_no_report_is_refused(tmp_path, capsys):
    assert main(["verify", str(tmp_path)]) == 2
    assert "results.json" in capsys.readouterr().err


def test_the_page_is_rendered_again(watched, tmp_path, monkeypatch):
    monkeypatch.setattr(verification.project, "ROOT", watched.project)
    place = tmp_path / "again" / "site"
    # Computed again is what is kept nowhere; here the results of these loans, to save time.
    shutil.copytree(watched.kept(), place.with_name("kept") / "results")
    date = json.loads((watched.site / "results.json").read_text())["provenance"]["date"]
    assert verification.rendered(watched.loans, ["html", "pdf"], place, date) == ""
    for name in ("index.html", "report.pdf"):
        assert verification._equal(watched.site / name, place / name)
