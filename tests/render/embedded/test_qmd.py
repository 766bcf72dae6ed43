"""The reader of the Quarto subset: what it reads, and an error for everything else."""

import re
from pathlib import Path

import pytest

from render.embedded import qmd
from render.embedded.qmd import Cell, QuartoError, Text

ROOT = Path(__file__).resolve().parents[3]

DOCUMENT = """\
---
title: A title
subtitle: A subtitle
jupyter: python3
---

## A heading {.unnumbered}

Text with `{python} value`, see @tbl-one and @fig-two.

```{python}
#| include: false
#| tags: [parameters]
a = 1
#| this stays
```

::: {.callout-note}
## Title
Body
:::

```python
shown_as_it_is = "{{< not a shortcode here >}}"
```

`````{=html}
<p>@sec-raw</p>
```
`````

::: {.content-visible when-format="html"}
Only here.
:::
"""


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a document from its text."""

    def read_text(text):
        path = tmp_path / "document.qmd"
        path.write_text(text, encoding="utf-8")
        return qmd.read(path)

    return read_text


def test_reads_front_matter_text_and_cells_in_order(read):
    document = read(DOCUMENT)
    assert document.metadata["title"] == "A title"
    first, cell, last = document.blocks
    assert isinstance(first, Text)
    assert isinstance(cell, Cell)
    assert isinstance(last, Text)
    assert "Text with `{python} value`" in first.source
    assert cell.source.startswith("#| include: false")
    assert cell.source.endswith("a = 1\n#| this stays")
    assert cell.parameters
    assert "shown_as_it_is" in last.source
    assert "Only here." in last.source


def test_keeps_every_line_that_is_no_cell(read):
    document = read(DOCUMENT)
    lines = "\n".join(block.source for block in document.blocks if isinstance(block, Text))
    body = DOCUMENT.split("---\n", 2)[2]
    before, rest = body.split("```{python}\n", 1)
    after = rest.split("\n```\n", 1)[1]
    assert lines.split() == (before + after).split()


def test_cells_and_texts_know_their_line(read):
    document = read(DOCUMENT)
    lines = DOCUMENT.splitlines()
    assert lines[document.blocks[1].line - 1] == "```{python}"
    assert document.blocks[0].line == 6


def test_a_document_without_front_matter(read):
    assert read("Only text.\n").metadata == {}


def test_a_fence_closes_where_markdown_closes_it(read):
    document = read("```{python}\n#| include: false\na = 1\n`````  \n\nText\n")
    assert document.blocks[1].source == "#| include: false\na = 1"
    assert not document.blocks[1].parameters
    assert "Text" in document.blocks[2].source


def test_the_report_is_within_the_subset():
    document = qmd.read(ROOT / "report.qmd")
    assert document.metadata["title"]
    assert sum(map(len, document.code)) > 80


# Each construct stands on the line with this number; what the message must name.
UNSUPPORTED = {
    "shortcode": ("{{< include other.qmd >}}", "shortcode"),
    "shortcode in a sentence": ("See {{< meta title >}} here.", "shortcode"),
    "another engine in a sentence": ("It is `{r} 1 + 1`.", "inline code"),
    "inline value without a space": ("It is `{python}1 + 1`.", "inline code"),
    "inline value over two lines": ("It is `{python} 1 +\n1`.", "inline code"),
    "section reference": ("See @sec-results.", "cross-reference"),
    "equation reference": ("See @eq-one.", "cross-reference"),
    "listing reference": ("See [@lst-one].", "cross-reference"),
    "cell of another engine": ("```{r}\n1\n```", "{r} block"),
    "diagram": ("```{mermaid}\ngraph\n```", "{mermaid} block"),
    "raw block of another format": ("```{=latex}\nx\n```", "{=latex} block"),
    "cell with options in its head": ("```{python echo=False}\n1\n```", "fence"),
    "cell in a list": ("  ```{python}\n  1\n  ```", "fence"),
    "cell in a quotation": ("> ```{python}\n> 1\n> ```", "fence"),
    "fence of tildes": ("~~~{python}\n1\n~~~", "fence"),
    "fence without an end": ("```{python}\n1\n", "never closed"),
    "tabs": ("::: {.panel-tabset}\n:::", "panel-tabset"),
    "column": ("::: {.column-margin}\n:::", "column-margin"),
    "div of a bare class": ("::: note\n:::", "bare class"),
    "folding callout": ('::: {.callout-note collapse="true"}\n:::', "collapse"),
    "titled callout": ('::: {.callout-note title="A"}\n:::', "title"),
    "unknown callout": ("::: {.callout-danger}\n:::", "callout-danger"),
    "theorem": ("::: {#thm-one}\n:::", "thm"),
    "layout": ("::: {#fig-a layout-ncol=2}\n:::", "layout-ncol"),
    "unknown format": ('::: {.content-visible when-format="pdf"}\n:::', "pdf"),
    "profile": ('::: {.content-visible when-profile="a"}\n:::', "when-profile"),
    "heading with a class": ("## Heading {.unlisted}", "heading"),
    "heading with two attributes": ("## Heading {#a .unnumbered}", "heading"),
    "Markdown table with a label": (": A caption {#tbl-one}", "identifier"),
    "image with a label": ("![A](a.png){#fig-one}", "identifier"),
    "image with a width": ("![A](a.png){width=3cm}", "attributes"),
    "span": ("[text]{.smallcaps}", "attributes"),
    "metadata block": ("---\ntitle: Another\n---", "metadata"),
    "cell option": ("```{python}\n#| fig-width: 3\n```", "fig-width"),
    "label of a cell": ("```{python}\n#| label: tbl-a\n```", "'label'"),
    "cell that may show something": ("```{python}\n1\n```", "include: false"),
    "cell that shows something": ("```{python}\n#| include: true\n```", "include: false"),
    "cell with another tag": ("```{python}\n#| tags: [a]\n```", "include: false"),
    "hidden content": ('::: {.content-hidden when-format="html"}\n:::', "content-hidden"),
    "condition the other way": ('::: {.content-visible unless-format="html"}\n:::', "unless"),
    "options that are no YAML": ("```{python}\n#| label: [\n```", "not YAML"),
    "options without names": ("```{python}\n#| - a\n```", "without names"),
}


@pytest.mark.parametrize("construct", UNSUPPORTED)
def test_anything_else_is_an_error_that_names_its_line(read, construct):
    text, named = UNSUPPORTED[construct]
    before = "---\ntitle: A\n---\n\nText.\n\n"
    with pytest.raises(QuartoError, match=r"^document\.qmd: line 7: ") as caught:
        read(f"{before}{text}\n\nMore text.\n")
    assert named in str(caught.value)
    assert "the embedded route does not read it" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("---\nformat: html\n---\n", "format"),
        ("---\ntitle: A\n", "never closed"),
        ("---\ntitle: [\n---\n", "not YAML"),
        ("---\n- a\n---\n", "without names"),
    ],
)
def test_front_matter_that_cannot_be_read_is_an_error(read, text, named):
    with pytest.raises(QuartoError, match=rf"line 1: .*{named}"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Write to someone@example.org.",
        "A price of $5 {not} attributes.",
        "[link](https://example.org) and [another][1].",
        "`code` and ``code with ` in it``",
        "## Heading {#sec-results}",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "- item\n- item\n\n1. item",
        "A citation [@mitchell2019].",
    ],
)
def test_plain_markdown_is_read(read, text):
    (block,) = read(text).blocks
    assert block.source == text


def test_no_figure_of_the_report_is_typed():
    """But for single digits (the labels, the models' numbers), citations' keys and years."""
    document = qmd.read(ROOT / "report.qmd")
    for block in document.blocks:
        if isinstance(block, qmd.Text):
            prose = re.sub(r"@[\w-]+|\b20\d\d\b", "", qmd.INLINE.sub("", block.source))
            assert not re.findall(r"\d+[.,]\d+|\d{2,}|\d\s?%", prose), block.line
