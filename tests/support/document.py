"""The whole document on any results, as Markdown: prose, sentences, tables, captions, figures."""

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
    outputs = []
    for block, codes in zip(found.blocks, found.code, strict=True):
        if isinstance(block, qmd.Text):
            outputs.append([_value(code, names) for code in codes])
        else:
            source = block.source.replace("document.load(data)", "given")
            exec(source, names)  # noqa: S102 -- the document's own
            outputs.append([])
    return found.woven(outputs)


def _value(code, names):
    found = eval(code.strip(), names)  # noqa: S307 -- likewise
    return found._repr_markdown_() if hasattr(found, "_repr_markdown_") else str(found)
