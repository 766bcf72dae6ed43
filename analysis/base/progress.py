"""What a person sees while the program works: bars on a terminal, else a line for a long stage."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TypeVar

from analysis.base import streams

LONG = 1.0  # seconds after which a stage is worth a mention
MEGABYTE = 2**20
COUNTED = "{desc}: {percentage:3.0f} % {bar} {elapsed}, {remaining} to go"


class Detail(Enum):
    """How much is said: nothing, the stages that take long, or all of them with what they took."""

    QUIET = "quiet"
    USUAL = "usual"
    VERBOSE = "verbose"


Part = TypeVar("Part")

# Quiet by default: the functions of this package are called by documents and tests, too.
_detail: ContextVar[Detail] = ContextVar("detail", default=Detail.QUIET)


def options() -> argparse.ArgumentParser:
    """Return the options of how much is said, for a command to take over as a parent."""
    parser = argparse.ArgumentParser(add_help=False)
    said = parser.add_mutually_exclusive_group()
    for detail, text in (
        (Detail.QUIET, "say nothing but results and errors"),
        (Detail.VERBOSE, "say what each stage took, in time and memory"),
    ):
        said.add_argument(
            f"--{detail.value}", dest="detail", action="store_const", const=detail, help=text
        )
    said.set_defaults(detail=Detail.USUAL)
    return parser


@contextmanager
def shown(detail: Detail) -> Iterator[None]:
    """Show progress on standard error while this lasts."""
    token = _detail.set(detail)
    try:
        yield
    finally:
        _detail.reset(token)


@contextmanager
def stage(title: str, steps: int | None = None) -> Iterator[Callable[[int], object]]:
    """Work on one stage, and give a function to be called with how many steps were made.

    Parameters
    ----------
    title : str
        What is done, as in "Reading the loan file".
    steps : int, optional
        How many there are in all, where that is known.
    """
    detail, start = _detail.get(), time.perf_counter()
    if detail is not Detail.QUIET and sys.stderr.isatty():
        from tqdm import tqdm  # noqa: PLC0415 -- a terminal is the only place that needs it

        shape = COUNTED if steps else "{desc}: {elapsed}"
        with tqdm(desc=title, total=steps, delay=LONG, leave=False, bar_format=shape) as bar:
            yield bar.update
    else:
        yield lambda _: None
    _say(detail, title, time.perf_counter() - start)


def done(step: Callable[[int], object], part: Part) -> Part:
    """Count one step of a stage, and return what it gave."""
    step(1)
    return part


def _say(detail: Detail, title: str, seconds: float) -> None:
    if detail is Detail.VERBOSE:
        text = f"{title}: {seconds:.1f} s, at most {peak_bytes() / MEGABYTE:,.0f} MiB so far"
    elif detail is Detail.USUAL and seconds > LONG and not sys.stderr.isatty():
        text = f"{title}: {seconds:.1f} s"
    else:
        return
    streams.tell(text)


def note(text: str) -> None:
    """Say in one line what a person may want to know, unless nothing is to be said."""
    if _detail.get() is not Detail.QUIET:
        streams.tell(f"note: {text}")


def peak_bytes() -> int:
    """Return the most memory that this process has held so far; 0 where the system cannot tell."""
    try:
        import resource  # noqa: PLC0415 -- there is none on Windows
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
