"""The board's pages: what to watch, and what the owner states."""

from dataclasses import replace

import pytest

from analysis.base import settings
from analysis.evidence.monitoring.stability import LARGE, LEVEL, SMALL, plan
from analysis.report.sections import board, monitoring
from tests.report.drawing.test_tables import HOSTILE, cells
from tests.support import odd_results, reading
from tests.support.columns import column, feature_names


def test_the_plan_says_the_rule_of_the_program(simulated_results):
    rule, size = monitoring.plan(simulated_results), monitoring.shifts()
    assert f"against the {simulated_results.split.train_rows:,} training loans" in rule
    assert f"within them in {LEVEL:.0%} of files or more".replace("%", " %") in rule
    assert "without" in rule
    assert f"below {SMALL:.2f} is a small change" in size
    assert f"one from {LARGE:.2f} asks for fitting and reviewing" in size


def test_every_figure_is_watched_with_limits_for_two_sizes(simulated_results):
    head, *rows = cells(monitoring.table(simulated_results))
    assert head == ["Watched", "Here", "In 1,000 loans", "In 77,536 loans"]
    found = {row[0]: row[1:] for row in rows}
    assert list(found)[:2] == [
        f"Index of the {name} model\u2019s score" for name in ("original", "oversampled")
    ]
    assert list(found)[2:9] == [
        f"Index of {column(name).title.lower()}" for name in feature_names()
    ]
    assert list(found)[9:] == [
        "Sent to review by the original model",
        "Sent to review by the oversampled model",
        "High-risk loans",
        "Recall of the original model",
        "Recall of the oversampled model",
        "Observed / expected of the original model",
        "Observed / expected of the oversampled model",
    ]
    assert found["High-risk loans"][0] == "3.22 %"
    recall = simulated_results.models.original.confusion.recall
    assert found["Recall of the original model"][0] == f"{100 * recall:.2f} %"


def test_the_limits_shown_are_those_that_the_program_computes(simulated_results):
    reference = simulated_results.evidence.monitoring.baseline
    _, *rows = cells(monitoring.table(simulated_results))
    for row, limit in zip(rows, plan(reference, 1_000).limits, strict=True):
        low, high = f"{100 * limit.low:.2f} %", f"{100 * limit.high:.2f} %"
        if limit.kind in {"score", "feature"}:
            shown = float(row[2].removeprefix("up to "))
            assert shown == pytest.approx(limit.high, abs=5e-4)
            assert (shown > 0) == (limit.high > 0)
        elif limit.kind != "observed_expected":
            assert row[2] == f"{low} to {high}"


def test_the_table_to_be_signed_is_on_the_page_and_on_the_cover(site):
    page = reading.load(site)
    (frame,) = page.xpath("//div[@aria-label='Sign-off']")
    assert frame.xpath(".//table")
    text = " ".join(reading.pages(site))
    assert text.count("Date and signature") == 1
    assert "Date and signature" in reading.pages(site)[0]
    assert "The table to be signed stands on the cover." in text
    assert "on the cover" not in reading.page_text(page)


def test_the_owner_is_quoted():
    stated = settings.load()
    rows = {row[0]: row[1] for row in cells(board.model(stated))[1:]}
    assert rows["Name"] == stated.model.name
    assert rows["Owner"] == rows["Reviewer"] == rows["Materiality"] == settings.OPEN
    assert rows["Intended use"] == stated.model.intended_use
    assert list(rows) == [
        "Name",
        "Version",
        "Status",
        "Owner",
        "Reviewer",
        "Materiality",
        "Intended use",
        "Out of scope",
    ]


@pytest.mark.parametrize("key", settings.MODEL_KEYS)
def test_a_hostile_statement_is_shown_as_it_is(key):
    stated = settings.load()
    made = replace(stated, model=replace(stated.model, **{key: HOSTILE}))
    block = board.model(made).block()
    assert board.model(made).html().count("</table>") == 1
    assert block.count("``````") == 4
    assert "{python}" not in block
    assert "{{<" not in block
    assert any("a<b>&amp;" in row[1] for row in cells(board.model(made))[1:])


def test_the_reason_of_the_cost_ratio_is_the_declarations(simulated_results):
    owner = settings.load()
    *stated, reason = board.assumptions(owner, simulated_results)
    assert stated == list(owner.assumptions)
    assert "principal" not in " ".join(stated)
    assert reason.startswith(
        "The cost ratio is a round figure for the loss of most of a missed loan"
    )


def test_where_none_is_declared_the_cost_ratio_is_an_assumption():
    results = odd_results.named("declared")
    *_, reason = board.assumptions(settings.load(), results)
    assert reason.startswith("The cost ratio of 10, what a missed unpaid loan costs in needless ")
    assert "reviews of paid ones, is an assumption for the reader to set (cost_ratio in " in reason
    assert "gives no reason" in reason
