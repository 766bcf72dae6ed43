"""What is done with tables before either route does anything else with the document."""

import pypandoc

from analysis.base.project import ROOT

FILTER = ROOT / "render" / "style" / "blocks.lua"
TABLES = """
::: {.content-visible when-format="html"}
<table><tr><td>only on the page</td></tr></table>
:::

::: {.content-visible when-format="typst"}
only in the PDF
:::

```{=html}
<table><tr><td>in both</td></tr></table>
```
"""


def filtered(name):
    """Return the document as the filter leaves it for a format, in that format."""
    arguments = [f"--lua-filter={FILTER}"]
    return pypandoc.convert_text(TABLES, name, format="markdown", extra_args=arguments)


def test_the_pdf_is_given_no_table_that_quarto_would_parse_as_html():
    made = filtered("typst")
    assert "only on the page" not in made
    assert "only in the PDF" in made
    assert made.count("#table(") == made.count("in both") == 1


def test_the_page_keeps_its_tables_as_they_are():
    assert filtered("html").count("<table>") == 2


def test_a_per_cent_sign_stays_with_its_number():
    arguments = [f"--lua-filter={FILTER}", "--wrap=none"]
    text = "within 95 % of them, and a\n% alone, 5\n%."
    made = pypandoc.convert_text(text, "plain", format="markdown", extra_args=arguments)
    assert made.strip() == "within 95\u00a0% of them, and a % alone, 5\u00a0%."
