"""Results with the counts that a test wants."""

from dataclasses import replace

from analysis.models import metrics, published
from analysis.models.metrics import Confusion
from analysis.models.pair import Pair


def put(whole, **changes):
    """Return results, or a part of them, with other entries; those of a model go to its place."""
    models = {name: changes.pop(name) for name in ("original", "oversampled") if name in changes}
    if models:
        changes["models"] = replace(whole.models, **models)
    return replace(whole, **changes)


def model(base, counts):
    """Return a model's results with other confusion counts (tn, fp, fn, tp)."""
    confusion = Confusion(*counts)
    report = metrics.report(confusion)
    return replace(
        base,
        confusion=confusion,
        classification_report=report,
        report=metrics.report_frame(report),
        balanced_accuracy=confusion.balanced_accuracy,
    )


def with_counts(results, original, oversampled):
    """Return results in which the two models have these confusion counts."""
    changed = Pair(
        model(results.models.original, original), model(results.models.oversampled, oversampled)
    )
    reports = changed.map(lambda each: each.classification_report)
    compared = published.compare(reports, results.words.declaration.published)
    return replace(results, models=changed, published=compared)


def with_data(results, **changes):
    """Return results of other data."""
    return replace(results, data=replace(results.data, **changes))


def with_training(results, before, after):
    """Return results with these training counts, before and after oversampling."""
    fitted = replace(results.models.oversampled.fitted, training_counts=after)
    return put(
        results,
        split=replace(results.split, train_counts=before),
        oversampled=replace(results.models.oversampled, fitted=fitted),
    )


def with_convergence(results, original, oversampled):
    """Return results in which the two optimisers met their criterion, or did not."""

    def change(each, converged):
        return replace(each, fitted=replace(each.fitted, converged=converged))

    return put(
        results,
        original=change(results.models.original, original),
        oversampled=change(results.models.oversampled, oversampled),
    )
