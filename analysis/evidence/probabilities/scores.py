"""How well log-odds rank the loans, and how well their probabilities hold."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from analysis.base.entries import FromZero, Share
from analysis.models.metrics import Counts, row_log_loss
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Labels, Values

MOST_HALVINGS = 5_000
ROUNDING = 1e-9  # of a log loss


@dataclass(frozen=True)
class Calibration:
    """Agreement of predicted probabilities with what was observed.

    Attributes
    ----------
    intercept : float or None
        Log-odds to add to every prediction so that their mean meets the observed share; best 0,
        below 0 where risk is overstated. None with one label only.
    slope : float or None
        Factor by which the log-odds should be stretched; best 1, below 1 where predictions are
        too extreme. None where the scores separate the labels or are all equal, or
        where one is so far from all others that these are alike beside it.
    observed_expected : float or None
        Observed share of high-risk loans by the mean predicted probability; best 1. None where
        that mean is 0.
    """

    intercept: float | None
    slope: float | None
    observed_expected: FromZero | None


@dataclass(frozen=True)
class Scores:
    """What one model's log-odds are worth on the test rows.

    Attributes
    ----------
    roc_auc : float or None
        Probability that a high-risk loan ranks above a healthy one, 0 to 1, best 1, 0.5 for a
        guess. It and the next three are None with one label only.
    gini : float or None
        2 * roc_auc - 1.
    average_precision : float or None
        Mean precision over the recall steps, 0 to 1, best 1, the prevalence for a guess.
    ks : float or None
        Kolmogorov-Smirnov distance between the scores of both labels, 0 to 1, best 1.
    brier : float
        Mean squared error of the probabilities, 0 to 1, best 0.
    log_loss : float
        Mean negative log-likelihood in nats, from 0, best 0.
    mean_predicted, observed : float
        Mean predicted probability and share of high-risk loans, 0 to 1.
    calibration : Calibration
        Agreement of the two, overall and along the scale.
    """

    roc_auc: Share | None
    gini: float | None
    average_precision: Share | None
    ks: Share | None
    brier: Share
    log_loss: FromZero
    mean_predicted: Share
    observed: Share
    calibration: Calibration


def score(labels: Labels, log_odds: Values, weights: Values | Counts) -> Scores:
    """Measure the ranking and the probabilities of one model.

    Parameters
    ----------
    labels : array of shape (rows,)
        0 or 1.
    log_odds : array of shape (rows,)
        The model's linear scores.
    weights : array of shape (rows,)
        How often each row counts, above 0.

    Notes
    -----
    ROC AUC: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747. Brier score: Brier
    1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """
    from scipy.special import expit
    from sklearn.metrics import average_precision_score, roc_auc_score

    labels, log_odds = np.asarray(labels), np.asarray(log_odds, dtype=np.float64)
    weights = np.asarray(weights, dtype=np.float64)
    predicted = expit(log_odds)
    both = len(np.unique(labels)) > 1
    ranked = labels, log_odds
    area = float(roc_auc_score(*ranked, sample_weight=weights)) if both else None
    precision = float(average_precision_score(*ranked, sample_weight=weights)) if both else None
    return Scores(
        roc_auc=area,
        gini=None if area is None else 2 * area - 1,
        average_precision=precision,
        ks=_distance(*ranked, weights) if both else None,
        brier=float(np.average((predicted - labels) ** 2, weights=weights)),
        log_loss=float(np.average(row_log_loss(labels, log_odds), weights=weights)),
        mean_predicted=float(np.average(predicted, weights=weights)),
        observed=float(np.average(labels, weights=weights)),
        calibration=calibrate(labels, log_odds, weights),
    )


def calibrate(labels: Labels, log_odds: Values, weights: Values) -> Calibration:
    """Recalibrate by logistic regression on the log-odds, without a penalty.

    The intercept is the one at slope 1 (calibration in the large).

    Notes
    -----
    Cox 1958, doi:10.1093/biomet/45.3-4.562; Van Calster et al. 2019,
    doi:10.1186/s12916-019-1466-7.
    """
    from scipy.special import expit

    observed = float(np.average(labels, weights=weights))
    expected = float(np.average(expit(log_odds), weights=weights))
    both = 0 < observed < 1
    return Calibration(
        intercept=intercept_at(observed, log_odds, weights) if both else None,
        slope=_slope(labels, log_odds, weights) if both else None,
        observed_expected=observed / expected if expected > 0 else None,
    )


def _distance(labels: Labels, log_odds: Values, weights: Values) -> float:
    from sklearn.metrics import roc_curve

    false_rate, true_rate, _ = roc_curve(labels, log_odds, sample_weight=weights)
    return float(np.abs(true_rate - false_rate).max())


def intercept_at(observed: float, log_odds: Values, weights: Values) -> float:
    """Return the shift of all log-odds at which the mean prediction meets the observed share."""
    from scipy.optimize import brentq
    from scipy.special import expit, logit

    def excess(shift: float) -> float:
        return float(np.average(expit(log_odds + shift), weights=weights) - observed)

    # At these shifts every single prediction lies below, or above, the observed share.
    low, high = logit(observed) - log_odds.max() - 1, logit(observed) - log_odds.min() + 1
    # Each step halves the way at least every other time: enough for any two floating-point numbers.
    return float(brentq(excess, low, high, xtol=1e-12, maxiter=MOST_HALVINGS))


def _slope(labels: Labels, log_odds: Values, weights: Values) -> float | None:
    """Fit the slope; None where the likelihood has no maximum, or no single one."""
    from scipy.linalg import LinAlgWarning
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    risky, healthy = log_odds[labels == HIGH_RISK], log_odds[labels != HIGH_RISK]
    if risky.min() >= healthy.max() or risky.max() <= healthy.min():
        return None
    # At one scale, so that scores in the thousands fit as well as scores near zero.
    scale = float(log_odds.std())
    design = ((log_odds - log_odds.mean()) / scale)[:, np.newaxis]
    estimator = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10, max_iter=200)
    with warnings.catch_warnings():
        for category in (ConvergenceWarning, LinAlgWarning):
            warnings.simplefilter("error", category)
        try:
            estimator.fit(design, labels, sample_weight=weights)
        except (ConvergenceWarning, LinAlgWarning):
            return None
    slope = float(estimator.coef_[0, 0] / scale)
    # Beside a score that is far from all others the library takes the rest for alike, and stops.
    shift = intercept_at(float(np.average(labels, weights=weights)), log_odds, weights)
    found, at_one = (
        float(weights @ row_log_loss(labels, each))
        for each in (estimator.decision_function(design), log_odds + shift)
    )
    return slope if found <= at_one * (1 + ROUNDING) else None


def standardised(log_odds: Values, information: Values) -> tuple[Values, float]:
    """Return scores at mean 0 and deviation 1 over what the loans tell, and their deviation.

    So scores in the thousands do as well as scores near zero, and one that is far from all others,
    which tells nothing, does not make the rest look alike.
    """
    total = float(information.sum())
    if not total:
        return log_odds, 1.0
    centred = log_odds - information @ log_odds / total
    scale = float(np.sqrt(information @ centred**2 / total)) or 1.0
    return centred / scale, scale


def variances(log_odds: Values) -> Values:
    """Return the variance of a label at given log-odds, 0 to 0.25."""
    from scipy.special import expit

    predicted = expit(log_odds)
    found: Values = predicted * (1 - predicted)
    return found
