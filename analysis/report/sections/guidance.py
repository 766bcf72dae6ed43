"""Which section answers what four sets of guidance ask, and what this report cannot answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.base.settings import OPEN, Settings
from analysis.portfolio.declaration import Declaration
from analysis.report.sections import groups

NOT_ASSESSABLE = "Not assessable from this data"
NO_GROUPS = f"{NOT_ASSESSABLE}: no protected attribute is among the columns"


@dataclass(frozen=True)
class Requirement:
    """One thing that a board's guidance asks for.

    Attributes
    ----------
    source : str
        The guidance, short.
    item : str
        What it asks for, in our words.
    answer : str
        The heading that answers it, or why nothing does.
    groups : tuple of str
        What columns that no model was told of have to be for the section on them to answer.
    entries : tuple of str
        What the owner must have filled in under `model` of settings.yml for that to be an answer.
    """

    source: str
    item: str
    answer: str
    entries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The identifier of the heading that answers; nothing where no section does."""
        # Pandoc makes it so of a heading of letters, digits and spaces.
        unanswered = self.answer.startswith((NOT_ASSESSABLE, OPEN))
        return "" if unanswered else self.answer.lower().replace(" ", "-")


SUPERVISORS = "SR 26-2 / OCC 2026-13"
MODEL_CARDS = "Model Cards"
TRIPOD = "TRIPOD+AI"
REFORMS = "REFORMS"
MATRIX = (
    Requirement(SUPERVISORS, "Development: purpose, design, data, testing", "Overview"),
    Requirement(SUPERVISORS, "Development: soundness of the fit", "Where the optimiser stopped"),
    Requirement(SUPERVISORS, "Use: intended use, limits and assumptions", "Use and sign-off"),
    Requirement(
        SUPERVISORS, "Validation: outcomes and their uncertainty", "How sure the figures are"
    ),
    Requirement(SUPERVISORS, "Validation: comparison with alternatives", "Alternatives"),
    Requirement(SUPERVISORS, "Validation: sensitivity to choices made", "Other splits"),
    Requirement(SUPERVISORS, "Monitoring: plan and limits", "Monitoring plan"),
    Requirement(
        SUPERVISORS,
        "Governance: owner, reviewer, approval, changes",
        "Use and sign-off",
        ("owner", "reviewer"),
    ),
    Requirement(SUPERVISORS, "Governance: materiality", "Use and sign-off", ("materiality",)),
    Requirement(
        SUPERVISORS, "Governance: model inventory", f"{NOT_ASSESSABLE}: the owner keeps it"
    ),
    Requirement(SUPERVISORS, "Third-party software that the models rest on", "Reproducibility"),
    Requirement(MODEL_CARDS, "Model details and intended use", "Use and sign-off"),
    Requirement(
        MODEL_CARDS,
        "Factors: groups and conditions",
        NO_GROUPS,
        groups=("protected", "segment"),
    ),
    Requirement(MODEL_CARDS, "Metrics and decision thresholds", "Thresholds and costs"),
    Requirement(MODEL_CARDS, "Evaluation and training data", "Overview"),
    Requirement(MODEL_CARDS, "Quantitative analyses, over all loans", "Results"),
    Requirement(MODEL_CARDS, "Ethical considerations and caveats", "Limitations"),
    Requirement(
        TRIPOD,
        "Source of data, dates and setting",
        f"{NOT_ASSESSABLE}: the file does not say which loans it holds, and of when",
    ),
    Requirement(TRIPOD, "Outcome and predictors defined", "Data dictionary"),
    Requirement(TRIPOD, "Sample size", "How sure the figures are"),
    Requirement(TRIPOD, "Missing data", "Overview"),
    Requirement(TRIPOD, "Class imbalance and what was done about it", "Overview"),
    Requirement(TRIPOD, "Discrimination and calibration", "Probabilities and ranking"),
    Requirement(
        TRIPOD, "Full model: coefficients and intercept", "Columns that determine each other"
    ),
    Requirement(
        TRIPOD,
        "Fairness",
        NO_GROUPS,
        groups=("protected",),
    ),
    Requirement(TRIPOD, "External validation", f"{NOT_ASSESSABLE}: one portfolio, one file"),
    Requirement(REFORMS, "Computational reproducibility", "Reproducibility"),
    Requirement(REFORMS, "Data quality and duplicates", "Whether the test loans are new"),
    Requirement(
        REFORMS, "Leakage between training and test data", "Whether the test loans are new"
    ),
    Requirement(REFORMS, "Baselines", "What one column can do"),
    Requirement(REFORMS, "Uncertainty of the performance", "How sure the figures are"),
    Requirement(REFORMS, "Generalisability", "Limitations"),
)


def answered(settings: Settings, declaration: Declaration) -> tuple[Requirement, ...]:
    """Return the matrix: what the owner has left open is said so, groups answer where declared."""
    return tuple(_answered(each, settings, declaration) for each in MATRIX)


def _answered(found: Requirement, settings: Settings, declaration: Declaration) -> Requirement:
    if any(getattr(settings.model, entry) == OPEN for entry in found.entries):
        return replace(found, answer=OPEN)
    if any(each.use in found.groups for each in declaration.groups):
        return replace(found, answer=groups.HEADING)
    return found
