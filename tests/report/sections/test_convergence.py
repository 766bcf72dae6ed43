"""Where the optimiser stopped: sentences branch by branch, tables by content."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.report.sections import convergence
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import (
    changed,
    with_confusion,
    with_fits,
    with_refit,
)
from tests.support.columns import column, feature_names
from tests.support.drawn import line, ticks

SOME, MORE = (990, 10, 10, 90), (990, 10, 2, 98)


def fits(evidence, converged, after):
    evidence = with_fits(with_confusion(evidence, SOME), *converged)
    return with_refit(evidence, after)


def moving(evidence, change, flipped, most="total_debt"):
    refit = evidence.converged.models.original
    frame = refit.coefficients.assign(change=change)
    made = replace(refit, coefficients=frame, flipped=flipped, moved_most=most)
    return changed(evidence, "converged", original=made)


@pytest.mark.parametrize(
    ("change", "flipped", "text"),
    [
        (0.05, (), "in the original model all coefficients stay within 0.1 per standard deviation"),
        (-2.0, (), "in the original model the coefficient of total debt moves most; in the"),
        (-2.0, ("total_debt",), "the coefficient of total debt moves most and turns its sign; in"),
        (2.0, ("loan_size",), "moves most, and the coefficient of loan size turns its sign; in"),
        (2.0, ("loan_size", "total_debt"),
         "moves most, and the coefficients of loan size and total debt turn their signs; in the"),
    ],
)  # fmt: skip
def test_moved(say, change, flipped, text):
    assert text in say(convergence.moved, moving, change, flipped)


@pytest.mark.parametrize(
    ("standardised", "ending"),
    [
        (3.0, "sign."),
        (-0.05, "sign."),  # a change of sign this small says nothing
        (-3.0, " On standardised columns, the coefficient of loan size of the original model would "
               "have the opposite sign."),
    ],
)  # fmt: skip
def test_signs_on_standardised_columns(say, standardised, ending):
    def scaled(evidence):
        both = {}
        for name in ("original", "oversampled"):
            refit = evidence.converged.models[name]
            frame = refit.coefficients.assign(
                published=0.04, standardised=[standardised if name == "original" else 1] + [1.0] * 6
            )
            both[name] = replace(refit, coefficients=frame)
        return changed(evidence, "converged", **both)

    assert say(convergence.moved, scaled).endswith(ending)
    assert ("On standardised" in say(convergence.moved, scaled)) == (standardised < -1)


def test_refits(results, rows):
    found = rows(convergence.refits, with_refit(results.evidence, (990, 10, 2, 98)))
    assert found["Model"] == [
        "Found",
        "Missed",
        "Needless reviews",
        "Recall",
        "Balanced accuracy",
    ]
    assert found["Original, standardised columns"] == ["98", "2", "10", "0.980", "0.9850"]
    assert len(found) == 7


def test_refits_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(convergence.refits(real_results))}
    assert found["Original, as reported"][:3] == ["563", "56", "102"]
    assert found["Original, optimum on raw columns"][:3] == ["582", "37", "107"]
    assert found["Original, standardised columns"] == ["609", "10", "113", "0.984", "0.9889"]
    assert found["Oversampled, standardised columns"][:3] == ["615", "4", "125"]


def test_coefficients_stand_beside_their_columns(drawn, simulated_results):
    figure, made = drawn(convergence.coefficients_figure)
    (axes,) = figure.axes
    titles = [column(name).title for name in feature_names()]
    assert ticks(axes) == titles == made.data.frame["name"].tolist()
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    frame = simulated_results.evidence.converged.models.original.coefficients
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
