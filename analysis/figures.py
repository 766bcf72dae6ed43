"""Results drawn as figures: vectors, legible in grey, each with its alt text and its data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.display import amount, count, difference, plural, share
from analysis.evidence.resplits import Resplits
from analysis.evidence.thresholds import HALF
from analysis.models import ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.results import Results
from analysis.schema import HIGH_RISK, column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's blue and vermilion: far apart in grey and for every kind of colour vision.
COLOURS = {ORIGINAL: "#0072B2", OVERSAMPLED: "#D55E00"}
LINES = {ORIGINAL: "-", OVERSAMPLED: (0, (4, 1.5))}
MARKERS = {ORIGINAL: "o", OVERSAMPLED: "s"}
GREY = "#595959"
WIDTH = 6.3  # inches: the measure of an A4 page
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "report",  # the same figure gives the same bytes
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
}


@dataclass(frozen=True)
class Picture:
    """A figure ready for a document.

    Attributes
    ----------
    svg : str
        The drawing.
    alt : str
        What it shows, in words computed from the figures it shows.
    data : DataFrame
        What it shows, as texts with a title for each column.
    """

    svg: str
    alt: str
    data: pd.DataFrame


@contextmanager
def canvas(columns: int = 1, height: float = 2.6) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure with its axes side by side, in the report's style."""
    # Loaded here, since kept figures are shown without it.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, [figure.add_subplot(1, columns, place + 1) for place in range(columns)]


