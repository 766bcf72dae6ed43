"""A document's code is executed once for the same data, code, settings and earlier report."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.base import project
from analysis.base.errors import InputError
from analysis.record import export, provenance
from render.embedded import execute, kept, qmd

TEXT = """---
title: A document
---

```{python}
#| tags: [parameters]
data = ""
```

Loans: `{python} 1 + 1`
"""


@pytest.fixture
def loans(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(b"any content")
    return path


def results_of(name, commit="a"):
    return json.dumps({"data": name, "provenance": commit})


@pytest.fixture
def executed(tmp_path, monkeypatch):
    """Return a function that executes a document, and the list of what was executed."""
    ran = []

    def run(document, parameters, folder, step):
        ran.append(document.code)
        assert folder == kept.ROOT
        step(len(document.blocks))
        return [[f"{parameters['data'][-9:]}, run {len(ran)}"] for _ in document.blocks]

    monkeypatch.setattr(execute, "execute", run)
    monkeypatch.setattr(export, "text", lambda path: results_of(str(path)))
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    monkeypatch.delenv(project.PREVIOUS, raising=False)

    def again(path, text=TEXT):
        source = tmp_path / "document.qmd"
        source.write_text(text)
        return kept.executed(qmd.read(source), path)

    return again, ran


def test_a_second_call_reads_what_the_first_one_kept(executed, loans):
    run, ran = executed
    found = run(loans)
    assert found == kept.Executed(results_of(str(loans)), [["loans.csv, run 1"]] * 3)
    assert run(loans) == found
    assert len(ran) == 1


def test_other_prose_executes_nothing(executed, loans):
    run, ran = executed
    found = run(loans)
    assert run(loans, TEXT.replace("Loans:", "## Of\n\nLoans, counted:")) == found
    assert len(ran) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [('data = ""', 'data = "x"'), ("1 + 1", "1 + 2"), ("tags: [p", "output: asis\n#| tags: [p")],
)
def test_other_code_is_executed(executed, loans, old, new):
    run, ran = executed
    run(loans)
    assert old in TEXT
    run(loans, TEXT.replace(old, new))
    assert len(ran) == 2


def test_other_data_are_executed(executed, loans):
    run, ran = executed
    run(loans)
    loans.write_bytes(loans.read_bytes() + b"\n")
    run(loans)
    loans.rename(loans.with_name("other.csv"))
    run(loans.with_name("other.csv"))
    run(None)
    assert len(ran) == 4


def test_the_same_file_elsewhere_is_not_executed(executed, loans, tmp_path):
    run, ran = executed
    run(loans)
    (tmp_path / "elsewhere").mkdir()
    run(loans.rename(tmp_path / "elsewhere" / "loans.csv"))
    assert len(ran) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("SOURCE_DATE_EPOCH", "1000000"), (project.FILES, "results.json")]
)
def test_another_date_or_format_is_executed(executed, loans, monkeypatch, name, value):
    run, ran = executed
    run(loans)
    monkeypatch.setenv(name, value)
    run(loans)
    assert len(ran) == 2


def test_another_commit_or_program_is_executed(executed, loans, monkeypatch, tmp_path):
    run, ran = executed
    run(loans)
    found = provenance.trace("loans.csv")
    monkeypatch.setattr(
        provenance, "trace", lambda _: found.__class__(**vars(found) | {"commit": "f"})
    )
    run(loans)
    settings = tmp_path / "settings.yml"
    settings.write_text("status: approved")
    monkeypatch.setattr(kept, "READ", (settings, *kept.READ[1:]))
    run(loans)
    assert len(ran) == 3


def test_an_earlier_report_is_executed_with_where_it_says_something_else(
    executed, loans, monkeypatch, tmp_path
):
    run, ran = executed
    found = run(loans)
    earlier = tmp_path / "results.json"
    monkeypatch.setenv(project.PREVIOUS, str(earlier))
    assert run(loans) == found  # there is none
    earlier.write_text(found.results)
    assert run(loans) == found  # the same again
    assert len(ran) == 1
    earlier.write_text(results_of(str(loans), "another"))
    assert run(loans) == found  # the same figures
    assert len(ran) == 1
    earlier.write_text(results_of("another"))
    since = run(loans)
    assert run(loans) == since != found
    assert len(ran) == 2
    earlier.write_text(found.results)
    assert run(loans) == found


def test_what_is_no_report_stands_for_itself(executed, loans, monkeypatch, tmp_path):
    run, ran = executed
    run(loans)
    earlier = tmp_path / "results.json"
    monkeypatch.setenv(project.PREVIOUS, str(earlier))
    for content in (b"[1, 2]", b"\xff", b"[" * 100_000):
        earlier.write_bytes(content)
        run(loans)
    assert len(ran) == 4


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"results": ""}', '{"a": 1}'])
def test_what_is_damaged_is_executed_again(executed, loans, damage):
    run, ran = executed
    run(loans)
    (place,) = kept.FOLDER.iterdir()
    place.write_text(damage)
    run(loans)
    assert len(ran) == 2
    assert json.loads(place.read_text())["outputs"] == [["loans.csv, run 2"]] * 3


def test_a_drawing_that_is_gone_is_drawn_again(executed, loans, monkeypatch, tmp_path):
    run, ran = executed
    drawing = tmp_path / "fig-one.svg"
    drawing.write_text("<svg/>")
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    usual = execute.execute
    monkeypatch.setattr(
        execute, "execute", lambda *given: [*usual(*given), ['![](fig-one.svg){fig-alt="one"}']]
    )
    run(loans)
    os.utime(drawing, (0, 0))
    run(loans)
    assert len(ran) == 1
    assert time.time() - drawing.stat().st_mtime < 60  # what is shown is not old
    drawing.unlink()
    run(loans)
    assert len(ran) == 2


def test_only_so_many_are_kept(executed, loans, monkeypatch):
    run, ran = executed
    monkeypatch.setattr(kept, "MOST", 2)
    for number in (1, 2, 3):
        run(loans, TEXT.replace("1 + 1", str(number)))
    assert len(list(kept.FOLDER.iterdir())) == 2
    run(loans, TEXT.replace("1 + 1", "3"))
    assert len(ran) == 3


def test_a_folder_that_cannot_be_written_to_does_not_matter(executed, loans, monkeypatch):
    run, ran = executed
    loans.with_name("file").write_text("")
    monkeypatch.setattr(kept, "FOLDER", loans.with_name("file") / "kept")
    run(loans)
    run(loans)
    assert len(ran) == 2


def test_a_file_that_changes_meanwhile_is_not_kept(executed, loans, monkeypatch):
    run, _ = executed

    def changing(path):
        path.write_bytes(path.read_bytes() + b"\n")
        return "results"

    monkeypatch.setattr(export, "text", changing)
    run(loans)
    assert not kept.FOLDER.exists()


def test_bad_input_is_an_error_and_not_kept(executed, tmp_path):
    run, _ = executed
    with pytest.raises(InputError, match="there is no such file"):
        run(tmp_path / "absent.csv")
    assert not kept.FOLDER.exists()


LOCK = "requirements.txt"
READING = """
import sys
from pathlib import Path
opened = set()
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
from analysis.record import export
from render.embedded import kept, qmd
export.text(None)
document = qmd.read(kept.ROOT / "report.qmd")
sys.addaudithook(hook)
kept._execute(document, None)
print(*sorted(opened), sep="\\n")
"""


def test_what_the_report_reads_takes_part_in_what_it_is_kept_under(simulated_results):
    assert simulated_results  # kept, so that nothing is computed
    done = subprocess.run(
        [sys.executable, "-c", READING],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {Path(name) for name in done.stdout.splitlines()}
    read = {path.relative_to(project.ROOT) for path in found if path.is_relative_to(project.ROOT)}
    own = {path for path in read if path.parts[0] not in {".cache", ".venv"}}
    # Python files of the analysis and the lock file take part through the provenance.
    others = {path for path in own if path.suffix not in {".py", ".pyc"}} - {Path(LOCK)}
    assert {Path("settings.yml"), Path("analysis", "report", "sections", "explorer.js")} <= others
    assert others - {path.relative_to(project.ROOT) for path in kept.READ} == set()
