"""What oversampling did to the probabilities, undone in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.base.entries import Share
from analysis.evidence.probabilities.scores import Scores, score
from analysis.models.fitted import AppliedModel, decide
from analysis.models.metrics import Confusion, confusion
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Loans


@dataclass(frozen=True)
class Recalibrated:
    """A model before and after the correction for the prevalence it was trained on.

    Attributes
    ----------
    shift : float
        Log-odds added to every score; the ranking stays as it is.
    training_prevalence, trained_prevalence : float
        Share of high-risk loans among the training rows, and among the rows fitted on.
    before, after : Scores
        Ranking and probabilities on the test rows.
    confusion_before, confusion_after : Confusion
        Decisions at a probability of one half.
    """

    shift: float
    training_prevalence: Share
    trained_prevalence: Share
    before: Scores
    after: Scores
    confusion_before: Confusion
    confusion_after: Confusion


def prior_shift(training_prevalence: float, trained_prevalence: float) -> float:
    """Return what takes log-odds from the prevalence that a model was trained on to that at hand.

    Parameters
    ----------
    training_prevalence, trained_prevalence : float
        Share of high-risk loans, above 0 and below 1, among the training rows and among the
        rows that the model was fitted on (one half after oversampling).

    Raises
    ------
    ValueError
        When a prevalence is not between 0 and 1.

    Notes
    -----
    King and Zeng 2001, doi:10.1093/oxfordjournals.pan.a004868; Saerens et al. 2002,
    doi:10.1162/089976602753284446.
    """
    from scipy.special import logit

    for prevalence in (training_prevalence, trained_prevalence):
        if not 0 < prevalence < 1:
            raise ValueError(f"a prevalence of {prevalence} is not between 0 and 1")
    return float(logit(training_prevalence) - logit(trained_prevalence))


def recalibrate(
    model: AppliedModel, before: Scores, test: Loans, training_counts: Mapping[int, int]
) -> Recalibrated:
    """Correct a model's probabilities for its training prevalence and measure both states.

    Parameters
    ----------
    model : AppliedModel
        What it gives the test rows.
    before : Scores
        What its scores are worth there.
    training_counts : mapping of label to int
        Rows of each label in the training set; both occur there, and in what the model was
        fitted on.
    """
    training, trained = _prevalence(training_counts), _prevalence(model.fitted.training_counts)
    shift = prior_shift(training, trained)
    corrected = model.log_odds + shift
    return Recalibrated(
        shift=shift,
        training_prevalence=training,
        trained_prevalence=trained,
        before=before,
        after=score(test.labels, corrected, test.weights),
        confusion_before=model.confusion,
        confusion_after=confusion(test.labels, decide(corrected), test.counts),
    )


def _prevalence(counts: Mapping[int, int]) -> float:
    return counts[HIGH_RISK] / sum(counts.values())
