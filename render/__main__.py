"""Render the report: the HTML page, the PDF and results.json, in one folder."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.base import clock, progress, project, streams
from analysis.base.project import ROOT

if TYPE_CHECKING:
    from analysis.portfolio.database.address import DataSource

FORMATS = {"html": "html", "pdf": "typst"}
NAMES = {"html": "index.html", "typst": "report.pdf"}  # as `_quarto.yml` has them
FAILED, BAD_INPUT = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Render and return the exit code: 0, 1 when rendering fails, 2 for bad input and usage."""
    return streams.guarded(lambda: _listening(arguments), FAILED)


def _listening(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    with _signals() as stopped:
        try:
            return _guarded(options, stopped)
        except BaseException:
            if not stopped:
                raise
        streams.tell("stopped; the earlier report is as it was")
        return 128 + stopped[0]


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """Let signals end this program as an error does, and give the list of those that came."""
    stopped: list[int] = []

    def stop(number: int, _: object) -> None:
        stopped.append(number)
        sys.exit(128 + number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    earlier = {number: signal.getsignal(number) for number in numbers}
    for number, handler in earlier.items():
        if handler is not signal.SIG_IGN:  # as in a job in the background
            signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _guarded(options: argparse.Namespace, stopped: list[int]) -> int:
    """Render, turning errors that are not this program's fault into a message and a code."""
    # Loaded here, so that help and usage errors come at once.
    from analysis.base.errors import InputError  # noqa: PLC0415
    from render import private  # noqa: PLC0415

    kept = str(Path(options.cache).absolute() if options.cache else project.kept())
    try:
        clock.check()
        # One date for the whole report, although several processes write it.
        os.environ.setdefault(clock.EPOCH, str(int(time.time())))
        with private.home(), progress.shown(options.detail):
            os.environ[project.CACHE] = kept
            if options.portfolio:
                os.environ[project.PORTFOLIO] = str(Path(options.portfolio).absolute())
            code, made = _render(options, stopped)
    except InputError as error:
        streams.tell(error)
        return BAD_INPUT
    except (RuntimeError, OSError) as error:
        if stopped:  # a library took the signal for an error of its own
            raise
        streams.tell(f"error: the report was not rendered: {error}")
        return FAILED
    if options.detail is not progress.Detail.QUIET:
        streams.say("\n".join(made))  # the report is in its place, whoever reads this
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m render", description=__doc__, parents=[progress.options()]
    )
    parser.add_argument("--data", metavar="FILE", help="the loan file; else data/lending_data.csv")
    parser.add_argument(
        "--portfolio",
        metavar="FILE.yml",
        help="what the loan file holds; else the file of its name beside it",
    )
    parser.add_argument("--engine", choices=["auto", "quarto", "embedded"], default="auto")
    parser.add_argument("--to", choices=list(FORMATS), action="append", help="else both")
    parser.add_argument("--out", metavar="DIR", default=str(ROOT / "_site"), help="else _site")
    parser.add_argument(
        "--since", metavar="OLD.json", help="say what changed since this report's results.json"
    )
    parser.add_argument(
        "--audit", metavar="REPORT", help="say what is right in this hand-written report"
    )
    parser.add_argument(
        "--cache", metavar="DIR", help="where results are kept; else .cache, or the user's folder"
    )
    return parser


def _render(options: argparse.Namespace, stopped: list[int]) -> tuple[int, list[str]]:
    """Render, and return the exit code with the lines that say what was made.

    A fault of one format does not cost the other, unless an earlier report would lose a file.
    """
    from render.embedded import convert  # noqa: PLC0415

    formats = [FORMATS[name] for name in FORMATS if name in (options.to or FORMATS)]
    place = Path(options.out).absolute()
    try:
        return 0, _made(options, place, formats, stopped)
    except convert.FormatError as error:
        others = [name for name in formats if name not in error.failed]
        if not others or any((place / NAMES[name]).exists() for name in error.failed):
            raise
        for name, reason in error.failed.items():
            streams.tell(f"error: {NAMES[name]} was not made: {reason}")
        return FAILED, _made(options, place, others, stopped)


def _made(
    options: argparse.Namespace, place: Path, formats: list[str], stopped: list[int]
) -> list[str]:
    """Render some formats, and return the lines that say what was made."""
    from analysis.portfolio import file  # noqa: PLC0415
    from render import earlier, quarto, site  # noqa: PLC0415

    path = file.locate(options.data)
    path = path.absolute() if path else None
    engine = options.engine
    if engine == "auto":
        engine = "quarto" if quarto.find() and os.access(ROOT, os.W_OK) else "embedded"
    if engine == "quarto":
        quarto.check()  # before anything is computed
    _tell(options, formats)
    with site.staged(place, [NAMES[each] for each in formats]) as folder:
        before = file.state(path) if path else ()
        (_with_quarto if engine == "quarto" else _embedded)(path, formats, folder)
        if path and file.state(path) != before:
            raise file.changed(path)
        if stopped:  # where an error goes nowhere, such as while an object is removed
            sys.exit(128 + stopped[0])
    made = [place / name for name in (*NAMES.values(), earlier.RESULTS)]
    return [
        f"Rendered with {'Quarto' if engine == 'quarto' else 'the embedded route'}:",
        *(f"  {_shown(each)}" for each in made if each.exists()),
    ]


def _tell(options: argparse.Namespace, formats: list[str]) -> None:
    """Tell the document what the command line says: what lies beside the page, an earlier report.

    Raises
    ------
    InputError
        When the earlier report's results, or the report to audit, cannot be read.
    """
    from analysis.portfolio import file  # noqa: PLC0415
    from render import earlier  # noqa: PLC0415

    beside = [earlier.PDF, earlier.RESULTS] if "typst" in formats else [earlier.RESULTS]
    os.environ[project.FILES] = " ".join(beside)
    since = options.since or os.environ.get(project.SINCE)
    if since:
        from analysis.record import stated  # noqa: PLC0415

        stated.load(Path(since))  # said before anything is computed
        os.environ[project.SINCE] = str(Path(since).absolute())
    audit = options.audit or os.environ.get(project.AUDIT)
    if audit:
        from analysis.audit.reading import written  # noqa: PLC0415

        written.read(Path(audit))
        os.environ[project.AUDIT] = str(Path(audit).absolute())
        if options.data:  # the document reads the loans themselves for it
            os.environ[project.DATA] = str(file.source(options.data).absolute())


def _with_quarto(path: DataSource | None, formats: list[str], folder: Path) -> None:
    """Compute what the report is made of, and let Quarto write its document."""
    import tempfile  # noqa: PLC0415

    from analysis.base import files  # noqa: PLC0415
    from render import computed, earlier, quarto  # noqa: PLC0415

    found = computed.of(path)
    (folder / earlier.RESULTS).write_text(found.results, encoding="utf-8")
    with tempfile.TemporaryDirectory() as place:
        os.environ[project.RESULTS] = str(Path(place, "results"))
        handed = found.handed.encode("utf-8", "surrogatepass")
        files.write(Path(place, "results"), handed, mode=0o600)
        quarto.render(path, formats, folder)


def _embedded(path: DataSource | None, formats: list[str], folder: Path) -> None:
    """Execute the document, and write the report of what it gave."""
    from render import earlier  # noqa: PLC0415
    from render.embedded import convert, kept, qmd  # noqa: PLC0415

    document = qmd.read(ROOT / "report.qmd")
    executed = kept.executed(document, path)
    (folder / earlier.RESULTS).write_text(executed.results, encoding="utf-8")
    convert.render(document, executed, formats, folder)


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    sys.exit(main())
