"""Ranking and probabilities: the section's sentences, table and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from great_tables import GT

from analysis.base.display import count, plural, share
from analysis.evidence.certainty.comparison import decide_alike
from analysis.findings.finding import GUESS, MATERIAL
from analysis.models.fits import NAMES, ORIGINAL, OVERSAMPLED, SHORT_TITLES, better, other
from analysis.portfolio.schema import HIGH_RISK
from analysis.report.drawing.figures import GREY, MARKERS, Picture, canvas, line, picture
from analysis.report.drawing.tables import NAME, draw
from analysis.results import Results

if TYPE_CHECKING:
    pass


SCORES = {
    "roc_auc": "ROC AUC",
    "gini": "Gini",
    "average_precision": "Average precision",
    "ks": "Kolmogorov-Smirnov",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "mean_predicted": "Mean predicted probability",
}
CALIBRATION = {
    "intercept": "Calibration intercept",
    "slope": "Calibration slope",
    "observed_expected": "Observed / expected",
}
BEST = {
    "roc_auc": 1.0,
    "gini": 1.0,
    "average_precision": 1.0,
    "ks": 1.0,
    "brier": 0.0,
    "log_loss": 0.0,
    "intercept": 0.0,
    "slope": 1.0,
    "observed_expected": 1.0,
}


def scores(results: Results) -> GT:
    """Draw ranking and calibration of both models, and of the corrected one."""
    evidence = results.evidence
    found = {
        ORIGINAL: evidence.models.original.scores,
        OVERSAMPLED: evidence.models.oversampled.scores,
        "corrected": evidence.recalibrated.after,
    }
    rows = [
        {
            NAME: title,
            **{name: share(getattr(each, key), 4) for name, each in found.items()},
            "best": share(BEST.get(key, evidence.models.original.scores.observed), 4),
        }
        for key, title in SCORES.items()
    ]
    rows += [
        {
            NAME: title,
            **{name: share(getattr(each.calibration, key), 4) for name, each in found.items()},
            "best": share(BEST[key], 4),
        }
        for key, title in CALIBRATION.items()
    ]
    titles = SHORT_TITLES | {"corrected": "Oversampled, corrected", "best": "Best"}
    return draw(pd.DataFrame(rows), "scores", "On the test loans", titles)


def ranking_figure(results: Results) -> Picture:
    """Draw the ROC curve and the precision-recall curve of both models."""
    models = results.evidence.models
    prevalence = results.split.test_counts[HIGH_RISK] / results.split.test_rows
    with canvas(columns=2) as (figure, (roc, found)):
        for name, model in models.items():
            curves, style = model.curves, line(name)
            roc.plot(curves.roc["false_positive_rate"], curves.roc["recall"], **style)
            found.plot(
                curves.precision_recall["recall"], curves.precision_recall["precision"], **style
            )
        roc.plot([0, 1], [0, 1], color=GREY, linewidth=0.7, linestyle=":", label="Guess")
        found.axhline(prevalence, color=GREY, linewidth=0.7, linestyle=":", label="Guess")
        roc.set(xlabel="Share of healthy loans refused", ylabel="Recall", title="ROC")
        found.set(xlabel="Recall", ylabel="Precision", title="Precision and recall", ylim=(0, 1.02))
        roc.legend(loc="lower right")
        data = pd.DataFrame(
            {
                "Model": [SHORT_TITLES[name] for name in models],
                "ROC AUC": [share(model.scores.roc_auc, 4) for model in models.values()],
                "Average precision": [
                    share(model.scores.average_precision, 4) for model in models.values()
                ],
            }
        )
        parts = [
            f"{row['Model']}: ROC AUC {row['ROC AUC']}, average precision "
            f"{row['Average precision']}"
            for row in data.to_dict(orient="records")
        ]
        alt = f"ROC and precision-recall curves of both models. {'; '.join(parts)}."
        return picture(figure, alt, data)


def reliability_figure(results: Results) -> Picture:
    """Draw predicted against observed shares of high-risk loans, with 95 % intervals."""
    rows = []
    with canvas(height=2.8) as (figure, (axes,)):
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.7, linestyle=":", label="Perfect")
        for name, model in results.evidence.models.items():
            bins = model.curves.reliability
            spread = [bins["observed"] - bins["lower"], bins["upper"] - bins["observed"]]
            axes.errorbar(
                bins["mean_predicted"],
                bins["observed"],
                yerr=[side.clip(lower=0) for side in spread],
                capsize=2,
                marker=MARKERS[name],
                markersize=4,
                **line(name),
            )
            rows += [{"model": SHORT_TITLES[name], **row} for row in bins.to_dict("records")]
        axes.set(xlabel="Mean predicted probability", ylabel="Share that is high-risk")
        figure.legend(loc="outside upper left", ncols=3)
        data = pd.DataFrame(
            {
                "Model": [row["model"] for row in rows],
                "Loans": [count(row["rows"]) for row in rows],
                "Predicted": [share(row["mean_predicted"], 3) for row in rows],
                "Observed": [share(row["observed"], 3) for row in rows],
            }
        )
        worst = {
            name: max(
                model.curves.reliability.to_dict("records"),
                key=lambda row: abs(row["observed"] - row["mean_predicted"]),
            )
            for name, model in results.evidence.models.items()
        }
        parts = [
            f"{SHORT_TITLES[name]}: furthest from the diagonal where "
            f"{share(row['mean_predicted'])} is predicted and {share(row['observed'])} observed "
            f"({plural(row['rows'], 'loan')})"
            for name, row in worst.items()
        ]
        alt = f"Predicted against observed shares in tenths of the scale. {'; '.join(parts)}."
        return picture(figure, alt, data)


def probabilities(results: Results) -> str:
    """Say whether the models' probabilities can be read as such, and what a correction does."""
    found = results.evidence.recalibrated
    before, after = found.before.calibration, found.after.calibration
    if before.observed_expected is None or after.observed_expected is None:
        return (
            "The oversampled model expects no high-risk loan, so its calibration cannot be judged."
        )
    return (
        f"The oversampled model expects {share(1 / before.observed_expected)} times the high-risk "
        f"loans that there are; after the closed-form correction for its training prevalence it "
        f"expects {share(1 / after.observed_expected)} times as many, with the same ranking."
        if before.observed_expected and after.observed_expected
        else "No test loan is high-risk, so calibration cannot be judged."
    )


