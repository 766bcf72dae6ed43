"""The evidence drawn as Great Tables."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any, TypeGuard

import pandas as pd
from great_tables import GT

from analysis import display
from analysis.display import count, difference, share
from analysis.evidence.comparison import Bounds
from analysis.evidence.intervals import Interval
from analysis.metrics import Confusion
from analysis.models import ORIGINAL, OVERSAMPLED, SHORT_TITLES
from analysis.results import Results
from analysis.rules.common import rule_text
from analysis.schema import column
from analysis.statements.decisions import CHOICES, ratios
from analysis.tables import NAME, draw, facts

METRICS = {
    "balanced_accuracy": "Balanced accuracy",
    "recall": "Recall, high-risk",
    "precision": "Precision, high-risk",
    "f1": "F1-score, high-risk",
    "specificity": "Recall, healthy",
    "accuracy": "Accuracy",
}
SCORES = {
    "roc_auc": "ROC AUC",
    "gini": "Gini",
    "average_precision": "Average precision",
    "ks": "Kolmogorov-Smirnov",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "mean_predicted": "Mean predicted probability",
}
CALIBRATION = {
    "intercept": "Calibration intercept",
    "slope": "Calibration slope",
    "observed_expected": "Observed / expected",
}
BEST = {
    "roc_auc": 1.0,
    "gini": 1.0,
    "average_precision": 1.0,
    "ks": 1.0,
    "brier": 0.0,
    "log_loss": 0.0,
    "intercept": 0.0,
    "slope": 1.0,
    "observed_expected": 1.0,
}
# Found and missed are high-risk loans, refused are healthy ones: the report says so once.
COUNTS = {"tp": "Found", "fn": "Missed", "fp": "Refused"}
SHARES = {"recall": "Recall", "balanced_accuracy": "Balanced accuracy"}


# Beyond this, and below its inverse, an odds ratio says no more than that the labels separate.
LARGEST_ODDS = 1e6
MOST_ODDS_DECIMALS = 3


def intervals(results: Results) -> GT:
    """Draw every headline figure of both models with its 95 % interval, and the difference."""
    evidence = results.evidence
    rows = []
    for metric, title in METRICS.items():
        paired = evidence.comparison.differences[metric]
        rows.append(
            {
                NAME: title,
                ORIGINAL: _interval(evidence.models.original.intervals[metric]),
                OVERSAMPLED: _interval(evidence.models.oversampled.intervals[metric]),
                "rows": _difference(paired.difference, paired.by_rows),
                "features": _difference(paired.difference, paired.by_feature_rows),
            }
        )
    titles = SHORT_TITLES | {
        "rows": "Difference, by rows",
        "features": "Difference, by features",
    }
    return draw(pd.DataFrame(rows), "intervals", "On the test loans", titles)


def _interval(found: Interval) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return share(found.estimate, 3)
    return f"{share(found.estimate, 3)} ({share(found.low, 3)} to {share(found.high, 3)})"


def _difference(value: float | None, bounds: Bounds) -> str:
    if value is None or bounds.low is None or bounds.high is None:
        return display.DASH
    return f"{difference(value)} ({difference(bounds.low)} to {difference(bounds.high)})"


def repeats(results: Results) -> GT:
    """Draw the counts of repeated, contradicting and already seen loans."""
    data = results.evidence.data.repeats
    rows = {
        "Loans": count(data.rows),
        "Distinct rows": count(data.distinct_rows),
        "Rows that repeat another": count(data.repeated_rows),
        "Combinations of features with both labels": count(data.conflicting_feature_rows),
        "Loans with such a combination": count(data.conflicting_rows),
        "Test loans": count(data.test_rows),
        "Test loans whose features occur in training": count(data.test_rows_seen_in_training),
    }
    for split in data.grouped_splits:
        pair = f"{share(split.original, 3)} / {share(split.oversampled, 3)}"
        rows[f"Balanced accuracy, grouped split {split.seed}: original / oversampled"] = pair
    return facts(rows, "repeats", "What", "Figure", "right")


def refits(results: Results) -> GT:
    """Draw what each model does as reported and at its optimum, on raw and scaled columns."""
    evidence = results.evidence
    rows = []
    for name, model in evidence.converged.models.items():
        title = SHORT_TITLES[name]
        rows += [
            _outcome(f"{title}, as reported", evidence.models[name].confusion),
            _outcome(f"{title}, optimum on raw columns", model.raw.confusion),
            _outcome(f"{title}, standardised columns", model.standardised.confusion),
        ]
    return draw(pd.DataFrame(rows), "refits", "Model", COUNTS | SHARES)


def _outcome(title: str, counts: Confusion) -> dict[str, str]:
    return {
        NAME: title,
        "tp": count(counts.tp),
        "fn": count(counts.fn),
        "fp": count(counts.fp),
        "recall": share(counts.recall, 3),
        "balanced_accuracy": share(counts.balanced_accuracy, 4),
    }


def baselines(results: Results) -> GT:
    """Draw both baselines beside both models."""
    found = results.evidence.baselines
    rows = [
        _outcome("Majority class", found.majority.outcome.confusion)
        | _differing(found.majority.outcome.differing_decisions)
    ]
    if found.best_rule:
        rule, outcome = found.best_rule.rule, found.best_rule.outcome
        rows.append(
            _outcome(rule_text(rule.column, rule.direction, rule.threshold), outcome.confusion)
            | _differing(outcome.differing_decisions)
        )
    discordant = results.evidence.comparison.mcnemar
    # Of two decisions that differ exactly one is right.
    apart = discordant.only_first + discordant.only_second
    for name, model in results.models.items():
        differing = dict.fromkeys((ORIGINAL, OVERSAMPLED), apart) | {name: 0}
        rows.append(
            _outcome(f"{SHORT_TITLES[name]} model", model.confusion) | _differing(differing)
        )
    titles = COUNTS | {
        "balanced_accuracy": SHARES["balanced_accuracy"],
        ORIGINAL: "≠\u00a0original",
        OVERSAMPLED: "≠\u00a0oversampled",
    }
    frame = pd.DataFrame(rows).drop(columns="recall")
    return draw(frame, "baselines", "Decided by", titles)


def _differing(found: dict[str, int]) -> dict[str, str]:
    return {name: count(found[name]) for name in (ORIGINAL, OVERSAMPLED)}


def coefficients(results: Results) -> GT:
    """Draw both models' coefficients and odds ratios, unidentified ones marked."""
    models = results.evidence.models
    columns = models[ORIGINAL].coefficients
    intercepts = {name: each.fitted.intercept for name, each in results.models.items()}
    frame = pd.DataFrame(
        {
            NAME: [*(column(each.name).title for each in columns), "Intercept"],
            **{
                name: display.aligned(
                    [*(each.coefficient for each in model.coefficients), intercepts[name]]
                )
                for name, model in models.items()
            },
            **{
                f"{name} odds": [
                    *_odds([each.odds_ratio_per_sd for each in model.coefficients]),
                    display.DASH,
                ]
                for name, model in models.items()
            },
            "identified": [*("yes" if each.identified else "no" for each in columns), display.DASH],
        }
    )
    odds = {f"{name} odds": f"{SHORT_TITLES[name]}, odds" for name in models}
    titles = SHORT_TITLES | odds | {"identified": "Identified"}
    return draw(frame, "coefficients", "Column", titles)