def picture(figure: Figure, alt: str, data: pd.DataFrame) -> Picture:
    """Turn a drawn figure into a `Picture`; it carries no date."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(stream.getvalue(), alt, data)


def ranking(results: Results) -> Picture:
    """Draw the ROC curve and the precision-recall curve of both models."""
    models = results.evidence.models
    prevalence = results.split.test_counts[HIGH_RISK] / results.split.test_rows
    with canvas(columns=2) as (figure, (roc, found)):
        for name, model in models.items():
            curves, style = model.curves, _line(name)
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


def reliability(results: Results) -> Picture:
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
                **_line(name),
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


def thresholds(results: Results) -> Picture:
    """Draw the cost of both models over the decision threshold, with their cheapest points."""
    found = results.evidence.thresholds
    rows = []
    with canvas(height=2.8) as (figure, (axes,)):
        for name, model in found.models.items():
            curve, scale = model.curve, model.at_half.confusion.rows
            axes.step(
                curve["threshold"], curve["expected_cost"] * scale, where="post", **_line(name)
            )
            choices = {"one half": model.at_half, "cheapest": model.cheapest}
            for title, choice in choices.items():
                if choice is None:
                    continue
                cost = choice.expected_cost * scale
                axes.plot(
                    choice.threshold,
                    cost,
                    marker=MARKERS[name],
                    color=COLOURS[name],
                    fillstyle="full" if title == "cheapest" else "none",
                )
                rows.append((SHORT_TITLES[name], title, choice.threshold, cost))
        highest = max(cost for *_, cost in rows)
        axes.set(
            xlabel="Decision threshold (probability)",
            ylabel="Cost (refused healthy loans)",
            ylim=(0, max(highest, 1) * 1.6),
            xlim=(0, 1),
        )
        axes.axvline(HALF, color=GREY, linewidth=0.7, linestyle=":")
        figure.legend(loc="outside upper left", ncols=2)
        data = pd.DataFrame(
            {
                "Model": [row[0] for row in rows],
                "Threshold": [f"{row[1]}: {row[2]:.3g}" for row in rows],
                "Cost": [amount(row[3]) for row in rows],
            }
        )
        parts = [f"{model} at {name} ({at:.3g}): {amount(cost)}" for model, name, at, cost in rows]
        alt = (
            "Cost of both models over the decision threshold, in refused healthy loans. "
            f"{'; '.join(parts)}."
        )
        return picture(figure, alt, data)


def resplits(results: Results) -> Picture:
    """Draw how recall and balanced accuracy of both models spread over other splits."""
    found = results.evidence.resplits
    titles = {"recall": "Recall, high-risk", "balanced_accuracy": "Balanced accuracy"}
    rows = []
    with canvas(columns=2, height=2.3) as (figure, places):
        for axes, (metric, title) in zip(places, titles.items(), strict=True):
            for height, name in enumerate((OVERSAMPLED, ORIGINAL)):
                values = _values(found, name, metric)
                if len(values):
                    rows.append((title, SHORT_TITLES[name], values))
                    _strip(axes, values, height, name)
            axes.set(yticks=[0, 1], ylim=(-0.6, 1.6), title=title, xlabel="Share")
            axes.set_yticklabels([SHORT_TITLES[OVERSAMPLED], SHORT_TITLES[ORIGINAL]])
        data = pd.DataFrame(
            {
                "Figure": [title for title, *_ in rows],
                "Model": [name for _, name, _ in rows],
                "Lowest": [share(float(values.min()), 4) for *_, values in rows],
                "Median": [share(float(values.median()), 4) for *_, values in rows],
                "Highest": [share(float(values.max()), 4) for *_, values in rows],
            }
        )
        parts = [
            f"{title}, {name}: {share(float(values.min()), 3)} to {share(float(values.max()), 3)}"
            for title, name, values in rows
        ]
        alt = f"Spread over {plural(found.made, 'random split')}. {'; '.join(parts)}."
        if not parts:
            alt = "No other split has both labels on both sides, so nothing is drawn."
        return picture(figure, alt, data)


def coefficients(results: Results) -> Picture:
    """Draw the original model's coefficients as published and at both optima."""
    frame = results.evidence.converged.original.coefficients
    titles = {"published": "As reported", "raw": "Optimum, raw", "standardised": "Optimum, scaled"}
    markers = dict(zip(titles, ("o", "s", "D"), strict=True))
    names = [column(name).title for name in frame["column"]]
    with canvas() as (figure, (axes,)):
        for name, title in titles.items():
            axes.plot(
                frame[name],
                range(len(frame)),
                marker=markers[name],
                linestyle="none",
                color=GREY if name == "published" else COLOURS[ORIGINAL],
                fillstyle="none" if name == "standardised" else "full",
                markersize=5,
                label=title,
            )
        axes.axvline(0, color=GREY, linewidth=0.7)
        axes.set(yticks=range(len(frame)), xlabel="Log-odds per standard deviation")
        axes.set_yticklabels(names)
        axes.invert_yaxis()
        axes.legend(loc="best")
        data = pd.DataFrame(
            {
                "Column": names,
                **{
                    title: [difference(value, 2) for value in frame[name]]
                    for name, title in titles.items()
                },
            }
        )
        parts = [
            f"{row['Column']}: {', '.join(row[title] for title in titles.values())}"
            for row in data.to_dict("records")
        ]
        alt = (
            "Coefficients of the original model per standard deviation, as reported, at the "
            f"optimum on raw columns and on standardised ones. {'; '.join(parts)}."
        )
        return picture(figure, alt, data)


ALL = (coefficients, ranking, reliability, thresholds, resplits)


def _line(name: str) -> dict[str, Any]:
    return {
        "color": COLOURS[name],
        "linestyle": LINES[name],
        "linewidth": 2.2 if name == ORIGINAL else 1.2,  # where lines coincide, both are seen
        "label": SHORT_TITLES[name],
    }


def _values(found: Resplits, name: str, metric: str) -> pd.Series[float]:
    values = found.values
    return values.loc[values["model"] == name, metric]


def _strip(axes: Axes, values: pd.Series[float], height: int, name: str) -> None:
    """Draw each split as a thin line and the median as a thick one."""
    axes.vlines(values, height - 0.25, height + 0.25, color=COLOURS[name], linewidth=0.6, alpha=0.6)
    axes.vlines(values.median(), height - 0.4, height + 0.4, color=COLOURS[name], linewidth=2)
