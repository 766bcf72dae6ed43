"""The design's columns: numbers and categories side by side."""

import numpy as np
import pandas as pd

from analysis.models import design
from analysis.portfolio import loans
from analysis.portfolio.declaration import Column, Constraints

REQUIRED = Constraints(required=True)
HOME = Column("home", "string", constraints=Constraints(required=True, enum=("own", "rent")))


def test_whole_numbers_that_are_never_missing_stand_beside_categories():
    table = pd.DataFrame(
        {"years": [1, 2, 3, 4], "home": [0.0, 1.0, 0.0, 1.0], "loan_status": [0, 1, 0, 1]}
    )
    declared = (Column("years", "integer", constraints=REQUIRED), HOME)
    train = loans.from_table(table, declared=declared)
    made = design.design(train)
    assert made.names == ["years", "home: rent"]
    applied = made.apply(train)
    found = applied.features.to_numpy()[applied.inverse]
    assert np.array_equal(found, [[1, 0], [2, 1], [3, 0], [4, 1]])
