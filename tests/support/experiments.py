"""The experiments that the corpus of hand-written reports describes, run with the libraries alone.

Nothing of `analysis` fits or measures here, so that the audit is held against a second reckoning.
"""

import functools
import re
import warnings
from dataclasses import dataclass

import numpy as np
from imblearn.metrics import classification_report_imbalanced
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    classification_report,
    confusion_matrix,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.portfolio import simulate

RESAMPLERS = {
    "random_oversampling": RandomOverSampler,
    "random_undersampling": RandomUnderSampler,
    "smote": SMOTE,
}
# What a report of this kind does where its recipe says nothing else.
PLAIN = {
    "seed": 1,
    "test_share": 0.25,
    "stratified": False,
    "scaled": False,  # by the training loans, before they are resampled
    "scaled_after": False,  # by what each model is fitted on, as a pipeline without a resampler
    "solver": "lbfgs",
    "iterations": 100,
    "resampler": "random_oversampling",
    "scored_on": "test",  # or resampled_training, on which the second model was fitted
    "resampled_before_split": False,
}
# The counts of loans that reports state: whole file, training rows, training rows resampled.
COUNTED = {
    "loans": "all",
    "training_loans": "train",
    "resampled_training_loans": "resampled_train",
}
# Where a count stands in scikit-learn's confusion matrix, read row by row.
CELLS = {
    "true_negatives": [0],
    "false_positives": [1],
    "false_negatives": [2],
    "true_positives": [3],
    "errors": [1, 2],
}
WHOLE = {"accuracy": accuracy_score, "balanced_accuracy": balanced_accuracy_score}
REPORTED = {
    "precision": "precision",
    "recall": "recall",
    "f1_score": "f1-score",
    "support": "support",
}
IMBALANCED = {"specificity": "spe", "geometric_mean": "geo", "index_balanced_accuracy": "iba"}


@dataclass(frozen=True)
class Outcome:
    """What became of the loans that a model was scored on."""

    actual: np.ndarray
    predicted: np.ndarray

    @functools.cached_property
    def report(self):
        return classification_report(self.actual, self.predicted, output_dict=True)

    @functools.cached_property
    def imbalanced(self):
        return classification_report_imbalanced(self.actual, self.predicted, output_dict=True)

    @functools.cached_property
    def cells(self):
        return confusion_matrix(self.actual, self.predicted).ravel()

    def figure(self, measure, label):
        if measure in WHOLE:
            return WHOLE[measure](self.actual, self.predicted)
        if measure in CELLS:
            return self.cells[CELLS[measure]].sum()
        if measure == "predicted":
            return (self.predicted == label).sum()
        if measure in REPORTED:
            return self.report[str("weighted avg" if label is None else label)][REPORTED[measure]]
        name = IMBALANCED[measure]
        row = label != "weighted avg"
        return self.imbalanced[str(label)][name] if row else self.imbalanced[f"avg_{name}"]


@dataclass(frozen=True)
class Experiment:
    """The outcomes of the `original` and the `resampled` model, and counts of loans by label."""

    outcomes: dict
    counts: dict


@functools.cache
def portfolio(rows, seed):
    """Return features and labels of a simulated portfolio."""
    table = simulate.portfolio(rows, seed)
    return table.drop(columns="loan_status"), table["loan_status"].to_numpy()


def run(rows, seed, recipe):
    """Return the Experiment on a simulated portfolio, by what its recipe changes in `PLAIN`."""
    return _run(rows, seed, tuple(sorted((PLAIN | recipe).items())))


@functools.cache
def _run(rows, data_seed, recipe):
    how = dict(recipe)
    X, y = portfolio(rows, data_seed)
    if how["resampled_before_split"]:
        X, y = _resampled(how, X, y)
    X_train, X_test, y_train, y_test = train_test_split(
        X,
        y,
        random_state=how["seed"],
        test_size=how["test_share"],
        stratify=y if how["stratified"] else None,
    )
    if how["scaled"]:
        scaler = StandardScaler().set_output(transform="pandas").fit(X_train)
        X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
    weighted = how["resampler"] == "class_weights"
    X_more, y_more = (X_train, y_train) if weighted else _resampled(how, X_train, y_train)
    scored = (X_test, y_test) if how["scored_on"] == "test" else (X_more, y_more)
    original = _fitted(how, X_train, y_train)
    resampled = _fitted(how, X_more, y_more, "balanced" if weighted else None)
    return Experiment(
        outcomes={
            "original": Outcome(y_test, original.predict(X_test)),
            "resampled": Outcome(scored[1], resampled.predict(scored[0])),
        },
        counts={
            "all": np.bincount(portfolio(rows, data_seed)[1]),
            "train": np.bincount(y_train),
            "resampled_train": np.bincount(y_more),
        },
    )


def _resampled(how, X, y):
    return RESAMPLERS[how["resampler"]](random_state=how["seed"]).fit_resample(X, y)


def _fitted(how, X, y, class_weight=None):
    model = LogisticRegression(
        random_state=how["seed"],
        solver=how["solver"],
        max_iter=how["iterations"],
        class_weight=class_weight,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        scaled = make_pipeline(StandardScaler(), model)
        return (scaled if how["scaled_after"] else model).fit(X, y)


def figure(experiment, measure, label, model):
    """Return what a measure is, after one of `run`'s experiments.

    `label` is 0, 1, "macro avg", "weighted avg" or, for the whole, None.
    """
    if measure in COUNTED:
        counts = experiment.counts[COUNTED[measure]]
        return counts.sum() if label is None else counts[label]
    return experiment.outcomes[model].figure(measure, label)


def shown(text):
    """Return the number that a text shows, as a share where it is in per cent, and its unit."""
    number = re.sub(r"[,\s%]|percent|per cent", "", text)
    decimals = len(number.partition(".")[2])
    scale = 100 if "%" in text or "cent" in text else 1
    return float(number) / scale, 10.0**-decimals / scale


def agrees(text, value):
    """Whether a text shows a value, rounded to the decimals that it has."""
    number, unit = shown(text)
    return abs(number - value) <= unit / 2 * (1 + 1e-9)
