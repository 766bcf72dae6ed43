"""Figures of printed tables: classification reports, confusion matrices, frames, dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.audit import sentences
from analysis.audit.context import Context
from analysis.audit.stated import BY_LABEL, CELLS, NUMBER, Figure, Hold, Label
from analysis.audit.words import Vocabulary
from analysis.audit.written import Line

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
LEAST_COLUMNS = 3
MOST_ROWS = 40
_MATRIX = re.compile(
    r"\[\s{0,9}\[\s{0,9}(\d{1,12})[\s,]{1,9}(\d{1,12})\s{0,9}\][\s,]{0,20}"
    r"\[\s{0,9}(\d{1,12})[\s,]{1,9}(\d{1,12})\s{0,9}\]\s{0,9}\]"
)
_ENTRY = re.compile(r"""['"]([^'"\n]{1,40})['"]\s{0,3}:\s{0,3}(\{|\d{1,15}(?:\.\d{1,20})?)""")
_CELL = re.compile(r"\d[\d,]{0,15}(?:\.\d{1,20})?%?$")


class Tables:
    """Reads the tables of one report, each with a number of its own.

    Parameters
    ----------
    words : Vocabulary
        What finds the words in their headers.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.words, self.count = words, 0

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

    def _next(self) -> int:
        self.count += 1
        return self.count

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
        table, model = self._next(), context.of("model")
        labels = self._labels([name for _, name, _ in rows])
        return [
            Figure(where, text, measure, label, model, "cell", table)
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
        known = {0, 1} & set(found)
        if len(unknown) == 2 and not known:
            found[unknown[0]], found[unknown[1]] = 0, 1
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
            model = self.words.model(before) or context.of("model")
            table = self._next()
            for group, measure in enumerate(CELLS, start=1):
                below = second is not None and found.start(group) > len(first.text)
                where = second.where if below and second else first.where
                used = max(used, 2 if below else 1)
                figures.append(
                    Figure(where, found.group(group), measure, None, model, "cell", table)
                )
        return figures, used

    def _dictionary(
        self, lines: Sequence[Line], at: int, context: Context
    ) -> tuple[list[Figure], int]:
        """Read what `output_dict=True` gives, however its lines are broken."""
        if not re.search(r"""['"](?:precision|recall)['"]\s{0,3}:""", lines[at].text):
            return [], 0
        figures: list[Figure] = []
        model = self.words.model(lines[at].text.split("{")[0]) or context.of("model")
        table, name, seen, used = self._next(), "", set[str](), 0
        for line in lines[at : at + MOST_ROWS]:
            entries = list(_ENTRY.finditer(line.text))
            if not entries or (used and re.match(r"\s*\w+\s*=", line.text)):
                break
            used += 1
            for entry in entries:
                key, value = entry.groups()
                if value == "{":
                    if key in seen:
                        table, seen = self._next(), set()
                    seen.add(key)
                    name = key
                elif key in COLUMNS and name:
                    label = self.words.label(name)
                    if label is not None:
                        figures.append(
                            Figure(line.where, value, COLUMNS[key], label, model, "cell", table)
                        )
                elif key == "accuracy":
                    figures.append(
                        Figure(line.where, value, "accuracy", None, model, "cell", table)
                    )
        return figures, used

    def _bars(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        """Read a table whose cells stand between bars."""
        rows = []
        for line in lines[at : at + MOST_ROWS]:
            if line.text.count("|") < 2:
                break
            rows.append((line.where, [each.strip() for each in _between(line.text)]))
        if len(rows) < 2 or any(
            NUMBER.search(cell) and self.words.only(cell, "measure")
            for cell in rows[0][1]
            if "1" not in cell[:1] and re.search(r"\d[.,]\d|%", cell)
        ):
            return [], 0
        return self._grid(rows, context), len(rows)

    def _frame(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        """Read a frame as pandas prints it: cells two blanks apart, the rows' names first."""
        header = _apart(lines[at].text)
        if len(header) < 2 or any(_CELL.match(each) for each in header):
            return [], 0
        rows = [(lines[at].where, ["", *header])]
        for line in lines[at + 1 : at + MOST_ROWS]:
            cells = _apart(line.text)
            numbers = [each for each in cells if _CELL.match(each)]
            if len(cells) == len(header) and len(numbers) == len(cells) - 1 and len(rows) == 1:
                rows[0] = (lines[at].where, header)
            wanted = len(rows[0][1])
            if len(cells) != wanted or not numbers:
                break
            rows.append((line.where, cells))
        figures = self._grid(rows, context) if len(rows) > 1 else []
        return (figures, len(rows)) if figures else ([], 0)

    def _grid(self, rows: list[tuple[str, list[str]]], context: Context) -> list[Figure]:
        """Return the figures of a table with a header, by what its rows and columns are called."""
        header = rows[0][1]
        table = self._next()
        figures: list[Figure] = []
        names = [_name(header, cells) for _, cells in rows[1:]]
        for (where, cells), name in zip(rows[1:], names, strict=True):
            for column, cell in zip(header, cells, strict=False):
                numbers = NUMBER.findall(cell)
                if len(numbers) != 1 or not re.fullmatch(r"\W*", cell.replace(numbers[0], "")):
                    continue
                if _describes(column):
                    continue
                figure = self._cell(where, numbers[0], column, name, table, context)
                if figure is not None:
                    figures.append(figure)
        return figures

    def _cell(
        self, where: str, text: str, column: str, name: str, table: int, context: Context
    ) -> Figure | None:
        words = self.words
        both = f"{column} ; {name}"
        model = words.model(column) or words.model(name) or context.of("model")
        if counted := self._crossed(column, name):
            return Figure(where, text, counted, None, model, "cell", table)
        row = words.only(name, "measure")
        measure = words.only(column, "measure") or row or context.of("measure")
        if row == "accuracy" and measure in BY_LABEL:
            measure = row
        if measure is None:
            return self._of_loans(where, text, column, name, model)
        label: Label = words.only(both, "label")
        if label is None:
            label = words.label(name) if words.label(name) is not None else words.label(column)
        if measure in BY_LABEL and label is None:
            label = context.of("label")
        if measure in ("accuracy", "balanced_accuracy"):
            label = None
        guessed = measure in BY_LABEL and label is None
        hold: Hold = "loose" if guessed else "cell"
        return Figure(where, text, measure, 1 if guessed else label, model, hold, table, guessed)

    def _of_loans(self, where: str, text: str, column: str, name: str, model: Any) -> Figure | None:
        """Read a number of loans: by its step and its label, or the rows beside scores."""
        if not re.fullmatch(r"[\d,]+", text):
            return None
        if re.fullmatch(r"\W*(?:rows|loans|samples|n|count|number of loans)\W*", column, re.I):
            return Figure(where, text, "support", None, model, "cell", self.count)
        label = self.words.only(column, "label")
        step = sentences.step(name, len(name), len(name))
        if label not in (0, 1) or step == "counted":
            return None
        return Figure(where, text, step, label, None, "bound")

    def _crossed(self, column: str, name: str) -> str | None:
        """Return which count of a confusion matrix stands where a row and a column cross."""
        predicted = re.compile(r"pred\w*|decided", re.IGNORECASE)
        actual = re.compile(r"actual\w*|true|truth|real", re.IGNORECASE)
        for first, second in ((column, name), (name, column)):
            if predicted.search(first) and not predicted.search(second):
                decided = self.words.label(predicted.sub("", first))
                truly = self.words.label(actual.sub("", second))
                if decided in (0, 1) and truly in (0, 1):
                    return CELLS[2 * truly + decided]
        return None


def _columns(text: str) -> list[str]:
    words = text.strip(" |`'\"").lower().split()
    if not LEAST_COLUMNS <= len(words) <= 8 or not all(word in COLUMNS for word in words):
        return []
    return [COLUMNS[word] for word in words]


def _row(text: str, columns: int) -> tuple[str, list[str]] | None:
    """Return the name and the figures of a row; None where it is none."""
    parts = text.strip(" |`'\"").split()
    numbers: list[str] = []
    while parts and len(numbers) < columns and _CELL.match(parts[-1]):
        numbers.insert(0, parts.pop())
    name = " ".join(parts)
    if not name or len(name) > 60 or not numbers:
        return None
    if len(numbers) == columns or (len(numbers) <= 2 and name.lower().startswith("accuracy")):
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


def _between(text: str) -> list[str]:
    return text.strip().removeprefix("|").removesuffix("|").split("|")


def _apart(text: str) -> list[str]:
    return [each for each in re.split(r"\s{2,}|\t", text.strip()) if each]


def _describes(column: str) -> bool:
    """Whether a column says what the others are of, and holds no figures itself."""
    return bool(re.fullmatch(r"\W*(?:class|label|model|row|data|loan[ _]status)\W*", column, re.I))


def _name(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return what a row is called: its cells that are no figures."""
    parts = []
    for at, cell in enumerate(cells):
        column = header[at] if at < len(header) else ""
        if _describes(column):
            parts.append(f"{column} {cell}" if _CELL.match(cell) else cell)
        elif at == 0 and not column and _CELL.match(cell):
            parts.append(f"class {cell}" if cell in ("0", "1") else cell)
        elif not NUMBER.fullmatch(cell):
            parts.append(cell)
    return " , ".join(parts)
