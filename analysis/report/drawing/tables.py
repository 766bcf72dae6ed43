"""Tables: figures in a frame, how they are written, and what a document shows of both."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.base import project
from analysis.findings.finding import Finding
from analysis.report.drawing import escape, links
from analysis.report.drawing.cells import NAME, Columns, written
from analysis.report.drawing.markdown import Markdown, joined, numbered, raw

LAST, MOST_LETTERS = 3, 1_500  # rows that end a table together, and what a part of a page holds
LONG_WORD = re.compile(r"[^\s&<>]{20,}")
# Such a word may break behind an underscore or a slash, before a capital (debtRatio), a long part
# of it anywhere but near its ends.
JOINT = re.compile(r"(?<=[_/])|(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_A-Z]{12})(?=[^\W\d_A-Z]{8})")


@dataclass(frozen=True)
class Link:
    """A cell that leads to another place of the document, or a plain text where it has none."""

    text: str
    target: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """A table of the report; in a document it shows itself as Markdown, captioned and labelled.

    Attributes
    ----------
    id : str
        Prefix of the cells' ids, unique in the document, where its label is `tbl-` and this.
    head : str
        What stands above the row names.
    frame : DataFrame
        The figures in full, a row for each of the table's; the column `name` holds its name.
    texts : DataFrame
        What is shown of them: texts or links.
    titles : dict of column to title
        The columns of texts that are shown besides their `name`, in this order, and what stands
        above them.
    caption : str
        What it shows, as Markdown; none where it stands below a figure or on the cover.
    findings : tuple of Finding
        What was found, for links back from the table that shows it.
    left : bool
        Whether the columns are words, which align to the left.
    file : str
        What its figures are called as a file, where not by the id.
    """

    id: str
    head: str
    frame: pd.DataFrame = field(repr=False)  # IPython asks for it, whatever it shows then
    texts: pd.DataFrame = field(repr=False)
    titles: Mapping[str, str]
    caption: str = ""
    findings: tuple[Finding, ...] = ()
    left: bool = False
    file: str = ""

    @classmethod
    def of(  # noqa: PLR0917 -- in the order of the fields
        cls,
        table_id: str,
        head: str,
        frame: pd.DataFrame,
        columns: Columns,
        caption: str = "",
        findings: tuple[Finding, ...] = (),
        file: str = "",
    ) -> Table:
        """Make a table of figures, of which some columns are shown, each written in its way."""
        titles = {name: title for name, (title, _) in columns.items()}
        texts = written(frame, columns)
        return cls(table_id, head, frame, texts, titles, caption, findings, file=file)

    def only(self, rows: pd.Series[bool]) -> Table:
        """Return the table with some of its rows shown; its figures stay whole."""
        return replace(self, texts=self.texts[rows])

    @classmethod
    def of_words(
        cls,
        table_id: str,
        head: str,
        texts: pd.DataFrame,
        titles: Mapping[str, str],
        caption: str = "",
    ) -> Table:
        """Make a table of words, whose figures are what it shows."""
        return cls(table_id, head, texts.map(str), texts, titles, caption, left=True)

    def html(self) -> str:
        """Return the table as HTML, without the library's style sheet.

        It takes alignment from its cells and everything else from the page's style.
        """
        # Loaded here, since the PDF's tables are written without it.
        import pyarrow as pa  # noqa: PLC0415
        from great_tables import GT  # noqa: PLC0415

        # The library goes through a frame of pandas cell by cell, in five times the time.
        cells = pa.table({name: [*map(_markup, each)] for name, each in self._cells().items()})
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PyArrow Table support is currently experimental")
            drawn = GT(cells, rowname_col=NAME, id=self.id)
        markup = (
            drawn.tab_stubhead(self.head)
            .cols_label({**self.titles})
            # The cells are markup already; the library would escape them once more.
            .fmt_passthrough(cells.column_names, escape=False)
            .cols_align(self._side(), [*self.titles])
            .as_raw_html()
        )
        end = "</table>"
        return markup[markup.index("<table") : markup.index(end) + len(end)]

    def typst(self) -> str:
        """Return the table as Typst; it takes everything but alignment from the PDF's style.

        Quarto would parse its HTML, and Pandoc write the same of it, in a multiple of the time.
        """
        head = [self.head, *self.titles.values()]
        arguments = [
            f"align: (auto, {f'{self._side()}, ' * len(self.titles)})",
            f"table.header({', '.join(map(escape.quoted, head))})",
            "table.hline()",
            *_kept_together([", ".join(map(_content, row)) for row in self._cells().to_numpy()]),
        ]
        return f"#[#set table(columns: {len(head)})\n#table({', '.join(arguments)})]"

    def _cells(self) -> pd.DataFrame:
        return self.texts[[NAME, *self.titles]]

    def _side(self) -> str:
        return "left" if self.left else "right"

    def csv(self) -> str:
        """Return the figures as CSV that a spreadsheet takes for figures and texts alone."""
        frame = self.frame[[NAME, *self.frame.columns.drop(NAME)]]
        return escape.csv(frame.convert_dtypes())  # counts stay whole beside rows that have none

    def block(self) -> Markdown:
        """Return the table by itself as Markdown, in the formats that the document is made for."""
        made = {"html": self.html, "typst": self.typst}
        return joined(raw(name, made[name]()) for name in project.formats())

    @property
    def shown(self) -> Markdown:
        """The table as Markdown, on the page with a link to its figures as CSV.

        The file travels in the link itself, so that the page stays whole wherever it is put.
        """
        return joined([self.block(), self._download()])

    def _download(self) -> str:
        if "html" not in project.formats():
            return ""
        name = f"{self.file or self.id}.csv"
        content = base64.b64encode(self.csv().encode()).decode()
        link = f'<a download="{name}" href="data:text/csv;base64,{content}">{name}</a>'
        return raw("html", f'<p class="download">{link}</p>')

    @property
    def markdown(self) -> str:
        """The table with its caption, its link, and links back to what was found, as Markdown."""
        label = f"tbl-{self.id}"
        return numbered(label, joined([self.shown, links.back(self.findings, label)]), self.caption)

    def _repr_markdown_(self) -> str:
        return self.markdown


def _markup(cell: object) -> str:
    # Else a name that is one long word would run into the next column.
    text = LONG_WORD.sub(lambda word: JOINT.sub("<wbr>", word[0]), escape.in_html(str(cell)))
    if isinstance(cell, Link) and cell.target:
        return f'<a href="#{cell.target}">{text}</a>'
    return text


def _content(cell: object) -> str:
    text = escape.in_typst(str(cell))
    if isinstance(cell, Link) and cell.target:
        return f'link(label("{cell.target}"), {text})'
    return text


def _kept_together(rows: list[str]) -> list[str]:
    """Let the last rows of a table stay on one page, so that none is left alone on the next."""
    last = ", ".join(rows[-LAST:])
    if len(rows) < 2 * LAST or len(last) > MOST_LETTERS:
        return rows
    return [*rows[:-LAST], f"table.footer(repeat: false, {last})"]


def facts(
    table_id: str, head: str, title: str, rows: Mapping[str, str], caption: str = ""
) -> Table:
    """Make a table of names and words."""
    texts = pd.DataFrame({NAME: list(rows), "value": list(rows.values())})
    return Table.of_words(table_id, head, texts, {"value": title}, caption)
