"""Whether one model ranks the loans better: the sentences and the figure."""

from __future__ import annotations

import math

import pandas as pd

from analysis.base import display
from analysis.base.display import difference, finer, rate
from analysis.evidence.certainty.comparison import decide_alike
from analysis.findings.comparison import ranks_alike, ranks_otherwise
from analysis.findings.finding import GUESS, MATERIAL
from analysis.findings.wording import told_apart
from analysis.models.pair import ORIGINAL, OVERSAMPLED, other
from analysis.portfolio.declaration import HIGH_RISK
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.figures import GREY, Picture, canvas, drawing, line
from analysis.report.drawing.tables import Table
from analysis.report.sections.certainty import p_value
from analysis.results import Results

LEAST_SHOWN = 1e-6


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


def areas(results: Results) -> str:
    """Say how far apart the models' areas under the ROC curve are."""
    found = results.evidence.areas
    apart, p = found.difference.interval, found.p_value_by_feature_rows
    if apart.estimate is None or apart.low is None or apart.high is None or p is None:
        return "The difference of the areas under the ROC curves has no interval on these loans."
    if not apart.estimate and not apart.low and not apart.high:
        return "The areas under both ROC curves are the same: both models rank all loans alike."
    if not apart.estimate:
        return (
            "The areas under both ROC curves are the same; their difference has a 95 % interval "
            f"from {_small(apart.low)} to {_small(apart.high)}."
        )
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


def ranking_figure(results: Results) -> Picture:
    """Show the ROC curve and the precision-recall curve of both models."""
    areas: Columns = {
        "roc_auc": ("ROC AUC", finer),
        "average_precision": ("Average precision", finer),
    }
    frame = pd.DataFrame(
        [
            {
                NAME: results.words.model_titles[name],
                **{key: getattr(model.scores, key) for key in areas},
            }
            for name, model in results.evidence.models.items()
        ]
    )
    data = Table.of("fig-ranking-data", "Model", frame, areas)
    parts = [
        f"{name}: ROC AUC {area}, average precision {precision}"
        for name, area, precision in data.texts.itertuples(index=False)
    ]
    alt = f"ROC and precision-recall curves of both models. {'; '.join(parts)}."
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
