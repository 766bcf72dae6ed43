"""A portfolio's declaration: what a loan file holds and means, in one small YAML file.

Its form follows Frictionless Data's Table Schema and Data Resource; `use`, `unit`, `label`,
`identities`, `segments` and `recipe` are this program's own. The types here are the rules;
`analysis/declaration.schema.json` is made from them, and `docs/portfolio.md` explains them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import ConfigDict, Field, with_config

from analysis.base import project, yaml_file
from analysis.base.errors import ENTRY, Fault, InputError
from analysis.base.project import ROOT
from analysis.portfolio.column import MOST_LEVELS, NUMBERS, STANDARD, Column, Text, either
from analysis.portfolio.database.address import Address, DataSource
from analysis.portfolio.dialect import PLAIN, Dialect
from analysis.portfolio.ratio import Ratio
from analysis.portfolio.recipe import USUAL, Recipe, Words

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from analysis.base.yaml_file import Written

MODULE_12 = ROOT / "data" / "module12.yml"
SCHEMA_FILE = ROOT / "analysis" / "declaration.schema.json"
HEALTHY: Final = 0
HIGH_RISK: Final = 1
OWN = ConfigDict(extra="forbid")


@with_config(STANDARD)
@dataclass(frozen=True)
class Table:
    """The columns.

    Attributes
    ----------
    fields : tuple of Column
        The columns in any order.
    missing_values : tuple of str
        How a missing value is written; an empty cell where left out.
    """

    fields: Annotated[tuple[Column, ...], Field(min_length=2)]
    missing_values: tuple[str, ...] = ("",)


@with_config(OWN)
@dataclass(frozen=True)
class Label:
    """What the values of the label mean.

    Attributes
    ----------
    high_risk, healthy : tuple of str
        The values, as they are written, of loans that went wrong, and of those that did not.
    left_out : tuple of str
        Values of loans that are not decided: their rows are left out.
    high_risk_name, healthy_name : str
        What the report calls such loans: `high-risk` or `defaulted`, `healthy` or `paid`.
    cost_reason : str
        Why a missed loan costs as many needless reviews as `settings.yml` says, a sentence.
    """

    high_risk: Annotated[tuple[str, ...], Field(min_length=1)]
    healthy: Annotated[tuple[str, ...], Field(min_length=1)]
    left_out: tuple[str, ...] = ()
    high_risk_name: Text = "high-risk"
    healthy_name: Text = "healthy"
    cost_reason: Words = ""

    def written(self, label: int) -> str:
        """Return how a label is written in the file: 1, or `Charged Off`."""
        return either(self.high_risk if label == HIGH_RISK else self.healthy)


@with_config(OWN)
@dataclass(frozen=True)
class Source:
    """Who made the file, or on what terms it may be used.

    Attributes
    ----------
    title : str
        In words.
    path : str
        Where to read on.
    """

    title: Text
    path: Words = ""


@with_config(OWN)
@dataclass(frozen=True)
class PublishedRow:
    """A row of a published classification report, at the decimals published.

    Attributes
    ----------
    row : str
        As scikit-learn names it: `0` for healthy loans, `1` for high-risk ones, or an average.
    precision, recall, f1_score : float or None
        None where the report shows none, as for precision and recall beside the accuracy.
    support : int
        Test loans.
    """

    row: Literal["0", "1", "accuracy", "macro avg", "weighted avg"]
    support: Annotated[int, Field(ge=0)]
    f1_score: Annotated[float, Field(ge=0, le=1)]
    precision: Annotated[float, Field(ge=0, le=1)] | None = None
    recall: Annotated[float, Field(ge=0, le=1)] | None = None


@with_config(OWN)
@dataclass(frozen=True)
class Published:
    """The figures of a published report that these loans are to give again.

    Attributes
    ----------
    original, oversampled : tuple of PublishedRow
        The classification reports of the first and of the second model.
    """

    original: Annotated[tuple[PublishedRow, ...], Field(min_length=1)]
    oversampled: Annotated[tuple[PublishedRow, ...], Field(min_length=1)]


Hash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


@with_config(OWN)
@dataclass(frozen=True)
class Declaration:
    """What a loan file holds and means.

    Attributes
    ----------
    title : str
        Of the report.
    subtitle : str
        Below it.
    schema : Table
        The columns.
    label : Label
        What the values of the label mean.
    dialect : Dialect
        How the file is written.
    identities : tuple of Ratio
        Columns that must be the quotient of two others.
    segments : tuple of str
        Features by whose values the report shows who bears the decisions, the first in words, too;
        those that say most of the label where it is left out.
    recipe : Recipe
        How the models are made.
    published : Published or None
        What a published report says of these loans, where it is to be made again.
    name, path : str
        What the portfolio and its file are called.
    rows, bytes : int or None
        Of the very file that is declared.
    hash, content_hash : str or None
        Fingerprints of its bytes, and of the loans in whichever form a file gives them.
    sources, licenses : tuple of Source
        Who made it, and on what terms it may be used.
    """

    title: Text
    schema: Table
    label: Label
    subtitle: Words = ""
    dialect: Dialect = PLAIN
    identities: tuple[Ratio, ...] = ()
    segments: tuple[Text, ...] = ()
    recipe: Recipe = USUAL
    published: Published | None = None
    name: Words = ""
    path: Words = ""
    rows: Annotated[int, Field(ge=1)] | None = None
    bytes: Annotated[int, Field(ge=1)] | None = None
    hash: Hash | None = None
    content_hash: Hash | None = None
    sources: tuple[Source, ...] = ()
    licenses: tuple[Source, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are read, the label among them."""
        return tuple(each for each in self.schema.fields if each.use != "ignored")

    @property
    def ignored(self) -> tuple[Column, ...]:
        """The columns that are left out."""
        return tuple(each for each in self.schema.fields if each.use == "ignored")

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns that the models are fitted on."""
        return tuple(each for each in self.columns if each.use == "feature")

    @property
    def groups(self) -> tuple[Column, ...]:
        """The columns by whose values decisions are compared."""
        return tuple(each for each in self.columns if each.use in ("protected", "segment"))

    @property
    def label_column(self) -> Column:
        """The column of the label."""
        return next(each for each in self.columns if each.use == "label")

    @property
    def names(self) -> list[str]:
        """The names of the columns that are read."""
        return [each.name for each in self.columns]

    @property
    def label_names(self) -> dict[int, str]:
        """What loans of each label are called: 0 healthy, 1 high-risk."""
        return {HEALTHY: self.label.healthy_name, HIGH_RISK: self.label.high_risk_name}

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when none is."""
        return {each.name: each for each in self.schema.fields}[name]

    def missing(self, column: Column) -> tuple[str, ...]:
        """Return how a missing value of a column is written; () where none may be missing."""
        if column.constraints.required or column.use == "label":
            return ()
        own = column.missing_values
        return self.schema.missing_values if own is None else own


