"""The model behind the figure of how cost grows."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import scale


@pytest.mark.parametrize(("fixed", "each"), [(3.0, 2e-5), (0.0, 1e-6), (5.0, 0.0)])
def test_the_model_gives_what_follows_it(fixed, each):
    loans = np.array([1e4, 1e5, 1e6, 1e7])
    found = scale.model(loans, fixed + each * loans)
    assert found == pytest.approx((fixed, each), rel=1e-6, abs=1e-12)


def test_the_figure_is_that_of_the_measurements():
    measured = pd.read_csv(scale.MEASURED)
    assert set(measured["command"]) == set(scale.SERIES)
    assert scale.DRAWN.read_text(encoding="utf-8") == scale.draw(measured)
