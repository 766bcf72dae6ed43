"""Ranking and probabilities: the section's sentences, table and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.base import display
from analysis.base.display import FINER, count, difference, finer, plural, rate, share
from analysis.evidence.certainty.comparison import decide_alike
from analysis.evidence.probabilities.calibration import CalibrationEvidence
from analysis.findings.comparison import ranks_alike, ranks_otherwise
from analysis.findings.finding import GUESS, MATERIAL
from analysis.findings.wording import plural_or_no, told_apart
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL, OVERSAMPLED, other
from analysis.portfolio.declaration import HIGH_RISK
from analysis.report.drawing.figures import GREY, MARKERS, Picture, canvas, drawing, line
from analysis.report.drawing.tables import NAME, Table, ends, span, written
from analysis.report.sections.certainty import p_value
from analysis.report.sections.decision import has_interval
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
LEAST_SHOWN = 1e-6


def scores(results: Results) -> Table:
    """Show ranking and calibration of both models, and of the corrected one."""
    evidence = results.evidence
    original = evidence.models.original
    best = {
        "mean_predicted": original.scores.observed,
        "brier_resolution": original.probabilities.brier.uncertainty,
    } | BEST
    parts = dict.fromkeys(("brier_skill", "brier_reliability", "brier_resolution"), 0.0)
    no_skill = parts | evidence.no_skill
    corrected = vars(evidence.recalibrated.after) | vars(evidence.recalibrated.after.calibration)
    frame = pd.DataFrame(
        [
            {NAME: title}
            | _measured(results, ORIGINAL, key)
            | _measured(results, OVERSAMPLED, key)
            | {"corrected": corrected.get(key), "no_skill": no_skill.get(key), "best": best[key]}
            for key, title in SCORES.items()
        ]
    )
    titles = {"corrected": "Corrected", "no_skill": "No skill", "best": "Best"}
    texts = written(frame, dict.fromkeys(titles, finer))
    texts = texts.assign(
        **{name: span(frame, name, most=FINER) for name in results.words.model_titles}
    )
    titles = results.words.model_titles | titles
    caption = (
        "Ranking and calibration of both models, with 95 % intervals, and of the corrected one"
    )
    return Table("scores", "On the test loans", frame, texts, titles, caption, results.findings)


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


def areas(results: Results) -> str:
    """Say how far apart the models' areas under the ROC curve are."""
    found = results.evidence.areas
    apart, p = found.difference.interval, found.p_value_by_feature_rows
    if apart.estimate is None or apart.low is None or apart.high is None or p is None:
        return "The difference of the areas under the ROC curves has no interval on these loans."
    if not apart.estimate and not apart.low and not apart.high:
        return "The areas under both ROC curves are the same: both models rank all loans alike."
    return (
        f"The areas under the ROC curves, {results.words.adjective} minus original, differ by "
        f"{_small(apart.estimate)}, with a 95 % interval from {_small(apart.low)} to "
        f"{_small(apart.high)} (p by features {p_value(p)})."
    )


def _small(value: float) -> str:
    """Write a difference that may be far below a thousandth, with two digits."""
    if abs(value) < LEAST_SHOWN:
        return "0.000000"
    decimals = max(3, 1 - math.floor(math.log10(abs(value))))
    return difference(value, decimals)


