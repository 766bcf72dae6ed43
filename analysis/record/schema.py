"""JSON Schemas, from classes and their docstrings: of results.json, and of files that are read."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import GenericAlias, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pandera.pandas as pa
from pandera.typing.pandas import DataFrame
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

from analysis.base.entries import INLINE, UNWRITTEN, WRITTEN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SECTION = re.compile(r"^Attributes\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^(\S.*?) : .*\n((?:(?:    .*)?\n)+)", re.MULTILINE)
# pandera's names of a column's checks, and what pydantic calls their limit.
LIMITS = {
    "greater_than": ("gt", "min_value"),
    "greater_than_or_equal_to": ("ge", "min_value"),
    "less_than": ("lt", "max_value"),
    "less_than_or_equal_to": ("le", "max_value"),
}


class _Generator(GenerateJsonSchema):
    """Without a title for every entry: its key says as much."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- pydantic's form
        return False


class _EntriesGenerator(_Generator):
    """Of a file that a person writes: what may be left out may, and each entry is described."""

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        """Put the docstring's first sentence and its words on each entry into a class's schema."""
        made = super().dataclass_schema(schema)
        whole = schema["cls"]
        made["description"] = _summary(whole)
        for name, said in descriptions(whole).items():
            for written in {name, to_camel(name)} & made["properties"].keys():
                made["properties"][written]["description"] = said.replace("None", "null")
        return made

    def default_schema(self, schema: Any) -> dict[str, Any]:
        """Say the default of a plain value; those of others stand with their own entries."""
        made = super().default_schema(schema)
        if isinstance(made.get("default"), dict | None):
            del made["default"]
        return made


def entries_text(document: type) -> str:
    """Return the schema of a file whose entries pydantic reads into a dataclass."""
    made = TypeAdapter(document).json_schema(schema_generator=_EntriesGenerator)
    return json.dumps({"$schema": DIALECT, **made}, indent=2, ensure_ascii=False) + "\n"


def text(document: type) -> str:
    """Return the schema of a document, which a dataclass describes, as a file holds it."""
    return json.dumps(json_schema(document), indent=2, ensure_ascii=False) + "\n"


def json_schema(document: type) -> dict[str, Any]:
    """Return the JSON Schema of a document that a dataclass describes.

    Raises
    ------
    TypeError
        When an entry has no description, or a table does not say which frame it is.
    """
    made = _form(document).model_json_schema(schema_generator=_Generator)
    return {"$schema": DIALECT, **made}


@cache
def descriptions(described: type) -> dict[str, str]:
    """Return what the "Attributes" sections of a class and its bases say of each entry."""
    found: dict[str, str] = {}
    for each in reversed(described.__mro__):
        for section in SECTION.findall(inspect.cleandoc(each.__doc__ or "") + "\n"):
            for names, said in ENTRY.findall(section):
                found |= dict.fromkeys(names.split(", "), " ".join(said.split()))
    return found


@cache
def _form(kind: Any) -> Any:  # noqa: PLR0911 -- one line a kind of entry
    """Return what JSON has for the type of an entry, as pydantic writes it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(origin or kind):
        return _object(_name(kind), origin or kind, dict(_entries(kind)))
    if is_typeddict(kind):
        return _object(kind.__name__, kind, _described(kind))
    if origin is DataFrame:
        return GenericAlias(list, _row(arguments[0]))
    if origin is Annotated:
        first, *more = map(_limit, kind.__metadata__)
        return _form(first) if is_typeddict(first) else Annotated[_form(arguments[0]), first, *more]
    if origin in (Union, UnionType):
        return Union[tuple(map(_form, arguments))]  # noqa: UP007 -- of as many as there are
    if origin is tuple:
        return GenericAlias(list, _form(arguments[0]))
    if origin is dict:
        return GenericAlias(dict, (str, _form(arguments[1])))
    if kind in (str, int, float, bool, type(None)) or origin is Literal:
        return kind
    raise TypeError(f"{kind} has no form in results.json; see analysis/base/entries.py")


def _limit(limit: Any) -> Any:
    """Return a limit as pydantic knows it; it has no pattern without a field."""
    return Field(pattern=limit.pattern) if isinstance(limit, re.Pattern) else limit


def _entries(kind: Any) -> Iterator[tuple[str, Any]]:
    """Give every entry of a dataclass with its type and description, as pydantic takes them."""
    whole = get_origin(kind) or kind
    types = get_type_hints(whole, include_extras=True)
    given = dict(zip(getattr(whole, "__parameters__", ()), get_args(kind), strict=True))
    for field in fields(whole):
        declared = types[field.name]
        declared = given.get(declared, declared) if isinstance(declared, TypeVar) else declared
        how = field.metadata.get(WRITTEN)
        if how == INLINE[WRITTEN]:
            yield from _entries(declared)
        elif how != UNWRITTEN[WRITTEN]:
            yield field.name, _entry(whole, field.name, _form(declared))


def _described(kind: Any) -> dict[str, Any]:
    """Return the entries of a dictionary whose types say what each is."""
    types = get_type_hints(kind, include_extras=True)
    return {name: (_form(each), ...) for name, each in types.items()}


def _row(frame: type[pa.DataFrameModel]) -> type[BaseModel]:
    """Return the form of one row of a frame."""
    columns = frame.to_schema().columns
    types = get_type_hints(frame)
    entries = {
        name: _entry(frame, name, _cell(get_args(types[name])[0], column))
        for name, column in columns.items()
    }
    return _object(frame.__name__.removesuffix("Frame") + "Row", frame, entries)


def _cell(kind: Any, column: pa.Column) -> Any:
    """Return the form of a column's values: their type, limits, and whether one may be absent."""
    limits = {}
    for check in column.checks:
        if check.name == "isin":
            kind = Literal[tuple(check.statistics["allowed_values"])]
        elif check.name in LIMITS:
            name, statistic = LIMITS[check.name]
            limits[name] = check.statistics[statistic]
    limited = Annotated[kind, Field(**limits)] if limits else kind
    return limited | None if column.nullable else limited


def _entry(whole: type, name: str, form: Any) -> tuple[Any, Any]:
    said = descriptions(whole).get(name)
    if said is None:
        raise TypeError(f"{whole.__name__}.{name} is not among the Attributes of its docstring")
    return form, Field(description=said.replace("None", "null"))


def _object(name: str, whole: type, entries: dict[str, Any]) -> type[BaseModel]:
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    made: type[BaseModel] = create_model(
        name, __config__=config, __doc__=_summary(whole), **entries
    )
    return made


def _summary(whole: type) -> str:
    return inspect.cleandoc(whole.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _name(kind: Any) -> str:
    """Return a class's name, with its argument's before it: ModelEvidencePair."""
    whole: type = get_origin(kind) or kind
    return "".join(each.__name__ for each in get_args(kind)) + whole.__name__
