"""Figures by their content: tick labels, line data, alt texts; never by pixels."""

import os
import re
import time
from dataclasses import replace

import numpy as np
import pytest
from lxml import etree

from analysis.base import project
from analysis.base.display import share
from analysis.portfolio.schema import column, feature_names
from analysis.report.drawing import figures
from analysis.report.sections import convergence, probabilities, resplits, thresholds
from tests.support.changed_evidence import changed

FIGURES = [
    probabilities.ranking_figure,
    probabilities.reliability_figure,
    thresholds.thresholds_figure,
    resplits.resplits_figure,
    convergence.coefficients_figure,
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn(simulated_results, monkeypatch):
    """Return a function that draws a figure and gives what was drawn with its picture."""
    kept = []
    plain = figures.drawing

    def keep(figure):
        kept.append(figure)
        return plain(figure)

    for section in (convergence, probabilities, resplits, thresholds):
        monkeypatch.setattr(section, "drawing", keep)

    def draw(function, results=simulated_results):
        made = function(results)
        return kept[-1], made

    return draw


@pytest.fixture
def drawings(tmp_path, monkeypatch):
    """Let figures be written to a folder of the test's own."""
    monkeypatch.setattr(figures.project, "ROOT", tmp_path)
    monkeypatch.delenv(project.FIGURES, raising=False)
    return tmp_path


def shown(picture, name):
    return replace(picture, id=name)._repr_markdown_()


def test_a_figure_in_markdown(simulated_results, drawings):
    drawn = probabilities.ranking_figure(simulated_results)
    text = shown(drawn, "ranking")
    assert text.startswith("![](.cache/figures/fig-ranking-")
    (place,) = re.findall(r"!\[\]\((.+?\.svg)\)", text)
    assert (drawings / place).read_text() == drawn.svg
    assert f'fig-alt="{drawn.alt}"' in text
    assert '<details class="figure-data">' in drawn.below
    for cell in drawn.data.texts.to_numpy().ravel():
        assert cell in drawn.below
    assert drawn.below.count(":::") == 2


def test_a_figure_is_kept_under_its_content(simulated_results, drawings):
    drawn = probabilities.ranking_figure(simulated_results)
    first = shown(drawn, "a")
    assert shown(drawn, "a") == first
    other = shown(replace(drawn, svg=drawn.svg + " "), "a")
    assert other != first
    assert len(list((drawings / ".cache" / "figures").iterdir())) == 2


def test_a_render_has_its_drawings_in_a_folder_of_its_own(simulated_results, drawings, monkeypatch):
    monkeypatch.setenv(project.FIGURES, str(drawings.parent / "own" / "figures"))
    text = shown(probabilities.ranking_figure(simulated_results), "ranking")
    (name,) = re.findall(r"!\[\]\(figures/(.+?\.svg)\)", text)
    assert (drawings.parent / "own" / "figures" / name).exists()
    assert list(drawings.iterdir()) == []


@pytest.fixture
def ages(simulated_results, drawings):
    """Draw a figure among others' files, each of an age in days, and name what stays."""

    def draw(days):
        drawn = probabilities.ranking_figure(simulated_results)
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
    drawn = replace(probabilities.ranking_figure(simulated_results), alt='a" .class key="b\\')
    text = shown(drawn, "a")
    (alt,) = re.findall(r'fig-alt="([^"]*)"\}', text)
    assert alt == "a” .class key=”b "


def line(axes, label):
    (found,) = (each for each in axes.get_lines() if each.get_label() == label)
    return found


def ticks(axes):
    return [each.get_text() for each in axes.get_yticklabels()]


@pytest.mark.parametrize("function", FIGURES)
def test_the_same_figure_gives_the_same_bytes(function, simulated_results):
    first, second = function(simulated_results), function(simulated_results)
    assert first.svg == second.svg
    assert first.alt == second.alt


@pytest.mark.parametrize("function", FIGURES)
def test_a_figure_is_a_vector_without_a_date(function, simulated_results):
    tree = etree.fromstring(function(simulated_results).svg.encode())
    assert tree.tag == f"{SVG}svg"
    assert not list(tree.iter(f"{SVG}image"))
    assert "dc:date" not in function(simulated_results).svg


@pytest.mark.parametrize("function", FIGURES)
def test_every_axis_has_its_title_and_unit(function, drawn):
    figure, _ = drawn(function)
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel() or all(ticks(axes))


@pytest.mark.parametrize("function", FIGURES)
def test_both_models_are_told_apart_without_colour(function, drawn):
    figure, _ = drawn(function)
    for axes in figure.axes:
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


def test_ranking_draws_the_curves(drawn, simulated_results):
    figure, made = drawn(probabilities.ranking_figure)
    roc, found = figure.axes
    for name, title in (("original", "Original"), ("oversampled", "Oversampled")):
        curves = simulated_results.evidence.models[name].curves
        np.testing.assert_array_equal(
            line(roc, title).get_xydata(), curves.roc[["false_positive_rate", "recall"]]
        )
        np.testing.assert_array_equal(
            line(found, title).get_xydata(), curves.precision_recall[["recall", "precision"]]
        )
        area = share(simulated_results.evidence.models[name].scores.roc_auc, 4)
        assert f"{title}: ROC AUC {area}" in made.alt
        assert area in made.data.texts["roc_auc"].to_numpy()
    prevalence = simulated_results.split.test_counts[1] / simulated_results.split.test_rows
    assert line(found, "Guess").get_ydata()[0] == prevalence


def test_reliability_draws_each_bin(drawn, simulated_results):
    figure, made = drawn(probabilities.reliability_figure)
    (axes,) = figure.axes
    models = simulated_results.evidence.models
    assert len(axes.containers) == len(models)
    for container, model in zip(axes.containers, models.values(), strict=True):
        bins = model.curves.reliability
        points = container.lines[0].get_xydata()
        np.testing.assert_array_equal(points, bins[["mean_predicted", "observed"]])
        (bars,) = container.lines[2]
        ends = np.array(bars.get_segments())[:, :, 1]
        np.testing.assert_allclose(ends, bins[["lower", "upper"]], atol=1e-12)
    assert len(made.data.frame) == sum(len(model.curves.reliability) for model in models.values())
    worst = max(
        models["original"].curves.reliability.to_dict("records"),
        key=lambda row: abs(row["observed"] - row["mean_predicted"]),
    )
    assert (
        f"where {share(worst['mean_predicted'])} is predicted and {share(worst['observed'])} "
        "observed"
    ) in made.alt


def test_thresholds_mark_one_half_and_the_cheapest(drawn, simulated_results):
    figure, made = drawn(thresholds.thresholds_figure)
    (axes,) = figure.axes
    found = simulated_results.evidence.thresholds
    rows = simulated_results.split.test_rows
    curve = line(axes, "Original").get_xydata()
    np.testing.assert_allclose(curve[:, 0], found.original.curve["threshold"])
    np.testing.assert_allclose(curve[:, 1], found.original.curve["expected_cost"] * rows)
    at_half = found.original.at_half
    cost = at_half.confusion.fp + found.cost_ratio * at_half.confusion.fn
    assert f"Original at one half (0.5): {cost:,.0f}" in made.alt
    cheapest = found.oversampled.cheapest
    points = [
        each.get_xydata()[0].tolist() for each in axes.get_lines() if len(each.get_xdata()) == 1
    ]
    expected = [cheapest.threshold, cheapest.expected_cost * rows]
    assert any(np.allclose(point, expected) for point in points)
    assert len(made.data.frame) == 4


def test_costs_of_nothing_and_costs_with_decimals(drawn, odd_results, simulated_results):
    figure, made = drawn(thresholds.thresholds_figure, odd_results["separable"])
    assert figure.axes[0].get_ylim()[1] > 0
    assert "at one half (0.5): 0" in made.alt
    found = simulated_results.evidence.thresholds
    half = replace(found.original.at_half, expected_cost=2.5 / simulated_results.split.test_rows)
    evidence = changed(
        simulated_results.evidence,
        "thresholds",
        original=replace(found.original, at_half=half, cheapest=None),
    )
    _, made = drawn(thresholds.thresholds_figure, replace(simulated_results, evidence=evidence))
    assert "Original at one half (0.5): 2.5;" in made.alt
    assert "Original at cheapest" not in made.alt


def test_resplits_draw_each_split(drawn, simulated_results):
    figure, made = drawn(resplits.resplits_figure)
    values = simulated_results.evidence.resplits.values
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "Recall, high-risk",
        "Balanced accuracy",
    ]
    for axes, metric in zip(figure.axes, ("recall", "balanced_accuracy"), strict=True):
        assert ticks(axes) == ["Oversampled", "Original"]
        thin, _, original, _ = (
            [segment[0][0] for segment in each.get_segments()] for each in axes.collections
        )
        for drawn_values, name in ((thin, "oversampled"), (original, "original")):
            expected = values.loc[values["model"] == name, metric]
            np.testing.assert_array_equal(drawn_values, expected)
    recalls = values.loc[values["model"] == "original", "recall"]
    assert made.alt.startswith("Spread over 100 random splits.")
    assert (
        f"Recall, high-risk, Original: {share(recalls.min(), 3)} to {share(recalls.max(), 3)}"
    ) in made.alt


def test_no_split_at_all(drawn, simulated_results):
    found = simulated_results.evidence.resplits
    evidence = changed(simulated_results.evidence, "resplits", made=0, values=found.values.head(0))
    _, made = drawn(resplits.resplits_figure, replace(simulated_results, evidence=evidence))
    assert made.alt == "No other split has both labels on both sides, so nothing is drawn."
    assert made.data.frame.empty


def test_coefficients_stand_beside_their_columns(drawn, simulated_results):
    figure, made = drawn(convergence.coefficients_figure)
    (axes,) = figure.axes
    titles = [column(name).title for name in feature_names()]
    assert ticks(axes) == titles == made.data.frame["name"].tolist()
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    frame = simulated_results.evidence.converged.original.coefficients
    for label, name in (
        ("As reported", "published"),
        ("Optimum, raw", "raw"),
        ("Optimum, scaled", "standardised"),
    ):
        np.testing.assert_array_equal(line(axes, label).get_xdata(), frame[name])
    row = made.data.texts.iloc[-1]
    series = [row[name] for name in ("published", "raw", "standardised")]
    assert f"Total debt: {', '.join(series)}." in made.alt
    assert row["published"].startswith("+")
    assert row["raw"].startswith("\u2212")
