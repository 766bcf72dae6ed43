"""Portfolios loan by loan, as references for what is computed on distinct loans with counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from analysis.models import splitting
from analysis.portfolio import loans
from tests.support.columns import LABEL, feature_names


def table(of):
    """A row a loan, in order, whole numbers as 64-bit ones."""
    whole = {name: np.int64 for name, kind in of.rows.dtypes.items() if kind.kind == "i"}
    return of.rows.iloc[of.inverse].reset_index(drop=True).astype(whole)


def once(rows):
    """Return the counts of rows that stand for one loan each."""
    return np.ones(len(rows), np.int64)


@dataclass
class Plain:
    """Training and test rows as scikit-learn splits a table, a row a loan."""

    train: pd.DataFrame
    test: pd.DataFrame

    @property
    def train_features(self):
        return self.train[feature_names()]

    @property
    def train_labels(self):
        return self.train[LABEL]

    @property
    def test_features(self):
        return self.test[feature_names()]

    @property
    def test_labels(self):
        return self.test[LABEL]

    @property
    def parts(self):
        """The same as the program has it."""
        return splitting.parts_of(loans.from_table(self.train), loans.from_table(self.test))


def split(whole, random_state=1):
    return Plain(*train_test_split(whole, random_state=random_state))
