"""Ranking and probabilities: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

import numpy as np

from analysis.base.display import share
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
    assert found["ROC AUC"][:2] == ["0.9939", "0.9939"]
    assert found["Average precision"][:2] == ["0.8633", "0.8629"]
    assert found["Brier score"] == ["0.0064", "0.0066", "0.0063", "0.0000"]
    assert found["Log loss"] == ["0.0234", "0.0485", "0.0259", "0.0000"]
    assert found["Observed / expected"] == ["0.9807", "0.6892", "0.9515", "1.0000"]
    assert found["Calibration slope"][:2] == ["1.0001", "0.7433"]
    assert found["Kolmogorov-Smirnov"][0] == found["Kolmogorov-Smirnov"][1] == "0.9874"


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