def correction(results: Results) -> str:
    """Say what the prior correction does to log loss, Brier score and decisions."""
    found = results.evidence.recalibrated
    counts = found.confusion_after
    return (
        f"Before the correction the log loss is {share(found.before.log_loss, 4)} and the Brier "
        f"score {share(found.before.brier, 4)}, after it {share(found.after.log_loss, 4)} and "
        f"{share(found.after.brier, 4)}. At one half, the corrected model finds "
        f"{count(counts.tp)} of {plural(counts.tp + counts.fn, 'high-risk test loan')} and refuses "
        f"{plural(counts.fp, 'healthy one')}."
    )


def ranking(results: Results) -> str:
    """Say which model ranks the test loans better."""
    models = results.evidence.models
    first, second = models[ORIGINAL].scores.roc_auc, models[OVERSAMPLED].scores.roc_auc
    if first is None or second is None:
        return "The ranking cannot be judged on these loans."
    best = better(first, second)
    high, low = max(first, second), min(first, second)
    guess = "" if share(high, 3) > share(GUESS, 3) else ", no better than a guess"
    if best is None:
        apart = (
            ": what sets them apart is where the threshold falls, not what they know"
            if _threshold_decides(results) and not guess
            else ""
        )
        return f"Both models rank loans equally well (ROC AUC {share(first, 3)}){guess}{apart}."
    return (
        f"{NAMES[best].capitalize()} ranks the test loans better, with a ROC AUC of "
        f"{share(high, 3)} against {share(low, 3)} of {NAMES[other(best)]}{guess}."
    )


def _threshold_decides(results: Results) -> bool:
    """Whether models that decide otherwise would decide alike at another threshold of the first."""
    found = results.evidence.thresholds
    if found.matched is None or decide_alike(results.evidence.comparison):
        return False
    first, second = found.matched.choice.confusion, found.oversampled.at_half.confusion
    return abs(first.balanced_accuracy - second.balanced_accuracy) < MATERIAL
