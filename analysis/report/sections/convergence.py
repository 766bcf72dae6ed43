"""Where the optimiser stopped: the section's sentences, table and figure."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.base import display
from analysis.base.display import difference, percent, share
from analysis.evidence.convergence.refits import LEAST_CHANGE, RefittedModel
from analysis.findings.convergence import reasons
from analysis.findings.finding import MATERIAL
from analysis.findings.wording import coefficients_of
from analysis.models.fits import NAMES, ORIGINAL, TITLES
from analysis.models.metrics import Confusion
from analysis.portfolio.schema import column
from analysis.report.drawing.figures import COLOURS, GREY, Picture, canvas, drawing
from analysis.report.drawing.tables import (
    COUNTS,
    NAME,
    OUTCOME,
    SHARES,
    Table,
    outcome_row,
    written,
)
from analysis.results import Results


def refits(results: Results) -> Table:
    """Show what each model does as reported and at its optimum, on raw and scaled columns."""
    evidence = results.evidence
    rows = []
    for name, model in evidence.converged.models.items():
        title = TITLES[name]
        rows += [
            outcome_row(f"{title}, as reported", evidence.models[name].confusion),
            outcome_row(f"{title}, optimum on raw columns", model.raw.confusion),
            outcome_row(f"{title}, standardised columns", model.standardised.confusion),
        ]
    frame = pd.DataFrame(rows)
    titles = COUNTS | SHARES
    return Table("refits", "Model", frame, written(frame, OUTCOME), titles, results.findings)


FITS = {"published": "As reported", "raw": "Optimum, raw", "standardised": "Optimum, scaled"}


def coefficients_figure(results: Results) -> Picture:
    """Show the original model's coefficients as published and at both optima."""
    frame = results.evidence.converged.models.original.coefficients
    frame = frame.assign(**{NAME: [column(name).title for name in frame["column"]]})
    frame = frame[[NAME, *FITS]]
    texts = written(frame, dict.fromkeys(FITS, partial(difference, decimals=2)))
    data = Table("fig-coefficients-data", "Column", frame, texts, FITS)
    return Picture("coefficients", _draw_coefficients(frame), _alt(texts), data, results.findings)


def _draw_coefficients(frame: pd.DataFrame) -> str:
    """Draw each coefficient on the row of its column, a mark a fit."""
    with canvas() as (figure, (axes,)):
        for (name, title), marker in zip(FITS.items(), ("o", "s", "D"), strict=True):
            axes.plot(
                frame[name],
                range(len(frame)),
                marker=marker,
                linestyle="none",
                color=GREY if name == "published" else COLOURS[ORIGINAL],
                fillstyle="none" if name == "standardised" else "full",
                markersize=5,
                label=title,
            )
        axes.axvline(0, color=GREY, linewidth=0.7)
        axes.set(yticks=range(len(frame)), xlabel="Log-odds per standard deviation")
        axes.set_yticklabels(frame[NAME])
        axes.invert_yaxis()
        axes.legend(loc="best")
        return drawing(figure)


def _alt(texts: pd.DataFrame) -> str:
    rows = [f"{name}: {', '.join(values)}" for name, *values in texts.itertuples(index=False)]
    return (
        "Coefficients of the original model per standard deviation, as reported, at the "
        f"optimum on raw columns and on standardised ones. {'; '.join(rows)}."
    )


def optimum(results: Results) -> str:
    """Say what fitting to the optimum changes for the original model."""
    models = results.evidence.models
    before = models[ORIGINAL].confusion
    raw = results.evidence.converged.models.original.raw.confusion
    after = results.evidence.converged.models.original.standardised.confusion
    stopped = [NAMES[name] for name, model in models.items() if not model.converged]
    moved = abs(after.balanced_accuracy - before.balanced_accuracy)
    if not models[ORIGINAL].converged and moved >= MATERIAL and _recall(before) != _recall(after):
        return (
            "The original model's recall depends "
            f"{reasons(_recall(before), _recall(raw), _recall(after))}: {_recall(before)} as "
            f"reported, {_recall(raw)} at the optimum on the same columns, {_recall(after)} fitted "
            "to convergence on standardised ones."
        )
    met = (
        f"The optimiser was stopped before {_any(stopped)} met its criterion"
        if stopped
        else "Both models met their optimiser's criterion before it was stopped"
    )
    old, new = share(before.balanced_accuracy, 3), share(after.balanced_accuracy, 3)
    if old == new:
        return f"{met}; at its optimum on standardised columns {_stays(old)}."
    return (
        f"{met}; fitted to convergence on standardised columns, the original model has a balanced "
        f"accuracy of {new} instead of {old}."
    )


def _any(names: list[str]) -> str:
    return names[0] if len(names) == 1 else "either model"


def _recall(counts: Confusion) -> str:
    return share(counts.recall, 3)


def _stays(figure: str) -> str:
    return f"the original model has the same balanced accuracy, {figure}"


def gain(results: Results) -> str:
    """Say which share of the gain in balanced accuracy the refit alone makes."""
    part = results.evidence.converged.share_of_gain
    if part is None:
        return "The oversampled model shows no gain in balanced accuracy that could be shared out."
    if part <= 0:
        return "None of the gain in balanced accuracy comes back without oversampling."
    came = f"{percent(part, 0)} comes back" if part <= 1 else "more than the whole comes back"
    return (
        "Of the gain in balanced accuracy that the oversampled model shows over the original one, "
        f"{came} without oversampling, by fitting the original model to convergence on "
        f"standardised columns{_raw_share(results)}."
    )


def _raw_share(results: Results) -> str:
    part = results.evidence.converged.share_of_gain_raw
    if part is None or part <= 0:
        return "; on the columns as they are, none does"
    return f"; on the columns as they are, {percent(part, 0)} does"


def moved(results: Results) -> str:
    """Name the coefficients that change sign or move most between stop and optimum."""
    refits = results.evidence.converged.models
    parts = [f"in {NAMES[name]} {_moved(refit)}" for name, refit in refits.items()]
    turned = [
        f"{coefficients_of(columns)} of {NAMES[name]}"
        for name, refit in refits.items()
        if (columns := _turned_by_scaling(refit))
    ]
    scaled = (
        f" On standardised columns, {display.listing(turned)} would have the opposite sign."
        if turned
        else ""
    )
    return f"Between the reported fit and the optimum on raw columns, {'; '.join(parts)}.{scaled}"


def _turned_by_scaling(refit: RefittedModel) -> list[str]:
    """Name the columns whose coefficient has another sign on standardised columns than reported."""
    frame = refit.coefficients
    opposite = frame["published"] * frame["standardised"] < 0
    large = (frame["standardised"] - frame["published"]).abs() > LEAST_CHANGE
    return frame.loc[opposite & large, "column"].to_list()


def _moved(refit: RefittedModel) -> str:
    if refit.coefficients["change"].abs().max() <= LEAST_CHANGE:
        return f"no coefficient moves by more than {LEAST_CHANGE} per standard deviation"
    most = f"{coefficients_of([refit.moved_most])} moves most"
    if not refit.flipped:
        return most
    if refit.flipped == (refit.moved_most,):
        return f"{most} and turns its sign"
    turns = "turns its sign" if len(refit.flipped) == 1 else "turn their signs"
    return f"{most}, and {coefficients_of(refit.flipped)} {turns}"
