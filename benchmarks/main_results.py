"""The main results only: read and validate a loan file, fit both models, print both reports."""

from __future__ import annotations

import sys
from pathlib import Path

from analysis.base import parallel
from analysis.models import evaluation, fits, splitting
from analysis.portfolio import read
from benchmarks import reports


def main(name: str) -> None:
    """Print the classification reports of both models on the loan file called `name`."""
    portfolio = read.read(Path(name))
    with parallel.one_thread():  # as results.run has it
        parts = splitting.split(portfolio.loans)
        for fit in (fits.fit_original, fits.fit_oversampled):
            found = evaluation.evaluate(fit(parts.train).apply(parts.test))
            print(reports.text(found.classification_report))


if __name__ == "__main__":
    main(sys.argv[1])
