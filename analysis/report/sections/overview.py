"""What was analysed: the sentences of the overview."""

from __future__ import annotations

from analysis.base import display
from analysis.base.display import count, percent, plural, spelled
from analysis.findings.words import Words
from analysis.models.fits import PUBLISHED_ITERATIONS_OVERSAMPLED
from analysis.models.fitted import CONVERGED, PUBLISHED
from analysis.portfolio.column import NUMBERS, Column
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.published_loans import KnownFile
from analysis.portfolio.recipe import USUAL
from analysis.report.sections.published import reproduced
from analysis.results import Results

MOST_LISTED = 12  # features that a sentence names
QUARTER = 0.25
KINDS = {True: "numbers", False: "categories"}


def oversampling(results: Results) -> str:
    """Say what the resampler did to the training counts."""
    before, after = results.split.train_counts, results.models.oversampled.fitted.training_counts
    words = results.words
    if results.recipe.resampler != USUAL.resampler:
        return _resampling(results)
    repeated = [label for label in (HEALTHY, HIGH_RISK) if after[label] > before[label]]
    if not repeated:
        return (
            f"Both labels have {display.count(before[HEALTHY])} training loans, so random "
            "oversampling had nothing to repeat."
        )
    label = repeated[0]
    return (
        f"Random oversampling drew from the {words.loans(before[label], label)} among the training "
        f"rows with replacement until there were {display.count(after[label])}, as many as "
        f"{words.label(1 - label)} ones; the test rows were left as they are."
    )


def _resampling(results: Results) -> str:
    """Say what another resampler than random oversampling did."""
    before, after = results.split.train_counts, results.models.oversampled.fitted.training_counts
    words = results.words
    rarer, other = sorted(before, key=before.__getitem__)
    kept = "the test rows were left as they are."
    if before[rarer] == before[other]:
        return (
            f"Both labels have {display.count(before[rarer])} training loans, so "
            f"{results.recipe.resampling} changed nothing."
        )
    if results.recipe.resampler == "class_weights":
        return (
            f"Class weights let the {words.loans(before[rarer], rarer)} among the training rows "
            f"count as much as the {words.loans(before[other], other)}; {kept}"
        )
    if results.recipe.resampler == "smote":
        return (
            f"SMOTE added {display.count(after[rarer] - before[rarer])} synthetic loans between "
            f"neighbours among the {words.loans(before[rarer], rarer)} of the training rows; {kept}"
        )
    return (
        f"Random undersampling kept {display.count(after[other])} of the "
        f"{words.loans(before[other], other)} among the training rows, as many as there are "
        f"{words.label(rarer)} ones; {kept}"
    )


def solver(results: Results) -> str:
    """Say how both models are fitted, and whether that reaches the optimum."""
    if results.models.original.fitted.recipe == CONVERGED:
        return (
            "Both models are scikit-learn's logistic regression, fitted to its optimum by Newton's "
            "method, on columns scaled to mean 0 and standard deviation 1 over the training "
            f"loans.{_kept(results)}"
        )
    said = f"Both models are fitted with {results.recipe.fitted_by}."
    if results.models.original.fitted.recipe == PUBLISHED:
        said += (
            " The library behind the published report stopped there, in its second model after "
            f"{PUBLISHED_ITERATIONS_OVERSAMPLED}; later versions go further and arrive at other "
            "figures."
        )
    short = [
        results.words.models[name]
        for name, model in results.evidence.converged.models.items()
        if not model.at_optimum
    ]
    if not short:
        return f"{said} On these loans nothing that matters was left to gain by then."
    return f"{said} On these loans {display.listing(short)} had not reached an optimum by then."


def _kept(results: Results) -> str:
    """Say so where the declared recipe stops short, and is not that of these loans."""
    if results.words.declaration.content_hash is None:
        return ""
    return " The early stop behind the published figures is kept to the published loans."


def features(results: Results) -> str:
    """Name the features with their units; of many, how many there are of each kind."""
    words, found = results.words, results.words.declaration.features
    if len(found) <= MOST_LISTED:
        items = display.listing([_feature(each, words) for each in found])
        return f"{plural_spelled(len(found), 'feature')}: {items}"
    numbers = sum(each.type in NUMBERS for each in found)
    if numbers in (0, len(found)):
        return f"{plural(len(found), 'feature')}, all of them {KINDS[bool(numbers)]}"
    kinds = [plural(numbers, "number")] * bool(numbers)
    kinds += [plural(len(found) - numbers, "category", "categories")] * (numbers < len(found))
    return f"{plural(len(found), 'feature')}: {display.listing(kinds)}"


