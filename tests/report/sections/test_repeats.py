"""Whether the test loans are new: sentences branch by branch, tables by content."""

from analysis.report.sections import repeats


def test_repeats(results, rows):
    found = rows(repeats.repeats)
    data = results.evidence.data.repeats
    assert found["Loans"] == ["77,536"]
    assert found["Distinct rows"] == [f"{data.distinct_rows:,}"]
    assert found["Rows that repeat another"] == [f"{data.repeated_rows:,}"]
    first = data.grouped_splits[0]
    name = "Balanced accuracy, grouped split 0: original / oversampled"
    assert found[name] == [f"{first.original:.3f} / {first.oversampled:.3f}"]
