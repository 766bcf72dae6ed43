"""The figure of the first screen: every figure stands inside it, beside its own interval."""

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.report.sections import decision_figure

# Cost with its limits of both models at one half, of one at its own threshold, of the rule, of all.
CHOICES = {
    "the rule a little dearer": [
        (517, 395, 646),
        (439, 327, 557),
        (223, 189, 263),
        (532, 408, 664),
    ],
    "the rule far dearer": [(15, 8, 23), (1_017, 850, 1_186), (15, 8, 23), (1_634, 1_452, 1_823)],
    "the rule at the edge": [(90, 80, 100), (60, 50, 70), (40, 30, 50), (124, 101, 150)],
    "all of them large": [(16_340, 14_520, 18_230), (9_000, 8_000, 9_900), (5, 1, 9), (7, 2, 13)],
    "as published": [(662, 513, 820), (156, 115, 205), (159, 117, 208), (18_765, 18_704, 18_825)],
    "of a large portfolio": [
        (662_000, 590_100, 738_900),
        (156_000, 131_000, 181_100),
        (159_000, 1, 2),
        (1_162_000, 1, 2),
    ],
    "none costs anything": [(0, 0, 0)] * 4,
    "no intervals": [(550, None, None), (180, None, None), (170, None, None), (700, None, None)],
}


WITH_INTERVALS = CHOICES.keys() - {"all of them large", "of a large portfolio", "no intervals"}


@pytest.mark.parametrize("name", CHOICES)
def test_each_figure_is_right_of_its_interval_and_inside_the_frame(name, monkeypatch):
    models = ["original", "oversampled", "original", ""]
    rows = [
        {
            "name": "Zweck | purpose: Bürgschaft" if at else "B",
            "model": model,
            "cost": cost,
            "cost_low": low,
            "cost_high": high,
        }
        for at, (model, (cost, low, high)) in enumerate(zip(models, CHOICES[name], strict=True))
    ]
    frame = pd.DataFrame(rows).astype({"cost": float, "cost_low": float, "cost_high": float})
    looked_at = []

    def look(figure):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        (axes,) = figure.axes
        looked_at.append(len(axes.texts))
        label = axes.xaxis.get_label().get_window_extent(canvas.get_renderer())
        assert label.x1 <= figure.bbox.x1
        written = [each.get_text() for each in axes.texts]
        assert all("(" in each for each in written) == (name in WITH_INTERVALS)
        lines = {each.get_segments()[0][0][1]: each for each in axes.collections}
        (_, edge) = axes.spines["bottom"].get_bounds()
        drawn = [end for each in axes.lines for end in each.get_xdata()]
        assert len(axes.get_xticks()) > 1
        assert max(*axes.get_xticks(), *drawn) <= edge
        assert all(cost in drawn or cost > edge for cost in frame["cost"])
        for height, text in enumerate(axes.texts):
            box = text.get_window_extent(canvas.get_renderer())
            assert box.x1 <= axes.get_window_extent().x1 + 1
            if height in lines:  # those that are not drawn have none
                (_, (end, _)) = lines[height].get_segments()[0]
                assert box.x0 > axes.transData.transform((end, 0))[0]
        return ""

    monkeypatch.setattr(decision_figure, "drawing", look)
    decision_figure._draw(frame)
    assert looked_at == [len(rows)]
