"""Write the page and the PDF without Quarto: Pandoc converts, Typst compiles."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typst
import yaml

from analysis.base import parallel, progress, yaml_file
from analysis.base.errors import ENTRY, Fault, InputError
from analysis.base.project import ROOT
from render.embedded import kept, qmd

PROJECT, PUT_BACK = "_quarto.yml", "put back the _quarto.yml delivered"
HERE = Path(__file__).resolve().parent
PROJECT_KEYS = {"project", "lang", "toc", "toc-depth", "toc-title", "execute", "filters", "format"}
# The project's own filters, and when Quarto calls them.
FILTERS = [
    {"path": "render/style/blocks.lua", "at": "pre-ast"},
    {"path": "render/style/page.lua", "at": "post-quarto"},  # which filter.lua calls
]
SHOWN = ("title", "subtitle", "lang", "toc-title", "papersize")
FORMAT_KEYS = {
    "html": {
        "output-file",
        "minimal",
        "format-links",
        "html-table-processing",
        "template",
        "css",
        "embed-resources",
        "html-math-method",
        "include-in-header",
        "toc-depth",
    },
    "typst": {
        "output-file",
        "pdf-standard",
        "citeproc",
        "papersize",
        "include-in-header",
        "template-partials",
    },
}
# What the arguments below are made of.
NEEDED = [
    ("toc",),
    ("toc-depth",),
    *(("format", "html", key) for key in ("output-file", "css")),
    ("format", "html", "include-in-header"),
    ("format", "html", "template"),
    *(("format", "typst", key) for key in ("output-file", "pdf-standard", "include-in-header")),
]


class FormatError(RuntimeError):
    """One format or both could not be made.

    Parameters
    ----------
    failed : dict of str to Exception
        The reason of each, by `html` or `typst`.
    """

    def __init__(self, failed: dict[str, RuntimeError]) -> None:
        self.failed = failed
        super().__init__("; ".join(str(error) for error in failed.values()))


def render(
    document: qmd.Document, executed: kept.Executed, formats: list[str], folder: Path
) -> None:
    """Write a document's page and PDF into `folder`.

    Parameters
    ----------
    executed : kept.Executed
        What its code gave.
    formats : list of str
        `html`, `typst` or both, as `_quarto.yml` calls them.

    Raises
    ------
    render.qmd.QuartoError
        When the project file has what this route does not read.
    FormatError
        When Pandoc or Typst fails at one of them; the other is written.
    """
    project = settings()
    metadata = document.metadata | {key: project[key] for key in PROJECT_KEYS & set(project)}
    options = {name: metadata | project["format"][name] for name in formats}
    with (
        progress.stage("Writing the report", len(formats)) as step,
        tempfile.TemporaryDirectory() as place,
        contextlib.ExitStack() as running,
    ):
        source = Path(place, "report.md")
        source.write_text(document.woven(executed.outputs), encoding="utf-8")
        for drawing, content in executed.drawings.items():
            (source.parent / kept.DRAWINGS).mkdir(exist_ok=True)
            (source.parent / kept.DRAWINGS / drawing).write_text(content, encoding="utf-8")
        # Both are converted at once; the PDF is compiled while the page may still be converted.
        converted = {
            name: running.enter_context(_converting(source, name, options[name]))
            for name in sorted(formats, reverse=True)
        }
        failed = {}
        for name, finish in converted.items():
            try:
                made = finish()
                if name == "typst":
                    made = _compiled(made, source.parent, options[name]["pdf-standard"])
            except RuntimeError as error:  # the other format is made all the same
                failed[name] = error
            else:
                (folder / options[name]["output-file"]).write_bytes(made)
            step(1)
        if failed:
            raise FormatError(failed)


def settings() -> dict[str, Any]:
    """Read `_quarto.yml`, refusing what this route would ignore.

    Raises
    ------
    InputError
        When it is not YAML, or lacks an entry.
    render.qmd.QuartoError
        When it has an entry that this route does not read.
    """
    project: dict[str, Any] = yaml_file.values(ROOT / PROJECT, PUT_BACK)
    formats = project.get("format") if isinstance(project, dict) else None
    if not (isinstance(formats, dict) and all(isinstance(each, dict) for each in formats.values())):
        raise _missing("format")
    unknown = set(project) - PROJECT_KEYS
    for name, options in formats.items():
        unknown |= set(options) - FORMAT_KEYS.get(name, set())
    if project.get("execute") != {"echo": False, "daemon": False}:
        unknown.add("execute")  # code is never shown, nor kept running
    if project.get("filters") != FILTERS:
        unknown.add("filters")
    if unknown:
        raise qmd.QuartoError(f"{PROJECT}: the embedded route does not read {sorted(unknown)}")
    for place in NEEDED:
        found = project
        for key in place:
            found = found.get(key, {})
        if found == {}:
            raise _missing("/".join(place))
    return project


def _missing(entry: str) -> InputError:
    fault = Fault(
        entry, "the entry is missing", 0, "", "the entries of the file delivered", PUT_BACK
    )
    return InputError(PROJECT, [fault], ENTRY)


@contextlib.contextmanager
def _converting(source: Path, name: str, options: dict[str, Any]) -> Iterator[Callable[[], bytes]]:
    """Convert Markdown with Pandoc, which ends with this block; give what waits for the result."""
    target = source.with_suffix(f".{name}")
    command = [_pandoc(), str(source), f"--output={target}", *_arguments(source, name, options)]
    with subprocess.Popen(  # noqa: S603 -- no shell
        command,
        stderr=subprocess.PIPE,
        preexec_fn=parallel.ending_with_this(),  # noqa: PLW1509 -- it makes one system call
    ) as process:

        def finish() -> bytes:
            _, complaints = process.communicate()
            if process.returncode or complaints:
                said = complaints.decode(errors="replace")
                raise RuntimeError(f"Pandoc ended with {process.returncode}: {said}")
            return target.read_bytes()

        try:
            yield finish
        finally:
            process.kill()


def _pandoc() -> str:
    """Return the locked Pandoc: not one on the PATH, which may be another version."""
    package = importlib.util.find_spec("pypandoc")  # importing it would cost more than looking
    if package is None or package.origin is None:
        raise RuntimeError("the package pypandoc_binary is not installed")
    return str(Path(package.origin).with_name("files") / "pandoc")


def _arguments(source: Path, name: str, options: dict[str, Any]) -> list[str]:
    """Return how Pandoc makes a page, or the source of a PDF, of the document."""
    # From a file, so that the document's own blocks of metadata come before it, as with Quarto.
    metadata = source.with_suffix(f".{name}.metadata.yaml")
    shown = {key: options[key] for key in SHOWN if key in options}
    metadata.write_text(yaml.safe_dump(shown, allow_unicode=True), encoding="utf-8")
    of_format = _of_page(source, options) if name == "html" else _of_pdf(source, options)
    return [
        "--from=markdown",
        f"--to={name}",
        "--standalone",
        f"--data-dir={source.parent}",  # not the user's, whose files would change the text
        f"--metadata-file={metadata}",
        f"--lua-filter={ROOT / FILTERS[0]['path']}",
        f"--lua-filter={HERE / 'filter.lua'}",
        *(["--toc"] if options["toc"] else []),
        f"--toc-depth={options['toc-depth']}",
        "--citeproc",
        f"--bibliography={ROOT / options['bibliography']}",
        *of_format,
    ]


def _of_page(source: Path, options: dict[str, Any]) -> list[str]:
    return [
        f"--template={ROOT / options['template']}",
        "--embed-resources",
        "--mathml",
        "--wrap=none",
        f"--css={ROOT / options['css']}",
        f"--resource-path={source.parent}:{ROOT}",
        f"--include-in-header={ROOT / options['include-in-header']}",
    ]


def _of_pdf(source: Path, options: dict[str, Any]) -> list[str]:
    style = (ROOT / options["include-in-header"]).read_text(encoding="utf-8")
    defaults = source.with_suffix(".typst.yaml")
    written = yaml.safe_dump({"variables": {"style": style}}, allow_unicode=True)
    defaults.write_text(written, encoding="utf-8")
    return [
        f"--template={HERE.parent / 'style' / 'template.typ'}",
        f"--defaults={defaults}",
        # Like Quarto, a document without headings of the first level moves its headings up.
        "--shift-heading-level-by=-1",
    ]


def _compiled(source: bytes, folder: Path, standard: Any) -> bytes:
    """Compile a PDF's source, which can read what lies in a folder and nothing else."""
    try:
        return typst.compile(  # type: ignore[type-var]  # its stubs want all paths of one type
            source, root=str(folder), ignore_system_fonts=True, pdf_standards=[standard]
        )
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Typst's own fault, and no Exception
            raise RuntimeError(f"Typst failed: {error}") from None
        raise
