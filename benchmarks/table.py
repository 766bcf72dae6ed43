"""What was measured, as tables of Markdown that can be quoted."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from statistics import median

from benchmarks import figures
from benchmarks.figures import Runs
from benchmarks.targets import Group, Taken, Target

MEBIBYTE, GIBIBYTE = 2**20, 2**30
QUANTITIES = ("wall", "cpu", "memory")


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, its columns as wide as their widest cell."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = [
        "| "
        + " | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def measured(group: Group, taken: Taken) -> str:
    """Return the medians of each command and of each pair's ratios."""
    middle = {case.name: figures.medians(taken[case.name]) for case in group.cases}
    commands = markdown(
        ["median of", "wall time (s)", "CPU time (s)", "peak memory (MiB)"],
        (
            [name, f"{each.wall:.2f}", f"{each.cpu:.2f}", f"{each.memory / MEBIBYTE:,.0f}"]
            for name, each in middle.items()
        ),
    )
    if not group.pairs:
        return commands
    pairs = markdown(
        ["ratio, median of the pairs (least to most)", "wall time", "CPU time", "peak memory"],
        (
            [f"{one.name} / {other.name}", *_ratios(taken[one.name], taken[other.name])]
            for one, other in group.pairs
        ),
    )
    return f"{commands}\n\n{pairs}"


def _ratios(candidate: Runs, reference: Runs) -> list[str]:
    found = [figures.ratios(candidate, reference, attrgetter(name)) for name in QUANTITIES]
    return [f"{median(each):.2f} ({min(each):.2f} to {max(each):.2f})" for each in found]


def judged(targets: Iterable[Target], taken: Taken) -> list[list[str]]:
    """Return a row a target: what, target, measured, met."""
    found = [(target, *target.judge(taken)) for target in targets]
    return [[each.what, each.aim, text, "yes" if met else "no"] for each, text, met in found]


def unjudged(targets: Iterable[Target], reason: str, met: str) -> list[list[str]]:
    """Return the same rows where nothing could be measured."""
    return [[target.what, target.aim, reason, met] for target in targets]


def machine() -> str:
    """Describe the machine, what else it is doing, the system, Python, and the day."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIBIBYTE
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        f"{memory:.0f} GiB",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"load {os.getloadavg()[0]:.1f} at the start",
        datetime.now(UTC).date().isoformat(),
    ]
    return ", ".join(parts)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
