"""The corpus of hand-written reports with planted mistakes in `tests/audit/corpus`.

Each `NAME.md`, `.txt`, `.html` or `.ipynb` lies beside `NAME.expected.yml`:

data: the portfolio that the report is about, or none where it is judged by itself
drawn_from: where there is no data, the portfolio that its figures were computed on all the same
recipe: the experiment that the text describes, where it differs from `experiments.PLAIN`;
    null where the figures are of another file
in_fact: what differs in the experiment that wrong figures were taken from
figures, claims: each with its place, its text and its judgement, one of
    right, not judged; wrong, with the kind of mistake and what it is instead;
    not wrong: right or not judged, as nothing tells without data;
    open: true by chance in a table of the wrong experiment, so any judgement will do

Places are `line N`, in notebooks `cell N line M`: of a text cell's source, of a code cell's
outputs one after the other. What is not listed is to be marked wrong by nobody.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from analysis.portfolio import simulate
from tests.support import experiments

FOLDER = Path(__file__).resolve().parents[1] / "audit" / "corpus"
SUFFIX = ".expected.yml"
JUDGEMENTS = {"right", "wrong", "not judged", "not wrong", "open"}
# The mistakes that hand-written reports repeat.
KINDS = {
    "accuracy_balanced_accuracy",
    "rounded_as_perfect",
    "precision_recall_interchanged",
    "fp_fn_interchanged",
    "other_experiment",
    "mistyped",
    "verdict_against_table",
    "earlier_run",
    "macro_as_high_risk",
    "swapped_arguments",
    "other_model",
}


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
        return _simulated(self.expected["data"])

    @property
    def statements(self):
        return self.expected["figures"] + self.expected["claims"]

    @property
    def mistakes(self):
        """The kinds of mistakes planted in it."""
        return {each["kind"] for each in self.statements if each["judgement"] == "wrong"}

    @cached_property
    def lines(self):
        """Its lines by their places."""
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix != ".ipynb":
            return _numbered("", text)
        cells = enumerate(json.loads(text)["cells"], start=1)
        return {
            place: line
            for number, cell in cells
            for place, line in _numbered(f"cell {number} ", _text(cell)).items()
        }

    def outcomes(self):
        """Run the experiment that its text describes."""
        rows, seed = _simulated(self.expected.get("drawn_from", self.expected["data"]))
        return experiments.run(rows, seed, self.expected["recipe"])


@dataclass(frozen=True)
class Score:
    """How the marks "wrong" of an audit agree with the mistakes planted: places and figures."""

    found: Counter
    missed: Counter
    false_alarms: Counter


def score(case, figures, claims=()):
    """Hold what an audit marked as wrong, pairs of place and text, against what is expected.

    Equal figures of one line count as one another: in `0.99 0.99` either may be meant. A claim is
    known by its line, since a reader may quote more or less of it.
    """
    marked = Counter(_key(place, text) for place, text in figures)
    marked.update((place, "claim") for place, _ in claims)
    planted, defensible = (
        Counter(
            _key(each["where"], each["text"])
            if each in case.expected["figures"]
            else (each["where"], "claim")
            for each in case.statements
            if each["judgement"] == judgement
        )
        for judgement in ("wrong", "open")
    )
    return Score(planted & marked, planted - marked, marked - planted - defensible)


def _key(place, text):
    """Return what tells a figure from the others of its report: 85 % is 0.85."""
    return place, round(experiments.shown(text)[0], 12)


def cases():
    """Return every report of the corpus, by name."""
    return [
        Case(path)
        for path in sorted(FOLDER.iterdir())
        if path.suffix in {".md", ".txt", ".html", ".ipynb"}
    ]


@cache
def loan_file(rows, seed):
    """Return a simulated portfolio as the bytes of a CSV file."""
    return simulate.to_csv(simulate.portfolio(rows, seed))


def _simulated(data):
    found = re.fullmatch(r"simulated (\d+) rows seed (\d+)", data)
    return tuple(map(int, found.groups())) if found else None


def _numbered(before, text):
    return {f"{before}line {at}": line for at, line in enumerate(text.split("\n"), start=1)}


def _text(cell):
    if cell["cell_type"] != "code":
        return "".join(cell["source"])
    texts = ["".join(_shown(output)).removesuffix("\n") for output in cell["outputs"]]
    return "\n".join(texts)


def _shown(output):
    return output["text"] if "text" in output else output["data"].get("text/plain", [])
