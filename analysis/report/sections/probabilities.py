"""Whether the probabilities can be read as such: the section's sentences and table."""

from __future__ import annotations

import pandas as pd

from analysis.base import display
from analysis.base.display import FINER, count, finer, plural, share
from analysis.findings.wording import plural_or_no
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.portfolio.declaration import HIGH_RISK
from analysis.report.drawing.cells import NAME, Columns, ends, span
from analysis.report.drawing.tables import Table
from analysis.report.sections.choices import has_interval
from analysis.results import Results

TEN = 10  # multiples below are written with decimals
SCORES = {
    "roc_auc": "ROC AUC",
    "average_precision": "Average precision",
    "ks": "Kolmogorov-Smirnov",
    "brier": "Brier score",
    "brier_skill": "Brier skill",
    "brier_reliability": "Brier reliability",
    "brier_resolution": "Brier resolution",
    "log_loss": "Log loss",
    "integrated_index": "Integrated calibration index",
    "intercept": "Calibration intercept",
    "slope": "Calibration slope",
    "observed_expected": "Observed / expected",
    "mean_predicted": "Mean predicted probability",
}
BEST = {
    "roc_auc": 1.0,
    "average_precision": 1.0,
    "ks": 1.0,
    "brier": 0.0,
    "brier_skill": 1.0,
    "brier_reliability": 0.0,
    "log_loss": 0.0,
    "integrated_index": 0.0,
    "intercept": 0.0,
    "slope": 1.0,
    "observed_expected": 1.0,
}


def probabilities(results: Results) -> str:
    """Say whether the models' probabilities can be read as such, and what a correction does."""
    found, words = results.evidence.recalibrated, results.words
    second = display.capital(words.models[OVERSAMPLED])
    before, after = found.before.calibration, found.after.calibration
    if before.observed_expected is None or after.observed_expected is None:
        return f"{second} expects no {words.high_risk} loan, so its calibration cannot be judged."
    return (
        f"{second} expects {_times(before.observed_expected)} times the {words.high_risk} "
        f"loans that there are; after the closed-form correction for its training prevalence it "
        f"expects {_times(after.observed_expected)} times as many, with the same ranking."
        if before.observed_expected and after.observed_expected
        else f"No test loan is {words.predicate(HIGH_RISK)}, so calibration cannot be judged."
    )


def _times(observed_expected: float) -> str:
    """Write how many times the observed number is expected, with three digits."""
    value = 1 / observed_expected
    return share(value) if value < TEN else count(value)


def correction(results: Results) -> str:
    """Say what the prior correction does to log loss, Brier score and decisions."""
    found, words = results.evidence.recalibrated, results.words
    counts = found.confusion_after
    return (
        f"Before the correction the log loss is {finer(found.before.log_loss)} and the Brier "
        f"score {finer(found.before.brier)}, after it {finer(found.after.log_loss)} and "
        f"{finer(found.after.brier)}. At one half, the corrected model finds "
        f"{display.number_or_none(counts.tp)} of "
        f"{plural(counts.tp + counts.fn, f'{words.high_risk} test loan')} and sends "
        f"{plural_or_no(counts.fp, f'{words.healthy} one')} to review."
    )


def scores(results: Results) -> Table:
    """Show ranking and calibration of both models, and of the corrected one."""
    frame = _scores(results)
    columns: Columns = {
        **{
            name: (title, span(frame, name, most=FINER))
            for name, title in results.words.model_titles.items()
        },
        "corrected": ("Corrected", finer),
        "no_skill": ("No skill", finer),
        "best": ("Best", finer),
    }
    caption = (
        "Ranking and calibration of both models, with 95 % intervals, and of the corrected one"
    )
    return Table.of("scores", "On the test loans", frame, columns, caption, results.findings)


def _scores(results: Results) -> pd.DataFrame:
    """Return each measure of both models and the corrected one, beside no skill and the best."""
    evidence = results.evidence
    original = evidence.models.original
    best = {
        "mean_predicted": original.scores.observed,
        "brier_resolution": original.probabilities.brier.uncertainty,
    } | BEST
    parts = dict.fromkeys(("brier_skill", "brier_reliability", "brier_resolution"), 0.0)
    no_skill = parts | evidence.no_skill
    corrected = vars(evidence.recalibrated.after) | vars(evidence.recalibrated.after.calibration)
    return pd.DataFrame(
        [
            {NAME: title}
            | _measured(results, ORIGINAL, key)
            | _measured(results, OVERSAMPLED, key)
            | {"corrected": corrected.get(key), "no_skill": no_skill.get(key), "best": best[key]}
            for key, title in SCORES.items()
        ]
    )


def _measured(results: Results, name: str, key: str) -> dict[str, float | None]:
    """Return one figure of a model with its interval, as entries of a row."""
    model = results.evidence.models[name]
    held = model.probabilities
    estimates = {
        "roc_auc": results.evidence.areas.areas[name],
        "intercept": held.intercept,
        "slope": held.slope,
    }
    alone = {
        "brier_skill": held.brier.skill,
        "brier_reliability": held.brier.reliability,
        "brier_resolution": held.brier.resolution,
        "integrated_index": held.integrated_index,
        "mean_predicted": model.scores.mean_predicted,
    }
    if key in alone:
        return {name: alone[key]} | ends(name, None)
    found = estimates[key].interval if key in estimates else model.intervals[key]
    drawn = key not in estimates
    return {name: found.estimate} | ends(
        name, None if drawn and not has_interval(results) else found
    )
