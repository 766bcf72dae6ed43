"""What is done with details before either route does anything else with the document."""

import pypandoc

from analysis.base.project import ROOT

FILTER = ROOT / "render" / "style" / "blocks.lua"


def test_a_per_cent_sign_stays_with_its_number():
    arguments = [f"--lua-filter={FILTER}", "--wrap=none"]
    text = "within 95 % of them, and a\n% alone, 5\n%."
    made = pypandoc.convert_text(text, "plain", format="markdown", extra_args=arguments)
    assert made.strip() == "within 95\u00a0% of them, and a % alone, 5\u00a0%."
