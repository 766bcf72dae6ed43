"""The evidence's tables, cell by cell, and on odd portfolios."""

from dataclasses import replace

import pytest

from analysis.evidence.thresholds.costs import CostRange
from analysis.report.sections import (
    baselines,
    board,
    certainty,
    columns,
    convergence,
    probabilities,
    repeats,
    resplits,
    thresholds,
)
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import changed, with_difference, with_interval, with_refit

TABLES = [
    certainty.intervals,
    repeats.repeats,
    convergence.refits,
    baselines.baselines,
    columns.coefficients,
    probabilities.scores,
    thresholds.thresholds,
    thresholds.cost_ranges,
    resplits.resplits,
    board.monitoring_table,
]


@pytest.fixture
def results(simulated_results):
    return simulated_results


@pytest.fixture
def rows(results):
    """Return a function that gives a table's rows by their names, with changed evidence."""

    def by_name(table, evidence=results.evidence):
        return {row[0]: row[1:] for row in cells(table(replace(results, evidence=evidence)))}

    return by_name


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_any_portfolio_is_broken(table, results, odd_results):
    for each in [results, *odd_results.values()]:
        head, *body = cells(table(each))
        assert body
        assert all(len(row) == len(head) for row in body)
        assert not {"nan", "None", "inf"} & {text for row in body for text in row}
        assert len({row[0] for row in body}) == len(body)


def test_ids_are_unique_among_all_tables(results):
    blocks = "".join(table(results).block() for table in TABLES)
    ids = [part.split('"')[0] for part in blocks.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) > 50


def test_intervals(results, rows):
    evidence = with_interval(results.evidence, "original", "recall", 0.5, 0.75)
    evidence = with_difference(evidence, 0.04, 0.03, 0.05, rows=(0.035, 0.045))
    found = rows(certainty.intervals, evidence)
    assert found["On the test loans"] == [
        "Original",
        "Oversampled",
        "Difference, by rows",
        "Difference, by features",
    ]
    assert found["Recall, high-risk"][0] == "0.897 (0.500 to 0.750)"
    assert found["Balanced accuracy"][2:] == [
        "+0.040 (+0.035 to +0.045)",
        "+0.040 (+0.030 to +0.050)",
    ]


def test_an_interval_that_is_undefined_is_left_out(results, rows):
    evidence = with_interval(results.evidence, "original", "precision", None, None)
    evidence = with_difference(evidence, None, None, None)
    found = rows(certainty.intervals, evidence)
    assert "to" not in found["Precision, high-risk"][0]
    assert found["Balanced accuracy"][2:] == ["\u2013", "\u2013"]


def test_repeats(results, rows):
    found = rows(repeats.repeats)
    data = results.evidence.data.repeats
    assert found["Loans"] == ["77,536"]
    assert found["Distinct rows"] == [f"{data.distinct_rows:,}"]
    assert found["Rows that repeat another"] == [f"{data.repeated_rows:,}"]
    first = data.grouped_splits[0]
    name = "Balanced accuracy, grouped split 0: original / oversampled"
    assert found[name] == [f"{first.original:.3f} / {first.oversampled:.3f}"]


def test_refits(results, rows):
    found = rows(convergence.refits, with_refit(results.evidence, (990, 10, 2, 98)))
    assert found["Model"] == [
        "Found",
        "Missed",
        "Refused",
        "Recall",
        "Balanced accuracy",
    ]
    assert found["Original, standardised columns"] == ["98", "2", "10", "0.980", "0.9850"]
    assert len(found) == 7


def test_refits_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(convergence.refits(real_results))}
    assert found["Original, as reported"][:3] == ["563", "56", "102"]
    assert found["Original, optimum on raw columns"][:3] == ["582", "37", "107"]
    assert found["Original, standardised columns"] == ["609", "10", "113", "0.984", "0.9889"]
    assert found["Oversampled, standardised columns"][:3] == ["615", "4", "125"]


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


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.5, "1.5"),
        (0.00123, "0.00123"),
        (12_345.0, "12,300"),
        (3.5e19, "over 1,000,000"),
        (None, "over 1,000,000"),
        (1e-80, "below 0.000001"),
        (0.0, "below 0.000001"),
    ],
)
def test_odds_ratios_have_no_exponent(results, rows, ratio, text):
    first, *others = results.evidence.models.original.coefficients
    made = (replace(first, odds_ratio_per_sd=ratio), *others)
    evidence = changed(results.evidence, "original", coefficients=made)
    assert rows(columns.coefficients, evidence)["Loan size"][2] == text


