"""Classification reports as scikit-learn prints them, from figures that are there already."""

from __future__ import annotations

from typing import Any

AVERAGES = ("accuracy", "macro avg", "weighted avg")
DIGITS = 4


def text(report: dict[str, Any]) -> str:
    """Return a classification report of `output_dict` form as a table of text.

    The words are those of `classification_report(..., digits=4)`; the blanks may differ.
    """
    labels = [name for name in report if name not in AVERAGES]
    support = report["macro avg"]["support"]
    lines = [_line("", ["precision", "recall", "f1-score", "support"])]
    lines += [_figures(name, report[name]) for name in labels]
    lines += [_line("accuracy", ["", "", f"{report['accuracy']:.{DIGITS}f}", str(support)])]
    lines += [_figures(name, report[name]) for name in AVERAGES[1:]]
    return "\n".join(lines) + "\n"


def supports(printed: str) -> dict[str, int]:
    """Return how many loans printed reports say that each of the labels 0 and 1 has."""
    rows = [line.split() for line in printed.splitlines()]
    return {row[0]: int(row[-1]) for row in rows if row[:1] in (["0"], ["1"])}


def _figures(name: str, row: dict[str, Any]) -> str:
    shares = [f"{row[key]:.{DIGITS}f}" for key in ("precision", "recall", "f1-score")]
    return _line(name, [*shares, str(row["support"])])


def _line(name: str, cells: list[str]) -> str:
    return f"{name:>12} " + "".join(f"{each:>10}" for each in cells)
