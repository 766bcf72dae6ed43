"""A document's code is executed once for the same data, code, settings and earlier report."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.base import project, settings
from analysis.base.errors import InputError
from analysis.portfolio import file, simulate
from analysis.record import made, provenance
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
        assert folder == project.ROOT
        assert Path(os.environ[project.RESULTS]).read_text() == "what was computed"
        assert project.formats() == project.FORMATS
        drawings = Path(os.environ[project.FIGURES])
        drawings.mkdir()
        (drawings / "fig-one.svg").write_text(f"<svg>{len(ran)}</svg>")
        step(len(document.blocks))
        return [[f"{parameters['data'][-9:]}, run {len(ran)}"] for _ in document.blocks]

    def of(path, fingerprint):
        assert fingerprint == (file.fingerprint(path) if path else "")
        return SimpleNamespace(json=results_of(str(path)))

    monkeypatch.setattr(execute, "execute", run)
    monkeypatch.setattr(made, "of", of)
    monkeypatch.setattr(made, "hand_over", lambda _, place: place.write_text("what was computed"))
    monkeypatch.setenv(project.CACHE, str(tmp_path / "kept"))
    monkeypatch.delenv(project.SINCE, raising=False)
    monkeypatch.setenv(project.QUARTO, str(tmp_path / "a render by Quarto around this one"))

    def again(path, text=TEXT):
        source = tmp_path / "document.qmd"
        source.write_text(text)
        return kept.executed(qmd.read(source), path)

    return again, ran


def test_a_second_call_reads_what_the_first_one_kept(executed, loans):
    run, ran = executed
    found = run(loans)
    outputs = [["loans.csv, run 1"]] * 3
    assert found == kept.Executed(results_of(str(loans)), outputs, {"fig-one.svg": "<svg>1</svg>"})
    assert run(loans) == found
    assert len(ran) == 1


def test_other_prose_executes_nothing(executed, loans):
    run, ran = executed
    found = run(loans)
    assert run(loans, TEXT.replace("Loans:", "## Of\n\nLoans, counted:")) == found
    assert len(ran) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [('data = ""', 'data = "x"'), ("1 + 1", "1 + 2"), ("tags: [p", "include: false\n#| tags: [p")],
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
    found = provenance.trace(Path("loans.csv"))
    monkeypatch.setattr(
        provenance, "trace", lambda _: found.__class__(**vars(found) | {"commit": "f"})
    )
    run(loans)
    other = tmp_path / "explorer.js"
    other.write_text("another program")
    monkeypatch.setattr(kept, "READ", (other, *kept.READ[1:]))
    run(loans)
    assert len(ran) == 3


@pytest.mark.parametrize(
    "content", [None, "name: Crédit".encode("latin-1"), "\ufeffa".encode("utf-16")]
)
def test_settings_that_cannot_be_read_are_refused_first(
    executed, loans, monkeypatch, tmp_path, content
):
    run, ran = executed
    path = tmp_path / "settings.yml"
    if content:
        path.write_bytes(content)
    monkeypatch.setattr(settings, "load", partial(settings.load, path))
    with pytest.raises(InputError, match=r"settings\.yml: "):
        run(loans)
    assert ran == []


def test_what_an_earlier_report_is_compared_with_is_executed(
    executed, loans, monkeypatch, tmp_path
):
    run, ran = executed
    run(loans)
    earlier = tmp_path / "results.json"
    monkeypatch.setenv(project.SINCE, str(earlier))
    for content in (b"{}", b"[1, 2]", b"\xff"):
        earlier.write_bytes(content)
        assert run(loans) == run(loans)
    assert len(ran) == 4


def test_what_is_damaged_is_executed_again(executed, loans, tmp_path):
    run, ran = executed
    run(loans)
    (place,) = (tmp_path / "kept" / "documents").iterdir()
    place.write_bytes(place.read_bytes().replace(b"loans.csv", b"other.csv"))
    assert run(loans).outputs == [["loans.csv, run 2"]] * 3
    assert run(loans).outputs == [["loans.csv, run 2"]] * 3
    assert len(ran) == 2


def test_a_file_that_is_another_by_now_is_refused_and_nothing_kept(tmp_path, monkeypatch):
    """Replaced after the key was taken of it, before it was read."""
    path = tmp_path / "loans.csv"
    path.write_bytes(simulate.to_csv(simulate.portfolio(400)))
    monkeypatch.setenv(project.CACHE, str(tmp_path / "kept"))
    monkeypatch.setattr(
        kept, "_parts", lambda *_: path.write_bytes(simulate.to_csv(simulate.portfolio(401))) and []
    )
    source = tmp_path / "document.qmd"
    source.write_text(TEXT)
    with pytest.raises(InputError, match="it changed while it was read"):
        kept.executed(qmd.read(source), path)
    assert not (tmp_path / "kept").exists()


def test_bad_input_is_an_error_and_not_kept(executed, tmp_path):
    run, _ = executed
    with pytest.raises(InputError, match="there is no such file"):
        run(tmp_path / "absent.csv")
    assert not (tmp_path / "kept").exists()


TAKING_PART = {Path("requirements.txt"), Path("settings.yml"), Path("data", "module12.yml")}
READING = """
import sys
from functools import partial
from pathlib import Path
opened = set()
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
from analysis.record import made
from render.embedded import kept, qmd
made.of(None)
document = qmd.read(kept.ROOT / "report.qmd")
sys.addaudithook(hook)
kept._execute(document, None, "")
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
    # Python files of the analysis and the lock file take part through the provenance, settings and
    # declaration as they were read.
    others = {path for path in own if path.suffix not in {".py", ".pyc"}} - TAKING_PART
    assert Path("analysis", "report", "sections", "explorer.js") in others
    assert others - {path.relative_to(project.ROOT) for path in kept.READ} == set()


def test_what_is_kept_is_found_without_the_libraries_that_compute():
    show = "import sys, render.embedded.convert; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, check=True, cwd=project.ROOT
    )
    assert not {"numpy", "pandas", "pandera", "IPython", "matplotlib"} & set(done.stdout.split())