def grades(results: Results) -> Table:
    """Show what each model expects in tenths of the scale, and what is there."""
    frame = pd.concat(
        [
            model.probabilities.grades.assign(model=name)
            for name, model in results.evidence.models.items()
        ],
        ignore_index=True,
    )
    words = results.words
    names = [
        f"{words.model_titles[row['model']]}, {row['lower']:.1f} to {row['upper']:.1f}"
        for row in frame.to_dict("records")
    ]
    frame = frame.assign(**{NAME: names}).drop(columns="model")
    titles = {
        "loans": "Loans",
        "expected": f"{display.capital(words.high_risk)}, expected",
        "observed": "Observed",
        "mean_predicted": "Mean predicted",
        "share": "Observed share",
        "off": "Holds",
    }
    texts = written(
        frame,
        {
            "loans": count,
            "expected": partial(share, decimals=1),
            "observed": count,
            "mean_predicted": finer,
            "off": lambda off: "no" if off else "yes",
        },
    )
    limits = frame.rename(columns={"low": "share_low", "high": "share_high"})
    limits = limits.assign(share=frame["observed_share"], share_error=None)
    texts = texts.assign(share=span(limits, "share", most=FINER))
    caption = (
        "What each model expects and what was observed, by grade, with 95 % intervals of the "
        "observed share"
    )
    return Table("grades", "Predicted by", frame, texts, titles, caption, results.findings)


def held(results: Results) -> str:
    """Say in how many grades the probabilities hold, and how far off they are on average."""
    models = results.evidence.models
    parts = [
        _off(results.words.models[name], model.probabilities) for name, model in models.items()
    ]
    indices = [model.probabilities for model in models.values()]
    return (
        f"Grade by grade, {'; '.join(parts)}. On average the probabilities are off by "
        f"{display.listing([finer(each.integrated_index) for each in indices])} (integrated "
        "calibration index); right ones would stay below "
        f"{display.listing([finer(each.integrated_index_by_chance) for each in indices])} in 95 "
        "of 100 samples."
    )


def _off(model: str, found: CalibrationEvidence) -> str:
    off, grades = int(found.grades["off"].sum()), len(found.grades)
    if not off:
        return f"{model} is off in none of its {plural(grades, 'grade')}"
    return (
        f"{model} is off in {count(off)} of its {plural(grades, 'grade')}, with "
        f"{count(found.loans_off)} of {plural(int(found.grades['loans'].sum()), 'test loan')}"
    )


def ranking_figure(results: Results) -> Picture:
    """Show the ROC curve and the precision-recall curve of both models."""
    areas = {"roc_auc": "ROC AUC", "average_precision": "Average precision"}
    frame = pd.DataFrame(
        [
            {
                NAME: results.words.model_titles[name],
                **{key: getattr(model.scores, key) for key in areas},
            }
            for name, model in results.evidence.models.items()
        ]
    )
    texts = written(frame, dict.fromkeys(areas, finer))
    parts = [
        f"{name}: ROC AUC {area}, average precision {precision}"
        for name, area, precision in texts.itertuples(index=False)
    ]
    alt = f"ROC and precision-recall curves of both models. {'; '.join(parts)}."
    data = Table("fig-ranking-data", "Model", frame, texts, areas)
    caption = "Both models at every threshold"
    return Picture("ranking", _draw_ranking(results), alt, data, caption, results.findings)


def _draw_ranking(results: Results) -> str:
    prevalence = results.split.test_counts[HIGH_RISK] / results.split.test_rows
    with canvas(columns=2) as (figure, (roc, found)):
        for name, model in results.evidence.models.items():
            curves, style = model.curves, line(name, results.words)
            roc.plot(curves.roc["false_positive_rate"], curves.roc["recall"], **style)
            found.plot(
                curves.precision_recall["recall"], curves.precision_recall["precision"], **style
            )
        roc.plot([0, 1], [0, 1], color=GREY, linewidth=0.7, linestyle=":", label="Guess")
        found.axhline(prevalence, color=GREY, linewidth=0.7, linestyle=":", label="Guess")
        roc.set(
            xlabel=f"Share of {results.words.healthy} loans sent to review",
            ylabel="Recall",
            title="ROC",
        )
        found.set(xlabel="Recall", ylabel="Precision", title="Precision and recall", ylim=(0, 1.02))
        roc.legend(loc="lower right")
        return drawing(figure)


