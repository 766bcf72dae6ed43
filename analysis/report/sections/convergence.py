"""Where the optimiser stopped: the section's sentences, table and figure."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.base import display
from analysis.base.display import difference, percent, rate
from analysis.evidence.convergence.refits import LEAST_CHANGE, RefittedModel
from analysis.findings.comparison import better
from analysis.findings.convergence import reasons
from analysis.findings.wording import verb
from analysis.findings.words import Words
from analysis.models.fitted import CONVERGED
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.figures import COLOURS, GREY, Picture, canvas, drawing, shortened
from analysis.report.drawing.measures import COUNTS, SHARES, outcome_row
from analysis.report.drawing.tables import Table
from analysis.report.sections import strongest
from analysis.results import Results

# A share of a gain below this is not written as 0 %.
LEAST_PART = 0.01
# Columns in the figure; of more it shows those with the largest coefficients.
MOST_DRAWN = 20
MOST_BESIDE = 10  # columns that leave room for a legend among their marks


def refits(results: Results) -> Table:
    """Show what each model does as reported and at its optimum, on raw and scaled columns."""
    evidence = results.evidence
    rows = []
    for name, model in evidence.converged.models.items():
        title = results.words.model_titles[name]
        rows += [
            outcome_row(f"{title}, as reported", evidence.models[name].confusion),
            outcome_row(f"{title}, optimum on raw columns", model.raw.confusion),
            outcome_row(f"{title}, standardised columns", model.standardised.confusion),
        ]
    caption = "Both models as reported and fitted to their optimum"
    columns: Columns = COUNTS | SHARES
    return Table.of("refits", "Model", pd.DataFrame(rows), columns, caption, results.findings)


FITS = {"published": "As reported", "raw": "Optimum, raw", "standardised": "Optimum, scaled"}


def coefficients_figure(results: Results) -> Picture:
    """Show the original model's coefficients as published and at both optima."""
    frame = _largest(results.evidence.converged.models.original.coefficients)
    frame = frame.assign(**{NAME: [results.words.title(name) for name in frame["column"]]})
    frame = frame[[NAME, *FITS]]
    write = partial(difference, decimals=2)
    columns: Columns = {name: (title, write) for name, title in FITS.items()}
    data = Table.of("fig-coefficients-data", "Column", frame, columns)
    drawn = _draw_coefficients(frame)
    caption = (
        "Coefficients of the original model, as reported and at its optimum on raw and on "
        "standardised columns"
    )
    return Picture("coefficients", drawn, _alt(data.texts), data, caption, results.findings)


