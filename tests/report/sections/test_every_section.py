"""What every sentence and every table of the sections has in common, on any portfolio."""

import inspect
import re

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
    limits,
    monitoring,
    probabilities,
    ranking,
    repeats,
    resplits,
    segments,
    thresholds,
    verdict,
)
from tests.report.drawing.test_tables import cells

ABSENT = re.compile(r"\b(nan|NaN|inf)\b|\bNone\b(?! of| is)")
SECTIONS = (
    alternatives,
    baselines,
    calibration,
    certainty,
    coefficients,
    columns,
    convergence,
    limits,
    monitoring,
    probabilities,
    ranking,
    repeats,
    resplits,
    segments,
    thresholds,
    verdict,
)
SENTENCES = {
    f"{section.__name__}.{name}": function
    for section in SECTIONS
    for name, function in inspect.getmembers(section, inspect.isfunction)
    if function.__module__ == section.__name__
    and list(inspect.signature(function).parameters) == ["results"]
    and inspect.signature(function).return_annotation in {"str", "list[str]"}
    and not name.startswith("_")
}
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


def texts(results):
    for name, sentence in SENTENCES.items():
        made = sentence(results)
        for text in made if isinstance(made, list) else [made]:
            yield name, text


def test_no_sentence_of_any_portfolio_is_broken(results, odd_results):
    assert len(SENTENCES) > 18
    for name, text in (pair for each in [results, *odd_results.values()] for pair in texts(each)):
        assert not ABSENT.search(text), (name, text)
        assert "  " not in text, (name, text)
        assert (
            not text
            or (text.endswith(".") and text.strip()[0].isupper())
            or (text[0].isdigit() and text.endswith("."))
            or name.endswith(("resplits.fitted", "provenance.footer"))  # part of a sentence
        ), (name, text)
        assert not re.search(r"\b1 (\w+ ){0,2}(loans|combinations|findings|splits|ones)\b", text)


def test_figures_of_the_real_file(real_results):
    said = {}
    for name, text in texts(real_results):
        short = name.rpartition(".")[2]
        said[short] = f"{said.get(short, '')} {text}"
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
        assert all(figure in said[name] for figure in figures), said[name]


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_any_portfolio_is_broken(table, results, odd_results):
    for each in [results, *odd_results.values()]:
        head, *body = cells(table(each))
        assert body
        assert all(len(row) == len(head) for row in body)
        assert not {"nan", "None", "inf"} & {text for row in body for text in row}
        assert len({row[0] for row in body}) == len(body)
