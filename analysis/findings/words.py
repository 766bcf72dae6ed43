"""What a portfolio's columns and loans are called, as its declaration says."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.base import display
from analysis.base.display import MINUS, MOST_DECIMALS, SHOWN
from analysis.models.design import MISSING, DesignColumn
from analysis.models.pair import NAMES, OVERSAMPLED, TITLES
from analysis.portfolio.column import Column
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Declaration

# Units that say what kind of number it is, and are not written behind one.
UNWRITTEN_UNITS = ("", "ratio", "count", "number", "share")
CURRENCIES = "$€£¥₹₩₽₺₴₫฿₦₱"
# Figures of a column from here on are written as whole numbers.
WHOLE = 1_000
VOWELS = "aeiou"
# Titles of columns that say when a loan was made: Year, Issue year, Date of approval.
TIME = re.compile(
    r"(?!.*\bbirth)([^\W_]+[ _])?(year|quarter|month|vintage|date)([ _]of[ _][^\W_]+)?",
    re.IGNORECASE,
)
YEARS = (1_000, 9_999)
# Characters of a title on the first screen.
SHORT = 40
# Words that open a phrase which stands before a noun only with hyphens: in-default loans.
OPENING = re.compile(
    r"(after|at|before|behind|beyond|in|never|no|non|not|of|off|on|out|over|past|under|with|without)"
    r"\s",
    re.IGNORECASE,
)
# What in a column's title leaves no doubt that it is German.
GERMAN = re.compile(
    r"[\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc\u00df]|kredit|darlehen|betrag|laufzeit|zinss|einkommen|beruf|anzahl"
    r"|umsatz|branche|rechtsform|mitarbeiter|ausfall|schuld|geschlecht|familienstand|verwendung",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Words:
    """What the columns, the labels and the loans of a portfolio are called.

    Attributes
    ----------
    declaration : Declaration
        Of the portfolio.
    columns : tuple of DesignColumn
        What the models are fitted on, where it is not the declared columns themselves, and the
        levels that have no column.
    """

    declaration: Declaration
    columns: tuple[DesignColumn, ...] = ()

    @property
    def high_risk(self) -> str:
        """The adjective of a loan that went wrong, before its noun: high-risk, in-default."""
        return _attributive(self.declaration.label.high_risk_name)

    @property
    def healthy(self) -> str:
        """The adjective of the others, before its noun: healthy."""
        return _attributive(self.declaration.label.healthy_name)

    def predicate(self, label: int) -> str:
        """Return what a loan of a label is said to be, behind its verb: healthy, in default."""
        return self.declaration.label_names[label]

    @property
    def models(self) -> dict[str, str]:
        """What each model is called within a sentence, by its id: the original model."""
        return NAMES | {OVERSAMPLED: self.declaration.recipe.resampled_name}

    @property
    def model_titles(self) -> dict[str, str]:
        """What each model is called in a table, by its id: Original."""
        return TITLES | {OVERSAMPLED: self.declaration.recipe.resampled_title}

    @property
    def adjective(self) -> str:
        """What the second model's training loans are: oversampled."""
        return self.declaration.recipe.resampled_adjective

    @property
    def resampling(self) -> str:
        """What was done to the second model's training loans, short: oversampling."""
        recipe = self.declaration.recipe
        return recipe.resampling.removeprefix("random ") if recipe.random else "class weighting"

    def label(self, label: int) -> str:
        """Return the adjective of the loans of a label, 0 or 1, before its noun."""
        return {HEALTHY: self.healthy, HIGH_RISK: self.high_risk}[label]

    def loans(self, rows: int, label: int) -> str:
        """Write a count of loans of one label: 619 high-risk loans, 1 healthy loan."""
        return display.plural(rows, f"{self.label(label)} loan")

    def one(self, label: int) -> str:
        """Name one loan of a label with its article: a high-risk loan, an unpaid loan."""
        article = "an" if self.label(label)[:1].lower() in VOWELS else "a"
        return f"{article} {self.label(label)} loan"

    def title(self, name: str) -> str:
        """Return the title of a column, declared or of the design: "Home ownership: rent"."""
        made = self._made(name)
        return made.title if made else self._declared(name).title

    def unit(self, name: str) -> str:
        """Return the unit of a column; nothing for one that says yes or no."""
        return self._declared(name).unit if self.is_number(name) else ""

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers in its unit; else it says yes or no."""
        return self._made(name) is None

    def feature(self, name: str) -> str:
        """Return the name of the declared column that a column of the design is made of."""
        made = self._made(name)
        return made.feature if made else name

    def within(self, name: str) -> str:
        """Return the title of a column within a sentence: loan size, FICO score, DebtRatio.

        German writes its nouns with a capital everywhere, so German titles stay as they are.
        """
        title = self.title(name)
        if self._german:
            return title
        first = title.split(" ")[0]
        a_word = title[1:2] == " " or (title[1:2].islower() and first[1:].islower())
        return title[:1].lower() + title[1:] if a_word else title

    def short(self, name: str) -> str:
        """Return the title of a column in a few words, for the first screen."""
        return textwrap.shorten(self.within(name), SHORT, placeholder="…")

    @property
    def times(self) -> list[str]:
        """The names of the columns that are read and say when a loan was made, as it seems."""
        read = (*self.declaration.features, *self.declaration.groups)
        return [each.name for each in read if TIME.fullmatch(each.title)]

    def value(self, name: str, value: float) -> str:
        """Write a value of a column without its unit: 1,250, or 2019 where it is a year."""
        if TIME.fullmatch(self.title(name)) and YEARS[0] <= value <= YEARS[1]:
            return f"{value:.10g}"
        return display.amount(value)

    def listing(self, names: Sequence[str]) -> str:
        """Name some columns within a sentence: loan size, interest rate and total debt."""
        return display.listing(display.some([self.within(name) for name in names]))

    def group(self, found: Mapping[Any, Any]) -> str:
        """Name a group of a column, a row of a `GroupFrame`: “female”, 20 to 27 years, missing."""
        if found["group"] == MISSING:
            return MISSING
        lower, upper = found["lower"], found["upper"]
        if lower is None or math.isnan(lower):
            return f"“{found['group']}”"
        return self.span(found["column"], lower, upper)

    def span(self, name: str, lower: float, upper: float) -> str:
        """Write from where to where some values of a column go: 20 to 27 years, $5 to $9."""
        before, after = self._around(name)
        ends = [
            f"{before}{self.value(name, round(each, MOST_DECIMALS))}" for each in (lower, upper)
        ]
        return f"{' to '.join(dict.fromkeys(ends))}{after}"

    def coefficients(self, names: Sequence[str]) -> str:
        """Name the coefficients of some columns: the coefficients of loan size and total debt."""
        return f"the coefficient{'' if len(names) == 1 else 's'} of {self.listing(names)}"

    def figures(self, name: str, values: Sequence[float]) -> list[str]:
        """Write some figures of a column in its unit, with the digits that tell them apart."""
        before, after = self._around(name)
        largest = max(abs(value) for value in values)
        decimals = 0 if largest >= WHOLE else SHOWN - 1
        after = "" if before else after
        texts = [f"{value:,.{decimals}f}".replace("-", MINUS) for value in values]
        return [f"{before}{each}{after}" for each in texts]

    def rule(self, name: str, direction: str, threshold: float) -> str:
        """Write a one-column rule: “Interest rate ≥ 9 %”, “Home ownership: other than rent”."""
        if not self.is_number(name):
            feature = f"{self.title(self.feature(name))}: "
            level = self.title(name).removeprefix(feature)
            return f"“{feature}{'' if direction == '>=' else 'other than '}{level}”"
        before, after = self._around(name)
        sign = "≥" if direction == ">=" else "<"
        return f"“{self.title(name)} {sign} {before}{self.value(name, threshold)}{after}”"

    def _around(self, name: str) -> tuple[str, str]:
        """Return what stands before and behind a number of a column."""
        unit = self.unit(name)
        if unit in UNWRITTEN_UNITS:
            return "", ""
        if unit[0] in CURRENCIES:
            return unit[0], unit[1:]
        return "", f" {unit}"

    @cached_property
    def _german(self) -> bool:
        return any(GERMAN.search(each.title) for each in self.declaration.columns)

    def _made(self, name: str) -> DesignColumn | None:
        return next((each for each in self.columns if each.name == name and not each.number), None)

    def _declared(self, name: str) -> Column:
        known = {each.name: each for each in self.declaration.schema.fields}
        return known.get(name) or Column(name)


def _attributive(name: str) -> str:
    """Return the name of some loans so that it stands before its noun: in-default, fully paid."""
    return "-".join(name.split()) if OPENING.match(name) else name