def read(path: Path) -> Declaration:
    """Read a declaration.

    Raises
    ------
    InputError
        With every entry that is missing, unknown or of the wrong kind, its line, and what to do.
    """
    absent = "draft it with: python -m analysis describe FILE"
    found, written = yaml_file.checked(path, absent, Declaration, _fault)
    if faults := list(_contradictions(found, written)):
        raise InputError(path.name, faults, ENTRY)
    return found


def locate(loan_file: DataSource | None) -> Path:
    """Return where a loan file is declared.

    In the file that LENDING_PORTFOLIO names; else in one beside it that has its name
    (`loans.csv`, `loans.yml`; of a database, the table's); else as the published report's.
    """
    named = os.environ.get(project.PORTFOLIO)
    if named:
        return Path(named)
    if loan_file is None:
        return MODULE_12
    if isinstance(loan_file, Address) and loan_file.portfolio:
        return loan_file.portfolio
    return next((each for each in beside(loan_file) if each.is_file()), MODULE_12)


def beside(loan_file: DataSource) -> tuple[Path, ...]:
    """Return the files that may declare a loan file by lying beside it, the usual one first."""
    if isinstance(loan_file, Address):
        return loan_file.beside()
    stem = loan_file.name.split(".")[0] or loan_file.name
    return loan_file.parent / f"{stem}.yml", loan_file.parent / f"{stem}.yaml"


