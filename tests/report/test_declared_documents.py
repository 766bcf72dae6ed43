"""The whole document of loan files with other columns: it speaks of them, and of no others."""

import re
from functools import cache

import pytest

from analysis.portfolio.declaration import module_12
from tests.support import document, odd_results

OTHERS = "undersampled, with odd names"
MODULE_12 = [
    *(each.name for each in module_12().schema.fields),
    *(each.title for each in module_12().schema.fields),
    "Module 12",
    "published report",
    "high-risk",
    "healthy",
    "$",
    "oversampl",
    "seven",
]


@cache
def woven(name):
    return document.woven(odd_results.named(name))


def shown(text):
    """Return what a reader sees of Markdown: no references, no marks, no scripts, no downloads."""
    text = re.sub(r" href=\"data:[^\"]*\"", " ", text)
    text = re.sub(r"<script.*?</script>|<svg.*?</svg>", " ", text, flags=re.DOTALL)
    text = re.sub(r"\[?@[\w-]+|href=\"[^\"]*\"|\{#[\w-]+\}|\(#[\w-]+\)", " ", text)
    text = re.sub(r"<[^>]*>|!\[\]\([^)]*\)", " ", text)
    return text.replace("\\", "")


@pytest.mark.parametrize("word", MODULE_12)
def test_no_word_of_the_published_report_is_left(word):
    text = shown(woven(OTHERS))
    place = text.lower().find(word.lower())
    assert place < 0, text[max(place - 80, 0) : place + 80]


def test_words_of_the_declaration_are_shown_as_they_are():
    text = woven(OTHERS)
    # Quoted, as the PDF's tables and a picture's description are, it does nothing.
    unquoted = re.sub(r"`{6}\{=typst\}.*?`{6}|\{fig-alt=\"[^\"]*\"\}", "", text, flags=re.DOTALL)
    assert "<b>" not in unquoted
    assert "Random undersampling kept" in text
    assert "*late* loans" in shown(text)
    assert "are *late* ones" not in text  # with its marks escaped
    assert 'title: "Loans of a bank"' in text


@pytest.mark.parametrize("name", ["wide", "one feature"])
def test_documents_of_other_kinds_are_whole(name):
    text = shown(woven(name))
    assert not re.search(r"\b(nan|None(?! of| is)|inf)\b", text)
    assert "Published and regenerated" not in text
    assert "high-risk" not in text


def test_tables_of_many_columns_stay_readable():
    assert max(map(len, re.findall(r"<tr>.*?</tr>", woven("wide"), flags=re.DOTALL))) < 4_000
    assert woven("wide").count("<tr") < 600


def test_published_figures_are_held_against_where_they_belong():
    results = odd_results.named("usual, as published")
    text = document.woven(results)
    assert "### Published and regenerated figures" in text
    assert text.count(":::: {#tbl-published-") + text.count("::: {#tbl-published-") >= 2