def _largest(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns with the largest coefficients, in their order."""
    size = frame[[*FITS]].abs().max(axis="columns")
    return frame.loc[sorted(size.nlargest(MOST_DRAWN).index)].reset_index(drop=True)


def _draw_coefficients(frame: pd.DataFrame) -> str:
    """Draw each coefficient on the row of its column, a mark a fit."""
    with canvas(height=max(2.6, 0.2 * len(frame) + 0.7)) as (figure, (axes,)):
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
        axes.set_yticklabels([shortened(name) for name in frame[NAME]])
        axes.invert_yaxis()
        if len(frame) > MOST_BESIDE:
            figure.legend(loc="outside upper left", ncols=3)
        else:
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
    models, refits = results.evidence.models, results.evidence.converged.models
    before = models[ORIGINAL].confusion
    raw, after = refits[ORIGINAL].raw.confusion, refits[ORIGINAL].standardised.confusion
    called = results.words.models
    short = [called[name] for name, refit in refits.items() if not refit.at_optimum]
    if called[ORIGINAL] in short and _recall(before) != _recall(after):
        return (
            "The original model's recall depends "
            f"{reasons(_recall(before), _recall(raw), _recall(after))}: {_recall(before)} as "
            f"reported, {_recall(raw)} at the optimum on the same columns, {_recall(after)} at the "
            "optimum on standardised ones."
        )
    met = (
        f"Training log loss is left to gain for {display.listing(short)}"
        if short
        else "Nothing that matters is left to gain for either model in training log loss"
    )
    old, new = rate(before.balanced_accuracy), rate(after.balanced_accuracy)
    if old == new:
        return f"{met}; at its optimum on standardised columns {_stays(old)}."
    return (
        f"{met}; at its optimum on standardised columns the original model has a balanced accuracy "
        f"of {new} instead of {old}."
    )


def _recall(counts: Confusion) -> str:
    return rate(counts.recall)


def _stays(figure: str) -> str:
    return f"the original model has the same balanced accuracy, {figure}"


def gain(results: Results) -> str:
    """Say which share of the gain in balanced accuracy the refit alone makes."""
    evidence = results.evidence
    part = evidence.converged.share_of_gain
    if part is None or better(evidence) != OVERSAMPLED:
        return (
            f"{display.capital(results.words.models[OVERSAMPLED])} is not shown to be better at "
            "one half, so there is no gain to share out."
        )
    if results.models.original.fitted.recipe == CONVERGED:
        return "Both models are at their optimum, so no part of the gain is that of a stopped fit."
    if part <= 0:
        return (
            "Fitting the original model to its optimum brings no part of the gain in balanced "
            "accuracy; what another threshold brings is another question."
        )
    return (
        f"Of the gain in balanced accuracy that {results.words.models[OVERSAMPLED]} shows over the "
        f"original one, {_part(part)} comes back without {results.words.resampling}, by fitting "
        f"the original model to its optimum on standardised columns; on the columns as they are, "
        f"{_part(evidence.converged.share_of_gain_raw)} does."
    )


def _part(value: float | None) -> str:
    """Write a share of a gain within a sentence."""
    if value is None or value <= 0:
        return "none"
    if value > 1:
        return "more than the whole"
    return percent(value, 0) if value >= LEAST_PART else f"less than {percent(LEAST_PART, 0)}"


def moved(results: Results) -> str:
    """Name the coefficients that change sign or move most between stop and optimum."""
    refits = results.evidence.converged.models
    words = results.words
    found = {name: _moved(refit, words) for name, refit in refits.items()}
    parts = [f"in {words.models[name]} {said}" for name, said in found.items()]
    if len({*found.values()}) == 1:
        parts = [f"in both models {found[ORIGINAL]}"]
    turned = [
        f"{words.coefficients(columns)} of {words.models[name]}"
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


def _moved(refit: RefittedModel, words: Words) -> str:
    if refit.coefficients["change"].abs().max() <= LEAST_CHANGE:
        return f"all coefficients stay within {LEAST_CHANGE} per standard deviation"
    most = f"{words.coefficients([refit.moved_most])} moves most"
    if not refit.flipped:
        return most
    if refit.flipped == (refit.moved_most,):
        return f"{most} and turns its sign"
    turns = verb(len(refit.flipped), "turns its sign", "turn their signs")
    return f"{most}, and {words.coefficients(refit.flipped)} {turns}"


def method(results: Results) -> str:
    """Say how the fits that are compared were made."""
    reported = (
        "The reported fits are scikit-learn's at the optimum on columns scaled to "
        "mean 0 and standard deviation 1 over the training loans"
        if results.models.original.fitted.recipe == CONVERGED
        else f"The reported fits were made with {results.recipe.fitted_by}"
    )
    return (
        f"{reported}. The optimum on raw columns and that on scaled ones maximise the same "
        "penalised likelihood by Newton steps in a trust region until nothing is "
        "left to gain; the penalty is on the coefficients, so the units of the columns change what "
        f"it weighs.{_drawn(results)}"
    )


def _drawn(results: Results) -> str:
    """Say that the figure shows some of the columns, where it does."""
    found = results.evidence.converged.models.original.coefficients
    said = strongest.told(MOST_DRAWN, len(found), "with the largest coefficients", "The figure")
    return f" {said}" if said else ""
