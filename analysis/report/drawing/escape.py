"""Outside text, so that it means nothing in Markdown, HTML, Typst or a spreadsheet."""

from __future__ import annotations

import html
import re

import pandas as pd

from analysis.base import display
from analysis.base.errors import printable

# Four blanks before a text would make a block of code of it, two after it a line break.
OUTER_BLANK = re.compile(r"^ | $")
PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!<>$@^~|:'\"&=/])")

# How a text begins that a spreadsheet would run; the wide forms are the same signs to some.
FORMULA = re.compile(r"[\s']*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def markdown(text: str) -> str:
    """Return text from outside so that Markdown shows it as it is and does nothing with it."""
    return OUTER_BLANK.sub("&#32;", PUNCTUATION.sub(r"\\\1", printable(text)))


def said(text: str) -> str:
    """Return a sentence as Markdown that shows it, with the apostrophes of the document's prose."""
    return markdown(display.typographic(text))


def in_html(text: str) -> str:
    """Return text from outside so that HTML, in a fenced block of Markdown too, shows it as is."""
    # Braces and backticks as numbers: Quarto looks for shortcodes and fences in raw blocks too.
    escaped = html.escape(printable(text)).replace("{", "&#123;").replace("}", "&#125;")
    return escaped.replace("`", "&#96;")


def in_typst(text: str) -> str:
    """Return text from outside as a Typst string literal."""
    return quoted(printable(text))


def quoted(text: str) -> str:
    """Return text as a Typst string literal, in a fenced block of Markdown too."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("{", "\\u{7b}").replace("`", "\\u{60}") + '"'


def csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV that any program may open: no text of it is run as a formula.

    Numbers stay numbers, also those that are written in a text; any other text that begins as a
    formula does gets an apostrophe before it, as a person would write it in a spreadsheet.
    """
    safe = frame.map(_no_formula).rename(columns=_no_formula)
    return safe.to_csv(index=False, lineterminator="\n")


def _no_formula(value: object) -> object:
    if not isinstance(value, str) or not FORMULA.match(value) or NUMBER.fullmatch(value):
        return value
    return f"'{value}"
