"""The report's figures, drawn once for each data file, code and set of libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial

from analysis.base import parallel
from analysis.base.errors import EndedEarlyError
from analysis.record import cache, serial
from analysis.report.drawing.figures import Picture
from analysis.report.sections.calibration import reliability_figure
from analysis.report.sections.convergence import coefficients_figure
from analysis.report.sections.decision_figure import decision_figure
from analysis.report.sections.ranking import ranking_figure
from analysis.report.sections.resplits import resplits_figure
from analysis.report.sections.threshold_curves import net_benefit_figure, thresholds_figure
from analysis.results import Results

ALL = {
    "decision": decision_figure,
    "coefficients": coefficients_figure,
    "ranking": ranking_figure,
    "reliability": reliability_figure,
    "thresholds": thresholds_figure,
    "net-benefit": net_benefit_figure,
    "resplits": resplits_figure,
}

KIND = "pictures"  # of what is kept


def drawn(results: Results) -> Mapping[str, Picture]:
    """Return the report's figures by name, the kept ones or such as are being drawn."""
    key = cache.key_of([hashlib.sha256(serial.dump(results)).hexdigest()])
    kept: Mapping[str, Picture] | None = cache.found_under(KIND, key)
    return Drawings(results, key) if kept is None else kept


class Drawings(Mapping[str, Picture]):
    """Figures by name, drawn while whoever shows them does what comes before; kept at the end.

    Parameters
    ----------
    key : str
        What they are kept under.
    """

    def __init__(self, results: Results, key: str) -> None:
        self._key = key
        self._found: dict[str, Picture] = {}
        self._coming = parallel.coming(partial(_picture, results), list(ALL))

    def __getitem__(self, name: str) -> Picture:
        if name not in ALL:
            raise KeyError(name)
        while name not in self._found:
            following = [*ALL][len(self._found)]
            try:
                self._found[following] = next(self._coming)
            except StopIteration:  # an error has ended them
                problem = f"the figure {following!r} was not drawn: what drew it had ended"
                raise EndedEarlyError(problem) from None
            if len(self._found) == len(ALL):
                cache.keep(KIND, self._key, self._found)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(ALL)

    def __len__(self) -> int:
        return len(ALL)


def _picture(results: Results, name: str) -> Picture:
    return ALL[name](results)
