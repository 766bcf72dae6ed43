"""Outside text in Markdown: whatever it holds, Pandoc finds one line of plain text in it."""

import json
import subprocess

import numpy as np
import pytest

from analysis.report.drawing import escape
from analysis.report.drawing.markdown import bullets
from render.embedded import convert

PARTS = [
    *" \\`*_{}[]()#+-.!<>$@^~|:'\"&=/%;,0",
    "    ",
    "  ",
    "- ",
    "1. ",
    "# ",
    "> ",
    "```",
    "---",
]
PARTS += ["<b>", "<!--", "-->", "{{< x >}}", "`{=html}", "\n", "\t", "\r", ":::", "| a |", "[^1]: "]
PARTS += ["http://a.bc", "&amp;", "&#60;", "@tbl-a", "word", "(a) ", "\u00a0", "~~~ ", "+ ", "::"]
CODE = ["    code", "     - item", "\tcode", "   text  ", "<div>", "# Heading", "1. one", "***"]


@pytest.fixture(scope="module")
def texts():
    generator = np.random.default_rng(5)
    drawn = (generator.choice(PARTS, generator.integers(1, 9)) for _ in range(600))
    return [*CODE, *("".join(parts) for parts in drawn)]


def blocks(markdown):
    command = [convert._pandoc(), "--from=markdown", "--to=json"]
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)["blocks"]


def plain(block, kind):
    """Return the words of a block that is nothing but text."""
    assert block["t"] == kind
    assert {each["t"] for each in block["c"]} <= {"Str", "Space"}
    return "".join(each.get("c", " ") for each in block["c"]).split()


def test_every_text_of_a_list_is_one_line_of_plain_text(texts):
    (found,) = blocks(bullets(texts))
    assert found["t"] == "BulletList"
    for text, item in zip(texts, found["c"], strict=True):
        words = escape.printable(text).split()
        (block,) = item if words else [{"t": "Plain", "c": []}]
        assert plain(block, "Plain") == words


def test_every_text_by_itself_is_a_paragraph_of_plain_text(texts):
    texts = [text for text in texts if text.strip()]
    found = blocks("\n\n".join(map(escape.markdown, texts)))
    for text, block in zip(texts, found, strict=True):
        assert plain(block, "Para") == escape.printable(text).split()
