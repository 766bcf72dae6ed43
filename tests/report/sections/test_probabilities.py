"""Ranking and probabilities: its sentences branch by branch, its tables and figures by content."""

from dataclasses import replace

import pytest

from analysis.report.sections import probabilities
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import (
    changed,
)


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
