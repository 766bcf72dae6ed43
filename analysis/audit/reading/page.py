"""The lines of a report that is a web page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from analysis.audit.reading.lines import CONTROL, LONGEST_LINE, Line, Reading


class _Page(HTMLParser):
    """Collects the text of a page by lines, each row of a table as one."""

    BREAKS = frozenset(
        [
            *("p", "div", "li", "ul", "ol", "br", "h1", "h2", "h3", "h4", "h5", "h6"),
            *("section", "article", "tr", "table"),
        ]
    )
    SILENT = frozenset(("script", "style", "head"))

    def __init__(self, reading: Reading) -> None:
        super().__init__(convert_charrefs=True)
        self.reading, self.silent, self.pre = reading, 0, 0
        self.parts: list[str] = []
        self.heading = self.bullet = ""
        self.line = 1

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag == "img":
            given = dict(attributes)
            self.reading.images.append(given.get("alt") or str(given.get("src"))[:200])
        elif tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag in self.BREAKS:
            self.flush()
            self.heading = "#" * int(tag[1]) + " " if re.fullmatch("h[1-6]", tag) else self.heading
            self.bullet = "* " if tag == "li" else ""
        elif tag == "pre":
            self.flush()
            self.pre += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "tr":
            self.parts.append(" |")
            self.flush()
        elif tag in self.BREAKS or tag == "pre":
            self.flush()
            self.heading = ""
            if tag == "pre":
                self.pre = max(0, self.pre - 1)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        first = self.getpos()[0]
        for at, line in enumerate(data.split("\n")):
            if at and (self.pre or not self.in_row):
                self.flush(breaks=bool(self.pre))
            if line.strip() and not "".join(self.parts).strip(" |"):
                self.line = first + at
            self.parts.append(line)

    @property
    def in_row(self) -> bool:
        return any(part == " | " for part in self.parts)

    def flush(self, breaks: bool = True) -> None:
        """End a line; a paragraph's next line goes on with it where nothing breaks it."""
        text = "".join(self.parts)
        self.parts = []
        if text.strip() or (self.pre and breaks):
            text = text if self.pre else self.heading + self.bullet + " ".join(text.split())
            self.reading.lines.append(
                Line(f"line {self.line}", CONTROL.sub(" ", text[:LONGEST_LINE]))
            )
            self.bullet = ""
        last = self.reading.lines[-1].text if self.reading.lines else ""
        if breaks and not self.pre and last and not last.startswith("|"):
            self.reading.lines.append(Line(f"line {self.line}", ""))


def read_page(text: str, reading: Reading) -> None:
    """Read the lines of a web page."""
    page = _Page(reading)
    page.feed(text)
    page.close()
    page.flush()
