"""Which model ranks better: sentences branch by branch, the curves by what is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.base.display import share
from analysis.evidence.numerics.estimates import Estimate
from analysis.evidence.numerics.resampling import Interval
from analysis.report.sections import ranking
from tests.support.drawn import line


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
        (
            (0.0, -0.04, 0.04, 1.0),
            "are the same; their difference has a 95 % interval from \u22120.040 to +0.040.",
        ),
        ((0.1, None, None, None), "has no interval on these loans."),
        ((None, None, None, None), "has no interval on these loans."),
    ],
)
def test_areas(say, figures, text):
    assert say(ranking.areas, compared, *figures).endswith(text)


def test_ranking_draws_the_curves(drawn, simulated_results):
    figure, made = drawn(ranking.ranking_figure)
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
