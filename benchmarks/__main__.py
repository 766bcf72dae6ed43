"""Hold the report against a plain script and a bare notebook, in turn, and print the ratios.

Everything is made in a temporary folder (TMPDIR) with a copy of the project: up to 1.7 GB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.portfolio import file
from benchmarks import measure, table
from benchmarks.figures import Usage
from benchmarks.groups import GROUPS, NAMED_ONLY, printed
from benchmarks.place import ROWS, Place
from benchmarks.targets import Case, Group

ROUNDS = 5
FAILED, STOPPED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and return the exit code: 1 when a command failed."""
    options = _parser().parse_args(arguments)
    print(table.machine(), flush=True)
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as made:
        place = _place(options, Path(made))
        place.copy_project()
        for name in options.only or [each for each in GROUPS if each not in NAMED_ONLY]:
            rows += _measured(name, place, options.rounds)
    print(f"\n{table.markdown(['what', 'target', 'measured', 'met'], rows)}")
    return FAILED if any(row[2] == "failed" for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--rounds", type=_positive, default=ROUNDS, metavar="N", help=f"else {ROUNDS}"
    )
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), metavar="NAME", help=_names())
    parser.add_argument(
        "--data", metavar="FILE", help="else data/lending_data.csv, else a simulated portfolio"
    )
    parser.add_argument(
        "--keep", metavar="DIR", help="where the made loan files are kept, and used again"
    )
    parser.add_argument(
        "--rows",
        type=_positive,
        default=ROWS,
        metavar="N",
        help="rows of the simulated portfolio, to try it out with fewer",
    )
    return parser


def _names() -> str:
    return f"only some of: {', '.join(GROUPS)}; else all but {', '.join(NAMED_ONLY)}"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more is needed")
    return number


def _place(options: argparse.Namespace, folder: Path) -> Place:
    given = file.locate(options.data)
    files = Path(options.keep).absolute() if options.keep else folder / "files"
    return Place(folder, files, given.absolute() if given else None, options.rows)


def _measured(name: str, place: Place, rounds: int) -> list[list[str]]:
    """Measure one group, print its medians, and return its lines of the last table."""
    group = GROUPS[name](place)
    if group.skipped:
        return table.unjudged(group.targets, f"not measured: {group.skipped}", "-")
    try:
        taken = take_turns(group, place, rounds)
    except measure.FailedError as error:
        print(f"{name}: {error}", file=sys.stderr, flush=True)
        return table.unjudged(group.targets, "failed", "no")
    print(f"\n## {name}\n\n{table.measured(group, taken)}", flush=True)
    return table.judged(group.targets, taken)


def take_turns(group: Group, place: Place, rounds: int) -> dict[str, list[Usage]]:
    """Run the commands of a group in turn, after a warm-up of each, and return what they took."""
    taken: dict[str, list[Usage]] = {case.name: [] for case in group.cases}
    for number in [1] if group.once else range(rounds * group.turns + 1):
        for case in group.cases:
            usage = run(case, place)
            if number:  # round 0 is the warm-up
                taken[case.name].append(usage)
            turn = f"round {number}" if number else "warm-up"
            print(f"{turn}: {case.name}: {usage.wall:.2f} s", file=sys.stderr, flush=True)
    return taken


def run(case: Case, place: Place) -> Usage:
    """Run a command once, as it is to be run.

    Raises
    ------
    FailedError
        When it fails, or does not write what it is to write.
    """
    case.prepare()
    usage = measure.run(
        case.command, case.folder, place.environment(case.data), printed(place, case), case.cores
    )
    if absent := [path.name for path in case.writes if not path.exists()]:
        raise measure.FailedError(f"{case.name} did not write {', '.join(absent)}")
    return usage


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(STOPPED)
