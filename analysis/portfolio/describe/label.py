"""Which column of an undeclared loan file is the label, and what its values mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.base.errors import InputError, printable
from analysis.portfolio import faults
from analysis.portfolio.column import Column, Constraints, Kind
from analysis.portfolio.database.address import DataSource, shown
from analysis.portfolio.declaration import Label
from analysis.portfolio.describe.columns import Described
from analysis.portfolio.describe.seen import Seen

MOST_VALUES = 12  # of a label; a column with more is none
SHOWN_CANDIDATES, SHOWN_VALUES = 10, 6
# A name that says what 1 and yes mean, and the same of values whatever the name is.
BAD_NAME = re.compile(
    r"default|\bbad\b|delinq|dlq|charge[d_ .]?off|chg_?off|not[_ .]?(fully[_ .]?)?(re)?paid"
    r"|high[_ .]?risk|fraud",
    re.IGNORECASE,
)
PAST = re.compile(
    r"hist|previous|prior|past|on[_ .]?file|ever|num|count|amnt|amount", re.IGNORECASE
)
# A name that says that it is the outcome, and not which value is which.
NEUTRAL_NAME = re.compile(
    r"(\b|_)(target|label|class|outcome|response|status|y|risk|good|performance)(\b|_)",
    re.IGNORECASE,
)
TRUE, FALSE = {"1", "yes", "y", "true", "t"}, {"0", "no", "n", "false", "f"}
BAD = {"bad", "default", "defaulted", "charged off", "charged-off", "chgoff", "high-risk", "unpaid"}
GOOD = {
    *("good", "paid", "non-default", "no default", "not default", "healthy", "fully paid"),
    *("p i f", "pif", "repaid", "low-risk"),
}
UNDECIDED = re.compile(
    r"|\?|n/?a|null|nan|.*(current|unknown|pending|issued|grace|withdrawn|incomplete"
    r"|\blate\b|\bopen\b).*"
)
# Among the other values: loans that went wrong, too.
ALSO_BAD = re.compile(r"charged?[ -]?off|chg_?off|\bdefault(ed)?\b|written[ -]?off|foreclos")
# A value that says what a loan is, as a participle does: denied, charged off, not repaid.
SAYS = re.compile(
    r"((not|non|un|fully|pre)[- ]?)?[a-z]*(ed|paid)([- ](off|out|up))?", re.IGNORECASE
)
NEGATED = re.compile(r"\b(no|non|not|never)\b")


@dataclass(frozen=True)
class Outcome:
    """The label as it is proposed.

    Attributes
    ----------
    described : Described
        Its column.
    label : Label
        What its values mean.
    notes : tuple of str
        What a person must confirm of them.
    """

    described: Described
    label: Label
    notes: tuple[str, ...]


def outcome(path: DataSource, seen: list[Seen], told: str | None) -> Outcome:
    """Find the label and its high-risk value.

    Parameters
    ----------
    told : str or None
        COLUMN=VALUE; else the one column is taken whose name and values leave no doubt.

    Raises
    ------
    InputError
        When there is none; it lists the columns that could be the label.
    """
    if told is not None:
        return _outcome(*_named(path, seen, told), told=True)
    plain = [(each, value) for each in seen if (value := _high_risk(each))]
    rivals = [each for each in seen if _two(each) and NEUTRAL_NAME.search(each.name)]
    if len(plain) != 1 or any(each is not plain[0][0] for each in rivals):
        raise _refuse(path, seen, "which column is the label does not follow from the names")
    return _outcome(*plain[0], told=False)


def _few(seen: Seen) -> bool:
    """Whether a column has as few values as a label."""
    return 1 < len(seen.counts) <= MOST_VALUES


def _two(seen: Seen) -> list[str]:
    """Return the values of a column that has two and no gap; none of any other."""
    return sorted(seen.counts) if len(seen.counts) == 2 and not seen.missing else []  # noqa: PLR2004


def _high_risk(seen: Seen) -> str:
    """Return the high-risk value where name and values leave no doubt, else ""."""
    for bad, good in ((BAD, GOOD), (TRUE, FALSE)):
        named = bad is BAD or (BAD_NAME.search(seen.name) and not PAST.search(seen.name))
        found = [each for each in _two(seen) if each.lower() in bad]
        others = [each for each in _two(seen) if each.lower() in good]
        if named and len(found) == len(others) == 1:
            return found[0]
    return ""


def _named(path: DataSource, seen: list[Seen], told: str) -> tuple[Seen, str]:
    """Return the column and value meant; both may hold an equals sign."""
    columns = {each.name: each for each in seen}
    places = [at for at, sign in enumerate(told) if sign == "="] or [len(told)]
    pairs = [(told[:at].strip(), told[at + 1 :].strip()) for at in places]
    for name, value in pairs:
        if name in columns and _few(columns[name]) and (found := _spelled(columns[name], value)):
            return columns[name], found
    for name, value in pairs:
        if name in columns and not _few(columns[name]):
            raise _refuse(path, seen, f"{faults.shown(name)} has not 2 to {MOST_VALUES} values")
        if name in columns:
            problem = f"{faults.shown(value)} is no value of {faults.shown(name)}"
            raise _refuse(path, [columns[name]], problem)
    raise _refuse(path, seen, f"no column is called {faults.shown(pairs[0][0])}")


def _spelled(seen: Seen, value: str) -> str:
    """Return a value as it stands in a column; "" where it does not, or several might be meant.

    Excel shows `true` as `TRUE`: capitals may differ where that leaves one.
    """
    alike = [each for each in seen.counts if each.lower() == value.lower()]
    return value if value in alike else alike[0] if len(alike) == 1 else ""


def _outcome(seen: Seen, value: str, *, told: bool) -> Outcome:
    others = sorted(each for each in seen.counts if each != value)
    open_ = [each for each in others if UNDECIDED.fullmatch(each.lower())]
    open_ = open_ if len(open_) < len(others) else []
    also = [each for each in others if _also_bad(each.lower())]
    healthy = [each for each in others if each not in open_ and each not in also]
    also = also if healthy else []
    healthy = healthy or [each for each in others if each not in open_]
    whole = seen.is_number and all(re.fullmatch(r"0|-?[1-9]\d*", each) for each in seen.counts)
    kind: Kind = "integer" if whole else "string"
    values = tuple(sorted(seen.counts))
    column = Column(seen.name, kind, use="label", constraints=Constraints(True, enum=values))
    confirm = [] if told else ["this column and its high-risk value were taken by their names"]
    confirm += ["all other values count as healthy"] if len(healthy) > 1 else []
    confirm += ["rows of loans that are not decided are left out"] if open_ else []
    confirm += ["more values than the one named are taken for high-risk"] if also else []
    if 2 * seen.counts[value] > seen.rows:
        confirm.append("most loans are high-risk; does this value mark the good ones?")
    notes = [shares(seen), *(f"confirm: {each}" for each in confirm)]
    high_risk = (value, *also)
    named = dict(zip(("high_risk_name", "healthy_name"), _names(high_risk, healthy), strict=False))
    label = Label(high_risk, tuple(healthy), tuple(open_), **named)
    return Outcome(Described(column, ()), label, tuple(notes))


def _names(high_risk: Sequence[str], healthy: Sequence[str]) -> tuple[str, ...]:
    """Return the values themselves as names where each kind of loan has one that says what it is.

    Such as denied and approved, Charged Off and Fully Paid; nothing else.
    """
    values = [*high_risk, *healthy]
    if len(high_risk) != 1 or len(healthy) != 1:
        return ()
    return tuple(each.lower() for each in values) if all(map(SAYS.fullmatch, values)) else ()


def _also_bad(value: str) -> bool:
    return bool(ALSO_BAD.search(value)) and not NEGATED.search(
        value.rsplit("status:", maxsplit=1)[-1]
    )


def shares(seen: Seen) -> str:
    """Say how many rows have each value of a column."""
    common = seen.counts.most_common()
    said = [
        f"{faults.shown(text)} {100 * n / seen.rows:.3g} %" for text, n in common[:SHOWN_VALUES]
    ]
    more = [f"{len(common) - SHOWN_VALUES} more"] if len(common) > SHOWN_VALUES else []
    return ", ".join([*said, *more])


def _refuse(path: DataSource, seen: Iterable[Seen], problem: str) -> InputError:
    found = [each for each in seen if each.name and _few(each)]
    found.sort(key=lambda each: (not _likely(each), len(each.counts)))
    listed = "; ".join(f"{each.name} ({shares(each)})" for each in found[:SHOWN_CANDIDATES])
    first = found[0] if found else None
    allowed = f"a column with 2 to {MOST_VALUES} values, as here: {listed or 'there is none'}"
    rarest = [text for text, _ in first.counts.most_common() if text][-1] if first else ""
    example = f"{first.name}={rarest}" if first else "COLUMN=VALUE"
    remedy = f"name the label and its high-risk value, as in --label '{printable(example)}'"
    return InputError.of_file(shown(path), problem, allowed, remedy)


def _likely(seen: Seen) -> bool:
    named = BAD_NAME.search(seen.name) or NEUTRAL_NAME.search(seen.name)
    return bool(named or _high_risk(seen)) and not PAST.search(seen.name)
