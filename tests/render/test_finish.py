"""What Quarto runs after a render: a whole report, with nothing of an earlier one."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from analysis.base.project import ROOT
from analysis.record import checksums
from analysis.report import document
from render import finish

PAGE = (
    '<dd><a href="report.pdf">report.pdf</a>, <a href="results.json">results.json</a></dd>\n'
    '<p>Files: <a href="report.pdf">report.pdf</a>, <a href="results.json">results.json</a></p>\n'
)
BOTH = {"index.html", "report.pdf"}


@pytest.fixture
def folder(tmp_path):
    """A folder into which Quarto has rendered both formats."""
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "report.pdf").write_text("pdf")
    return tmp_path


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_results_and_checksums_come_beside_what_was_rendered(folder):
    assert finish.finish(folder, BOTH, "{}") == ["Wrote results.json and SHA256SUMS."]
    assert names(folder) == ["SHA256SUMS", "index.html", "report.pdf", "results.json"]
    assert (folder / "results.json").read_text() == "{}"
    assert (folder / "index.html").read_text() == PAGE
    assert checksums.edited(folder) == []


def test_the_other_format_stays_with_the_same_results(folder):
    finish.finish(folder, BOTH, "{}")
    finish.finish(folder, {"index.html"}, "{}")
    assert (folder / "index.html").read_text() == PAGE
    assert (folder / "report.pdf").read_text() == "pdf"


@pytest.mark.parametrize("made", sorted(BOTH))
def test_the_other_format_goes_with_other_results(folder, made):
    finish.finish(folder, BOTH, "{}")
    (gone,) = BOTH - {made}
    said = finish.finish(folder, {made}, "[]")
    assert said[0] == f"Removed {gone}: it was of an earlier report on other results."
    assert names(folder) == sorted(["SHA256SUMS", made, "results.json"])
    assert checksums.edited(folder) == []


@pytest.mark.parametrize("sums", [True, False])
def test_what_no_render_wrote_stays(folder, sums):
    finish.finish(folder, BOTH, "{}")
    if sums:
        (folder / "report.pdf").write_text("the reader's own")
    else:
        (folder / "SHA256SUMS").unlink()
    finish.finish(folder, {"index.html"}, "[]")
    assert "report.pdf" in names(folder)


def test_a_page_without_a_pdf_has_no_link_to_one(folder):
    (folder / "report.pdf").unlink()
    finish.finish(folder, {"index.html"}, "{}")
    assert (folder / "index.html").read_text() == PAGE.replace(
        '<a href="report.pdf">report.pdf</a>, ', ""
    )


@pytest.fixture
def run(tmp_path):
    """Return a function that runs it in a copy of the program as Quarto does, by its name."""
    project = tmp_path / "project"
    for name in ("analysis", "render"):
        shutil.copytree(ROOT / name, project / name)
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "report.pdf").write_text("pdf")

    def start():
        told = {
            "QUARTO_EXECUTE_INFO": str(tmp_path / "info"),
            "QUARTO_PROJECT_OUTPUT_DIR": str(folder),
            "QUARTO_PROJECT_OUTPUT_FILES": "../site/report.pdf",
        }
        return subprocess.run(
            [sys.executable, "render/finish.py"],
            cwd=project,
            env=os.environ | told,
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def test_quarto_can_run_it_by_its_name(run, tmp_path):
    (tmp_path / "info.results").write_text("{}")
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Wrote results.json and SHA256SUMS.\n"
    assert (tmp_path / "site" / "results.json").read_text() == "{}"


def test_a_document_whose_code_was_not_run_is_no_report(run, tmp_path):
    done = run()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "No report was finished: the document's code was not run.\n"
    assert names(tmp_path / "site") == ["report.pdf"]


def test_a_render_that_has_computed_the_results_finishes_its_report_itself(
    run, tmp_path, monkeypatch
):
    monkeypatch.setenv("REPORT_RESULTS", str(tmp_path / "results"))
    done = run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert names(tmp_path / "site") == ["report.pdf"]


def test_the_document_leaves_its_results_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("QUARTO_EXECUTE_INFO", str(tmp_path / "info"))
    report = document.load()
    found = json.loads((tmp_path / "info.results").read_text())
    assert found["data"]["rows"] == report.results.data.rows