def _odds(values: list[float | None]) -> list[str]:
    """Write odds ratios with three digits and no exponent; only the order of extreme ones.

    Their points align, unless small ones would give large ones digits that mean nothing.
    """
    decimals = display.decimals_of([value for value in values if _moderate(value)])
    return [_odds_ratio(value, decimals) for value in values]


def _moderate(value: float | None) -> TypeGuard[float]:
    return value is not None and 1 / LARGEST_ODDS <= value <= LARGEST_ODDS


def _odds_ratio(value: float | None, decimals: int) -> str:
    if _moderate(value):
        close = decimals <= MOST_ODDS_DECIMALS
        return f"{value:,.{decimals}f}" if close else f"{Decimal(f'{value:.3g}'):,f}"
    if value is None or value > LARGEST_ODDS:
        return f"over {count(LARGEST_ODDS)}"
    return f"below {Decimal(f'{1 / LARGEST_ODDS:g}'):f}"


def scores(results: Results) -> GT:
    """Draw ranking and calibration of both models, and of the corrected one."""
    evidence = results.evidence
    found = {
        ORIGINAL: evidence.models.original.scores,
        OVERSAMPLED: evidence.models.oversampled.scores,
        "corrected": evidence.recalibrated.after,
    }
    rows = [
        {
            NAME: title,
            **{name: share(getattr(each, key), 4) for name, each in found.items()},
            "best": share(BEST.get(key, evidence.models.original.scores.observed), 4),
        }
        for key, title in SCORES.items()
    ]
    rows += [
        {
            NAME: title,
            **{name: share(getattr(each.calibration, key), 4) for name, each in found.items()},
            "best": share(BEST[key], 4),
        }
        for key, title in CALIBRATION.items()
    ]
    titles = SHORT_TITLES | {"corrected": "Oversampled, corrected", "best": "Best"}
    return draw(pd.DataFrame(rows), "scores", "On the test loans", titles)


