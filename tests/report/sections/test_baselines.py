"""What one column can do: its sentences branch by branch, its tables and figures by content."""

import pytest

from analysis.report.sections import baselines
from tests.support.changed_evidence import (
    changed,
    with_rule,
)


@pytest.mark.parametrize(
    ("differing", "ending"),
    [
        ((66, 0), "66 differ from the original model's and none from the oversampled model's."),
        ((1, 3), "1 differs from the original model's and 3 from the oversampled model's."),
        ((0, 1), "none differ from the original model's and 1 from the oversampled model's."),
    ],
)
def test_one_column(say, differing, ending):
    text = say(baselines.one_column, with_rule, 0.99, *differing)
    assert ending in text
    assert "balanced accuracy of 0.990 on the test loans; of its 19,384 decisions" in text


def test_no_column_to_make_a_rule_from(say):
    text = say(baselines.one_column, changed, "baselines", best_rule=None)
    assert text.startswith("Every column is constant among the training loans")


def test_baselines(results, rows):
    found = rows(baselines.baselines)
    rule = next(name for name in found if name.startswith("“"))
    differing = results.evidence.baselines.best_rule.outcome.differing_decisions
    assert found[rule][4:] == [f"{differing[name]:,}" for name in ("original", "oversampled")]
    counts = results.evidence.comparison.mcnemar
    apart = f"{counts.only_first + counts.only_second:,}"
    assert found["Original model"][4:] == ["0", apart]
    assert found["Oversampled model"][4:] == [apart, "0"]
    assert found["Majority class"][0] == "0"
    none = changed(results.evidence, "baselines", best_rule=None)
    assert len(rows(baselines.baselines, none)) == len(found) - 1