def _feature(declared: Column, words: Words) -> str:
    name = words.within(declared.name)
    if declared.levels:
        return f"{name} ({plural(len(declared.levels), 'level')})"
    return f"{name} ({declared.unit})" if declared.unit else name


def plural_spelled(value: int, noun: str) -> str:
    """Write a count in letters with its noun: seven features."""
    return f"{spelled(value)} {noun}{'' if value == 1 else 's'}"


def meaning(results: Results) -> str:
    """Say what the label is in the file, and how many loans have each."""
    words, declared = results.words, results.words.declaration
    counts = results.data.label_counts
    written = {label: declared.label.written(label) for label in (HEALTHY, HIGH_RISK)}
    notes = f" Reading the file: {' '.join(results.data.notes)}" if results.data.notes else ""
    risky, healthy = words.predicate(HIGH_RISK), words.predicate(HEALTHY)
    return (
        f"A loan is {risky} where {declared.label_column.name} is {written[HIGH_RISK]}, and "
        f"{healthy} where it is {written[HEALTHY]}: of the {count(results.data.rows)} loans, "
        f"{count(counts[HEALTHY])} are {healthy} and {count(counts[HIGH_RISK])} are {risky}.{notes}"
    )


def gaps(results: Results) -> str:
    """Say what becomes of missing values, in words that stand in brackets."""
    found = [each for each in results.words.declaration.features if not each.constraints.required]
    if not found:
        return "one with a missing value is refused, so none is missing here"
    names = results.words.listing([each.name for each in found])
    return f"values of {names} may be missing"


def made(results: Results) -> str:
    """Say how categories and gaps become numbers; nothing where all features are numbers."""
    features = results.words.declaration.features
    holed = {*results.evidence.columns.gaps["feature"]}
    how = {
        "a category becomes a column for each level but the one that the others are held against": (
            each.levels and each.name not in holed for each in features
        ),
        "a category with gaps becomes a column for each level": (
            each.levels and each.name in holed for each in features
        ),
        "a missing number becomes the training loans' median, and a column says so": (
            not each.levels and not each.constraints.required for each in features
        ),
    }
    told = [rule for rule, held in how.items() if any(held)]
    if not told:
        return ""
    columns = len(results.evidence.columns.strengths.columns)
    return (
        f"The models are fitted on {plural(columns, 'column')}: {'; '.join(told)}, by rules "
        "learnt on the training loans alone."
    )


def outside(results: Results) -> str:
    """Say which columns never enter the models: those left out, and those to compare groups by."""
    declared = results.words.declaration
    parts = []
    if declared.ignored:
        parts.append(f"Left out: {_listed([_reason(each) for each in declared.ignored])}.")
    if declared.groups:
        names = results.words.listing([each.name for each in declared.groups])
        parts.append(f"Read to compare decisions by group, and in no model: {names}.")
    return " ".join(parts)


def _reason(column: Column) -> str:
    return f"{column.name} ({column.reason})" if column.reason else column.name


def _listed(items: list[str]) -> str:
    return display.listing(display.some(items))


def split(results: Results) -> str:
    """Say how the loans were split."""
    found, recipe = results.split, results.recipe
    share = "three quarters" if recipe.test_share == QUARTER else percent(1 - recipe.test_share)
    like = "Like the published split, it" if reproduced(results) else "It"
    how = "is stratified by label" if recipe.stratified else "is not stratified by label"
    return (
        f"The split puts {share} of the loans, {count(found.train_rows)}, into training and the "
        f"remaining {count(found.test_rows)} into testing. {like} {how}."
    )


def source(results: Results) -> str:
    """Name the data in a clause: the verified file, another file, or the simulation."""
    data = results.data
    if data.source == "simulated":
        return "a simulated portfolio, generated by this program; no loan in it is real"
    known: KnownFile | None = data.known
    if known:
        return f"the file {data.name}, verified as the published report's data, by {known.producer}"
    # Where the declaration records the published report's loans, these alone are fitted so.
    recorded = results.words.declaration.content_hash is not None
    same = recorded and results.models.original.fitted.recipe == PUBLISHED
    held = ", which has the published report's loans" if same else ""
    if data.database:
        return f"the loans at {data.name}, read from {data.database.engine}{held}"
    if same:
        return f"the file {data.name}{held} in another form"
    if recorded:
        return f"the file {data.name}, which is not the published report's data"
    by = display.listing([each.title for each in results.words.declaration.sources] or [""])
    return f"the file {data.name}{', by ' if by else ''}{by}"
