"""The corpus of hand-written reports with planted mistakes in `tests/audit/corpus`.

Each `NAME.md`, `.txt`, `.html` or `.ipynb` lies beside `NAME.expected.yml`:

data: the portfolio that the report is about, or none where it is judged by itself
drawn_from: where there is no data, the portfolio that its figures were computed on all the same
recipe: what the text describes, where it differs from scikit-learn's and the published report's
    usual choices; null where the figures are of another file
in_fact: what differs in the experiment that wrong figures were taken from
figures, claims: each with its place, its text and its judgement, one of
    right, not judged; wrong, with the kind of mistake and what it is instead;
    not wrong: right or not judged, as nothing tells without data;
    open: true by chance in a table of the wrong experiment, so any judgement will do

Places are `line N`, in notebooks `cell N line M`: of a text cell's source, of a code cell's
outputs one after the other. What is not listed is to be marked wrong by nobody. The figures were
computed with scikit-learn and imbalanced-learn alone.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "audit" / "corpus"
SUFFIX = ".expected.yml"


@dataclass(frozen=True)
class Case:
    """A report and what is expected of it."""

    path: Path

    @property
    def name(self):
        return self.path.stem

    @cached_property
    def expected(self):
        text = self.path.with_name(self.name + SUFFIX).read_text(encoding="utf-8")
        return yaml.load(text, Loader=yaml.CSafeLoader)

    @property
    def data(self):
        """Rows and seed of the simulated portfolio that it is judged by, or None."""
        found = re.fullmatch(r"simulated (\d+) rows seed (\d+)", self.expected["data"])
        return tuple(map(int, found.groups())) if found else None

    @property
    def statements(self):
        return self.expected["figures"] + self.expected["claims"]


def cases():
    """Return every report of the corpus, by name."""
    return [Case(path) for path in sorted(FOLDER.iterdir()) if not path.name.endswith(SUFFIX)]
