"""The draft of a declaration from a loan file: YAML whose comments say what is to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from analysis.base import display, files
from analysis.base.errors import InputError, printable
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.database.address import DataSource, shown
from analysis.portfolio.declaration import beside
from analysis.portfolio.describe import telling, undeclared
from analysis.portfolio.describe.columns import Described, described, gaps, numbers_rows
from analysis.portfolio.describe.label import Outcome, outcome
from analysis.portfolio.describe.seen import Seen
from analysis.portfolio.dialect import Dialect

# Loans that a column alone decides wrongly, by those of the rarer label: it tells the label.
ALMOST = 0.01
TELLS = "it tells the label without an error: known only after the outcome?"
ALMOST_TELLS = (
    "confirm: it tells the label (almost) without an error; use: ignored if it was not known when "
    "the loan was decided on"
)
HEAD = """\
# What {file} holds and means: {rows:,} rows, drafted by python -m analysis describe.
# A person has to confirm it, above all the lines that say so: the titles, the units, what the label
# means, and that every feature was known when the loan was decided on. docs/portfolio.md explains
# every entry; use is one of feature, protected, segment, ignored.
"""


def place(path: DataSource, out: str | None) -> Path:
    """Return where the draft of a loan file's declaration goes.

    Raises
    ------
    InputError
        When a file is there: a person may have worked on it.
    """
    here = () if isinstance(path, Path) else (Path(f"{path.stem}.yml"),)
    candidates = (Path(out),) if out else beside(path) or here
    for each in candidates:
        if files.is_taken(each):
            problem, allowed = "there is a file already", "a place where there is none"
            raise InputError.of_file(str(each), problem, allowed, "name another with --out")
    return candidates[0]


def draft(path: DataSource, label: str | None = None) -> str:
    """Draft the declaration of a loan file.

    Parameters
    ----------
    path : Path or Address
        A text file (CSV, also gzipped), a Parquet file or a workbook; all of its rows are read.
    label : str, optional
        COLUMN=VALUE, the label and its high-risk value.

    Returns
    -------
    str
        YAML that `declaration.read` accepts.

    Raises
    ------
    InputError
        When the file cannot be read, no label is found, or no column is left for the models.
    """
    every, dialect = undeclared.seen(path)
    seen = [each for each in every if not numbers_rows(each)]
    if unnamed := [each for each in seen if not each.name.strip()]:
        problem = f"column {unnamed[0].index.place + 1} has no name and does not number the rows"
        raise InputError.of_file(shown(path), problem, "a name for each column", "name it")
    found = outcome(path, seen, label)
    name = found.described.column.name
    decimal = dialect.decimal_char
    columns = [found.described if each.name == name else described(each, decimal) for each in seen]
    columns = _held_against_outcome(path, columns, found, decimal)
    if not any(each.column.use == "feature" for each in columns):
        problem = "no column is left that a model could be fitted on"
        allowed = "numbers, or categories of few levels, that were known before the outcome"
        raise InputError.of_file(shown(path), problem, allowed, "give a file with such columns")
    return "\n".join(_lines(path, dialect, seen, columns, found)) + "\n"


def _held_against_outcome(
    path: DataSource, columns: list[Described], found: Outcome, decimal: str
) -> list[Described]:
    """Say which columns tell the label by themselves; leave out those that do without an error.

    Where nothing else were left, these stay.
    """
    features = {each.column.name for each in columns if each.column.use == "feature"}
    label = found.described.column.name
    wrong = telling.columns(path, label, found.label, features, decimal)
    told = {name for name in features if wrong.get(name, 1) <= ALMOST}
    perfect = {name for name in told if not wrong[name]}
    left_out = perfect if perfect < features else set()
    return [
        each.ignored(TELLS)
        if each.column.name in left_out
        else each.noted(ALMOST_TELLS)
        if each.column.name in told
        else each
        for each in columns
    ]


def _lines(
    path: DataSource, dialect: Dialect, seen: list[Seen], columns: list[Described], found: Outcome
) -> Iterator[str]:
    used = [(one, each.column) for one, each in zip(seen, columns, strict=True)]
    read = [pair for pair in used if pair[1].use not in ("ignored", "label")]
    words = sorted({text for pair in read for text in gaps(*pair)})
    stem = path.name.split(".")[0] if isinstance(path, Path) else path.stem
    title = " ".join(re.split(r"[\s_.-]+", stem)).strip() or "Loans"
    yield HEAD.format(file=printable(path.name), rows=seen[0].rows)
    yield f"title: {_written(display.capital(title[:200]))}"
    yield f"path: {_written(path.name)}"
    if written := _entries(dialect):
        yield "# confirm: how the file is written, as its first lines tell"
        yield f"dialect: {{{written}}}"
    yield "schema:"
    yield f"  missingValues: {_written(['', *words])}"
    yield "  fields:"
    for each in columns:
        yield from (f"    # {printable(note)}" for note in each.notes)
        yield from _field(each.column)
    yield "label:"
    yield from (f"  # {printable(note)}" for note in found.notes)
    yield f"  high_risk: {_written(found.label.high_risk)}"
    yield f"  healthy: {_written(found.label.healthy)}"
    if found.label.left_out:
        yield f"  left_out: {_written(found.label.left_out)}"
    yield "  # what the report calls such loans: words for “a loan is …” and “… loans”, as paid"
    yield f"  high_risk_name: {found.label.high_risk_name}"
    yield f"  healthy_name: {found.label.healthy_name}"


def _field(column: Column) -> Iterator[str]:
    yield f"    - name: {_written(column.name)}"
    yield f"      type: {column.type}"
    if column.use == "ignored":
        yield "      use: ignored"
        yield f"      reason: {_written(column.reason)}"
        return
    yield f"      title: {_written(_title(column.name))}"
    if not column.constraints.enum:
        yield f"      unit: {_written(column.unit)}"
    if column.use != "feature":
        yield f"      use: {column.use}"
    if column.group_char:
        yield f"      groupChar: {_written(column.group_char)}"
        yield "      bareNumber: false"
    if held := _entries(column.constraints):
        yield f"      constraints: {{{held}}}"


def _title(name: str) -> str:
    """Return a name as a reader's words: `person_age` is Person age; capitals stay."""
    spoken = " ".join(name.replace("_", " ").replace(".", " ").split()) or name
    return spoken[:1].upper() + spoken[1:]


def _entries(of: Dialect | Constraints) -> str:
    """Write on one line what is not as usual."""
    held = TypeAdapter(type(of)).dump_python(of, by_alias=True, exclude_defaults=True)
    return ", ".join(f"{name}: {_written(value)}" for name, value in held.items())


def _written(value: Any) -> str:
    """Write a value on one line so that YAML reads nothing else than it, whatever it holds."""
    if isinstance(value, str):
        text: str = yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10**9)
        return text.rstrip("\n")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:.15g}"
