"""Ranking and probabilities: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.base.display import share
from analysis.evidence.numerics.estimates import Estimate
from analysis.evidence.numerics.resampling import Interval
from analysis.models.pair import Pair
from analysis.report.sections import probabilities
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import (
    changed,
    with_discordant,
    with_scores,
)
from tests.support.drawn import line


def recalibrated(evidence, before, after):
    found = evidence.recalibrated
    scores = [
        replace(each, calibration=replace(each.calibration, observed_expected=ratio))
        for each, ratio in ((found.before, before), (found.after, after))
    ]
    return changed(evidence, "recalibrated", before=scores[0], after=scores[1])


def test_probabilities(say):
    text = say(probabilities.probabilities, recalibrated, 0.5, 1.25)
    assert text.startswith("The oversampled model expects 2.00 times the high-risk loans that")
    assert "it expects 0.80 times as many" in text
    none = say(probabilities.probabilities, recalibrated, None, None)
    assert none.startswith("The oversampled model expects no high-risk loan")


def ranked(evidence, first, second, alike=False):
    evidence = with_scores(evidence, "original", roc_auc=first)
    evidence = with_scores(evidence, "oversampled", roc_auc=second)
    return with_discordant(evidence, (0, 0, 1.0), (0, 0, 1.0)) if alike else evidence


def test_scores_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(probabilities.scores(real_results))}
    assert found["On the test loans"] == [
        "Original",
        "Oversampled",
        "Corrected",
        "No skill",
        "Best",
    ]
    assert found["ROC AUC"][:2] == ["0.9939 (0.9903 to 0.9974)"] * 2
    assert found["Average precision"] == [
        "0.8633 (0.83 to 0.89)", "0.8629 (0.83 to 0.89)", "0.8629", "0.0319", "1.0000",
    ]  # fmt: skip
    assert found["Brier skill"] == ["0.7936", "0.7867", "\u2013", "0.0000", "1.0000"]
    # The Brier score is reliability - resolution + uncertainty, which the last column shows.
    for at in (0, 1):
        parts = [float(found[f"Brier {name}"][at]) for name in ("reliability", "resolution")]
        whole = parts[0] - parts[1] + float(found["Brier resolution"][4])
        assert float(found["Brier score"][at].split()[0]) == pytest.approx(whole, abs=2e-4)
    assert found["Integrated calibration index"][:2] == ["0.0059", "0.0144"]
    assert found["Log loss"][2:] == ["0.0259", "0.1414", "0.0000"]
    assert found["Observed / expected"][2:] == ["0.9515", "1.0000", "1.0000"]
    assert found["Calibration slope"][:2] == [
        "1.0001 (0.9424 to 1.0578)", "0.7433 (0.7004 to 0.7862)",
    ]  # fmt: skip
    assert found["Mean predicted probability"] == ["0.0326", "0.0463", "0.0336", "\u2013", "0.0319"]


def compared(evidence, value, low, high, p_value):
    limits = Interval(value, low, high, "delong")
    found = replace(
        evidence.areas, difference=Estimate(limits, limits, "rows"), p_value_by_feature_rows=p_value
    )
    return replace(evidence, areas=found)


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (
            (-3.79e-6, -2.53e-5, 1.77e-5, 0.73),
            "differ by \u22120.0000038, with a 95 % interval from \u22120.000025 to +0.000018 (p "
            "by features 0.73).",
        ),
        (
            (0.0123, 0.004, 0.02, 0.001),
            "differ by +0.012, with a 95 % interval from +0.0040 to +0.020 (p by features 0.001).",
        ),
        ((0.0, 0.0, 0.0, 1.0), "are the same: both models rank all loans alike."),
        ((0.1, None, None, None), "has no interval on these loans."),
        ((None, None, None, None), "has no interval on these loans."),
    ],
)
def test_areas(say, figures, text):
    assert say(probabilities.areas, compared, *figures).endswith(text)


def test_grades_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(probabilities.grades(real_results))}
    assert found["Original, 0.0 to 0.1"] == [
        "18,657", "30.3", "6", "0.0016", "0.0003 (0.0001 to 0.0007)", "no",
    ]  # fmt: skip
    assert found["Original, 0.8 to 0.9"][-1] == "yes"
    assert len(found) == 21
    said = probabilities.held(real_results)
    assert (
        "the original model is off in 7 of its 10 grades, with 19,111 of 19,384 test loans" in said
    )
    assert "off by 0.0059 and 0.0144 (integrated calibration index)" in said


def test_probabilities_that_hold(say):
    def holding(evidence):
        models = {
            name: replace(
                model,
                probabilities=replace(
                    model.probabilities,
                    grades=model.probabilities.grades.head(1).assign(off=False),
                    loans_off=0,
                ),
            )
            for name, model in evidence.models.items()
        }
        return replace(evidence, models=Pair(**models))

    text = say(probabilities.held, holding)
    assert "the original model is off in none of its 1 grade;" in text


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
