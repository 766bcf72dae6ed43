"""Evidence with the figures that a test wants."""

from dataclasses import replace

from analysis.evidence.certainty.comparison import McNemar
from analysis.evidence.numerics.resampling import Interval
from analysis.models.metrics import Confusion
from tests.support.changed import put


def changed(evidence, field, **changes):
    """Return evidence in which one field, of it, its data or its models, has other entries."""
    for part in ("data", "models"):
        if hasattr(getattr(evidence, part, None), field):
            return replace(evidence, **{part: changed(getattr(evidence, part), field, **changes)})
    return replace(evidence, **{field: put(getattr(evidence, field), **changes)})


def with_model(evidence, name, **changes):
    """Return evidence in which one published model has other entries."""
    return changed(evidence, name, **changes)


def with_fits(evidence, original=True, oversampled=True):
    """Return evidence in which the optimisers met their criterion, or did not."""
    evidence = with_model(evidence, "original", converged=original)
    return with_model(evidence, "oversampled", converged=oversampled)


def with_refit(evidence, counts, model="original"):
    """Return evidence in which a model's fits to the optimum have these counts."""
    refitted = evidence.converged.models[model]
    confusion = Confusion(*counts)
    refit = replace(
        refitted.standardised,
        confusion=confusion,
        balanced_accuracy=confusion.balanced_accuracy,
    )
    return changed(
        evidence, "converged", **{model: replace(refitted, standardised=refit, raw=refit)}
    )


def with_confusion(evidence, counts, model="original"):
    """Return evidence in which a published model has these counts (tn, fp, fn, tp)."""
    return with_model(evidence, model, confusion=Confusion(*counts))


def with_difference(evidence, difference, low, high, *, rows=None, wider="neither"):
    """Return evidence with this difference in balanced accuracy and its interval."""
    paired = replace(
        evidence.comparison.differences["balanced_accuracy"],
        difference=difference,
        by_feature_rows=Interval(difference, low, high, "bootstrap"),
        by_rows=Interval(difference, *(rows or (low, high)), "bootstrap"),
        wider=wider,
    )
    return changed(
        evidence,
        "comparison",
        differences=evidence.comparison.differences | {"balanced_accuracy": paired},
        mcnemar=McNemar(10, 20, 0.1, 0.1),
    )


def with_discordant(evidence, everywhere, high_risk):
    """Return evidence with these McNemar counts (only original, only oversampled, p)."""
    return changed(
        evidence,
        "comparison",
        mcnemar=McNemar(*everywhere, everywhere[-1]),
        mcnemar_high_risk=McNemar(*high_risk, high_risk[-1]),
    )


def with_scores(evidence, name, **changes):
    """Return evidence in which one model has other scores."""
    return with_model(evidence, name, scores=replace(evidence.models[name].scores, **changes))


def with_calibration(evidence, name, ratio, slope):
    """Return evidence in which one model is calibrated so."""
    found = evidence.models[name].scores.calibration
    made = replace(found, observed_expected=ratio, slope=slope)
    return with_scores(evidence, name, calibration=made)


def with_interval(evidence, name, metric, low, high):
    """Return evidence in which one metric of one model has this interval."""
    intervals = evidence.models[name].intervals
    made = replace(intervals[metric], low=low, high=high)
    return with_model(evidence, name, intervals=intervals | {metric: made})


def with_rule(evidence, balanced_accuracy, original=0, oversampled=0):
    """Return evidence in which the best rule reaches this and differs from the models so often."""
    outcome = replace(
        evidence.baselines.best_rule.outcome,
        balanced_accuracy=balanced_accuracy,
        differing_decisions={"original": original, "oversampled": oversampled},
    )
    rule = replace(evidence.baselines.best_rule, outcome=outcome)
    return changed(evidence, "baselines", best_rule=rule)
