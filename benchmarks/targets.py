"""What is measured, and what it is to come to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from benchmarks import figures
from benchmarks.figures import Quantity, Runs

WALL, MEMORY = attrgetter("wall"), attrgetter("memory")
Taken = Mapping[str, Runs]


@dataclass(frozen=True)
class Case:
    """A command to measure.

    Attributes
    ----------
    data : Path or None
        The loan file, in the environment for those that read it there.
    prepare : callable
        Called before each run.
    writes : tuple of Path
        Files that are there after each run.
    cores : int or None
        How many cores it may use; None for all.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    data: Path | None = None
    prepare: Callable[[], object] = lambda: None
    writes: tuple[Path, ...] = ()
    cores: int | None = None


@dataclass(frozen=True)
class Target:
    """A line of the table: what is aimed at, and how to tell from the runs of each case."""

    what: str
    aim: str
    judge: Callable[[Taken], tuple[str, bool]]


@dataclass(frozen=True)
class Group:
    """Commands that take turns, in this order, and the pairs of them that are compared.

    Attributes
    ----------
    turns : int
        How many runs of each command make a round; more for short ones.
    once : bool
        Whether one run is all, without a warm-up.
    skipped : str
        Why nothing can be measured here; empty where it can.
    """

    cases: tuple[Case, ...]
    pairs: tuple[tuple[Case, Case], ...]
    targets: tuple[Target, ...]
    turns: int = 1
    once: bool = False
    skipped: str = ""


def at_most(what: str, limit: float, value: Callable[[Taken], float], unit: str = "") -> Target:
    """Make a target that is met where a figure does not exceed `limit`."""

    def judge(taken: Taken) -> tuple[str, bool]:
        found = value(taken)
        text = f"{found:.2f}{unit}" if math.isfinite(found) else "nothing grew"
        return ("grew from nothing" if found == math.inf else text), found <= limit

    return Target(what, f"{limit:g}{unit}", judge)


def ratio(what: str, limit: float, pair: tuple[Case, Case], quantity: Quantity = WALL) -> Target:
    """Make a target for the ratio of a pair: the candidate's share of the reference."""
    candidate, reference = (each.name for each in pair)
    return at_most(
        what, limit, lambda taken: figures.ratio(taken[candidate], taken[reference], quantity)
    )