def reliability_figure(results: Results) -> Picture:
    """Show predicted against observed shares of high-risk loans, with 95 % intervals."""
    words = results.words
    bins = {name: each.curves.reliability for name, each in results.evidence.models.items()}
    titles = {"rows": "Loans", "mean_predicted": "Predicted", "observed": "Observed"}
    frame = pd.concat(
        [each.assign(**{NAME: words.model_titles[name]}) for name, each in bins.items()],
        ignore_index=True,
    )
    frame = frame[[NAME, *titles, "lower", "upper"]]
    texts = written(frame, {"rows": count, "mean_predicted": rate, "observed": rate})
    data = Table("fig-reliability-data", "Model", frame, texts, titles)
    alt = (
        "Predicted against observed shares in tenths of the scale. "
        f"{'; '.join(_furthest(words.model_titles[name], each) for name, each in bins.items())}."
    )
    caption = "Predicted probabilities against what was observed, with 95 % intervals"
    return Picture(
        "reliability", _draw_reliability(bins, words), alt, data, caption, results.findings
    )


def _draw_reliability(models: Mapping[str, pd.DataFrame], words: Words) -> str:
    """Draw the tenths of each model, with their intervals, against the diagonal."""
    with canvas(height=2.8) as (figure, (axes,)):
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.7, linestyle=":", label="Perfect")
        for name, bins in models.items():
            spread = [bins["observed"] - bins["lower"], bins["upper"] - bins["observed"]]
            axes.errorbar(
                bins["mean_predicted"],
                bins["observed"],
                yerr=[side.clip(lower=0) for side in spread],
                capsize=2,
                marker=MARKERS[name],
                markersize=4,
                **line(name, words),
            )
        axes.set_xlabel("Mean predicted probability")
        axes.set_ylabel(f"Share that is {words.predicate(HIGH_RISK)}")
        figure.legend(loc="outside upper left", ncols=3)
        return drawing(figure)


def _furthest(title: str, bins: pd.DataFrame) -> str:
    """Say where a model's predictions are furthest from what was observed."""
    row = bins.iloc[int((bins["observed"] - bins["mean_predicted"]).abs().to_numpy().argmax())]
    return (
        f"{title}: furthest from the diagonal where {share(row['mean_predicted'])} is predicted "
        f"and {share(row['observed'])} observed ({plural(int(row['rows']), 'loan')})"
    )


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


def ranking(results: Results) -> str:
    """Say whether one model ranks the test loans better, judged by DeLong's intervals."""
    areas, called = results.evidence.areas, results.words.models
    first, second = (areas.areas[name].value for name in (ORIGINAL, OVERSAMPLED))
    if first is None or second is None:
        return "The ranking cannot be judged on these loans."
    lows = [each.interval.low for each in areas.areas.values()]
    guess = (
        "; neither is shown to rank better than a guess"
        if any(low is not None for low in lows) and all(low is None or low <= GUESS for low in lows)
        else ""
    )
    one, two = told_apart(first, second)
    if ranks_otherwise(areas):
        best = OVERSAMPLED if second > first else ORIGINAL
        high, low = (two, one) if best == OVERSAMPLED else (one, two)
        return (
            f"{display.capital(called[best])} ranks the test loans better, with a ROC AUC of "
            f"{high} against {low} of {called[other(best)]}{guess}."
        )
    if first == second:
        return f"Both models have the same ROC AUC, {rate(first)}{guess}."
    if ranks_alike(areas):
        apart = (
            ": what sets them apart is where the threshold falls, not what they know"
            if _threshold_decides(results)
            else ""
        )
        return (
            f"Both models rank loans alike: their ROC AUC, {rate(first)} and "
            f"{rate(second)}, differs by less than {MATERIAL}{apart}{guess}."
        )
    return f"Neither model is shown to rank better (ROC AUC {one} and {two}){guess}."


def _threshold_decides(results: Results) -> bool:
    """Whether models that decide otherwise would decide alike at another threshold of the first."""
    found = results.evidence.thresholds
    if found.matched is None or decide_alike(results.evidence.comparison):
        return False
    first, second = found.matched.choice.confusion, found.models.oversampled.at_half.confusion
    return abs(first.balanced_accuracy - second.balanced_accuracy) < MATERIAL
