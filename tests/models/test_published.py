"""The published figures, and the comparison of regenerated ones with them."""

import pytest

from analysis.base.project import ROOT
from analysis.models import metrics, published
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.models.published import PublishedFrame
from analysis.portfolio.declaration import module_12

ROWS = ("0", "1", "macro avg", "weighted avg")
COUNTS = {
    ORIGINAL: Confusion(tn=18_663, fp=102, fn=56, tp=563),
    OVERSAMPLED: Confusion(tn=18_649, fp=116, fn=4, tp=615),
}


@pytest.fixture(scope="module")
def agreeing():
    reports = {name: metrics.report(counts) for name, counts in COUNTS.items()}
    return published.compare(reports, module_12().published)


def test_the_published_counts_give_every_published_cell(agreeing):
    assert agreeing["matches"].all()
    # Per model four rows of four figures, and accuracy with its support.
    assert len(agreeing) == 2 * (4 * 4 + 2)
    PublishedFrame.validate(agreeing)


@pytest.mark.parametrize(
    ("counts", "differing"),
    [
        # Where scikit-learn 1.5 and later stop when they are not stopped at iteration 33.
        (Confusion(tn=18_655, fp=110, fn=36, tp=583), {"precision", "recall", "f1_score"}),
        (Confusion(tn=18_663, fp=102, fn=56, tp=562), {"support"}),
    ],
)
def test_other_counts_differ_in_the_cells_that_they_change(counts, differing):
    reports = {ORIGINAL: metrics.report(counts), OVERSAMPLED: metrics.report(COUNTS[OVERSAMPLED])}
    frame = published.compare(reports, module_12().published)
    wrong = frame[~frame["matches"]]
    assert set(wrong["model"]) == {ORIGINAL}
    assert set(wrong.loc[wrong["row"] == "1", "measure"]) == differing


def test_regenerated_figures_have_two_decimals(agreeing):
    cell = agreeing.set_index(["model", "row", "measure"]).loc[(ORIGINAL, "1", "precision")]
    assert cell["regenerated"] == cell["published"] == 0.85


def test_without_published_figures_nothing_is_compared():
    reports = {name: metrics.report(counts) for name, counts in COUNTS.items()}
    frame = published.compare(reports, None)
    assert not len(frame)
    assert frame.dtypes["published"] == "float64"


def test_the_figures_are_those_of_the_published_report():
    path = ROOT.parent / "shared" / "published-report.md"
    if not path.is_file():
        pytest.skip("the published report is not at ../shared/published-report.md")
    lines = [line.rsplit(maxsplit=4) for line in path.read_text(encoding="utf-8").splitlines()]
    whole = [line for line in lines if len(line) == 5 and line[0].strip() in ROWS]
    found = [tuple(float(cell) for cell in line[1:]) for line in whole]
    stated = module_12().published
    tables = [*stated.original, *stated.oversampled]
    assert found == [
        (each.precision, each.recall, each.f1_score, each.support)
        for each in tables
        if each.row in ROWS
    ]
    accuracies = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    accuracies = [line for line in accuracies if line[:1] == ["accuracy"]]
    assert [(float(line[1]), int(line[2])) for line in accuracies] == [
        (each.f1_score, each.support) for each in tables if each.row == "accuracy"
    ]


def test_the_real_file_gives_the_published_tables(real_results):
    assert {name: model.confusion for name, model in real_results.models.items()} == COUNTS
    assert real_results.all_cells_match
    assert round(real_results.models.original.balanced_accuracy, 4) == 0.9520
    assert round(real_results.models.oversampled.balanced_accuracy, 4) == 0.9937


def test_the_simulated_portfolio_is_not_expected_to_agree(simulated_results):
    frame = simulated_results.published
    PublishedFrame.validate(frame)
    assert not frame["matches"].all()
