"""Figures by their content: tick labels, line data, alt texts; never by pixels."""

import os
import re
import time
from dataclasses import replace

import pytest
from lxml import etree

from analysis.base import project
from analysis.findings.finding import Finding
from analysis.report.drawing import figures
from analysis.report.sections import (
    calibration,
    convergence,
    ranking,
    resplits,
    threshold_curves,
)
from tests.support.drawn import ticks

FIGURES = [
    ranking.ranking_figure,
    calibration.reliability_figure,
    threshold_curves.thresholds_figure,
    threshold_curves.net_benefit_figure,
    resplits.resplits_figure,
    convergence.coefficients_figure,
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawings(tmp_path, monkeypatch):
    """Let figures be written to a folder of the test's own."""
    monkeypatch.setattr(figures.project, "ROOT", tmp_path)
    monkeypatch.delenv(project.FIGURES, raising=False)
    return tmp_path


def shown(picture, name):
    return replace(picture, id=name)._repr_markdown_()


def test_a_figure_in_markdown(simulated_results, drawings):
    drawn = ranking.ranking_figure(simulated_results)
    text = shown(drawn, "ranking")
    assert text.startswith(":::: {#fig-ranking}\n![](.cache/figures/fig-ranking-")
    (place,) = re.findall(r"!\[\]\((.+?\.svg)\)", text)
    assert (drawings / place).read_text() == drawn.svg
    assert f'fig-alt="{drawn.alt}"' in text
    alone, below = text.split(f"\n\n{drawn.caption}\n::::\n\n")
    assert "figure-data" not in alone
    assert '<details class="figure-data">' in below
    for cell in drawn.data.texts.to_numpy().ravel():
        assert cell in below
    assert below.count(":::") == 2


def test_what_a_figure_shows_of_the_findings_stands_below_it(simulated_results, drawings):
    assert drawings
    finding = Finding("x", "high", "A title", "1 in 2", "Said.", "Do this.", "fig-ranking")
    drawn = replace(ranking.ranking_figure(simulated_results), findings=(finding,))
    below = drawn._repr_markdown_().split("::::")[-1]
    assert below.endswith("Said\\. Do this\\. [Back to the findings](#finding-x)\n:::")
    assert "Said" not in drawn.alone, "the findings themselves stand below the first figure"


def test_a_figure_is_kept_under_its_content(simulated_results, drawings):
    drawn = ranking.ranking_figure(simulated_results)
    first = shown(drawn, "a")
    assert shown(drawn, "a") == first
    other = shown(replace(drawn, svg=drawn.svg + " "), "a")
    assert other != first
    assert len(list((drawings / ".cache" / "figures").iterdir())) == 2


def test_a_render_has_its_drawings_in_a_folder_of_its_own(simulated_results, drawings, monkeypatch):
    monkeypatch.setenv(project.FIGURES, str(drawings.parent / "own" / "figures"))
    text = shown(ranking.ranking_figure(simulated_results), "ranking")
    (name,) = re.findall(r"!\[\]\(figures/(.+?\.svg)\)", text)
    assert (drawings.parent / "own" / "figures" / name).exists()
    assert list(drawings.iterdir()) == []


@pytest.fixture
def ages(simulated_results, drawings):
    """Draw a figure among others' files, each of an age in days, and name what stays."""

    def draw(days):
        drawn = ranking.ranking_figure(simulated_results)
        shown(drawn, "a")
        folder = drawings / ".cache" / "figures"
        shown(drawn, "old")
        (folder / "fig-mine-0123456789ab.svg").write_text("<svg/>")
        (folder / "thesis.svg").write_text("<svg/>")
        for each in folder.iterdir():
            os.utime(each, (time.time() - days * figures.DAY,) * 2)
        shown(drawn, "a")
        return sorted(re.sub("-[0-9a-f]{12}", "", each.name) for each in folder.iterdir())

    return draw


def test_old_drawings_are_removed_and_nothing_else(ages):
    assert ages(0.9) == ["fig-a.svg", "fig-mine.svg", "fig-old.svg", "thesis.svg"]
    assert ages(1.1) == ["fig-a.svg", "fig-mine.svg", "thesis.svg"]


def test_a_clock_that_is_ahead_removes_no_drawing(ages, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10 * figures.DAY)
    monkeypatch.setattr(os, "utime", lambda *_: None)  # all are written now
    assert len(ages(0)) == 4


def test_an_alt_text_cannot_leave_its_quotes(simulated_results, drawings):
    assert drawings
    drawn = replace(ranking.ranking_figure(simulated_results), alt='a" .class key="b\\')
    text = shown(drawn, "a")
    (alt,) = re.findall(r'fig-alt="([^"]*)"\}', text)
    assert alt == "a” .class key=”b "


@pytest.mark.parametrize("function", FIGURES)
def test_a_figure_is_a_vector_without_a_date_and_has_the_same_bytes_again(
    function, simulated_results
):
    first, second = function(simulated_results), function(simulated_results)
    assert (first.svg, first.alt) == (second.svg, second.alt)
    tree = etree.fromstring(first.svg.encode())
    assert tree.tag == f"{SVG}svg"
    assert not list(tree.iter(f"{SVG}image"))
    assert "dc:date" not in first.svg


@pytest.mark.parametrize("function", FIGURES)
def test_every_axis_has_its_title_and_both_models_are_told_apart_without_colour(function, drawn):
    figure, _ = drawn(function)
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel() or all(ticks(axes))
        styles = [
            (each.get_linestyle(), each.get_marker(), each.get_fillstyle())
            for each in axes.get_lines()
            if not each.get_label().startswith("_")
        ]
        assert len(set(styles)) == len(styles)


@pytest.mark.parametrize("function", FIGURES)
def test_alt_text_and_numbers_are_texts_of_every_portfolio(function, odd_results):
    for results in odd_results.values():
        made = function(results)
        assert made.alt.endswith(".")
        assert made.data.texts.map(lambda cell: isinstance(cell, str)).all(axis=None)
        for text in [made.alt, *made.data.texts.to_numpy().ravel()]:
            assert not {"nan", "None", "inf"} & set(text.replace(",", " ").split())
            assert "\u22120.00 " not in text
