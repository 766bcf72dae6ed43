"""Results with the counts that a test wants."""

from dataclasses import replace

import numpy as np

from analysis.models import metrics, published
from analysis.models.metrics import Confusion


def model(base, counts):
    """Return a model's results with other confusion counts (tn, fp, fn, tp)."""
    tn, fp, fn, tp = counts
    labels = np.repeat([0, 0, 1, 1], [tn, fp, fn, tp])
    predicted = np.repeat([0, 1, 0, 1], [tn, fp, fn, tp])
    report = metrics.report(labels, predicted)
    return replace(
        base,
        confusion=Confusion(tn, fp, fn, tp),
        classification_report=report,
        report=metrics.report_frame(report),
        balanced_accuracy=metrics.balanced_accuracy(labels, predicted),
    )


def with_counts(results, original, oversampled):
    """Return results in which the two models have these confusion counts."""
    changed = {
        "original": model(results.original, original),
        "oversampled": model(results.oversampled, oversampled),
    }
    reports = {name: each.classification_report for name, each in changed.items()}
    return replace(results, **changed, published=published.compare(reports))


def with_data(results, **changes):
    """Return results of other data."""
    return replace(results, data=replace(results.data, **changes))


def with_training(results, before, after):
    """Return results with these training counts, before and after oversampling."""
    fitted = replace(results.oversampled.fitted, training_counts=after)
    return replace(
        results,
        split=replace(results.split, train_counts=before),
        oversampled=replace(results.oversampled, fitted=fitted),
    )


def with_convergence(results, original, oversampled):
    """Return results in which the two optimisers met their criterion, or did not."""

    def change(each, converged):
        return replace(each, fitted=replace(each.fitted, converged=converged))

    return replace(
        results,
        original=change(results.original, original),
        oversampled=change(results.oversampled, oversampled),
    )
