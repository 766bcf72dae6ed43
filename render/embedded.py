"""Render without Quarto: Jupyter executes, Pandoc converts, Typst compiles."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pypandoc
import typst
import yaml

from render import execute, qmd

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PROJECT_KEYS = {"project", "lang", "toc", "toc-depth", "toc-title", "execute", "format"}
SHOWN = ("title", "subtitle", "lang", "toc-title", "papersize")
FORMAT_KEYS = {
    "html": {
        "output-file",
        "theme",
        "css",
        "embed-resources",
        "html-math-method",
        "include-in-header",
        "include-before-body",
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


def render(data: str, formats: list[str], folder: Path) -> None:
    """Render report.qmd into `folder`.

    Parameters
    ----------
    data : str
        The loan file, "" for the default.
    formats : list of str
        `html`, `typst` or both, as `_quarto.yml` calls them.

    Raises
    ------
    render.qmd.QuartoError
        When the document or the project file uses what this route does not read.
    """
    project = settings()
    document = qmd.read(ROOT / "report.qmd")
    markdown = execute.execute(document, {"data": data}, ROOT)
    metadata = document.metadata | {key: project[key] for key in PROJECT_KEYS & set(project)}
    for name in formats:
        options = project["format"][name]
        target = folder / options["output-file"]
        write = {"html": _html, "typst": _pdf}[name]
        write(markdown, metadata | options, target)


def settings() -> dict[str, Any]:
    """Read `_quarto.yml`, refusing what this route would ignore."""
    project: dict[str, Any] = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    unknown = set(project) - PROJECT_KEYS
    for name, options in project["format"].items():
        unknown |= set(options) - FORMAT_KEYS.get(name, set())
    if project.get("execute") != {"echo": False}:
        unknown.add("execute")  # code is never shown
    if unknown:
        raise qmd.QuartoError(f"_quarto.yml: the embedded route does not read {sorted(unknown)}")
    return project


def _html(markdown: str, metadata: dict[str, Any], target: Path) -> None:
    style = (ROOT / metadata["css"]).read_text(encoding="utf-8")
    arguments = [
        "--embed-resources",
        "--mathml",
        f"--resource-path={ROOT}",
        f"--include-in-header={ROOT / metadata['include-in-header']}",
        f"--include-before-body={ROOT / metadata['include-before-body']}",
    ]
    page = _pandoc(markdown, "html", metadata, style, arguments)
    target.write_text(page, encoding="utf-8")


def _pdf(markdown: str, metadata: dict[str, Any], target: Path) -> None:
    style = (ROOT / metadata["include-in-header"]).read_text(encoding="utf-8")
    # Like Quarto, a document without headings of the first level moves its headings up.
    source = _pandoc(markdown, "typst", metadata, style, ["--shift-heading-level-by=-1"])
    made = typst.compile(  # type: ignore[type-var]  # its stubs want all paths of one type
        source.encode(),
        root=str(ROOT),
        ignore_system_fonts=True,
        pdf_standards=[metadata["pdf-standard"]],
    )
    target.write_bytes(made)


def _pandoc(
    markdown: str, to: str, metadata: dict[str, Any], style: str, arguments: list[str]
) -> str:
    with tempfile.TemporaryDirectory() as folder:
        defaults = Path(folder, "defaults.yaml")
        shown = {key: metadata[key] for key in SHOWN if key in metadata}
        written = {"variables": {"style": style}, "metadata": shown}
        defaults.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
        text: str = pypandoc.convert_text(
            markdown,
            to,
            format="markdown",
            extra_args=[
                "--standalone",
                f"--data-dir={folder}",  # not the user's, whose files would change the text
                f"--defaults={defaults}",
                f"--template={HERE / 'template'}.{'typ' if to == 'typst' else to}",
                f"--lua-filter={HERE / 'filter.lua'}",
                *(["--toc"] if metadata["toc"] else []),
                f"--toc-depth={metadata['toc-depth']}",
                "--citeproc",
                f"--bibliography={ROOT / metadata['bibliography']}",
                *arguments,
            ],
        )
    return text
