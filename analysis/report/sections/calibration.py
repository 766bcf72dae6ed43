"""Whether the probabilities hold grade by grade: the sentence, the table and the figure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.base import display
from analysis.base.display import FINER, count, finer, plural, rate, share
from analysis.evidence.probabilities.calibration import CalibrationEvidence
from analysis.findings.words import Words
from analysis.portfolio.declaration import HIGH_RISK
from analysis.report.drawing.cells import NAME, Columns, span
from analysis.report.drawing.figures import GREY, MARKERS, Picture, canvas, drawing, line
from analysis.report.drawing.tables import Table
from analysis.results import Results


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
    if grades == 1:
        return f"{model} is {'' if off else 'not '}off in its only grade"
    if not off:
        return f"{model} is off in none of its {plural(grades, 'grade')}"
    return (
        f"{model} is off in {count(off)} of its {plural(grades, 'grade')}, with "
        f"{count(found.loans_off)} of {plural(int(found.grades['loans'].sum()), 'test loan')}"
    )


def grades(results: Results) -> Table:
    """Show what each model expects in tenths of the scale, and what is there."""
    frame, words = _grades(results), results.words
    limits = frame.rename(columns={"low": "share_low", "high": "share_high"})
    limits = limits.assign(share=frame["observed_share"], share_error=None)
    columns: Columns = {
        "loans": ("Loans", count),
        "expected": (
            f"{display.capital(words.high_risk)}, expected",
            partial(share, decimals=1),
        ),
        "observed": ("Observed", count),
        "mean_predicted": ("Mean predicted", finer),
        "share": ("Observed share", span(limits, "share", most=FINER)),
        "off": ("Holds", lambda off: "no" if off else "yes"),
    }
    caption = (
        "What each model expects and what was observed, by grade, with 95 % intervals of the "
        "observed share"
    )
    return Table.of("grades", "Predicted by", frame, columns, caption, results.findings)


def _grades(results: Results) -> pd.DataFrame:
    """Return the grades of both models, named by model and limits."""
    found, titles = results.evidence.models.items(), results.words.model_titles
    frames = [
        model.probabilities.grades.assign(
            **{NAME: _names(titles[name], model.probabilities.grades)}
        )
        for name, model in found
    ]
    return pd.concat(frames, ignore_index=True)


def _names(title: str, grades: pd.DataFrame) -> list[str]:
    limits = grades[["lower", "upper"]].to_numpy()
    return [f"{title}, {lower:.1f} to {upper:.1f}" for lower, upper in limits]


def reliability_figure(results: Results) -> Picture:
    """Show predicted against observed shares of high-risk loans, with 95 % intervals."""
    words = results.words
    bins = {name: each.curves.reliability for name, each in results.evidence.models.items()}
    columns: Columns = {
        "rows": ("Loans", count),
        "mean_predicted": ("Predicted", rate),
        "observed": ("Observed", rate),
    }
    frame = pd.concat(
        [each.assign(**{NAME: words.model_titles[name]}) for name, each in bins.items()],
        ignore_index=True,
    )
    frame = frame[[NAME, *columns, "lower", "upper"]]
    data = Table.of("fig-reliability-data", "Model", frame, columns)
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
