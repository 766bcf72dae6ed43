"""Outside text, so that it means nothing in Markdown, HTML or Typst."""

from __future__ import annotations

import html
import re

from analysis.base.errors import printable

PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!<>$@^~|:'\"&=/])")


def markdown(text: str) -> str:
    """Return text from outside so that Markdown shows it as it is and does nothing with it."""
    return PUNCTUATION.sub(r"\\\1", printable(text))


def in_html(text: str) -> str:
    """Return text from outside so that HTML, in a fenced block of Markdown too, shows it as is."""
    # Braces and backticks as numbers: Quarto looks for shortcodes and fences in raw blocks too.
    escaped = html.escape(printable(text)).replace("{", "&#123;").replace("}", "&#125;")
    return escaped.replace("`", "&#96;")


def in_typst(text: str) -> str:
    """Return text from outside as a Typst string literal."""
    plain = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("{", "\\u{7b}").replace("`", "\\u{60}") + '"'
