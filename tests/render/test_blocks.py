"""What is done with details before either route does anything else with the document."""

import pypandoc

from analysis.base.project import ROOT

FILTER = ROOT / "render" / "style" / "blocks.lua"


def test_a_per_cent_sign_stays_with_its_number():
    arguments = [f"--lua-filter={FILTER}", "--wrap=none"]
    text = "within 95 % of them, and a\n% alone, 5\n%."
    made = pypandoc.convert_text(text, "plain", format="markdown", extra_args=arguments)
    assert made.strip() == "within 95\u00a0% of them, and a % alone, 5\u00a0%."


def test_a_paragraph_that_opens_a_list_stays_with_it_on_a_page():
    arguments = [f"--lua-filter={FILTER}"]
    text = "One thing: it is.\n\nOf these:\n\n- one\n- two\n\nNo list:\n\nA paragraph."
    made = pypandoc.convert_text(text, "typst", format="markdown", extra_args=arguments)
    start = "#block(sticky: true, spacing: 1.05em)["
    assert made.count(start) == 1
    assert made.split(start)[1].split("]")[0].strip() == "Of these:"
    plain = pypandoc.convert_text(text, "html", format="markdown", extra_args=arguments)
    assert "sticky" not in plain
