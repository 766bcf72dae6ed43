"""The title and subtitle that the declaration gives the document."""

from dataclasses import replace

import yaml

from analysis.base import settings
from analysis.record import provenance
from analysis.report import cover
from analysis.report.document import Report


def entries(results, **changes):
    declaration = replace(results.words.declaration, **changes)
    words = replace(results.words, declaration=declaration)
    made = replace(results, words=words)
    text = cover.titles(Report(made, provenance.trace(None), settings.load(), {}))
    assert text.splitlines()[0] == text.splitlines()[-1] == "---"
    assert len(text.splitlines()) == 4
    return yaml.safe_load(text.strip("-"))


def test_the_published_report_keeps_its_title(small_results):
    assert entries(small_results) == {
        "title": "Module 12 Report",
        "subtitle": r"Two logistic regressions that predict high\-risk loans",
    }


def test_a_title_means_nothing_to_yaml_or_markdown(small_results):
    found = entries(small_results, title='A "b": *c* {{< meta x >}} \\ --- é', subtitle="of ours")
    assert found["title"].replace("\\", "") == 'A "b": *c* {{< meta x >}}  --- é'
    assert r"\*c\*" in found["title"]
    assert found["subtitle"] == "of ours"


def test_symbols_go_by_their_names_where_no_font_has_them(small_results):
    declaration = replace(small_results.words.declaration, title="Loans \U0001f600 \u2764\ufe0f 漢")
    made = replace(small_results, words=replace(small_results.words, declaration=declaration))
    marks = cover.page_marks(Report(made, provenance.trace(None), settings.load(), {}))
    (line,) = (each for each in marks.splitlines() if each.startswith("#report-symbols"))
    assert line == (
        '#report-symbols.update(("\u2764": "[heavy black heart]", "\ufe0f": "", '
        '"\U0001f600": "[grinning face]"))'
    )


def test_no_symbol_is_an_empty_dictionary(small_results):
    report = Report(small_results, provenance.trace(None), settings.load(), {})
    assert "#report-symbols.update((:))" in cover.page_marks(report)
