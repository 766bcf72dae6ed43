"""Sentences of the sections on the real file, and what their tables have in common on any."""

import pytest

from analysis.report.sections import (
    alternatives,
    baselines,
    calibration,
    certainty,
    coefficients,
    columns,
    convergence,
    description,
    monitoring,
    probabilities,
    repeats,
    resplits,
    segments,
    thresholds,
)
from tests.report.drawing.test_tables import cells
from tests.report.test_true_on_every_portfolio import SENTENCES

TABLES = [
    alternatives.alternatives,
    certainty.discordant,
    description.description,
    columns.strength,
    calibration.grades,
    repeats.unseen,
    segments.segments,
    certainty.intervals,
    repeats.repeats,
    convergence.refits,
    baselines.baselines,
    coefficients.coefficients,
    probabilities.scores,
    thresholds.thresholds,
    thresholds.cost_ranges,
    resplits.resplits,
    monitoring.table,
]


def test_figures_of_the_real_file(real_results):
    for name, figures in {
        "certainty": [
            "oversampled model is more than chance among the test loans explains",
            "+0.042",
        ],
        "areas": ["differ by \u22120.0000038"],
        "over_splits": ["Over 100 other splits", "+0.046", "+0.037 to +0.054"],
        "novelty": ["18,604 of 18,765", "0.816", "0.860"],
        "optimum": ["0.910 as reported, 0.940 at", "0.984 at the optimum on standardised"],
        "gain": ["89 %", "37 % does"],
        "one_column": ["0.994", "none from the oversampled model's"],
        "determined": ["rank 7 of 8"],
        "probabilities": ["1.45 times", "1.05 times"],
        "correction": ["0.0485", "0.0066", "0.0259", "0.0063"],
        "ranking": ["0.994 and 0.994", "what sets"],
        "moved": ["of loan size and total debt of the original model"],
        "other_splits": ["oversampled model has the better balanced accuracy in 100"],
    }.items():
        said = [
            text
            for key, function in SENTENCES.items()
            if key.endswith(f".{name}")
            for text in [function(real_results)]
        ]
        together = " ".join(each if isinstance(each, str) else " ".join(each) for each in said)
        assert all(figure in together for figure in figures), together


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_any_portfolio_is_broken(table, results, odd_results):
    for each in [results, *odd_results.values()]:
        head, *body = cells(table(each))
        assert body
        assert all(len(row) == len(head) for row in body)
        assert not {"nan", "None", "inf"} & {text for row in body for text in row}
        assert len({row[0] for row in body}) == len(body)
