"""Every sentence that claims something, on every shape of portfolio, against an independent check.

The checks read the figures that a sentence states and hold them, and its words of comparison,
against counts, costs and intervals. A sentence without a check fails.
"""

import importlib
import inspect
import pkgutil
import re

import pytest
from scipy.stats import binomtest, ncx2

from analysis.findings import find
from analysis.findings.finding import Finding
from analysis.report import sections
from analysis.report.drawing import links
from tests.support import declared_shapes, odd_results, shapes

GUESS, MATERIAL, FOUR_FIFTHS, FEW = 0.5, 0.005, 0.8, 30
ORIGINAL, OVERSAMPLED = "original", "oversampled"
FIRST_SCREEN = 200  # words
LINE = 25  # words of a finding
NUMBER = re.compile(r"[+\u2212]?\d[\d,]*(?:\.\d+)?")
# Shown by tests of their own, or no claim: a script's counts, and what a document quotes of itself.
NOT_SENTENCES = {
    "explorer.block",
    "explorer.markup",
    "decision.box",
    "choices.rule",
    "choices.with_intervals",
    "monitoring.plan",
    "features.tables",
    "groups.section",
    "published.section",
}

# Parts of sentences, which the document goes on with.
PARTS = {
    "decision.conditions",
    "decision.gain",
    "decision.oversampling",
    "decision.question",
    "decision.ranking",
    "decision.use",
    "overview.features",
    "overview.gaps",
    "overview.source",
    "resplits.fitted",
}


