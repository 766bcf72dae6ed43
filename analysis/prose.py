"""The report's sentences, each following from the results."""

from __future__ import annotations

from collections.abc import Callable

from analysis import display, models
from analysis.data import KnownFile
from analysis.models import ORIGINAL, OVERSAMPLED, RANDOM_STATE
from analysis.provenance import UNKNOWN, Provenance
from analysis.results import ModelResult, Results
from analysis.schema import HEALTHY, HIGH_RISK, LABEL_NAMES, column, feature_names

NAMES = {ORIGINAL: "the original model", OVERSAMPLED: "the oversampled model"}
UNDEFINED = "that label's precision is undefined and shown as 0"


def better(first: float, second: float) -> str | None:
    """Return the id of the model with the higher figure, None where they are shown as equal."""
    if f"{first:.3f}" == f"{second:.3f}":
        return None
    return ORIGINAL if first > second else OVERSAMPLED


def other(model: str) -> str:
    """Return the id of the model that `model` is compared with."""
    return OVERSAMPLED if model == ORIGINAL else ORIGINAL


def headline(results: Results) -> str:
    """Say in one sentence which model does better, by balanced accuracy."""
    first, second = results.original.balanced_accuracy, results.oversampled.balanced_accuracy
    best = better(first, second)
    if best is None:
        return (
            f"Neither model does better: both reach a balanced accuracy of "
            f"{display.share(first, 3)} on the test loans."
        )
    high, low = max(first, second), min(first, second)
    return (
        f"{NAMES[best].capitalize()} does better, with a balanced accuracy of "
        f"{display.share(high, 3)} against {display.share(low, 3)} on the test loans."
    )


def errors(results: Results) -> str:
    """Say in one sentence what each model finds and refuses."""
    first, second = results.original.confusion, results.oversampled.confusion
    return (
        f"{NAMES[ORIGINAL].capitalize()} finds {display.count(first.tp)} of "
        f"{_loans(first.tp + first.fn, HIGH_RISK)} and refuses {display.count(first.fp)} of "
        f"{_loans(first.tn + first.fp, HEALTHY)}, {NAMES[OVERSAMPLED]} "
        f"{display.count(second.tp)} and {display.count(second.fp)}."
    )


def found(results: Results) -> str:
    """Say which model finds more of the high-risk loans."""
    first, second = results.original.confusion, results.oversampled.confusion
    actual = first.tp + first.fn
    if first.tp == second.tp:
        return f"Both find {display.count(first.tp)} of the {_loans(actual, HIGH_RISK)}."
    best = ORIGINAL if first.tp > second.tp else OVERSAMPLED
    more, fewer = max(first.tp, second.tp), min(first.tp, second.tp)
    return (
        f"{NAMES[best].capitalize()} finds {display.count(more)} of the "
        f"{_loans(actual, HIGH_RISK)}, {NAMES[other(best)]} {display.count(fewer)}."
    )


def refused(results: Results) -> str:
    """Say which model refuses fewer healthy loans."""
    first, second = results.original.confusion, results.oversampled.confusion
    actual = first.tn + first.fp
    if first.fp == second.fp:
        return f"Both refuse {display.count(first.fp)} of the {_loans(actual, HEALTHY)}."
    best = ORIGINAL if first.fp < second.fp else OVERSAMPLED
    fewer, more = min(first.fp, second.fp), max(first.fp, second.fp)
    return (
        f"{NAMES[best].capitalize()} refuses {display.count(fewer)} of the "
        f"{_loans(actual, HEALTHY)}, {NAMES[other(best)]} {display.count(more)}."
    )


def verdict(results: Results) -> str:
    """Weigh what each model does better; the summary's closing sentence."""
    by_recall = _lead(results, lambda model: float(model.confusion.tp))
    by_healthy = _lead(results, lambda model: -float(model.confusion.fp))
    if by_recall is None and by_healthy is None:
        return "There is nothing to choose between the two: they make as many errors of each kind."
    if by_recall is None or by_healthy is None or by_recall == by_healthy:
        best = by_recall or by_healthy or ORIGINAL
        where = (
            "on both labels" if by_recall == by_healthy else "on one label and as good on the other"
        )
        return (
            f"{NAMES[best].capitalize()} is better {where}, so nothing speaks for "
            f"{NAMES[other(best)]} on these loans."
        )
    missed = abs(results.original.confusion.fn - results.oversampled.confusion.fn)
    extra = abs(results.original.confusion.fp - results.oversampled.confusion.fp)
    return (
        f"Which is preferable depends on the cost of an error: choosing {NAMES[by_recall]} means "
        f"{display.plural(missed, 'missed high-risk loan')} fewer and "
        f"{display.plural(extra, 'refused healthy loan')} more."
    )


def _lead(results: Results, measure: Callable[[ModelResult], float]) -> str | None:
    first, second = measure(results.original), measure(results.oversampled)
    if first == second:
        return None
    return ORIGINAL if first > second else OVERSAMPLED


def _loans(rows: int, label: int) -> str:
    return f"{display.count(rows)} {LABEL_NAMES[label]} loans"


