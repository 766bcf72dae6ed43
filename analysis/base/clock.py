"""The report's date: the one that SOURCE_DATE_EPOCH sets, or today."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from analysis.base.errors import InputError

EPOCH = "SOURCE_DATE_EPOCH"
LATEST = 253_402_300_799  # the last second of the year 9999


def check() -> None:
    """Refuse a SOURCE_DATE_EPOCH that is no point in time; an empty one is none.

    Libraries read it, too, and each has its own way to fail.

    Raises
    ------
    InputError
        When it is not a whole number of seconds since 1970.
    """
    given = os.environ.get(EPOCH)
    if given == "":
        del os.environ[EPOCH]
    elif given is not None and not (re.fullmatch(r"[0-9]{1,12}", given) and int(given) <= LATEST):
        raise InputError.of_file(
            f"{EPOCH}={given}",
            "this is no point in time",
            "a whole number of seconds since 1970-01-01, as in SOURCE_DATE_EPOCH=1760000000",
            "write one, or leave the variable out to use today's date",
        )


def today() -> str:
    """Return the report's day in UTC, YYYY-MM-DD.

    Raises
    ------
    InputError
        As `check` does.
    """
    check()
    given = os.environ.get(EPOCH)
    moment = datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)
    return moment.date().isoformat()
