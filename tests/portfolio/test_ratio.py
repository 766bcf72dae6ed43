"""A column as the quotient of two others, to what its decimals allow."""

import numpy as np
import pandas as pd
import pytest

from analysis.portfolio.ratio import Ratio

RATIO = Ratio("share", "part", "whole")


@pytest.fixture
def frame():
    generator = np.random.default_rng(0)
    whole = generator.integers(30_001, 90_000, 500).astype(float)
    part = np.round(whole * generator.uniform(0.01, 2, 500))
    return pd.DataFrame({"share": part / whole, "part": part, "whole": whole})


def wrong(frame):
    return np.flatnonzero(~RATIO.agrees(frame)).tolist()


def test_full_values_agree_to_a_millionth(frame):
    frame.loc[[3, 4], "share"] += [2e-6, 5e-7]
    assert wrong(frame) == [3]
    assert RATIO.tolerance(frame) == 1e-6
    assert RATIO.rounded_to(frame) is None


@pytest.mark.parametrize("decimals", [2, 3, 4, 5])
def test_rounded_values_agree_to_half_a_unit(frame, decimals):
    frame["share"] = frame["share"].round(decimals)
    assert wrong(frame) == []
    assert RATIO.rounded_to(frame) == decimals
    assert RATIO.tolerance(frame) == pytest.approx(0.5 * 10**-decimals, rel=1e-5)
    frame.loc[3, "share"] = round(frame["share"][3] + 10**-decimals, decimals)
    assert wrong(frame) == [3]
    assert not RATIO.in_per_cent(frame)


def test_a_value_with_more_decimals_than_its_column_was_not_rounded(frame):
    frame["share"] = frame["share"].round(2)
    frame.loc[3, "share"] += 1e-4
    assert wrong(frame) == [3]


def test_few_short_values_do_not_make_a_rounded_column(frame):
    frame.loc[:9, "share"] = frame["share"][:10].round(2)
    assert RATIO.tolerance(frame) == 1e-6
    assert (
        wrong(frame)
        == np.flatnonzero((frame["share"] - frame["part"] / frame["whole"]).abs() > 1e-6).tolist()
    )


@pytest.mark.parametrize("decimals", [0, 1])
def test_fewer_than_two_decimals_are_too_few(frame, decimals):
    frame["share"] = frame["share"].round(decimals)
    assert len(wrong(frame)) > 200


@pytest.mark.parametrize("decimals", [0, 1, 2, 12])
def test_per_cent_is_recognised(frame, decimals):
    assert not RATIO.in_per_cent(frame)
    frame["share"] = (100 * frame["share"]).round(decimals)
    assert RATIO.in_per_cent(frame)
    frame.loc[:9, "share"] = 3.0
    assert RATIO.in_per_cent(frame)
    frame.loc[:99, "share"] = 3.0
    assert not RATIO.in_per_cent(frame)


def test_rows_that_cannot_be_judged_agree(frame):
    frame.loc[0, "share"] = np.nan
    frame.loc[1, "part"] = np.nan
    frame.loc[2, "whole"] = 0
    frame.loc[3, "whole"] = -1
    assert wrong(frame) == []


def test_zeros_are_no_per_cent():
    frame = pd.DataFrame({"share": [0.0, 0.0, 7.0], "part": [0.0, 0, 0], "whole": [1.0, 2, 3]})
    assert not RATIO.in_per_cent(frame)
    assert wrong(frame) == [2]
