"""The statistics of the columns by content."""

from analysis.report.sections import description
from tests.report.drawing.test_tables import cells


def test_descriptions(results):
    found = {row[0]: row[1:] for row in cells(description.description(results))}
    assert found["Column and loans"][:2] == ["Mean", "SD"]
    assert len(found) == 4 * 7 + 1
    frame = results.evidence.columns.description.set_index(["column", "group"])
    row = frame.loc[("num_of_accounts", "high_risk")]
    assert found["Number of accounts, high-risk"][-1] == f"{row['maximum']:.0f}"
