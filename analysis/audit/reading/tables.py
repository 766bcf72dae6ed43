"""Figures of printed tables: classification reports, confusion matrices, dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.audit.reading.context import Context
from analysis.audit.reading.grids import CELL, MOST_ROWS, Grids
from analysis.audit.reading.lines import Line
from analysis.audit.stated import CELLS, MODELS, Figure

COLUMNS = {
    "precision": "precision",
    "recall": "recall",
    "f1-score": "f1_score",
    "f1_score": "f1_score",
    "f1": "f1_score",
    "support": "support",
    "pre": "precision",
    "rec": "recall",
    "spe": "specificity",
    "geo": "geometric_mean",
    "iba": "index_balanced_accuracy",
    "sup": "support",
}
LEAST_COLUMNS, MOST_COLUMNS = 3, 8
LONGEST_NAME = 60  # letters of a row's name
AT_ACCURACY = 2  # figures in the row of the accuracy: that, and its loans
LABELS = (0, 1)
_MATRIX = re.compile(
    r"\[\s{0,9}\[\s{0,9}(\d{1,12})[\s,]{1,9}(\d{1,12})\s{0,9}\][\s,]{0,20}"
    r"\[\s{0,9}(\d{1,12})[\s,]{1,9}(\d{1,12})\s{0,9}\]\s{0,9}\]"
)
_ENTRY = re.compile(r"""['"]([^'"\n]{1,40})['"]\s{0,3}:\s{0,3}(\{|\d{1,15}(?:\.\d{1,20})?)""")


class Tables(Grids):
    """Reads every table of one report, those too that a library has printed."""

    def read(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        """Return the figures of the table that begins at a line, and how many lines it takes."""
        text = lines[at].text
        for reader in (self._report, self._bars, self._frame, self._dictionary):
            found = reader(lines, at, context)
            if found[1]:
                return found
        if "[" in text:
            return self._matrix(lines, at, context)
        return [], 0

    def _report(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        """Read a classification report as scikit-learn or imbalanced-learn prints it."""
        columns = _columns(lines[at].text)
        if not columns:
            return [], 0
        rows: list[tuple[str, str, list[str]]] = []
        used = 1
        for line in lines[at + 1 : at + MOST_ROWS]:
            if _columns(line.text):
                break
            row = _row(line.text, len(columns))
            if row is None and line.text.strip(" |`'\""):
                break
            used += 1
            if row is not None:
                rows.append((line.where, *row))
        if not rows:
            return [], 0
        self.next_table()
        model = context.of("model")
        labels = self._labels([name for _, name, _ in rows])
        return [
            self.cell(where, text, measure, label, model)
            for (where, name, texts), label in zip(rows, labels, strict=True)
            for measure, label, text in _cells(name, label, texts, columns)
        ], used

    def _labels(self, names: Sequence[str]) -> list[Any]:
        """Return the labels that the rows are of; two unknown names are 0 and 1 in their order."""
        found = [self.words.label(name) for name in names]
        unknown = [
            at
            for at, (name, label) in enumerate(zip(names, found, strict=True))
            if label is None and not _is_average(name)
        ]
        known = {*LABELS} & {*found}
        if len(unknown) == len(LABELS) and not known:
            found[unknown[0]], found[unknown[1]] = LABELS
        elif len(unknown) == 1 and len(known) == 1:
            found[unknown[0]] = 1 - known.pop()
        return found

    def _matrix(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        first, second = lines[at], lines[at + 1] if at + 1 < len(lines) else None
        whole = first.text + ("\n" + second.text if second else "")
        figures: list[Figure] = []
        used = 0
        for found in _MATRIX.finditer(whole):
            if found.start() > len(first.text):
                break
            before = first.text[: found.start()]
            if (named := self.words.model(before)) in MODELS:
                context.mention(named)
            model = named or context.of("model")
            self.next_table()
            for group, measure in enumerate(CELLS, start=1):
                below = second is not None and found.start(group) > len(first.text)
                where = second.where if below and second else first.where
                used = max(used, 2 if below else 1)
                figures.append(self.cell(where, found.group(group), measure, None, model))
        return figures, used

    def _dictionary(
        self, lines: Sequence[Line], at: int, context: Context
    ) -> tuple[list[Figure], int]:
        """Read what `output_dict=True` gives, however its lines are broken."""
        if not re.search(r"""['"](?:precision|recall)['"]\s{0,3}:""", lines[at].text):
            return [], 0
        figures: list[Figure] = []
        model = self.words.model(lines[at].text.split("{")[0]) or context.of("model")
        self.next_table()
        name, seen, used = "", set[str](), 0
        for line in lines[at : at + MOST_ROWS]:
            entries = list(_ENTRY.finditer(line.text))
            if not entries or (used and re.match(r"\s*\w+\s*=", line.text)):
                break
            used += 1
            for entry in entries:
                key, value = entry.groups()
                if value == "{":
                    if key in seen:
                        self.next_table()
                        seen = set()
                    seen.add(key)
                    name = key
                elif key in COLUMNS and name:
                    label = self.words.label(name)
                    if label is not None:
                        figures.append(self.cell(line.where, value, COLUMNS[key], label, model))
                elif key == "accuracy":
                    figures.append(self.cell(line.where, value, "accuracy", None, model))
        return figures, used


def _columns(text: str) -> list[str]:
    words = text.strip(" |`'\"").lower().split()
    if not LEAST_COLUMNS <= len(words) <= MOST_COLUMNS or not all(
        word in COLUMNS for word in words
    ):
        return []
    return [COLUMNS[word] for word in words]


def _row(text: str, columns: int) -> tuple[str, list[str]] | None:
    """Return the name and the figures of a row; None where it is none."""
    parts = text.strip(" |`'\"").split()
    numbers: list[str] = []
    while parts and len(numbers) < columns and CELL.match(parts[-1]):
        numbers.insert(0, parts.pop())
    name = " ".join(parts)
    if not name or len(name) > LONGEST_NAME or not numbers:
        return None
    if len(numbers) == columns or (
        len(numbers) <= AT_ACCURACY and name.lower().startswith("accuracy")
    ):
        return name, numbers
    return None


def _cells(
    name: str, label: Any, texts: Sequence[str], columns: Sequence[str]
) -> Iterator[tuple[str, Any, str]]:
    if name.lower().startswith("accuracy"):
        yield from zip(("accuracy", "support"), (None, None), texts[-2:], strict=False)
        return
    if label is None:
        return
    for column, text in zip(columns, texts, strict=True):
        yield column, label, text


def _is_average(name: str) -> bool:
    return bool(re.match(r"\s*(?:accuracy|micro|macro|weighted|samples|avg)", name, re.IGNORECASE))