def bullets(model: ModelResult) -> str:
    """List balanced accuracy, precision and recall of both labels, as Markdown bullets."""
    report = model.classification_report
    lines = [f"- Balanced accuracy: {display.share(model.balanced_accuracy, 3)}"]
    for label in (HEALTHY, HIGH_RISK):
        row = report[str(label)]
        lines.append(
            f"- {LABEL_NAMES[label].capitalize()} loans: precision "
            f"{display.share(row['precision'], 3)}, recall {display.share(row['recall'], 3)}"
        )
    counts = model.confusion
    if counts.tp + counts.fp == 0:
        lines.append(f"- It predicts no high-risk loan at all; {UNDEFINED}")
    if counts.tn + counts.fn == 0:
        lines.append(f"- It predicts no healthy loan at all; {UNDEFINED}")
    return "\n".join(lines)


def oversampling(results: Results) -> str:
    """Say what oversampling did to the training counts."""
    before, after = results.split.train_counts, results.oversampled.fitted.training_counts
    repeated = [label for label in (HEALTHY, HIGH_RISK) if after[label] > before[label]]
    if not repeated:
        return (
            f"Both labels have {display.count(before[HEALTHY])} training loans, so random "
            "oversampling had nothing to repeat."
        )
    label = repeated[0]
    return (
        f"Random oversampling drew from the {_loans(before[label], label)} among the training "
        f"rows with replacement until there were {display.count(after[label])}, as many as "
        f"{LABEL_NAMES[1 - label]} ones; the test rows were left as they are."
    )


def solver(results: Results) -> str:
    """Say that the optimiser is stopped where the published report's was, and what that means."""
    stopped = [NAMES[name] for name, model in results.models.items() if not model.fitted.converged]
    reason = (
        f"Both models are fitted with scikit-learn's lbfgs solver, stopped after "
        f"{models.PUBLISHED_ITERATIONS} iterations at the latest, because that is where the "
        "library behind the published report stopped; later versions go further and arrive at "
        "other figures."
    )
    if not stopped:
        return f"{reason} On these loans both models reached their optimum before that."
    return f"{reason} On these loans {display.listing(stopped)} had not reached an optimum by then."


def features() -> str:
    """Name the features with their units, from the schema."""
    items = [f"{column(n).title.lower()} ({column(n).unit})" for n in feature_names()]
    return display.listing([display.markdown(item) for item in items])


def agreement(results: Results) -> str:
    """Say whether the published figures came out again, and whether they were expected to."""
    cells = results.published
    wrong = int((~cells["matches"]).sum())
    if results.data.known is None:
        return (
            "These are not the published report's data, so the figures are not expected to agree: "
            f"{display.count(len(cells) - wrong)} of {display.count(len(cells))} cells do."
        )
    if wrong == 0:
        return (
            f"All {display.count(len(cells))} published figures come out again at the decimals "
            "in which they were published."
        )
    return (
        f"{display.count(wrong)} of {display.count(len(cells))} published figures do not come out "
        "again, although the data are the published report's."
    )


def source(results: Results) -> str:
    """Name the data in a clause: the verified file, another file, or the simulation."""
    data = results.data
    if data.source == "simulated":
        return "a simulated portfolio, generated by this program; no loan in it is real"
    name = f"the file {display.markdown(data.name)}"
    known: KnownFile | None = data.known
    if known:
        producer = display.markdown(known.producer)
        return f"{name}, verified as the published report's data, by {producer}"
    return f"{name}, which is not the published report's data"


def provenance_rows(results: Results, provenance: Provenance) -> dict[str, str]:
    """Return what identifies this report, name to text."""
    data = results.data
    kind = "simulated" if data.source == "simulated" else "file"
    state = "" if provenance.clean else ", with uncommitted changes"
    rows = {
        "Data": f"{data.name} ({kind}{', verified' if data.known else ''})",
        "Data SHA-256": data.sha256,
        "Rows": display.count(data.rows),
        "Training rows / test rows": (
            f"{display.count(results.split.train_rows)} / {display.count(results.split.test_rows)}"
        ),
        "Seed of split, oversampler and solver": str(RANDOM_STATE),
        "Commit": provenance.commit + (state if provenance.commit != UNKNOWN else ""),
        "Code SHA-256": provenance.code_sha256,
        "Lock file SHA-256": provenance.lock_sha256,
        "Python": f"{provenance.python} on {provenance.platform}",
        **provenance.libraries,
        "Date (UTC)": provenance.date,
        "Made again by": provenance.command,
    }
    if data.notes:
        rows["Reading the file"] = " ".join(data.notes)
    return rows


def footer(results: Results, provenance: Provenance) -> str:
    """Return the line at the foot of every page: data, commit, lock file, date."""
    changed = "" if provenance.clean or provenance.commit == UNKNOWN else " (changed)"
    commit = provenance.commit[:12] + changed
    return (
        f"Data {results.data.sha256[:12]} · commit {commit} · "
        f"lock {provenance.lock_sha256[:12]} · {provenance.date}"
    )
