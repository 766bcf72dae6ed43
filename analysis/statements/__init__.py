"""The sentences of the evidence sections: each opens its section and follows from the results."""

from analysis.statements.confidence import (
    certainty,
    discordant,
    drawn,
    grouped,
    left_out,
    novelty,
    other_splits,
    p_value,
    sureness,
    wider,
)
from analysis.statements.decisions import (
    CHOICES,
    correction,
    costs,
    matched,
    probabilities,
    ranking,
    ratios,
)
from analysis.statements.fits import determined, gain, moved, one_column, optimum
from analysis.statements.limits import limitations

__all__ = [
    "CHOICES",
    "certainty",
    "correction",
    "costs",
    "determined",
    "discordant",
    "drawn",
    "gain",
    "grouped",
    "left_out",
    "limitations",
    "matched",
    "moved",
    "novelty",
    "one_column",
    "optimum",
    "other_splits",
    "p_value",
    "probabilities",
    "ranking",
    "ratios",
    "sureness",
    "wider",
]
