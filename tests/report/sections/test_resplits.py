"""Other splits: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.base.display import share
from analysis.report.sections import resplits
from tests.support.changed import with_data
from tests.support.changed_evidence import (
    changed,
)
from tests.support.drawn import ticks


def splits(evidence, first, second, means=(0.9, 0.8), made=10):
    summary = evidence.resplits.summary.copy()
    for model, wins, mean in zip(("original", "oversampled"), (first, second), means, strict=True):
        rows = (summary["model"] == model) & (summary["metric"] == "balanced_accuracy")
        summary.loc[rows, ["wins", "mean"]] = [wins, mean]
    return changed(evidence, "resplits", summary=summary, made=made)


@pytest.mark.parametrize(
    ("wins", "text"),
    [
        ((3, 7), "Over 10 random splits, the oversampled model has the better balanced accuracy in "
                 "7, the original model in 3; the means are 0.900 for the original model and 0.800 "
                 "for the oversampled model."),
        ((4, 0), "Over 10 random splits, the original model has the better balanced accuracy in 4, "
                 "the oversampled model in none;"),
        ((4, 4), "Over 10 random splits neither model wins more often in balanced accuracy; the"),
    ],
)  # fmt: skip
def test_other_splits(say, wins, text):
    assert say(resplits.other_splits, splits, *wins).startswith(text)


def test_one_split_and_none(say):
    assert say(resplits.other_splits, splits, 0, 1, made=1).startswith("Over 1 random split, ")
    none = say(resplits.other_splits, changed, "resplits", made=0)
    assert none == "No other split has both labels on both sides."


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (500_000, "Each seed splits the portfolio anew, loan by loan."),
        (500_001, "In a portfolio of more than 500,000 loans each seed draws how many of each "
                  "distinct loan are test loans, which has the same distribution as"),
    ],
)  # fmt: skip
def test_how_the_splits_were_drawn(results, rows, text):
    assert resplits.drawn(with_data(results, rows=rows)).startswith(text)


@pytest.mark.parametrize(
    ("not_tried", "left_out", "text"),
    [
        (0, 0, ""),
        (0, 1, "Of 100 seeds, 1 gave a split that lacks a label on one side."),
        (1, 0, "Of 100 seeds, 1 was not tried because the file is large."),
        (95, 2, "Of 100 seeds, 95 were not tried because the file is large and 2 gave a split "
                "that lacks a label on one side."),
    ],
)  # fmt: skip
def test_left_out(say, not_tried, left_out, text):
    counts = {"requested": 100, "not_tried": not_tried, "left_out": left_out, "made": 1}
    assert say(resplits.left_out, changed, "resplits", **counts) == text


def test_fewer_splits_are_less_certain_and_that_is_said(say):
    counts = {"requested": 100, "not_tried": 88, "left_out": 0, "made": 12}
    assert say(resplits.left_out, changed, "resplits", **counts) == (
        "Of 100 seeds, 88 were not tried because the file is large. A standard deviation over "
        "12 splits is known to about 21 %, where 100 would leave 7 %, and so is the width of an "
        "interval made of it."
    )


def test_resplits(results, rows):
    found = rows(resplits.resplits)
    assert len(found) == 13
    summary = results.evidence.resplits.summary
    (row,) = summary.query("metric == 'recall' and model == 'original'").to_dict("records")
    assert found["Recall, high-risk, original"] == [
        f"{row['mean']:.4f}",
        f"{row['sd']:.4f}",
        f"{row['minimum']:.3f} to {row['maximum']:.3f}",
        f"{row['lower']:.3f} to {row['upper']:.3f}",
        f"{row['wins']:,}",
    ]


def test_a_single_split_has_no_deviation_and_none_no_row(results, rows):
    summary = results.evidence.resplits.summary
    single = changed(results.evidence, "resplits", summary=summary.assign(sd=float("nan")))
    found = rows(resplits.resplits, single)
    assert found["Accuracy, original"][1] == "\u2013"
    none = changed(results.evidence, "resplits", summary=summary.head(0), made=0)
    assert list(rows(resplits.resplits, none)) == ["Figure"]


def test_resplits_draw_each_split(drawn, simulated_results):
    figure, made = drawn(resplits.resplits_figure)
    values = simulated_results.evidence.resplits.values
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "Recall, high-risk",
        "Balanced accuracy",
    ]
    for axes, metric in zip(figure.axes, ("recall", "balanced_accuracy"), strict=True):
        assert ticks(axes) == ["Oversampled", "Original"]
        thin, _, original, _ = (each.get_xdata()[::3] for each in axes.get_lines())
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
