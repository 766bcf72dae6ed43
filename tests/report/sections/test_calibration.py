"""Grade by grade: the sentence, the table and the figure by content."""

from dataclasses import replace

import numpy as np

from analysis.base.display import share
from analysis.models.pair import Pair
from analysis.report.sections import calibration
from tests.report.drawing.test_tables import cells


def test_grades_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(calibration.grades(real_results))}
    assert found["Original, 0.0 to 0.1"] == [
        "18,657", "30.3", "6", "0.0016", "0.0003 (0.0001 to 0.0007)", "no",
    ]  # fmt: skip
    assert found["Original, 0.8 to 0.9"][-1] == "yes"
    assert len(found) == 21
    said = calibration.held(real_results)
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

    text = say(calibration.held, holding)
    assert "the original model is not off in its only grade;" in text


def test_reliability_draws_each_bin(drawn, simulated_results):
    figure, made = drawn(calibration.reliability_figure)
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
