"""Parts of a document as Markdown, in documented Quarto syntax."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.base import project
from analysis.report.drawing import escape

FENCE = "`" * 6  # of raw blocks: longer than any that a text can hold


class Markdown(str):
    """A text that a document shows as the Markdown that it is."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self) or " "  # in place of an empty value Quarto would show its code


def say(text: str) -> Markdown:
    """Return a sentence for an inline value: plain text, which a document shows as it is."""
    return Markdown(escape.said(text))


def joined(parts: Iterable[str]) -> Markdown:
    """Return blocks of a document one below the other, without those that are empty."""
    return Markdown("\n\n".join(filter(None, parts)))


def bullets(lines: Iterable[str]) -> Markdown:
    """Return lines of plain text as a list."""
    return Markdown("\n".join(f"- {escape.markdown(line)}" for line in lines))


def callout(kind: str, title: str, body: str) -> Markdown:
    """Return a callout: `important` or `warning`."""
    return Markdown(f"::: {{.callout-{kind}}}\n## {title}\n\n{body}\n:::")


def numbered(label: str, body: str, caption: str) -> Markdown:
    """Return a table or figure that a document numbers and refers to by its label."""
    return Markdown(f":::: {{#{label}}}\n{body}\n\n{caption}\n::::")


def only(format_: str, body: str) -> Markdown:
    """Return what one format alone shows, `html` or `typst`; nothing in a document of the other."""
    formats = project.formats()
    if format_ not in formats:
        return Markdown()
    if formats == (format_,):
        return Markdown(body)
    return Markdown(f'::: {{.content-visible when-format="{format_}"}}\n{body}\n:::')


def raw(format_: str, markup: str) -> Markdown:
    """Return markup of one format, `html` or `typst`, so that Markdown leaves it as it is.

    Nothing in a document that is made for the other.
    """
    if format_ not in project.formats():
        return Markdown()
    return Markdown(f"{FENCE}{{={format_}}}\n{markup}\n{FENCE}")
