"""The report's date, and what is no date."""

import os
import re

import pytest

from analysis.base import clock
from analysis.base.errors import InputError


def test_the_date_is_that_of_the_environment(monkeypatch):
    monkeypatch.setenv(clock.EPOCH, "951782400")
    assert clock.today() == "2000-02-29"
    monkeypatch.setenv(clock.EPOCH, str(clock.LATEST))
    assert clock.today() == "9999-12-31"


def test_without_one_or_with_an_empty_one_it_is_today(monkeypatch):
    monkeypatch.delenv(clock.EPOCH, raising=False)
    today = clock.today()
    assert re.fullmatch(r"2\d\d\d-\d\d-\d\d", today)
    monkeypatch.setenv(clock.EPOCH, "")
    assert clock.today() == today
    assert clock.EPOCH not in os.environ  # libraries read it, too


@pytest.mark.parametrize(
    "given",
    ["yesterday", "1760000000.5", "-1", " 1", "1e9", "\u00b2", "\u0661", "9" * 12, "9" * 30, "1_0"],
)
def test_what_is_no_point_in_time_is_refused_by_name(monkeypatch, given):
    monkeypatch.setenv(clock.EPOCH, given)
    with pytest.raises(InputError, match=r"SOURCE_DATE_EPOCH=(.|\n)*leave the variable out"):
        clock.check()