def of(loan_file: DataSource | None) -> Declaration:
    """Read what is declared of a loan file.

    Raises
    ------
    InputError
        As `read` does.
    """
    place = locate(loan_file)
    return module_12() if place == MODULE_12 else read(place)


@cache
def module_12() -> Declaration:
    """Return the declaration of the published report's loan file."""
    return read(MODULE_12)


def _fault(error: ErrorDetails, written: Written) -> Fault:
    place = tuple(each for each in error["loc"] if each != "nullable")
    line, problem = written.line(place), yaml_file.problem(error)
    unknown = error["type"] == "unexpected_keyword_argument"
    allowed = "the entries of docs/portfolio.md" if unknown else error["msg"].lower()
    if place[-1:] == ("enum",) and error["type"] == "too_long":
        allowed = (
            f"at most {MOST_LEVELS}: the commonest, and under others one name for all the rest; or "
            "use: ignored"
        )
    remedy = "remove it, or correct its name" if unknown else "correct it; see docs/portfolio.md"
    return Fault(written.named(place), problem, 0, "", allowed, f"line {line}: {remedy}")


def _contradictions(found: Declaration, written: Written) -> Iterator[Fault]:
    """Hold the entries against each other."""
    rules = (_of_columns, _of_label, _of_ratios, _of_segments, _of_recipe)
    problems = chain.from_iterable(rule(found) for rule in rules)
    for place, problem, allowed in problems:
        remedy = f"line {written.line(place)}: correct it; see docs/portfolio.md"
        yield Fault(written.named(place), problem, 0, "", allowed, remedy)


_Problems = Iterator[tuple[tuple[str | int, ...], str, str]]  # where, what, what is allowed


def _of_columns(found: Declaration) -> _Problems:
    fields = found.schema.fields
    names = [each.name for each in fields]
    for at, each in enumerate(fields):
        place = ("schema", "fields", at)
        if names.index(each.name) < at:
            yield (*place, "name"), f"{each.name!r} is declared twice", "each column once"
        if each.use == "ignored":
            continue
        if each.type in ("date", "any"):
            yield (*place, "type"), f"its use is {each.use}", "use: ignored for dates and any"
        if each.use != "label" and each.type not in NUMBERS and not each.constraints.enum:
            yield place, "the levels of a category are not named", "them under constraints: enum"
        if each.others and (each.type in NUMBERS or each.use == "label"):
            yield (*place, "others"), "it is no category", "others of a category that is no label"
        if each.others and each.others in each.constraints.enum:
            yield (*place, "others"), "it is one of the levels", "a name that no level has"
    for use, least, most in (("label", 1, 1), ("feature", 1, len(fields))):
        if not least <= sum(each.use == use for each in fields) <= most:
            amount = "one column" if most == 1 else "at least one column"
            yield ("schema", "fields"), f"the columns with use: {use} are not {amount}", amount


def _of_label(found: Declaration) -> _Problems:
    values = [*found.label.high_risk, *found.label.healthy, *found.label.left_out]
    for each in sorted({each for each in values if values.count(each) > 1}):
        yield ("label",), f"the value {each!r} stands there twice", "each value once"


def _of_ratios(found: Declaration) -> _Problems:
    numbers = {each.name for each in found.columns if each.type in NUMBERS}
    for at, ratio in enumerate(found.identities):
        for name in sorted(ratio.names - numbers):
            yield ("identities", at), f"{name!r} is no column of numbers", "names of such columns"


def _of_segments(found: Declaration) -> _Problems:
    features = {each.name for each in found.features}
    for at, name in enumerate(found.segments):
        if name not in features:
            yield ("segments", at), f"{name!r} is no feature", "names of features"


def _of_recipe(found: Declaration) -> _Problems:
    categories = [each.name for each in found.features if each.type not in NUMBERS]
    if found.recipe.resampler == "smote" and categories:
        problem = f"SMOTE makes loans between others, and {categories[0]!r} is a category"
        allowed = "smote where all features are numbers; else another resampler"
        yield ("recipe", "resampler"), problem, allowed