def sentences():
    """Yield every function of the sections that makes text of results alone, by name."""
    for found in pkgutil.iter_modules(sections.__path__):
        module = importlib.import_module(f"{sections.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            signature = inspect.signature(function)
            public = function.__module__ == module.__name__ and not name.startswith("_")
            says = signature.return_annotation in ("str", "list[str]", "Markdown")
            if public and says and list(signature.parameters) == ["results"]:
                yield f"{found.name}.{name}", function


SENTENCES = dict(sentences())


def plain(text):
    """Return Markdown as it is read."""
    return re.sub(r"\\(.)", r"\1", text)


def numbers(text):
    return [float(each.replace(",", "").replace("\u2212", "-")) for each in NUMBER.findall(text)]


def confusions(results):
    return {name: model.confusion for name, model in results.models.items()}


def outside_zero(low, high):
    return low is not None and high is not None and not low <= 0 <= high


def too_few(results):
    """Return whether a label has too few test loans to draw from, by counts and an exact test."""
    counts = results.models.original.confusion
    fewest = min(counts.tp + counts.fn, counts.tn + counts.fp)
    found = results.evidence.comparison
    pairs = (found.mcnemar_high_risk, found.mcnemar_healthy)
    return fewest < 10 and all(each.p_value_by_feature_rows >= 0.05 for each in pairs)


def shown_better(results):
    """Return which model may be called better, from the figures alone."""
    evidence = results.evidence
    found = evidence.comparison.differences["balanced_accuracy"]
    bounds = found.by_rows if found.wider == "rows" else found.by_feature_rows
    mean = evidence.unconditional.differences["balanced_accuracy"].estimate or 0.0
    if not found.difference or not outside_zero(bounds.low, bounds.high):
        return None
    if too_few(results):
        return None
    best = OVERSAMPLED if found.difference > 0 else ORIGINAL
    worse = ORIGINAL if best == OVERSAMPLED else OVERSAMPLED
    lows = [
        evidence.models[best].intervals["balanced_accuracy"].low,
        (found.second_by_feature_rows if best == OVERSAMPLED else found.first_by_feature_rows).low,
    ]
    cost = {
        name: each.fp + evidence.decision.cost_ratio * each.fn
        for name, each in confusions(results).items()
    }
    right = (
        abs(found.difference) >= MATERIAL
        and mean * found.difference > 0
        and evidence.unconditional.same_sign["balanced_accuracy"] >= 0.95
        and max(low or 0.0 for low in lows) > GUESS
        and cost[best] <= cost[worse]
    )
    return best if right else None


# One check a sentence: what it says must follow from the results.


def headline(results, said):
    best = shown_better(results)
    if "the mean difference over" in said:
        _, mean, here = numbers(said.split("the mean difference over")[1])[:3]
        assert here * mean <= 0
    if best is None:
        assert said.startswith("Neither model is shown to be better at one half: ")
        return
    assert said.startswith(f"At one half {results.words.models[best]} is better")
    high, low = numbers(said)[:2]
    assert high > low
    figures = {name: each.balanced_accuracy for name, each in confusions(results).items()}
    assert high == pytest.approx(figures[best], abs=6e-4)


def with_zeros(said):
    """Return a sentence in which what is none or no is a figure, too."""
    return re.sub(r"\bnone of|\bno (?=\S+( \S+)? ones\b)", "0 of ", said)


def only_one(results, said, label, first, second):
    """Hold what is said where the test has one loan of a label."""
    assert f"the only {results.words.label(label)} test loan" in said
    assert said.startswith("Both send") == bool(first and second)
    assert said.startswith("Neither model sends") == (not first and not second)
    if first != second:
        sends = ORIGINAL if first else OVERSAMPLED
        assert said.lower().startswith(results.words.models[sends].lower())


def found(results, said):
    counts = confusions(results)
    first, second = counts[ORIGINAL].tp, counts[OVERSAMPLED].tp
    if first + counts[ORIGINAL].fn == 1:
        only_one(results, said, 1, first, second)
        return
    assert said.startswith("Both") == (first == second)
    assert {first, second, first + counts[ORIGINAL].fn} - {0} >= set(numbers(said))
    if first != second:
        best = ORIGINAL if first > second else OVERSAMPLED
        assert said.lower().startswith(results.words.models[best].lower())


def refused(results, said):
    counts = confusions(results)
    first, second = counts[ORIGINAL].fp, counts[OVERSAMPLED].fp
    if first + counts[ORIGINAL].tn == 1:
        only_one(results, said, 0, first, second)
        return
    assert said.startswith("Both") == (first == second)
    assert {first, second, first + counts[ORIGINAL].tn} - {0} >= set(numbers(said))
    if first != second:
        best = ORIGINAL if first < second else OVERSAMPLED
        assert said.lower().startswith(results.words.models[best].lower())


def verdict(results, said):
    first, second = confusions(results).values()
    missed, extra = first.fn - second.fn, second.fp - first.fp
    if "nothing to choose" in said:
        assert not missed
        assert not extra
    elif "depends on the cost" in said:
        assert missed * extra > 0
        assert numbers(said) == [abs(missed), abs(extra)]
    else:
        assert missed * extra <= 0
        fewer = OVERSAMPLED if missed > 0 or extra < 0 else ORIGINAL
        assert results.words.models[fewer] in said
        assert ("does not show" in said) == (shown_better(results) != fewer)
    assert "nothing speaks for" not in said


def use(results, said):
    chosen = results.evidence.decision.chosen
    words = {None: "nothing is", "refuse_all": "neither", "refuse_none": "neither"}
    start = words.get(chosen, "neither model but" if chosen == "one_column_rule" else "the ")
    assert said.startswith(start)
    if chosen and chosen.startswith("oversampled"):
        assert results.words.models[OVERSAMPLED] in said
    if chosen:
        counts = results.evidence.decision.by_id[chosen].confusion
        own = not said.startswith("neither") and chosen != "original"
        assert ("sends all test loans" in said) == (own and counts.tn + counts.fn == 0)
        assert ("sends no test loan" in said) == (own and counts.tp + counts.fp == 0)
    if chosen and not said.startswith("neither"):
        assert results.evidence.decision.by_id[chosen].training_cost is not None


def cost(results, said):
    decision = results.evidence.decision
    shown = decision.chosen or "original"
    counts = decision.by_id[shown].confusion
    spent = counts.fp + decision.cost_ratio * counts.fn
    assert numbers(said)[0] == pytest.approx(spent)
    original = confusions(results)[ORIGINAL]
    saved = original.fp + decision.cost_ratio * original.fn - spent
    if "saves nothing" in said:
        assert saved == pytest.approx(0)
    elif "saves" in said:
        assert numbers(said.split("saves")[1])[0] == pytest.approx(saved)
    elif "it costs" in said:
        assert numbers(said.split("it costs")[1])[0] == pytest.approx(-saved)
    bounds = decision.by_id[shown].saving
    if "interval" in said and "may be chance" not in said and "too few" not in said:
        assert outside_zero(bounds.low, bounds.high)


def ranking_words(results, said):
    areas = results.evidence.areas
    first, second = areas.areas.original.value, areas.areas.oversampled.value
    both = (areas.difference.by_rows, areas.difference.by_feature_rows)
    apart = [outside_zero(each.low, each.high) for each in both]
    if re.search(r"ranks (the test loans )?better|ranks worse", said):
        assert all(apart)
        assert abs(first - second) >= MATERIAL
        best = areas.areas.original if first > second else areas.areas.oversampled
        assert (best.interval.low or best.value) > GUESS
    if "ranks better (" in said:
        assert second > first
    if "leaves the ranking" in said or "rank loans alike" in said:
        found = areas.difference.interval
        assert max(-found.low, found.high) < MATERIAL
    if "same ROC AUC" in said or "ranks no better" in said:
        assert first == second
    if "better than a guess" in said:
        lows = [each.interval.low for each in areas.areas.values() if each.interval.low is not None]
        assert all(low <= GUESS for low in lows)


def gain_words(results, said):
    ids = {each.id for each in results.findings}
    if "comes without it" in said:
        assert shown_better(results) == OVERSAMPLED
        assert ids & {"threshold-alone", "gain-without-oversampling"}
    elif "is not shown to be better" not in said and "neither" not in said:
        best = shown_better(results)
        assert best
        assert results.words.models[best] in said or best == OVERSAMPLED
    if "neither model is shown" in said:
        assert shown_better(results) is None


def oversampling(results, said):
    ranking_words(results, said)
    gain_words(results, said)


def conditions(results, said):
    high = sum(each.severity == "high" for each in results.findings)
    stated = "the finding of" if high == 1 else f"the {high} findings of"
    assert (stated in said) == bool(high)
    assert "from 0.00 to" not in said
    decision = results.evidence.decision
    costs = {each.id: each.cost.estimate for each in decision.options}
    may_be = ", perhaps by chance" in said
    if "another choice is cheaper" in said:
        excess = decision.by_id[decision.chosen].excess
        assert may_be == (decision.feature_rows >= 10 and not outside_zero(excess.low, excess.high))
        assert ". On the test loans another" in said  # it is no condition
        assert costs[decision.chosen] > min(costs.values())
    elif decision.chosen:
        assert costs[decision.chosen] == pytest.approx(min(costs.values()))


def costs(results, said):
    decision = results.evidence.decision
    every = {each.id: each.confusion for each in decision.options}
    spent = {name: each.fp + decision.cost_ratio * each.fn for name, each in every.items()}
    assert {"refuse_all", "refuse_none"} <= spent.keys()
    stated = numbers(said.split("lowest cost on the test loans is")[1])[0]
    assert stated == pytest.approx(min(spent.values()))
    first, second = (every[name] for name in (ORIGINAL, OVERSAMPLED))
    if results.evidence.decision.feature_rows < 10:
        assert "interval" not in said
    if "so it may be chance" in said:
        bounds = results.evidence.decision.break_even.ratio
        assert bounds.low == 0
        assert bounds.high is None
    if "cost the same at every ratio" in said:
        assert (first.fp, first.fn) == (second.fp, second.fn)
    if "never the dearer" in said:
        best = first if "the original model is never" in said else second
        other = second if best is first else first
        assert best.fp <= other.fp
        assert best.fn <= other.fn


def matched(results, said):
    choice = results.evidence.thresholds.matched
    if choice is None:
        assert "too few" in said
        return
    counts = choice.choice.confusion
    assert numbers(with_zeros(said))[-3:] == [counts.tp, counts.tp + counts.fn, counts.fp]


def certainty(results, said):
    counts = results.evidence.comparison.mcnemar
    if "the same decision" in said:
        assert counts.only_first + counts.only_second == 0
    compared = results.evidence.comparison.differences["balanced_accuracy"]
    bounds = compared.by_rows if compared.wider == "rows" else compared.by_feature_rows
    if "do not show" in said:
        assert ("to be relied on" in said) == outside_zero(bounds.low, bounds.high)
        assert ("to be relied on" in said) <= too_few(results)
    if "The lead of" in said:
        assert not too_few(results)
        assert outside_zero(bounds.low, bounds.high)
        assert ("Yet it is not shown" in said) == (shown_better(results) is None)


def wider(results, said):
    found = results.evidence.comparison
    if "No two" in said:
        assert 10 <= found.feature_rows == found.rows
    elif "So few" in said:
        assert found.feature_rows == found.rows < 10
    elif "only" in said:
        assert found.feature_rows < 10
    assert ("about equally wide" not in said) or (
        found.differences["balanced_accuracy"].wider == "neither"
    )


def over_splits(results, said):
    repeated = results.evidence.resplits.values.pivot(
        index="seed", columns="model", values="balanced_accuracy"
    )
    apart = repeated[OVERSAMPLED] - repeated[ORIGINAL]
    if "on average" in said:
        stated = numbers(said.split("balanced accuracy is")[1])[0]
        assert stated == pytest.approx(apart.mean(), abs=6e-4)
    if "is the same:" in said:
        assert apart.max() == pytest.approx(apart.min())


def optimum(results, said):
    models = results.evidence.converged.models
    short = [name for name in models if not models[name].at_optimum]
    assert ("Nothing that matters" in said) <= (not short)
    if results.models.original.fitted.recipe == "converged":
        assert "Nothing that matters" in said


def solver(results, said):
    if results.models.original.fitted.recipe == "converged":
        assert re.search(r"fitted to (its|their) optimum", said)
        assert all(each.at_optimum for each in results.evidence.converged.models.values())
        return
    assert f"stopped after {results.recipe.iterations} iterations" in said
    assert (" 35;" in said) == (results.models.original.fitted.recipe == "published")
    for name, model in results.evidence.converged.models.items():
        late = said.split("On these loans")[1]
        assert (results.words.models[name] in late) == (not model.at_optimum)


def moved(results, said):
    for name, refit in results.evidence.converged.models.items():
        largest = refit.coefficients["change"].abs().max()
        of_model = f"in {results.words.models[name]}"
        part = said.split(of_model if of_model in said else "in both models")[1].split(";")[0]
        assert ("all coefficients stay" in part) == (largest <= 0.1)


def recipe_words(results, said):
    recipe = results.models.original.fitted.recipe
    assert ("stopped after" in said or "published" in said or "made with" in said) == (
        recipe != "converged"
    )
    assert ("published" in said) <= (recipe == "published")


def one_column(results, said):
    best = results.evidence.baselines.best_rule
    if best is None:
        assert "no rule" in said
        return
    counts = best.outcome.confusion
    tail = plain(said).split("balanced accuracy of")[1]
    assert numbers(tail)[0] == pytest.approx(counts.balanced_accuracy, abs=6e-4)
    assert numbers(tail)[1] == counts.rows


def loud(results):
    """Return the columns and features whose information value chance does not lift to the alarm.

    Twice: for certain, and perhaps, where the report's limit and this one are near each other.
    """
    found, share = results.evidence.columns.strengths, results.evidence.data.prevalence.estimate
    repeats = results.evidence.data.repeats
    loans = found.training_loans * repeats.distinct_rows / repeats.rows
    scale = 1 / (loans * share) + 1 / (loans * (1 - share))
    apart = {
        getattr(each, "column", None) or each.feature: each.information_value
        / (scale * ncx2(each.bins - 1, 0.5 / scale).ppf(0.99))
        for each in (*found.columns, *found.features)
        if each.bins > 1
    }
    return [{name for name, by in apart.items() if by > limit} for limit in (1.05, 0.95)]


def alone(results, said):
    strong = max(results.evidence.columns.strengths.columns, key=lambda each: each.area)
    assert numbers(said)[0] == pytest.approx(strong.area, abs=6e-6)
    columns = results.evidence.columns.strengths.columns
    above = {each.column for each in columns if each.information_value > 0.5}
    sure, perhaps = (names & above for names in loud(results))
    if "chance" in said:
        assert sure != above
        beyond = re.search(r"\((\w+) beyond chance\)", said)
        stated = 0 if not beyond or beyond[1] == "none" else int(beyond[1])
        assert len(sure) <= stated <= len(perhaps)
    else:
        assert perhaps == above
    whole = results.evidence.columns.strengths.features
    assert ("as a whole" in said) == bool(whole)
    alarming = sum(each.information_value > 0.5 for each in whole)
    if len(whole) == 1:
        assert ("as a whole is not" in said) == (not alarming)
        assert ("as a whole is, too" in said) == bool(alarming and above)
        assert (", but" in said) == (bool(alarming) != bool(above))
    elif whole:
        many = f"of {len(whole)} features of several columns as a whole"
        told = (f"none {many} is", f"so is 1 {many}", f"so are {alarming} {many}")
        if above or not alarming:
            assert f", {'and' if alarming or not above else 'but'} {told[min(alarming, 2)]}" in said
        else:
            assert f", but {alarming} {many}" in said


def determined(results, said):
    design = results.evidence.data.design
    assert f"rank {design.design_rank} of {design.design_columns}" in said
    assert ("every coefficient is identified" in said) == (not design.unidentified)


def areas(results, said):
    found = results.evidence.areas.difference.interval
    if "are the same" in said:
        assert found.estimate == 0
    elif "differ by" in said:
        stated = numbers(said.split("differ by")[1])[0]
        assert stated == pytest.approx(found.estimate, rel=0.06, abs=6e-4)


def probabilities(results, said):
    before = results.evidence.recalibrated.before.calibration.observed_expected
    if "times the high-risk" in said:
        assert numbers(said)[0] == pytest.approx(1 / before, rel=0.06)


def correction(results, said):
    counts = results.evidence.recalibrated.confusion_after
    assert numbers(with_zeros(said))[-3:] == [counts.tp, counts.tp + counts.fn, counts.fp]


def held(results, said):
    for name, part in zip(results.words.models, said.split(";")[:2], strict=True):
        grades = results.evidence.models[name].probabilities.grades
        assert ("in none of" in part or "not off" in part) == (not grades["off"].any())
        assert ("only grade" in part) == (len(grades) == 1)
        if len(grades) > 1 and grades["off"].any():
            assert int(grades.loc[grades["off"], "loans"].sum()) in numbers(part)


def novelty(results, said):
    data, unseen = results.evidence.data.repeats, results.evidence.unseen
    assert sum(each.seen for each in data.seen_by_label) + unseen.loans == data.test_rows
    if "the test loans are new" in said:
        assert data.test_rows_seen_in_training == 0
    if "No test loan is new" in said:
        assert unseen.loans == 0
    if "label, so" in said:
        assert ("lacks" in said) == (unseen.loans == 1)


def grouped(results, said):
    made = results.evidence.data.repeats.grouped_splits
    if "No split" in said:
        assert all(each.original is None for each in made)
    else:
        low = min(each.original for each in made if each.original is not None)
        assert numbers(said)[0] == pytest.approx(low, abs=6e-4)


def other_splits(results, said):
    repeated = results.evidence.resplits
    if not repeated.made:
        assert said.startswith("No other split")
        return
    assert numbers(said)[0] == repeated.made
    wide = repeated.values.pivot(index="seed", columns="model", values="balanced_accuracy")
    first, second = (
        (wide[ORIGINAL] > wide[OVERSAMPLED]).sum(),
        (wide[OVERSAMPLED] > wide[ORIGINAL]).sum(),
    )
    assert ("neither model wins" in said) == (first == second)


def left_out(results, said):
    assert bool(said.strip()) == bool(
        results.evidence.resplits.not_tried or results.evidence.resplits.left_out
    )


def drawn_splits(results, said):
    assert said.startswith("Each seed" if results.data.rows <= 500_000 else "In a portfolio")


def drawn(results, said):
    assert numbers(said)[0] == results.evidence.comparison.replicates
    counts = confusions(results).values()
    alike = sum(0 in (each.tp, each.fn) for each in counts)
    assert said.count("test loan, and so it does in every draw") in (0, alike)


def bearing(results, said):
    counts = confusions(results)
    for name, part in zip(results.words.models, said.split(";"), strict=True):
        refused = counts[name].tp + counts[name].fp
        assert ("predicts no loan" in part) == (refused == 0)
        assert ("predicts every test loan" in part) == (refused == counts[name].rows)
        if "as are" in part:
            borne, held = (float(each) for each in re.findall(r"([\d.]+) %", part))
            assert refused in numbers(part)
            assert borne >= held


def lowest_ratios(results, said):
    """Hold each ratio stated against counts, and the claims against the joint limits."""
    found = results.evidence.groups
    if found.empty:
        assert not said
        return
    for (_, rows), part in zip(
        found.groupby("column", sort=False), re.split(r"(?=By )", said)[1:], strict=True
    ):
        judged = rows[rows["joint_high"].notna()]
        if "no two groups" in part:
            assert judged.empty
            continue
        accepted = (rows["tn"] + rows["fn"]) / rows["loans"]
        best = accepted.where(~rows["small"]).groupby(rows["choice"]).transform("max")
        ratios = (accepted / best)[judged.index]
        below = int((judged["joint_high"] < FOUR_FIFTHS).sum())
        stated = numbers(part.split("ratio of acceptance is")[1])
        assert any(abs(stated[0] - ratio) < 6e-3 for ratio in ratios)
        if not below:
            assert stated[0] == pytest.approx(ratios.min(), abs=6e-3)
        low, high = (stated[2], stated[3])
        assert low <= stated[0] <= high
        claimed = part.split(f"Of {len(judged)} ratio")[1].split("four fifths.")[0]
        assert ("none is shown" in claimed) == (below == 0)
        assert below == 0 or numbers(claimed)[0] == below
        assert ("all of them together" in part) == (below == 0 and high < FOUR_FIFTHS)


def groups_words(results, said):
    lowest_ratios(results, said)
    if not results.evidence.groups.empty:
        calibration_words(results, said)


def tried(results, said):
    assert numbers(said)[0] == results.evidence.alternatives.boosted_on
    outcomes = results.evidence.alternatives.seed_outcomes
    assert ("each gives" in said) == (len(outcomes) == 1)


def agreement(results, said):
    wrong = int((~results.published["matches"]).sum())
    right = len(results.published) - wrong
    assert {right, wrong, len(results.published)} >= set(numbers(said))


def drew(results, said):
    before = results.split.train_counts
    rarer = min(before, key=before.get)
    if "had nothing to repeat" in said:
        assert before[0] == before[1]
    else:
        assert before[rarer] in numbers(said)


def source(results, said):
    assert ("simulated" in said) == (results.data.source == "simulated")


def features(results, said):
    declared = results.words.declaration.features
    spelt = re.match(r"(\w+) features?[:,]", said)
    assert spelt
    assert spelt[1] == str(len(declared)) or len(declared) <= 12
    if len(declared) <= 12:
        assert all(each.title.lower() in said.lower() for each in declared)


def meaning(results, said):
    counts, words = results.data.label_counts, results.words
    assert {results.data.rows, *counts.values()} <= set(numbers(said))
    assert f"is {words.high_risk} where {words.declaration.label_column.name} is" in said


def gaps(results, said):
    optional = [f for f in results.words.declaration.features if not f.constraints.required]
    assert ("none is missing" in said) == (not optional)


def made(results, said):
    declared = results.words.declaration.features
    assert ("median" in said) == any(
        not each.constraints.required and not each.levels for each in declared
    )
    holed = set(results.evidence.columns.gaps["feature"])
    whole = {each.name for each in declared if each.levels} - holed
    assert ("but the one that the others" in said) == bool(whole)
    assert ("a category with gaps" in said) == any(
        each.levels and each.name in holed for each in declared
    )
    if said:
        assert numbers(said)[0] == len(results.evidence.columns.strengths.columns)


def outside(results, said):
    declared = results.words.declaration
    assert ("Left out" in said) == bool(declared.ignored)
    assert ("in no model" in said) == bool(declared.groups)


def split(results, said):
    rows = {results.split.train_rows, results.split.test_rows}
    assert rows <= set(numbers(said))
    assert ("not stratified" in said) == (not results.recipe.stratified)
    assert ("three quarters" in said) == (results.recipe.test_share == 0.25)
    assert ("published" in said) == (results.models.original.fitted.recipe == "published")


def question(results, said):
    assert said == (
        f"Does {results.words.resampling} help a logistic regression to recognise "
        f"{results.words.high_risk} loans?"
    )


def shown(results, said):
    found = [each.column for each in results.evidence.columns.strengths.columns]
    columns, yes_or_no = len(found), sum(": " in results.words.title(each) for each in found)
    assert bool(said) == (columns > 10 or (columns - yes_or_no or columns) > 8)
    assert not said or max(numbers(said)) == columns


def limitations(results, said):
    assert str(results.split.test_counts[1]) in said.replace(",", "")
    equal = results.evidence.data.repeats.rows_equal_to_another
    assert ("equal another" in said) == bool(equal)
    declared = results.words.declaration
    read = {each.name for each in (*declared.features, *declared.groups)}
    assert ("year is read" in said) == ("year" in read)
    assert ("without dates" in said) <= ("year" not in read)


CHECKS = {
    "alternatives.tried": tried,
    "baselines.one_column": one_column,
    "certainty.certainty": certainty,
    "certainty.drawn": drawn,
    "certainty.over_splits": over_splits,
    "certainty.wider": wider,
    "columns.alone": alone,
    "coefficients.determined": determined,
    "columns.shown": shown,
    "convergence.gain": gain_words,
    "convergence.method": recipe_words,
    "convergence.moved": moved,
    "convergence.optimum": optimum,
    "decision.conditions": conditions,
    "decision.cost": cost,
    "decision.gain": gain_words,
    "decision.oversampling": oversampling,
    "decision.question": question,
    "decision.ranking": ranking_words,
    "decision.use": use,
    "groups.refused": groups_words,
    "limits.limitations": limitations,
    "published.agreement": agreement,
    "overview.features": features,
    "overview.gaps": gaps,
    "overview.made": made,
    "overview.meaning": meaning,
    "overview.outside": outside,
    "overview.oversampling": drew,
    "overview.solver": solver,
    "overview.source": source,
    "overview.split": split,
    "ranking.areas": areas,
    "probabilities.correction": correction,
    "calibration.held": held,
    "probabilities.probabilities": probabilities,
    "ranking.ranking": ranking_words,
    "repeats.grouped": grouped,
    "repeats.novelty": novelty,
    "resplits.drawn": drawn_splits,
    "resplits.fitted": recipe_words,
    "resplits.left_out": left_out,
    "resplits.other_splits": other_splits,
    "segments.bearing": bearing,
    "thresholds.costs": costs,
    "thresholds.matched": matched,
    "verdict.found": found,
    "verdict.headline": headline,
    "verdict.refused": refused,
    "verdict.verdict": verdict,
}


def well_formed(said):
    """Hold what any text must be: shares, plurals, signs, words."""
    assert not re.search(r"(?<![\w\u201c])-\d", said), said
    assert not re.search(r"\b(nan|NaN|None(?! is| of)|inf)\b|  |\.\.| ,", said), said
    for value in re.findall(r"([\d.,]+) %", said):
        assert float(value.replace(",", "")) <= 100, said
    assert not re.search(
        r"(?<![\d.,])1 (loans|rows|splits|combinations|seeds|findings|columns)\b", said
    )
    assert not re.search(r"\d\.?\d*e[+\u2212-]?\d|\b[Yy]ear\W+(from )?[12],", said), said
    assert not re.search(r"[+\u2212]0\.0+(?!\d)", said), said
    assert not re.search(r"(?<![\d.,])(the 1 |0 \S+ ones\b)", said), said
    assert not re.search(r"(differs?|difference) (of|by) 0\.0*(?!\d)", said), said


def whole(made):
    """Hold that what is said is made of sentences."""
    for text in [made] if isinstance(made, str) else made:
        assert not text or (text.endswith(".") and not text.strip()[0].islower())


@pytest.mark.parametrize("name", [*shapes.SHAPES, *declared_shapes.SHAPES])
def test_every_sentence_is_true(name):
    results = odd_results.named(name)
    for key in SENTENCES.keys() - NOT_SENTENCES:
        made = SENTENCES[key](results)
        said = plain(made if isinstance(made, str) else " ".join(made))
        well_formed(said)
        try:
            if key not in PARTS:
                whole(made)
            CHECKS[key](results, said)
        except AssertionError as error:
            raise AssertionError(f"{key} on {name}: {said!r}") from error


@pytest.mark.parametrize("name", [*shapes.SHAPES, *declared_shapes.SHAPES])
def test_findings_and_the_first_screen(name):
    results = odd_results.named(name)
    for each in results.findings:
        for text in (each.title, each.figure, each.statement, each.action):
            well_formed(text)
        assert len(f"{each.severity} {each.title} {each.figure}".split()) + 2 <= LINE
        assert each.statement.endswith(".")
        assert each.action.endswith(".")
    box = plain(SENTENCES["decision.box"](results))
    words = re.sub(r"\{[^}]*\}|[:#\-*]", " ", f"{box} {links.listed(results)}").split()
    assert len(words) <= FIRST_SCREEN - 15
    ids = {each.id for each in results.findings}
    assert ("neither-better" in ids) == (shown_better(results) is None)
    for model, area in results.evidence.areas.areas.items():
        low = area.interval.low
        assert (f"guess-{model}" in ids) == (low is not None and low <= GUESS)
        grades = results.evidence.models[model].probabilities.grades
        if f"miscalibrated-in-places-{model}" in ids:
            assert grades["off"].any()
    sure, perhaps = loud(results)
    assert bool(sure) <= ("knows-the-label" in ids) <= bool(perhaps)
    if "one-column-rule" in ids:
        best = max(each.balanced_accuracy for each in confusions(results).values())
        rule = results.evidence.baselines.best_rule.outcome.confusion
        assert rule.balanced_accuracy >= best - MATERIAL
    if "no-model-needed" in ids:
        assert results.evidence.decision.chosen in ("refuse_all", "refuse_none")
    of_features(results, {each.id: each for each in results.findings})


def of_features(results, findings):
    """Hold the findings on label, levels, gaps and groups against the portfolio's own rows."""
    counts = results.data.label_counts
    high_risk = counts[1] / results.data.rows
    bounds = binomtest(counts[1], results.data.rows).proportion_ci(method="wilson")
    assert ("mostly-high-risk" in findings) == (bounds.low > 0.5)
    columns = results.evidence.columns
    few = columns.levels.query(f"loans < {FEW}")
    assert ("few-in-levels" in findings) == bool(len(few))
    assert ("much-missing" in findings) == (columns.gaps["share"] >= 0.2).any()
    apart = columns.gaps["high_risk"] - columns.gaps["others_high_risk"]
    material = apart.abs() >= min(high_risk, 1 - high_risk) / 4
    if "gaps-tell" in findings:
        assert material.any()
        first, second = numbers(findings["gaps-tell"].figure)
        assert abs(first - second) == pytest.approx(100 * apart[material].abs().max(), abs=0.11)
    elif material.any():
        assert (columns.gaps["joint_low"] * columns.gaps["joint_high"])[material].max() <= 0
    if "commoner-label" in findings:
        counts = confusions(results).values()
        best = max((each.tn + each.tp) / each.rows for each in counts)
        right = max(results.split.test_counts.values()) / results.split.test_rows
        stated = numbers(findings["commoner-label"].statement)
        if stated[1] > stated[0]:
            assert "not shown to be more" in findings["commoner-label"].statement
        assert ("which is less" in findings["commoner-label"].statement) <= (best < right)
    for model, area in results.evidence.areas.areas.items():
        finding = findings.get(f"miscalibrated-{model}")
        if finding and area.interval.low is not None:
            assert ("neither to rank" in finding.action) == (area.interval.low <= GUESS)
    if "known-after" in findings:
        said = findings["known-after"].statement
        sided = {each.loans for each in columns.one_sided} & set(numbers(said))
        assert ("has the same value" in said) == bool(sided)
        assert sided or "recorded after the outcome" in said
    groups = results.evidence.groups
    for place, (name, rows) in enumerate(groups.groupby("column", sort=False), start=1):
        fires = (rows["joint_high"] < FOUR_FIFTHS).any()
        assert (f"four-fifths-{place}" in findings) == fires, name
        assert (f"unequal-calibration-{place}" in findings) == bool(unlike_others(rows)), name


def unlike_others(rows):
    """Return the observed / expected of groups, and of the others, that are shown to be unlike."""
    found = {}
    rows = rows[rows["choice"] == rows["model"]]
    for model, of_model in rows.groupby("model"):
        for at, row in of_model[~of_model["small"]].iterrows():
            rest = of_model.drop(index=at)
            if not rest["high_risk"].sum():
                continue
            pair = [each["high_risk"] / each["expected"] for each in (row, rest.sum())]
            chance = row["calibration_joint_low"] <= 1 <= row["calibration_joint_high"]
            if not chance and not 0.9 / 1.1 <= pair[0] / pair[1] <= 1.1 / 0.9:
                found[model, row["group"]] = pair
    return found


def calibration_words(results, said):
    """Hold the figures of a group and the others against counts, and what is claimed of them."""
    parts = re.findall(
        r"Where [^.]*?expects.*?beyond chance\.|Neither model is.*?all other loans\.", said
    )
    by_column = results.evidence.groups.groupby("column", sort=False)
    assert len(parts) == by_column.ngroups
    for (_, rows), part in zip(by_column, parts, strict=True):
        unlike = unlike_others(rows)
        assert part.startswith("Neither") == (not unlike)
        if unlike:
            stated = [
                float(each)
                for each in re.findall(r"expected ([\d.]+)\)|\(([\d.]+)\)", part)
                for each in each
                if each
            ]
            assert any(stated == pytest.approx(pair, abs=6e-3) for pair in unlike.values())
            assert f", {len(unlike)} show" in part


def test_every_sentence_has_a_check():
    assert SENTENCES.keys() - NOT_SENTENCES == CHECKS.keys()


def test_there_are_many_shapes():
    assert len(shapes.SHAPES) >= 30


def test_findings_are_sorted_and_their_ids_are_their_own():
    for name in ("usual", "twenty loans"):
        made = odd_results.named(name).findings
        assert [each.severity for each in made] == sorted(
            (each.severity for each in made), key=find.SEVERITIES.index
        )
        assert len({each.id for each in made}) == len(made)
        assert all(isinstance(each, Finding) for each in made)