def thresholds(results: Results) -> GT:
    """Draw what the choices of a threshold do and cost."""
    found = results.evidence.thresholds
    choices = {
        f"{SHORT_TITLES[name]}, one half": each.at_half for name, each in found.models.items()
    }
    if found.matched:
        choices["Original, matched recall"] = found.matched.choice
    for name, each in found.models.items():
        if each.cheapest:
            choices[f"{SHORT_TITLES[name]}, cheapest in training"] = each.cheapest
    written = display.aligned([choice.threshold for choice in choices.values()])
    rows = [
        {
            NAME: title,
            "threshold": threshold,
            **{key: count(getattr(choice.confusion, key)) for key in ("tp", "fn", "fp")},
            "cost": display.amount(choice.expected_cost * choice.confusion.rows),
        }
        for (title, choice), threshold in zip(choices.items(), written, strict=True)
    ]
    titles = {
        "threshold": "Threshold",
        "tp": COUNTS["tp"],
        "fn": COUNTS["fn"],
        "fp": COUNTS["fp"],
        "cost": "Cost",
    }
    return draw(pd.DataFrame(rows), "thresholds", "Choice", titles)


def cost_ranges(results: Results) -> GT:
    """Draw the range of cost ratios in which each choice is the cheapest."""
    rows = {}
    for each in results.evidence.thresholds.ranges:
        span = ratios(each) if each.wins else "never"
        title = CHOICES[each.choice].removeprefix("the ")
        rows[display.capital(title)] = span
    return facts(rows, "cost-ranges", "Choice", "Cheapest at cost ratios", "right")


def resplits(results: Results) -> GT:
    """Draw the spread of each headline figure over other splits."""
    summary = results.evidence.resplits.summary
    rows = []
    for metric, title in METRICS.items():
        for name in (ORIGINAL, OVERSAMPLED):
            found = summary[(summary["metric"] == metric) & (summary["model"] == name)]
            rows += [_spread(f"{title}, {name}", row) for row in found.to_dict(orient="records")]
    titles = {
        "mean": "Mean",
        "sd": "Std. deviation",
        "range": "Lowest to highest",
        "middle": "Middle 95 %",
        "wins": "Better in",
    }
    return draw(pd.DataFrame(rows, columns=[NAME, *titles]), "resplits", "Figure", titles)


def _spread(title: str, row: dict[Hashable, Any]) -> dict[str, str]:
    return {
        NAME: title,
        "mean": share(row["mean"], 4),
        "sd": display.DASH if pd.isna(row["sd"]) else share(row["sd"], 4),
        "range": f"{share(row['minimum'], 3)} to {share(row['maximum'], 3)}",
        "middle": f"{share(row['lower'], 3)} to {share(row['upper'], 3)}",
        "wins": count(row["wins"]),
    }
