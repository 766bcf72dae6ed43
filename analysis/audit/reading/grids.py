"""Tables whose rows and columns have names: cells between bars, frames as pandas prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from analysis.audit.reading import steps
from analysis.audit.reading.context import Context
from analysis.audit.reading.lines import Line
from analysis.audit.reading.words import Vocabulary
from analysis.audit.stated import BY_LABEL, CELLS, NUMBER, Figure, Hold, Label

MOST_ROWS = 40
LEAST_CELLS = 2  # in a row, and rows of a table
CELL = re.compile(r"\d[\d,]{0,15}(?:\.\d{1,20})?%?$")
_LOANS = re.compile(r"\W*(?:rows|loans|samples|n|count|number of loans)\W*", re.IGNORECASE)
_PREDICTED = re.compile(r"pred\w*|decided", re.IGNORECASE)
_ACTUAL = re.compile(r"actual\w*|true|truth|real", re.IGNORECASE)


class Grids:
    """Reads the tables with named rows and columns of one report, each with a number of its own.

    Parameters
    ----------
    words : Vocabulary
        What finds the words in their headers.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.words, self.count = words, 0

    def next_table(self) -> None:
        """Begin another table."""
        self.count += 1

    def cell(self, where: str, text: str, measure: str, label: Label, model: str | None) -> Figure:
        """Return a figure as a cell of the table that is read."""
        return Figure(where, text, measure, label, model, "cell", self.count)

    def _bars(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        """Read a table whose cells stand between bars."""
        rows = []
        for line in lines[at : at + MOST_ROWS]:
            if line.text.count("|") < LEAST_CELLS:
                break
            rows.append((line.where, [each.strip() for each in _between(line.text)]))
        # With a figure beside its name in the first row, bars only part what a line says.
        if len(rows) < LEAST_CELLS or any(
            re.search(r"\d[.,]\d|%", cell) and self.words.only(cell, "measure")
            for cell in rows[0][1]
        ):
            return [], 0
        return self._grid(rows, context), len(rows)

    def _frame(self, lines: Sequence[Line], at: int, context: Context) -> tuple[list[Figure], int]:
        """Read a frame as pandas prints it: cells two blanks apart, the rows' names first."""
        header = _apart(lines[at].text)
        if len(header) < LEAST_CELLS or any(CELL.match(each) for each in header):
            return [], 0
        rows = [(lines[at].where, ["", *header])]
        for line in lines[at + 1 : at + MOST_ROWS]:
            cells = _apart(line.text)
            numbers = [each for each in cells if CELL.match(each)]
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
        self.next_table()
        figures: list[Figure] = []
        names = [_name(header, cells) for _, cells in rows[1:]]
        for (where, cells), name in zip(rows[1:], names, strict=True):
            for column, cell in zip(header, cells, strict=False):
                numbers = NUMBER.findall(cell)
                if len(numbers) != 1 or not re.fullmatch(r"\W*", cell.replace(numbers[0], "")):
                    continue
                if _describes(column):
                    continue
                figure = self._cell(where, numbers[0], column, name, context)
                if figure is not None:
                    figures.append(figure)
        return figures

    def _cell(
        self, where: str, text: str, column: str, name: str, context: Context
    ) -> Figure | None:
        words, table = self.words, self.count
        both = f"{column} ; {name}"
        model = words.model(column) or words.model(name) or context.of("model")
        if counted := self._crossed(column, name):
            return self.cell(where, text, counted, None, model)
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
        if _LOANS.fullmatch(column):
            return self.cell(where, text, "support", None, model)
        label = self.words.only(column, "label")
        step = steps.step(name, len(name), len(name))
        if label not in (0, 1) or step == "counted":
            return None
        return Figure(where, text, step, label, None, "bound")

    def _crossed(self, column: str, name: str) -> str | None:
        """Return which count of a confusion matrix stands where a row and a column cross."""
        for first, second in ((column, name), (name, column)):
            if _PREDICTED.search(first) and not _PREDICTED.search(second):
                decided = self.words.label(_PREDICTED.sub("", first))
                truly = self.words.label(_ACTUAL.sub("", second))
                if decided in (0, 1) and truly in (0, 1):
                    return CELLS[2 * truly + decided]
        return None


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
            parts.append(f"{column} {cell}" if CELL.match(cell) else cell)
        elif at == 0 and not column and CELL.match(cell):
            parts.append(f"class {cell}" if cell in ("0", "1") else cell)
        elif not NUMBER.fullmatch(cell):
            parts.append(cell)
    return " , ".join(parts)
