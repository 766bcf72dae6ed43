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
    text = cover.titles(Report(made, provenance.trace(None), settings.load()))
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
