"""Draw how cost grows with unlike loans: what was measured, and the model behind it.

The measurements stand in scale.csv beside this file, a line each; the drawing goes to
docs/scale.svg.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import nnls

from analysis.base.project import ROOT
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.figures import COLOURS, MARKERS, canvas, drawing

MEASURED = Path(__file__).with_suffix(".csv")
DRAWN = ROOT / "docs" / "scale.svg"
# What is drawn in which of the report's two colours.
SERIES = {"analysis run": ORIGINAL, "plain script": OVERSAMPLED}
QUANTITIES = {"processor_seconds": "Processor time (s)", "peak_mib": "Peak memory (MiB)"}
ENDS = 1e4, 1e8  # of the model's line, loans
Values = NDArray[np.float64]


def model(loans: Values, values: Values) -> tuple[float, float]:
    """Return a fixed part and a part for each loan that give the values best.

    Parameters
    ----------
    loans, values : array of shape (measurements,)
        Above 0. Differences count in proportion to the value, so that a small file weighs as much
        as a large one.

    Returns
    -------
    fixed, each : float
        Neither below 0.
    """
    rows = np.column_stack([np.ones(len(loans)), loans]) / values[:, np.newaxis]
    scales = np.abs(rows).max(axis=0)
    fixed, each = nnls(rows / scales, np.ones(len(loans)))[0] / scales
    return float(fixed), float(each)


def draw(measured: pd.DataFrame) -> str:
    """Draw time and memory against the number of loans, with the model of each as a line."""
    across = np.geomspace(*ENDS, 200)
    with canvas(columns=len(QUANTITIES), height=2.8) as (figure, places):
        for axes, (quantity, title) in zip(places, QUANTITIES.items(), strict=True):
            for command, colour in SERIES.items():
                rows = measured[measured["command"] == command]
                values = rows[quantity].to_numpy(float)
                fixed, each = model(rows["loans"].to_numpy(float), values)
                look = {"color": COLOURS[colour]}
                axes.plot(across, fixed + each * across, linewidth=1, **look)
                axes.plot(
                    rows["loans"], values, MARKERS[colour], markersize=4, label=command, **look
                )
            axes.set(xscale="log", yscale="log", title=title, xlabel="Unlike loans")
        places[0].legend(loc="upper left")
        return drawing(figure)


def main() -> None:
    """Draw the measurements, and print the models."""
    measured = pd.read_csv(MEASURED)
    DRAWN.write_text(draw(measured), encoding="utf-8")
    for command in SERIES:
        rows = measured[measured["command"] == command]
        for quantity, title in QUANTITIES.items():
            values = rows[quantity].to_numpy(float)
            fixed, each = model(rows["loans"].to_numpy(float), values)
            print(f"{command}, {title}: {fixed:.1f} + {1e6 * each:.2f} a million loans")


if __name__ == "__main__":
    main()
