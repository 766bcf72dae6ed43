"""The threshold explorer of the page: the results' counts, and the script that reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.evidence.thresholds.curve import HALF
from analysis.models.pair import ORIGINAL
from analysis.report.drawing.markdown import Markdown, only, raw
from analysis.report.sections import published
from analysis.results import Results

SCRIPT = Path(__file__).with_name("explorer.js")


def counts(results: Results) -> dict[str, Any]:
    """Return what the explorer calculates from: counts at thresholds that both models share.

    Returns
    -------
    dict
        `thresholds`, rising; `published`, the threshold that it starts at; `cost`, the cost ratio
        that it starts at; `words`, the adjectives of the
        labels; `models`, each with `tn` and `tp` at each threshold and with the test
        rows of each label, from which the other counts follow.
    """
    found = results.evidence.thresholds
    words = results.words
    start = "As published" if published.reproduced(results) else "At one half"
    curves = {name: model.curve for name, model in found.models.items()}
    return {
        "thresholds": curves[ORIGINAL]["threshold"].tolist(),
        "published": HALF,
        "cost": found.cost_ratio,
        "words": {"healthy": words.healthy, "highRisk": words.high_risk, "start": start},
        "models": [
            {
                "title": words.model_titles[name],
                "name": words.models[name],
                "healthy": int(curve["tn"].iloc[0] + curve["fp"].iloc[0]),
                "highRisk": int(curve["tp"].iloc[0] + curve["fn"].iloc[0]),
                "tn": curve["tn"].tolist(),
                "tp": curve["tp"].tolist(),
            }
            for name, curve in curves.items()
        ],
    }


def block(results: Results) -> Markdown:
    """Return the explorer, which only the page shows."""
    return only("html", raw("html", markup(results)))


def markup(results: Results) -> str:
    """Return the explorer as HTML that asks for nothing; hidden until its script has run."""
    # No "<" in the counts, so that nothing in them can end their element.
    data = json.dumps(counts(results), separators=(",", ":"), allow_nan=False)
    data = data.replace("<", "\\u003c")
    return (
        '<div class="explorer" role="group" aria-label="Threshold explorer" hidden>\n'
        f'<script type="application/json">{data}</script>\n'
        f"<script>\n{SCRIPT.read_text(encoding='utf-8')}</script>\n"
        "</div>"
    )