def test_the_points_of_moderate_odds_ratios_align(results, rows):
    ratios = (1.0, 3.1416, 0.675, 12.5, 1.0, 1.0, 1e9)
    made = tuple(
        replace(each, odds_ratio_per_sd=ratio)
        for each, ratio in zip(results.evidence.models.original.coefficients, ratios, strict=True)
    )
    evidence = changed(results.evidence, "original", coefficients=made)
    shown = [row[2] for row in rows(columns.coefficients, evidence).values()]
    assert shown[1:5] == ["1.000", "3.142", "0.675", "12.500"]
    assert shown[7] == "over 1,000,000"


def test_unidentified_coefficients_are_marked(rows):
    found = rows(columns.coefficients)
    marked = {name for name, row in found.items() if row[-1] == "no"}
    assert marked == {"Borrower income", "Total debt"}


def test_scores_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(probabilities.scores(real_results))}
    assert found["ROC AUC"][:2] == ["0.9939", "0.9939"]
    assert found["Average precision"][:2] == ["0.8633", "0.8629"]
    assert found["Brier score"] == ["0.0064", "0.0066", "0.0063", "0.0000"]
    assert found["Log loss"] == ["0.0234", "0.0485", "0.0259", "0.0000"]
    assert found["Observed / expected"] == ["0.9807", "0.6892", "0.9515", "1.0000"]
    assert found["Calibration slope"][:2] == ["1.0001", "0.7433"]
    assert found["Kolmogorov-Smirnov"][0] == found["Kolmogorov-Smirnov"][1] == "0.9874"


def test_thresholds(results, rows):
    found = rows(thresholds.thresholds)
    half = results.evidence.thresholds.original.at_half
    cost = half.confusion.fp + 10 * half.confusion.fn
    decimals = {len(row[0].partition(".")[2]) for row in found.values() if row[0] != "Threshold"}
    assert len(decimals) == 1  # the points stand in line
    assert found["Original, one half"] == [
        f"{0.5:.{decimals.pop()}f}",
        f"{half.confusion.tp:,}",
        f"{half.confusion.fn:,}",
        f"{half.confusion.fp:,}",
        f"{cost:,}",
    ]
    models = {
        name: replace(getattr(results.evidence.thresholds, name), cheapest=None)
        for name in ("original", "oversampled")
    }
    fewer = changed(results.evidence, "thresholds", matched=None, **models)
    assert set(rows(thresholds.thresholds, fewer)) == {
        "Choice",
        "Original, one half",
        "Oversampled, one half",
    }


def test_a_cost_keeps_its_decimals(results, rows):
    found = results.evidence.thresholds.original
    half = replace(found.at_half, expected_cost=2.5 / found.at_half.confusion.rows)
    evidence = changed(results.evidence, "thresholds", original=replace(found, at_half=half))
    assert rows(thresholds.thresholds, evidence)["Original, one half"][-1] == "2.5"


def test_cost_ranges(results, rows):
    ranges = (
        CostRange("original", wins=True, lower=0.0, upper=3.0),
        CostRange("oversampled", wins=True, lower=3.0, upper=None),
        CostRange("matched", wins=False, lower=None, upper=None),
    )
    found = rows(thresholds.cost_ranges, changed(results.evidence, "thresholds", ranges=ranges))
    assert found["Original model at one half"] == ["up to 3.00"]
    assert found["Oversampled model at one half"] == ["from 3.00 upwards"]
    assert found["Original model at the matched threshold"] == ["never"]


def test_resplits(results, rows):
    found = rows(resplits.resplits)
    assert len(found) == 13
    summary = results.evidence.resplits.summary
    (row,) = summary.query("metric == 'recall' and model == 'original'").to_dict("records")
    assert found["Recall, high-risk, original"] == [
        f"{row['mean']:.4f}",
        f"{row['sd']:.4f}",
        f"{row['minimum']:.3f} to {row['maximum']:.3f}",
        f"{row['lower']:.3f} to {row['upper']:.3f}",
        f"{row['wins']:,}",
    ]


def test_a_single_split_has_no_deviation_and_none_no_row(results, rows):
    summary = results.evidence.resplits.summary
    single = changed(results.evidence, "resplits", summary=summary.assign(sd=float("nan")))
    found = rows(resplits.resplits, single)
    assert found["Accuracy, original"][1] == "\u2013"
    none = changed(results.evidence, "resplits", summary=summary.head(0), made=0)
    assert list(rows(resplits.resplits, none)) == ["Figure"]
