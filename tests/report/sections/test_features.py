"""Gaps and rare levels: shown where there are any, with what the rows say."""

from analysis.report.sections import features
from tests.report.drawing.test_tables import cells
from tests.support import odd_results


def test_nothing_where_all_features_are_numbers_without_gaps(simulated_results):
    assert features.tables(simulated_results) == ""


def test_gaps():
    results = odd_results.named("gaps that tell")
    said = features.tables(results)
    assert ":::: {#tbl-gaps}" in said
    assert (
        "Loans that miss a column, and the share of them and of the others that is unpaid" in said
    )
    assert "**Medium: Missing values predict the label.**" in said
    assert "tbl-levels" not in said
    head, *body = cells(features.gaps(results))
    assert head == ["Without", "Loans", "Of all", "Unpaid", "Of the others", "Difference"]
    found = results.evidence.columns.gaps.set_index("feature")
    assert [row[0] for row in body] == ["Region", "Debt"]
    assert body[1][1:3] == ["191", "27.3 %"]
    assert body[1][5].startswith(f"+{found.loc['debt', 'difference']:.3f} (+")


def test_levels(monkeypatch):
    results = odd_results.named("levels that few loans have")
    assert "\nLevels that fewer than 30 loans have\n" in features.tables(results)
    assert [row[:2] for row in cells(features.levels(results))] == [
        ["Level", "Loans"], ["Region: an island", "3"], ["Region: abroad", "17"],
    ]  # fmt: skip
    monkeypatch.setattr(features, "MOST_ROWS", 1)
    assert "have; 1 row more in results.json\n" in features.tables(results)
