"""Whether the test loans are new: sentences branch by branch, tables by content."""

from dataclasses import replace

from analysis.models.metrics import Confusion
from analysis.report.sections import repeats
from tests.report.drawing.test_tables import cells


def test_repeats_of_the_real_file(real_results):
    found = {row[0]: row[1] for row in cells(repeats.repeats(real_results))}
    assert found["Distinct rows"] == "5,229"
    assert found["Rows that equal another"] == "75,848"
    assert found["Rows that are surplus copies"] == "72,307"
    assert found["Loans that no decision by features can get right"] == "238"
    assert found["Such test loans, by the test loans alone"] == "25"
    assert found["Such healthy ones, of 18,765"] == "18,604"
    assert found["Such high-risk ones, of 619"] == "369"


def test_unseen_loans_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(repeats.unseen(real_results))}
    assert found["Original, all test loans"][:3] == ["563", "56", "102"]
    assert found["Original, unseen ones"] == ["211", "39", "34", "0.844", "0.8164"]
    assert found["Oversampled, unseen ones"] == ["250", "0", "45", "1.000", "0.8602"]


def test_unseen_loans_of_one_label_and_none(results, rows):
    new = results.evidence.unseen
    counts = replace(new.models.original, confusion=Confusion(3, 1, 0, 0), balanced_accuracy=None)
    healthy = replace(new, loans=4, high_risk=0, models=replace(new.models, original=counts))
    found = rows(repeats.unseen, replace(results.evidence, unseen=healthy))
    assert found["Original, unseen ones"] == ["0", "0", "1", "\u2013", "\u2013"]
    none = replace(results.evidence, unseen=replace(new, loans=0, high_risk=0))
    assert len(rows(repeats.unseen, none)) == 3
