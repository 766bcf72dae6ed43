"""What is run against what, and what it is to come to."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import figures, reports
from benchmarks.place import Place
from benchmarks.targets import MEMORY, WALL, Case, Group, Target, at_most, ratio

PYTHON = sys.executable
LARGER, LARGE, HUGE = 10, 100, 1_000  # times the rows of the portfolio
SHORT_TURNS = 5  # runs a round of what takes hundredths of a second
MINUTE, GIBIBYTE = 60, 2**30


def _plain(name: str, place: Place, data: Path) -> Case:
    script = str(place.project / "benchmarks" / "plain.py")
    return Case(name, (PYTHON, script), place.project, data)


def _run(name: str, place: Place, data: Path, cores: int | None = None) -> Case:
    out = place.folder / f"{data.name}.json"
    command = (PYTHON, "-m", "analysis", "run", "--data", str(data), "--out", str(out))
    return Case(name, command, place.project, None, place.forget, (out,), cores)


def _render(
    name: str, place: Place, engine: str, prepare: Callable[[], object], data: Path | None = None
) -> Case:
    site = place.project / "_site"
    command = (PYTHON, "-m", "render", "--engine", engine, "--data", str(data or place.data))
    writes = (site / "index.html", site / "report.pdf")
    return Case(name, command, place.project, None, prepare, writes)


def _notebook(place: Place, data: Path | None = None) -> Case:
    source = str(place.project / "benchmarks" / "bare.ipynb")
    out = place.folder / "bare.html"
    convert = (PYTHON, "-m", "jupyter", "nbconvert", "--execute", "--to", "html")
    command = (*convert, "--output-dir", str(place.folder), source)
    return Case("bare notebook to HTML", command, place.project, data or place.data, writes=(out,))


def small(place: Place) -> Group:
    """Hold the report and the analysis against what people would do instead."""
    whole = _render("report, nothing kept", place, "embedded", place.forget)
    notebook = _notebook(place)
    # Its turn comes after the one that computes what it finds kept.
    kept = _render("report, results kept", place, "embedded", place.edit_prose)
    run, plain = _run("analysis run", place, place.data), _plain("plain script", place, place.data)
    pairs = (whole, notebook), (kept, notebook), (run, plain)
    cases = (whole, notebook, kept, run, plain)
    texts = (
        ("`python -m render`, embedded route, HTML and PDF, no kept results / notebook to HTML", 1),
        ("the same with kept results (only prose changed) / notebook to HTML", 0.5),
        ("`python -m analysis run` with all evidence / plain script", 1.5),
    )
    targets = (ratio(*text, pair) for text, pair in zip(texts, pairs, strict=True))
    return Group(cases, pairs, tuple(targets))


def start(place: Place) -> Group:
    """Hold the start of the command line against that of Python itself."""
    usage = Case("analysis --help", (PYTHON, "-m", "analysis", "--help"), place.project)
    nothing = Case("python -c pass", (PYTHON, "-c", "pass"), place.project)
    pair = (usage, nothing)
    what = "`python -m analysis --help` / `python -c pass`"
    return Group(pair, (pair,), (ratio(what, 4, pair),), turns=SHORT_TURNS)


def quarto(place: Place) -> Group:
    """Hold the report through Quarto against the least that Quarto does."""
    what = "Quarto route, both formats, with kept results / Quarto on one empty cell"
    program = shutil.which("quarto", path=place.environment()["PATH"])
    folder = place.folder / "quarto"
    folder.mkdir()
    shutil.copy(place.project / "benchmarks" / "empty.qmd", folder)
    kept = _render("report through Quarto, results kept", place, "quarto", place.edit_prose)
    empty = Case("Quarto on one empty cell", (str(program), "render", "empty.qmd"), folder)
    pair = (kept, empty)
    skipped = "" if program else "no quarto on the PATH"
    return Group(pair, (pair,), (ratio(what, 1.6, pair),), skipped=skipped)


def repeats(place: Place) -> Group:
    """Hold the main results against the plain script where no two loans are equal."""
    data = place.noise()
    command = (PYTHON, "-m", "benchmarks.main_results", str(data))
    candidate = Case("main results, no repeats", command, place.project)
    pair = (candidate, _plain("plain script, no repeats", place, data))
    what = "rows without repeats (noise on every amount), main results / plain script"
    return Group(pair, (pair,), (ratio(what, 1.2, pair),))


def unlike(place: Place) -> Group:
    """Hold the report and the analysis against the same where no two loans are equal."""
    less, more = place.noise(), place.noise(LARGER)
    report = _render("report, unlike loans", place, "embedded", place.forget, less)
    notebook = _notebook(place, less)
    run = _run(f"analysis run, {LARGER} x unlike", place, more)
    plain = _plain(f"plain script, {LARGER} x unlike", place, more)
    pairs = (report, notebook), (run, plain)
    what = f"{LARGER * place.rows:,} unlike loans, `analysis run` with all evidence / plain script"
    targets = (
        ratio(f"{place.rows:,} unlike loans, whole report / notebook to HTML", 2, pairs[0]),
        ratio(f"{what}: wall time", 2.5, pairs[1]),
        ratio("the same: peak memory", 1.5, pairs[1], MEMORY),
    )
    return Group((report, notebook, run, plain), pairs, targets)


def unlike_large(place: Place) -> Group:
    """Hold the analysis against the plain script on 100 x the rows where no two loans are equal."""
    data = place.noise(LARGE)
    run = _run(f"analysis run, {LARGE} x unlike", place, data)
    plain = _plain(f"plain script, {LARGE} x unlike", place, data)
    pair = (run, plain)
    what = f"{LARGE * place.rows:,} unlike loans, `analysis run` / plain script"
    targets = (
        ratio(f"{what}: wall time", 2.5, pair),
        ratio("the same: peak memory", 1, pair, MEMORY),
    )
    return Group(pair, (pair,), targets, once=True)


def unlike_huge(place: Place) -> Group:
    """See whether 1,000 x the rows can be analysed where no two loans are equal."""
    run = _run(f"analysis run, {HUGE:,} x unlike", place, place.huge(HUGE, noise=True), cores=2)
    return _bounded(run, f"{HUGE * place.rows:,} unlike loans (Parquet), two cores", 30)


def large(place: Place) -> Group:
    """Hold the analysis against the plain script on 100 x the rows, and see how it grows."""
    less, more = place.simulated(LARGER), place.simulated(LARGE)
    rows = f"{LARGE} x rows ({LARGE * place.rows:,}; CSV)"
    run = _run(f"analysis run, {LARGE} x", place, more)
    plain = _plain(f"plain script, {LARGE} x", place, more)
    lesser = _run(f"analysis run, {LARGER} x", place, less)
    pair, between = (run, plain), f"from {LARGER} x to {LARGE} x rows"
    factor, sizes = LARGE / LARGER, (less.stat().st_size, more.stat().st_size)
    targets = (
        ratio(f"{rows}, `analysis run` / plain script: wall time", 0.5, pair),
        ratio("the same: peak memory", 0.5, pair, MEMORY),
        at_most(
            f"growth {between}: exponent of wall time",
            1,
            lambda taken: figures.growth(taken[lesser.name], taken[run.name], factor, WALL),
        ),
        at_most(
            f"growth {between}: exponent of memory beyond the file's size",
            1,
            lambda taken: figures.growth_beyond(taken[lesser.name], taken[run.name], factor, sizes),
        ),
        Target(
            f"{LARGE} x rows: test loans of each label, by both",
            "equal",
            lambda _: _agreement(run.writes[0], printed(place, plain)),
        ),
    )
    return Group((run, plain, lesser), (pair,), targets)


def huge(place: Place) -> Group:
    """See whether 1,000 x the rows can be analysed at all."""
    run = _run(f"analysis run, {HUGE:,} x", place, place.huge(HUGE), cores=2)
    return _bounded(run, f"{HUGE:,} x rows ({HUGE * place.rows:,}; Parquet), two cores", 10)


def _bounded(run: Case, rows: str, minutes: float) -> Group:
    """Measure once whether a run ends within so many minutes and 20 GiB."""
    targets = (
        at_most(
            f"{rows}: wall time",
            minutes,
            lambda taken: taken[run.name][0].wall / MINUTE,
            " minutes",
        ),
        at_most(
            "the same: peak memory", 20, lambda taken: taken[run.name][0].memory / GIBIBYTE, " GiB"
        ),
    )
    return Group((run,), (), targets, once=True)


GROUPS = {
    "small": small,
    "start": start,
    "quarto": quarto,
    "repeats": repeats,
    "unlike": unlike,
    "unlike-large": unlike_large,
    "unlike-huge": unlike_huge,
    "large": large,
    "huge": huge,
}
# What takes most of an hour and of this machine's memory is measured when it is named.
NAMED_ONLY = ("unlike-huge",)


def printed(place: Place, case: Case) -> Path:
    """Return the file that holds what a case printed last."""
    return place.folder / f"{case.name.replace(' ', '-').replace(',', '')}.txt"


def _agreement(results: Path, plain: Path) -> tuple[str, bool]:
    """Whether both split off the same loans. The fits differ: only the script's stop early."""
    counts = json.loads(results.read_text(encoding="utf-8"))["split"]["test_counts"]
    equal = reports.supports(plain.read_text(encoding="utf-8")) == counts
    return "equal" if equal else "different", equal
