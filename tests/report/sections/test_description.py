"""The statistics of the columns by content."""

import pytest

from analysis.report.sections import description
from tests.report.drawing.test_tables import cells
from tests.support import odd_results as odd


def test_descriptions(results):
    found = {row[0]: row[1:] for row in cells(description.description(results))}
    assert found["Column and loans"][:2] == ["Mean", "SD"]
    assert len(found) == 4 * 7 + 1
    frame = results.evidence.columns.description.set_index(["column", "group"])
    row = frame.loc[("num_of_accounts", "high_risk")]
    assert found["Number of accounts, high-risk"][-1] == f"{row['maximum']:.0f}"


@pytest.mark.slow
def test_columns_that_say_yes_or_no_have_no_statistics_beside_numbers():
    made = odd.named("gaps that tell")
    shown = {row[0].rpartition(", ")[0] for row in cells(description.description(made))[1:]}
    declared = {each.title for each in made.words.declaration.features if not each.levels}
    assert shown == declared
    table = description.description(made)
    assert len(table.frame) > len(table.texts)
