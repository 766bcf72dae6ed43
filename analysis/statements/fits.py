"""Where the fits stopped, what one column does, which columns determine each other."""

from __future__ import annotations

from analysis import display
from analysis.display import count, percent, share
from analysis.evidence.convergence import LEAST_CHANGE, RefittedModel
from analysis.metrics import Confusion
from analysis.models import ORIGINAL, OVERSAMPLED
from analysis.prose import NAMES
from analysis.results import Results
from analysis.rules.common import MATERIAL, coefficients_of, rule_text
from analysis.rules.fits import reasons
from analysis.schema import column


def optimum(results: Results) -> str:
    """Say what fitting to the optimum changes for the original model."""
    models = results.evidence.models
    before = models[ORIGINAL].confusion
    raw = results.evidence.converged.original.raw.confusion
    after = results.evidence.converged.original.standardised.confusion
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


def one_column(results: Results) -> str:
    """Say what the best rule with one column does."""
    found = results.evidence.baselines.best_rule
    if found is None:
        return "Every column is constant among the training loans, so no rule can be made."
    rule, outcome = found.rule, found.outcome
    first, second = (outcome.differing_decisions[name] for name in (ORIGINAL, OVERSAMPLED))
    differing = (
        f"{display.number_or_none(first)} {'differs' if first == 1 else 'differ'} from "
        f"{NAMES[ORIGINAL]}'s and {display.number_or_none(second)} from {NAMES[OVERSAMPLED]}'s"
    )
    written = display.markdown(rule_text(rule.column, rule.direction, rule.threshold))
    return (
        f"The rule {written} alone reaches a balanced accuracy of "
        f"{share(outcome.balanced_accuracy, 3)} on the test loans; of its "
        f"{count(outcome.confusion.rows)} decisions, {differing}.{_tied(rule.tied_columns)}"
    )


def _tied(names: tuple[str, ...]) -> str:
    """Name the columns whose best rule does exactly as well on the training loans."""
    if not names:
        return ""
    titles = display.listing([column(name).title.lower() for name in names])
    return f" In training, a rule on {titles} does exactly as well."


def determined(results: Results) -> str:
    """Say which columns are functions of others, and which coefficients that leaves open."""
    found, design = results.evidence.data.identities, results.evidence.data.design
    formulas = [display.markdown(each.formula) for each in found]
    given = (
        f"In every row, {display.listing(formulas)}"
        if found
        else "No column is an exact function of one or two others"
    )
    effect = (
        f"{coefficients_of(design.unidentified)}, marked in the table, could be others without "
        "any prediction changing"
        if design.unidentified
        else "every coefficient is identified"
    )
    return (
        f"{given}; the design has rank {design.design_rank} of {design.design_columns}: {effect}."
    )
