"""Both models on public loan files of other shapes, held against an independent pipeline.

The figures are those that its authors' script prints for the same columns, split and fit.
"""

from pathlib import Path

import pandas as pd
import pytest

from analysis.evidence.thresholds.curve import probabilities
from analysis.models import fits, splitting
from analysis.models.metrics import confusion
from analysis.portfolio import read
from analysis.portfolio.column import NUMBERS, Column, Constraints
from analysis.portfolio.declaration import Declaration, Label, Table
from tests.conftest import REAL_FILE

FOLDER = REAL_FILE.parent / "portfolios"
# file: label, high-risk value, ignored, numbers that are categories, design columns, and for each
# model (tn, fp, fn, tp), area and log loss.
EXPECTED = {
    "german_credit": (
        ("creditability", "bad", (), ()),
        48,
        ((151, 25, 40, 34), 0.763360, 0.515337),
        ((127, 49, 26, 48), 0.766354, 0.565999),
    ),
    "taiwan_default": (
        ("default.payment.next.month", "1", ("ID", "SEX"), ("EDUCATION", "MARRIAGE")),
        29,
        ((5689, 143, 1286, 382), 0.721976, 0.465959),
        ((4141, 1691, 623, 1045), 0.721972, 0.596641),
    ),
    "hmeq": (
        ("BAD", "1", (), ()),
        27,
        ((1134, 37, 124, 195), 0.896423, 0.292550),
        ((1041, 130, 68, 251), 0.896611, 0.355645),
    ),
    "islr_default": (
        ("default", "Yes", ("rownames",), ()),
        3,
        ((2409, 12, 53, 26), 0.941566, 0.079509),
        ((2096, 325, 10, 69), 0.941315, 0.306354),
    ),
    "lending_club": (
        ("Class", "bad", ("rownames", "addr_state"), ()),
        65,
        ((2329, 4, 131, 1), 0.764798, 0.184908),
        ((1587, 746, 35, 97), 0.764038, 0.579634),
    ),
}


def declared(path, label, high_risk, ignored, categories):
    """Return a declaration that says of a file what the reference is told."""
    texts = pd.read_csv(path, dtype=str, keep_default_na=False)
    values = sorted(set(texts[label]))
    fields = []
    for name in texts:
        levels = sorted(set(texts[name]) - {""})
        numbers = pd.to_numeric(texts[name].replace("", pd.NA), errors="coerce")
        is_number = numbers.notna().equals(texts[name] != "") and name not in categories
        use = "label" if name == label else "ignored" if name in ignored else "feature"
        kind = "number" if is_number else "string"
        enum = () if is_number or use == "ignored" else tuple(levels)
        fields.append(Column(name, kind, use=use, constraints=Constraints(enum=enum)))
    healthy = tuple(value for value in values if value != high_risk)
    return Declaration("A title", Table(tuple(fields)), Label((high_risk,), healthy))


@pytest.mark.parametrize("name", EXPECTED)
def test_both_models_agree_with_an_independent_pipeline(name):
    from sklearn.metrics import log_loss, roc_auc_score  # noqa: PLC0415

    path = Path(FOLDER, f"{name}.csv")
    if not path.exists():
        pytest.skip("the public loan files are not there")
    told, columns, *expected = EXPECTED[name]
    portfolio = read.read(path, declared(path, *told))
    assert all(each.type in NUMBERS or each.levels for each in portfolio.declaration.features)
    parts = splitting.split(portfolio.loans)
    assert len(parts.design.columns) == columns
    fitted = fits.fit_original(parts.train), fits.fit_oversampled(parts.train)
    test = parts.test
    for model, (counts, area, loss) in zip(fitted, expected, strict=True):
        scores = model.scores(test.features)
        found = confusion(test.labels, (scores > 0).astype(int), test.counts)
        assert (found.tn, found.fp, found.fn, found.tp) == counts
        weights = {"sample_weight": test.counts}
        assert roc_auc_score(test.labels, scores, **weights) == pytest.approx(area, abs=1e-4)
        assert log_loss(test.labels, probabilities(scores), **weights) == pytest.approx(
            loss, abs=1e-4
        )
