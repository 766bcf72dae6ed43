"""Read the rendered documents as a reader does."""

import functools
import re

import pypdf
from lxml import html


def plain(text):
    """Return text with every run of white space as one space."""
    return " ".join(text.split())


def load(folder):
    """Return the page of a report."""
    return html.parse(folder / "index.html").getroot()


def page_text(page):
    """Return what the main part of a page says."""
    return plain(page.find(".//main").text_content())


def headings(page):
    """Return the headings of a page in order."""
    return [plain(each.text_content()) for each in page.find(".//main").iter("h2", "h3")]


def loaded(page):
    """Return every address that a browser would load for a page by itself."""
    attributes = page.xpath("//@src | //@srcset | //@poster | //@data | //link/@href")
    styles = [each.text or "" for each in page.iter("style")] + page.xpath("//@style")
    addresses = [
        *attributes,
        *(match for text in styles for match in re.findall(r"url\(\s*['\"]?([^'\")]*)", text)),
        *(match for text in styles for match in re.findall(r"@import\s+['\"]([^'\"]*)", text)),
    ]
    return [each for each in addresses if not each.startswith(("data:", "#"))]


def pages(folder):
    """Return what each page of a PDF says."""
    path = folder / "report.pdf"
    return list(_pages(path, path.stat().st_mtime_ns))


@functools.cache
def _pages(path, _):
    return [plain(each.extract_text()) for each in pypdf.PdfReader(path).pages]


def outline(folder):
    """Return the bookmarks of a PDF in order."""
    return list(_flat(pypdf.PdfReader(folder / "report.pdf").outline))


def _flat(entries):
    for each in entries:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield plain(each.title)


def in_order(wanted, found):
    """Say whether all wanted texts are found in this order, other texts between them or not."""
    rest = iter(found)
    return all(each in rest for each in wanted)
