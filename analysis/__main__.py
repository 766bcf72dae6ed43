"""The command line: describe, run, validate, simulate, verify, diff, monitor, audit."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from analysis.base import clock, display, progress, project, stopping, streams
from analysis.base.errors import EndedEarlyError, InputError, printable
from analysis.base.files import check_replaceable, write

DIFFERS, FAILED, BAD_INPUT, SHIFTED, WRONG, STOPPED = 1, 1, 2, 3, 3, 130

# Options that name files besides the loan file, and the variables that hand them on.
NAMED = {"portfolio": project.PORTFOLIO, "since": project.SINCE, "audit": project.AUDIT}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0, 1 when a report differs or the command fails, 2 for bad input, 3 when a later file has
    shifted or a report states what is wrong, 130 when stopped by Ctrl-C.
    """
    return streams.guarded(lambda: _run_one(arguments), FAILED)


def _run_one(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    try:
        clock.check()
        with stopping.heard(), progress.shown(getattr(options, "detail", progress.Detail.QUIET)):
            for name, variable in NAMED.items():
                if given := getattr(options, name, None):
                    os.environ[variable] = str(Path(given).absolute())
            return int(options.command(options))
    except InputError as error:
        streams.tell(error)
        return BAD_INPUT
    except EndedEarlyError as error:
        streams.tell(f"error: {error}")
        return FAILED
    except KeyboardInterrupt:
        streams.tell("stopped; nothing was written")
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    said = progress.options()
    declared = argparse.ArgumentParser(add_help=False)
    declared.add_argument(
        "--portfolio",
        metavar="FILE.yml",
        help="what the loan file holds; else the file of its name beside it",
    )
    run = commands.add_parser(
        "run", parents=[said, declared], help="compute the results and write them as JSON"
    )
    run.add_argument("--data", metavar="FILE", help="the loan file; else data/lending_data.csv")
    run.add_argument("--out", metavar="FILE", help="where to write; else standard output")
    run.set_defaults(command=_run)

    validate = commands.add_parser(
        "validate", parents=[said, declared], help="check a loan file and say what was found"
    )
    validate.add_argument("file", metavar="FILE")
    validate.set_defaults(command=_validate)

    describe = commands.add_parser(
        "describe", parents=[said], help="draft the declaration of a loan file with other columns"
    )
    describe.add_argument("file", metavar="FILE")
    describe.add_argument(
        "--label", metavar="COLUMN=VALUE", help="the label and its high-risk value"
    )
    describe.add_argument(
        "--out", metavar="FILE.yml", help="where to write; else beside the file, under its name"
    )
    describe.set_defaults(command=_describe)

    simulate = commands.add_parser("simulate", help="write a simulated portfolio as CSV")
    simulate.add_argument("--rows", type=int, metavar="N", help="how many loans; else 77,536")
    simulate.add_argument("--seed", type=int, metavar="N", help="seed of the generator")
    simulate.add_argument("--out", required=True, metavar="FILE", help="where to write")
    simulate.set_defaults(command=_simulate)

    verify = commands.add_parser(
        "verify", parents=[said, declared], help="say whether a report's figures still come out"
    )
    verify.add_argument("site", metavar="DIR", help="the report's folder, as in _site")
    verify.add_argument("--data", metavar="FILE", help="the loan file; else where it is looked for")
    verify.add_argument("--since", metavar="OLD.json", help="of a report made with SINCE=")
    verify.add_argument("--audit", metavar="REPORT", help="of a report made with AUDIT=")
    verify.set_defaults(command=_verify)

    diff = commands.add_parser("diff", help="tell what changed between two results files")
    diff.add_argument("old", metavar="OLD.json")
    diff.add_argument("new", metavar="NEW.json")
    diff.set_defaults(command=_diff)

    monitor = commands.add_parser(
        "monitor",
        parents=[said, declared],
        help="hold a later loan file against a report",
        description="Hold a later loan file, with or without labels, against a report. Exit code "
        "3 when a figure leaves the limits that chance sets in a file of this size.",
    )
    monitor.add_argument("--baseline", required=True, metavar="results.json")
    monitor.add_argument("file", metavar="NEWFILE")
    monitor.set_defaults(command=_monitor)

    audit = commands.add_parser(
        "audit",
        parents=[said, declared],
        help="hold a hand-written report against its loan file",
        description="Say of every figure of a report (Markdown, text, HTML or a notebook) whether "
        "it is right, and if not, what it is. Exit code 3 when something is wrong.",
    )
    audit.add_argument("report", metavar="REPORT")
    audit.add_argument("--data", metavar="FILE", help="the loan file; else held against itself")
    audit.add_argument("--json", action="store_true", help="everything that was found, as JSON")
    audit.set_defaults(command=_audit)
    return parser


# The libraries load within the commands, so that help and usage errors come at once.
def _run(options: argparse.Namespace) -> int:
    from analysis.base import libraries  # noqa: PLC0415

    libraries.load(["analysis.record.made"])
    from analysis.portfolio import file  # noqa: PLC0415
    from analysis.record import export, made  # noqa: PLC0415

    path = file.locate(options.data)
    if options.out:
        check_replaceable(
            Path(options.out), export.BEGINS, path if isinstance(path, Path) else None
        )
    text = made.of(path).json
    if options.out:
        write(Path(options.out), text.encode())
    else:
        sys.stdout.write(text)
    return 0


def _validate(options: argparse.Namespace) -> int:
    from analysis.models import design, splitting  # noqa: PLC0415
    from analysis.portfolio import declaration, file, read, summary  # noqa: PLC0415
    from analysis.portfolio.database import address  # noqa: PLC0415

    source = file.source(options.file)
    portfolio = read.read(source, declaration.of(source))
    design.check_size(portfolio.name, portfolio.loans)
    parts = splitting.split(portfolio.loans)
    splitting.check_split(portfolio.name, parts, portfolio.declaration.label)
    found = summary.describe(portfolio)
    print(f"{printable(address.shown(source))}: valid")
    print(f"  rows: {found.rows:,}")
    for label, rows in found.label_counts.items():
        print(f"  label {label}: {rows:,}")
    print(f"  SHA-256: {found.sha256}")
    print(f"  SHA-256 of the loans, in any order: {found.loans_sha256}")
    if found.known:
        print(f"  verified: this is {found.known.name} of {found.known.producer}")
    for note in found.notes:
        print(f"  note: {note}")
    return 0


def _describe(options: argparse.Namespace) -> int:
    from analysis.portfolio import file  # noqa: PLC0415
    from analysis.portfolio.describe import draft  # noqa: PLC0415

    source = file.source(options.file)
    place = draft.place(source, options.out)
    write(place, draft.draft(source, options.label).encode())
    _print([f"{place}: drafted; confirm what its comments ask"])
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from analysis.portfolio import file, simulate  # noqa: PLC0415

    loans = file.locate()
    own = loans if isinstance(loans, Path) else None
    check_replaceable(Path(options.out), simulate.BEGINS, own)
    rows = simulate.ROWS if options.rows is None else options.rows
    seed = simulate.SEED if options.seed is None else options.seed
    if rows < simulate.LEAST_ROWS or rows > simulate.MOST_ROWS or seed < 0:
        raise InputError.of_file(
            f"--rows {rows} --seed {seed}",
            "this portfolio cannot be simulated",
            f"{simulate.LEAST_ROWS:,} to {simulate.MOST_ROWS:,} rows, a seed of 0 or more",
            "choose other numbers",
        )
    write(Path(options.out), simulate.to_csv(simulate.portfolio(rows, seed)))
    print(f"{printable(options.out)}: {rows:,} simulated loans")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from analysis.record import verification  # noqa: PLC0415

    found = verification.verify(Path(options.site), options.data)
    _print(found.wrong)
    if not found.wrong:
        _print([f"{options.site}: {verification.AGREES}"])
    _print(f"note: {each}" for each in found.notes)
    return DIFFERS if found.wrong else 0


def _diff(options: argparse.Namespace) -> int:
    from analysis.record import differences, stated  # noqa: PLC0415

    old, new = stated.load(Path(options.old)), stated.load(Path(options.new))
    _print(differences.describe(old, new))
    return 0


def _print(lines: Iterable[str]) -> None:
    """Print lines that may hold a foreign file's texts: none of them moves a terminal's cursor."""
    for line in lines:
        print(printable(line))


def _monitor(options: argparse.Namespace) -> int:
    from analysis.evidence.monitoring import stability, stored  # noqa: PLC0415
    from analysis.findings.words import Words  # noqa: PLC0415
    from analysis.models import design  # noqa: PLC0415
    from analysis.portfolio import declaration, file, read  # noqa: PLC0415
    from analysis.portfolio.database import address  # noqa: PLC0415
    from analysis.record import stated  # noqa: PLC0415
    from analysis.report import shift  # noqa: PLC0415

    report = stated.load(Path(options.baseline))
    try:
        reference = stored.from_dict(report["evidence"]["monitoring"]["baseline"])
        medians = _medians(report)
    except (KeyError, TypeError, ValueError) as error:
        raise _no_baseline(options.baseline, f"cannot be used ({error})") from None
    source = file.source(options.file)
    declared = declaration.of(source)
    loans = read.later(source, declared)
    columns = design.every_column(loans, medians)
    numbers = {each.name for each in loans.declared if not each.levels}
    if other := sorted({*reference.columns} - {*columns} | numbers - {*reference.columns}):
        raise _other_columns(address.shown(source), options.baseline, reference.columns, other[0])
    labels = loans.labels if loans.labelled else None
    features = columns[reference.columns]
    found = stability.stability(reference, features, loans.counts, labels)
    _print([f"{address.shown(source)}: {loans.total:,} loans held against {options.baseline}"])
    _print(shift.lines(found, loans.labelled, Words(declared)))
    return SHIFTED if (found["flag"] == shift.SHIFT).any() else 0


def _medians(report: Any) -> dict[str, float]:
    """Return the training loans' median of each column, as a report's results state it.

    Where some are missing the median stands in for them, and so is that of the filled column.
    """
    found = report["evidence"]["columns"]["description"]
    return {each["column"]: float(each["median"]) for each in found if each["group"] == "training"}


def _other_columns(later: str, report: str, known: Sequence[str], column: str) -> InputError:
    told = f"lacks the column {column} of" if column in known else f"has a column {column} beside"
    shown = ", ".join(display.some(sorted(known)))
    return InputError.of_file(
        later,
        f"it {told} the report that it is held against ({Path(report).name})",
        f"a later file of the same loans, with the columns {shown}",
        "name another file, or the results.json of a report on such loans as --baseline",
    )


def _audit(options: argparse.Namespace) -> int:
    from analysis.audit import report, show  # noqa: PLC0415
    from analysis.portfolio import file  # noqa: PLC0415

    data = file.source(options.data) if options.data else None
    found = report.audit(Path(options.report), data)
    if options.json:
        sys.stdout.write(show.as_json(found))
    else:
        _print(show.lines(found))
    return WRONG if found.counts["wrong"] else 0


def _no_baseline(name: str, problem: str) -> InputError:
    allowed = "a results.json that this version of make report or python -m analysis run wrote"
    remedy = "make the report again, or name another file"
    return InputError.of_file(name, f"its evidence.monitoring.baseline {problem}", allowed, remedy)


if __name__ == "__main__":
    sys.exit(main())
