"""What a column that was seen is proposed to be: its kind, its use, and what is to be confirmed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from analysis.portfolio import cells, faults
from analysis.portfolio.column import MOST_LEVELS, Column, Constraints, Kind
from analysis.portfolio.describe.seen import SIGN, Seen
from analysis.portfolio.header import RESERVED, UNNAMED

LONGEST_LEVEL = 100  # characters; a longer text is none
# Where a category is expected, `none` may well be one of its levels.
GAPS = {"", "na", "n/a", "nan", "null", "?", "#n/a"}
WHOLE = re.compile(r"-?(0|[1-9]\d*)")  # as the names of groups are written
YES_OR_NO = ({"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"})
FEW_CODES = 10
SHOWN_LEVELS = 6
# Below this, a column whose numbers all differ may still be an amount.
MANY_ROWS = 20

TOO_LARGE = f"it holds numbers beyond {cells.LARGEST:g}, which are not read"
TOO_MANY_LEVELS = f"a category with more than {MOST_LEVELS} levels"
MANY_LEVELS = (
    "confirm: it should be left out; to use it, join its levels in the file, or name the commonest "
    f"under constraints: enum, at most {MOST_LEVELS}, and one for all others under others"
)

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
IDENTIFIERS = {
    *("id", "ids", "uuid", "guid", "rownames", "rowname", "row", "index", "identifier", "key"),
    *("nr", "no", "num", "number", "ref", "reference", "serial"),
}
# Whole numbers that are names of groups: of places and trades, and, where few, of kinds.
CODES = {
    *("zip", "zipcode", "postcode", "postal", "naics", "sic", "msa", "fips", "tract", "county"),
    *("code", "cd", "branch"),
}
KINDS = {
    *("education", "purpose", "occupation", "job", "type", "region", "state", "property"),
    *("housing", "category", "class", "group", "sector", "industry", "status", "kind"),
}
PROTECTED = {
    *("sex", "gender", "race", "ethnicity", "ethnic", "marital", "marriage", "married", "age"),
    *("nationality", "foreign", "religion", "disability"),
    *("geschlecht", "alter", "familienstand", "sexo", "edad", "sexe"),
}
OF_OTHERS = {"account", "acct", "credit", "loan", "car", "vehicle", "history", "line", "file"}
OUTCOMES = re.compile(
    r"recover(y|ies)|charge[d_ .]?offs?|chg_?off|write[_ .]?off|settlement|hardship|out_prncp"
    r"|total_(pymnt|rec_)|last_pymnt|loss[_ .]?given|\blgd\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Described:
    """A column as it is proposed.

    Attributes
    ----------
    column : Column
        The declaration of it.
    notes : tuple of str
        What was seen, and what a person must confirm, a sentence each.
    """

    column: Column
    notes: tuple[str, ...]

    def ignored(self, reason: str) -> Described:
        """Return the same column left out."""
        column = Column(self.column.name, "any", use="ignored", reason=reason)
        return Described(column, (*self.notes[:1], "confirm: it should be left out"))

    def noted(self, note: str) -> Described:
        """Return the same with a further note."""
        return Described(self.column, (*self.notes, note))


def described(seen: Seen, decimal: str) -> Described:
    """Propose what a column that is not the label is.

    Parameters
    ----------
    decimal : str
        What stands before decimals in the file.
    """
    if reason := _left_out(seen):
        kind: Kind = "date" if reason == "dates" else "any"
        column = Column(seen.name, kind, use="ignored", reason=reason)
        example = [f"such as {faults.shown(seen.first)}"] if seen.first else []
        said = "; ".join([*example, *_share_missing(seen)])
        notes = [said] * bool(said) + [MANY_LEVELS] * (reason == TOO_MANY_LEVELS)
        return Described(column, tuple(notes))
    found = _numbers(seen, decimal) if _is_number(seen) else _levels(seen)
    if _is_number(seen) and max(map(abs, seen.ends)) > cells.LARGEST:
        return found.ignored(TOO_LARGE)
    if _is_number(seen) and {"id", "ids", "identifier"} & words(seen.name):
        found = found.noted("confirm: it names something; if its size says nothing: use: ignored")
    if PROTECTED & words(seen.name) and not OF_OTHERS & words(seen.name):
        return Described(
            replace(found.column, use="protected"),
            (*found.notes, "confirm: a protected attribute by its name, so in no model"),
        )
    return found


def _is_number(seen: Seen) -> bool:
    return (seen.is_number and not _coded(seen)) or seen.is_number_beside_words


def numbers_rows(seen: Seen) -> bool:
    """Whether a column only numbers the rows and is left out without being declared."""
    return not seen.name and seen.numeric and seen.index.left_out


def words(name: str) -> set[str]:
    """Return the words of a name in small letters: `person_Age`, `personAge`, `AGE`."""
    return {each.lower() for each in WORD.findall(name)}


def levels(seen: Seen) -> list[str]:
    """Return the levels of a category in order, whole numbers by their size."""
    gaps = seen.gaps if seen.is_number else {each for each in seen.counts if each.lower() in GAPS}
    found = [text for text in seen.counts if text not in gaps]
    return sorted(found, key=float if all(map(WHOLE.fullmatch, found)) else str)


def gaps(seen: Seen, column: Column) -> list[str]:
    """Return the words for a gap that stand in a column as it is declared."""
    words = [*seen.gaps, *(seen.words if seen.is_number_beside_words else ())]
    return sorted(text for text in words if text and text not in column.levels)


def _left_out(seen: Seen) -> str:
    """Say why a column should not be used; "" where it may be."""
    whole = seen.is_number and seen.whole
    unlike = seen.unlike and seen.many and not sum(seen.gaps.values())
    tests: dict[str, bool] = {
        f"it holds {seen.held} values, which are not read": bool(seen.held),
        "no value at all": seen.missing == seen.rows,
        "the same value in every row": len(seen.counts) == 1 and not seen.many,
        "known only after the outcome, by its name": bool(OUTCOMES.search(seen.name)),
        "it numbers the rows": whole and seen.steps and seen.rows >= MANY_ROWS,
        "the index of a table": bool(RESERVED.fullmatch(seen.name))
        or (whole and seen.index.whole and bool(UNNAMED.fullmatch(seen.name))),
        "dates": 0 < seen.others == seen.dates,
        "an identifier": unlike and (seen.others > 0 or whole) and _names_one(seen),
    }
    if not _is_number(seen):
        tests |= _too_long_or_many(seen)
    return next((reason for reason, holds in tests.items() if holds), "")


def _names_one(seen: Seen) -> bool:
    """Whether a column names its row: by its own name, or by texts of one word that all differ."""
    named = bool(IDENTIFIERS & words(seen.name)) or seen.name.lower().endswith("id")
    return named or (seen.others == seen.rows and seen.longest <= LONGEST_LEVEL)


def _too_long_or_many(seen: Seen) -> dict[str, bool]:
    found = levels(seen)
    return {
        "free text": seen.longest > LONGEST_LEVEL,
        TOO_MANY_LEVELS: seen.many or len(found) > MOST_LEVELS,
        "no value at all, but words for a gap": not found,
    }


def _coded(seen: Seen) -> bool:
    """Whether numbers are rather the names of groups, or one value beside gaps."""
    if not seen.is_number or seen.amounts or not seen.whole:
        return False
    if seen.many:
        return bool(CODES & words(seen.name))
    found = levels(seen)
    if not all(map(WHOLE.fullmatch, found)):
        return False
    protected = PROTECTED & words(seen.name) and not OF_OTHERS & words(seen.name)
    few = len(found) <= FEW_CODES and bool(protected or KINDS & words(seen.name))
    return len(found) == 1 or few or bool(CODES & words(seen.name))


def _numbers(seen: Seen, decimal: str) -> Described:
    kind: Literal["integer", "number"] = "integer" if seen.whole else "number"
    least, most = seen.ends
    required = not sum(seen.gaps.values()) and not seen.others
    held = Constraints(required=required, minimum=0.0 if least >= 0 else None)
    column = Column(seen.name, kind, constraints=held)
    if seen.amounts:
        sign = re.search(SIGN, seen.first)
        unit, group = sign[0] if sign else "", "." if decimal == "," else ","
        column = replace(column, unit=unit, group_char=group, bare_number=False)
    spoken = "whole numbers" if seen.whole else "numbers"
    span = "; ".join([f"{spoken} from {least:,.15g} to {most:,.15g}", *_share_missing(seen)])
    written = [f"written as {faults.shown(seen.first)}"] if seen.amounts else []
    return Described(
        column,
        (span, *written, *_said_gaps(seen, column), *_asked(seen), *_perhaps_groups(seen)),
    )


def _levels(seen: Seen) -> Described:
    found = levels(seen)
    kind: Kind = "boolean" if {each.lower() for each in found} in YES_OR_NO else "string"
    required = len(found) == len(seen.counts)
    column = Column(seen.name, kind, constraints=Constraints(required, enum=tuple(found)))
    counts = [
        f"{faults.shown(text)} {count:,}"
        for text, count in seen.counts.most_common()
        if text in column.levels
    ]
    more = [f"{len(counts) - SHOWN_LEVELS} more"] if len(counts) > SHOWN_LEVELS else []
    many = f"{len(found)} level{'s' if len(found) > 1 else ''}"
    span = f"{many}: {', '.join([*counts[:SHOWN_LEVELS], *more])}"
    told = "; ".join([span, *_share_missing(seen)])
    groups = ["these numbers are taken for names of groups"] if _coded(seen) else []
    return Described(column, (told, *groups, *_said_gaps(seen, column)))


def _share_missing(seen: Seen) -> list[str]:
    if not seen.missing:
        return []
    share = 100 * seen.missing / seen.rows
    return [f"{seen.missing:,} of {seen.rows:,} cells are empty ({share:.3g} %)"]


def _said_gaps(seen: Seen, column: Column) -> list[str]:
    counts = seen.gaps + seen.words
    found = [f"{faults.shown(text)} ({counts[text]:,})" for text in gaps(seen, column)]
    return [f"confirm: {', '.join(found)} is read as a missing value"] if found else []


def _perhaps_groups(seen: Seen) -> list[str]:
    """Say how few whole numbers are declared if they are the names of groups."""
    found = [] if seen.many or not seen.whole or seen.amounts else levels(seen)
    if not 2 < len(found) <= FEW_CODES:  # noqa: PLR2004 -- one of two is the same either way
        return []
    enum = ", ".join(f'"{each}"' for each in found)
    return [f"if these numbers are names of groups: type: string, enum: [{enum}]"]


def _asked(seen: Seen) -> list[str]:
    """Ask about numbers that may stand for a missing value."""
    asked = [
        f"{code:.15g} ({count:,})"
        for code, count in sorted(seen.codes.items())
        if (code < 0 <= seen.least) or (count > 1 and code > 2 * abs(seen.most) > 0)
    ]
    if not asked:
        return []
    codes = ", ".join(f'"{each.split(" ")[0]}"' for each in asked)
    return [
        f"confirm: does {', '.join(asked)} mean a missing value? if so, add to this column:",
        f'  missingValues: ["", {codes}]',
    ]
