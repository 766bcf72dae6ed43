"""The board's pages: what to watch, and what the owner states."""

from dataclasses import replace

import pytest

from analysis.base import settings
from analysis.evidence.monitoring import SHIFT, WATCH
from analysis.evidence.numerics.resampling import wilson
from analysis.portfolio.schema import column, feature_names
from analysis.report.drawing import tables
from analysis.report.sections import board
from tests.report.drawing.test_tables import HOSTILE, cells
from tests.support import reading
from tests.support.changed_evidence import with_interval


def test_the_plan_names_its_limits_and_the_share(simulated_results):
    first, second = board.monitoring(simulated_results)
    assert f"against the {simulated_results.split.train_rows:,} training loans" in first
    assert "below a population stability index of 0.10" in first
    assert "from 0.25 the portfolio is another one" in first
    assert "the share of high-risk loans 3.2 % (3.1 % to 3.4 %); their recall 0.8" in second
    for name, model in simulated_results.evidence.models.items():
        for metric in ("recall", "observed_expected"):
            found = model.intervals[metric]
            figures = f"{found.estimate:.3f} ({found.low:.3f} to {found.high:.3f})"
            assert f"{figures} of the {name} model" in second


def test_the_share_follows_from_the_labels(simulated_results):
    evidence = simulated_results.evidence
    data = replace(evidence.data, prevalence=wilson(50, 200))
    made = replace(simulated_results, evidence=replace(evidence, data=data))
    assert "loans 25.0 % (19.5 % to 31.4 %);" in list(board.monitoring(made))[1]


def test_both_scores_and_every_column_are_watched(simulated_results):
    head, *rows = cells(board.monitoring_table(simulated_results))
    assert head == ["Watched", "Bins", "Loans in the fullest bin", "Watch from", "Act from"]
    assert [row[0] for row in rows] == [
        "Original score",
        "Oversampled score",
        *(column(name).title for name in feature_names()),
    ]
    for row, bins in zip(rows, simulated_results.evidence.monitoring.bins, strict=True):
        assert row[1:] == [
            str(len(bins.shares)),
            f"{100 * max(bins.shares):.1f} %",
            f"{WATCH:.2f}",
            f"{SHIFT:.2f}",
        ]


def test_a_figure_without_an_interval_stands_alone(simulated_results):
    evidence = with_interval(simulated_results.evidence, "original", "recall", None, None)
    text = list(board.monitoring(replace(simulated_results, evidence=evidence)))[1]
    recall = simulated_results.original.confusion.recall
    assert f"their recall {recall:.3f} of the original model and " in text


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
    block = tables.block(board.model(made))
    assert block.count("</table>") == 1
    assert block.count("``````") == 2
    assert "{python}" not in block
    assert "{{<" not in block
    assert any("a<b>&amp;" in row[1] for row in cells(board.model(made))[1:])
