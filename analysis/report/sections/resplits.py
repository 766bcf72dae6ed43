"""What other splits give: the section's sentences, table and figure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.base import display
from analysis.base.display import count, finer, plural, rate
from analysis.evidence.resplits import Resplits
from analysis.findings.wording import verb
from analysis.findings.words import Words
from analysis.models.fitted import CONVERGED, DECLARED
from analysis.models.pair import ORIGINAL, OVERSAMPLED, other
from analysis.portfolio.loans import MOST_ONE_BY_ONE
from analysis.report.drawing.cells import NAME, Columns, Writer
from analysis.report.drawing.figures import COLOURS, Picture, canvas, drawing
from analysis.report.drawing.measures import metrics
from analysis.report.drawing.tables import Table
from analysis.results import Results


def resplits(results: Results) -> Table:
    """Show the spread of each headline figure over other splits."""
    frame = _summaries(results.evidence.resplits, results.words)
    columns: Columns = {
        "mean": ("Mean", finer),
        "sd": ("Std. deviation", finer),
        "range": ("Lowest to highest", _between(frame, "minimum", "maximum", rate)),
        "middle": ("Middle 95 %", _between(frame, "lower", "upper", rate)),
        "wins": ("Better in", count),
    }
    caption = "Headline figures over random splits"
    return Table.of("resplits", "Figure", frame, columns, caption, results.findings)


def _summaries(found: Resplits, words: Words) -> pd.DataFrame:
    """Return what each headline figure of each model does over the splits, a row each."""
    titles = metrics(words)
    order = [(metric, model) for metric in titles for model in (ORIGINAL, OVERSAMPLED)]
    summary = found.summary.set_index(["metric", "model"])
    summary = summary.loc[[key for key in order if key in summary.index]].reset_index()
    called = {
        name: title if title.isupper() else title.lower()
        for name, title in words.model_titles.items()
    }
    names = [
        f"{titles[row['metric']]}, {called[row['model']]}" for row in summary.to_dict("records")
    ]
    columns = ["mean", "sd", "minimum", "maximum", "lower", "upper", "wins"]
    return summary[columns].assign(**{NAME: names})


def _between(frame: pd.DataFrame, low: str, high: str, write: Writer) -> list[str]:
    pairs = zip(frame[low], frame[high], strict=True)
    return [f"{write(least)} to {write(most)}" for least, most in pairs]


DRAWN = ("recall", "balanced_accuracy")
NOTHING = "No other split has both labels on both sides, so nothing is drawn."


def resplits_figure(results: Results) -> Picture:
    """Show how recall and balanced accuracy of both models spread over other splits."""
    found, words = results.evidence.resplits, results.words
    titles = {metric: metrics(words)[metric] for metric in DRAWN}
    values = {
        (metric, name): found.values.loc[found.values["model"] == name, metric]
        for metric in DRAWN
        for name in (OVERSAMPLED, ORIGINAL)
    }
    frame = _spread(values, titles, words)
    columns: Columns = {
        "model": ("Model", str),
        "minimum": ("Lowest", finer),
        "median": ("Median", finer),
        "maximum": ("Highest", finer),
    }
    data = Table.of("fig-resplits-data", "Figure", frame, columns)
    drawn = _draw_resplits(values, titles, words)
    caption = "Spread over random splits; each thin line is one split, each thick one the median"
    return Picture("resplits", drawn, _alt(found.made, frame), data, caption, results.findings)


Values = dict[tuple[str, str], "pd.Series[float]"]  # over the splits, by metric and model


def _spread(values: Values, titles: dict[str, str], words: Words) -> pd.DataFrame:
    """Return the ends and the middle of each figure of each model; no row without splits."""
    return pd.DataFrame(
        [
            {
                NAME: titles[metric],
                "model": words.model_titles[name],
                "minimum": each.min(),
                "median": each.median(),
                "maximum": each.max(),
            }
            for (metric, name), each in values.items()
            if len(each)
        ],
        columns=[NAME, "model", "minimum", "median", "maximum"],
    )


def _draw_resplits(values: Values, titles: dict[str, str], words: Words) -> str:
    """Draw each split as a thin line and the median as a thick one, a row a model."""
    with canvas(columns=2, height=2.3) as (figure, places):
        for axes, (metric, title) in zip(places, titles.items(), strict=True):
            for height, name in enumerate((OVERSAMPLED, ORIGINAL)):
                found, colour = values[metric, name], COLOURS[name]
                if len(found):
                    # All in one path with gaps: a hundred of them would be a third of the figures.
                    across = np.repeat(found.to_numpy(), 3)
                    along = np.tile([height - 0.25, height + 0.25, np.nan], len(found))
                    axes.plot(across, along, color=colour, linewidth=0.6, alpha=0.6)
                    middle, ends = [found.median()] * 2, [height - 0.4, height + 0.4]
                    axes.plot(middle, ends, color=colour, linewidth=2)
            axes.set(yticks=[0, 1], ylim=(-0.6, 1.6), title=title, xlabel="Share")
            axes.set_yticklabels([words.model_titles[name] for name in (OVERSAMPLED, ORIGINAL)])
        return drawing(figure)


def _alt(made: int, frame: pd.DataFrame) -> str:
    if not len(frame):
        return NOTHING
    parts = [
        f"{row[NAME]}, {row['model']}: {rate(row['minimum'])} to {rate(row['maximum'])}"
        for row in frame.to_dict("records")
    ]
    return f"Spread over {plural(made, 'random split')}. {'; '.join(parts)}."


def other_splits(results: Results) -> str:
    """Say how the comparison comes out on other splits."""
    found = results.evidence.resplits
    if not found.made:
        return "No other split has both labels on both sides."
    called = results.words.models
    first, second = (_summary(found, "balanced_accuracy", name) for name in called)
    means = (
        f"the means are {rate(first['mean'])} for {called[ORIGINAL]} and "
        f"{rate(second['mean'])} for {called[OVERSAMPLED]}"
    )
    splits = plural(found.made, "random split")
    if first["wins"] == second["wins"]:
        return f"Over {splits} neither model wins more often in balanced accuracy; {means}."
    best = ORIGINAL if first["wins"] > second["wins"] else OVERSAMPLED
    more, fewer = max(first["wins"], second["wins"]), min(first["wins"], second["wins"])
    return (
        f"Over {splits}, {called[best]} has the better balanced accuracy in {count(more)}, "
        f"{called[other(best)]} in {display.number_or_none(int(fewer))}; {means}."
    )


def left_out(results: Results) -> str:
    """Say how many splits were not made, and why; nothing where all were."""
    found = results.evidence.resplits
    parts = []
    if found.not_tried:
        was = verb(found.not_tried, "was", "were")
        parts.append(f"{count(found.not_tried)} {was} not tried because the file is large")
    if found.left_out:
        parts.append(f"{count(found.left_out)} gave a split that lacks a label on one side")
    if not parts:
        return ""
    return f"Of {plural(found.requested, 'seed')}, {display.listing(parts)}.{_fewer(found)}"


def _fewer(found: Resplits) -> str:
    """Say how much less certain the spread is where a large file leaves fewer splits."""
    if not found.not_tried or found.made < 2:  # noqa: PLR2004 -- a single split has no spread
        return ""
    made, asked = (100 / np.sqrt(2 * (number - 1)) for number in (found.made, found.requested))
    return (
        f" A standard deviation over {plural(found.made, 'split')} is known to about {made:.0f} %, "
        f"where {count(found.requested)} would leave {asked:.0f} %, and so is the width of an "
        "interval made of it."
    )


def drawn(results: Results) -> str:
    """Say how the splits were drawn: loan by loan, or in a large portfolio by count."""
    if results.data.rows <= MOST_ONE_BY_ONE:
        return "Each seed splits the portfolio anew, loan by loan."
    return (
        f"In a portfolio of more than {count(MOST_ONE_BY_ONE)} loans each seed draws how many of "
        "each distinct loan are test loans, which has the same distribution as drawing loan by "
        "loan."
    )


def _summary(found: Resplits, metric: str, model: str) -> dict[str, float]:
    summary = found.summary
    rows = summary[(summary["metric"] == metric) & (summary["model"] == model)]
    return {name: float(rows[name].iloc[0]) for name in ("mean", "wins")}


def fitted(results: Results) -> str:
    """Say how the models are fitted on other splits."""
    if results.models.original.fitted.recipe == CONVERGED:
        return "to their optimum"
    if results.models.original.fitted.recipe == DECLARED:
        return f"with {results.recipe.fitted_by}"
    stop = display.count(results.recipe.iterations)
    return (
        f"with the published settings and a stop after {stop} iterations, which is "
        "an approximation: the library behind the published report stops elsewhere on other splits"
    )
