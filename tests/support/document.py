"""The whole document on any results, as Markdown: prose, sentences, tables, captions, figures."""

import ast

from analysis.base import settings
from analysis.base.project import ROOT
from analysis.record import provenance
from analysis.report import document, pictures
from render.embedded import qmd


def woven(results):
    """Return report.qmd with what its code gives on these results."""
    trace = provenance.trace(None)
    drawn = dict(pictures.Drawings(results, key=""))
    report = document.Report(results, trace, settings.load(), drawn)
    names = {"given": report}
    found = qmd.read(ROOT / "report.qmd")
    outputs = [
        [_value(code, names) for code in codes]
        if isinstance(block, qmd.Text)
        else [_run(codes[0], names)]
        for block, codes in zip(found.blocks, found.code, strict=True)
    ]
    return found.woven(outputs)


def _run(source, names):
    """Execute a cell and return its last value as Markdown; nothing where it has none."""
    *body, last = ast.parse(source.replace("document.load(data)", "given")).body
    exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102 -- the document's own
    if isinstance(last, ast.Expr):
        return _value(ast.unparse(last), names)
    exec(compile(ast.Module([last], []), "cell", "exec"), names)  # noqa: S102 -- likewise
    return ""


def _value(code, names):
    found = eval(code.strip(), names)  # noqa: S307 -- likewise
    return found._repr_markdown_() if hasattr(found, "_repr_markdown_") else str(found)
