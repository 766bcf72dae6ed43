"""Figures are drawn once, and kept ones are shown without what draws them."""

import subprocess
import sys

import pytest

from analysis.base import parallel, project
from analysis.base.errors import EndedEarlyError
from analysis.record import provenance
from analysis.report import pictures
from tests.conftest import ROOT
from tests.support.changed import with_data


@pytest.fixture
def drawings(monkeypatch, tmp_path):
    """Names of the figures that were drawn, in order."""
    names = []

    def ranking(results):
        names.append(results.data.name)
        return f"picture of {results.data.name}"

    monkeypatch.setattr(pictures, "ALL", {"ranking": ranking})
    monkeypatch.setattr(parallel, "cores", lambda: 1)  # drawn here, where they are counted
    monkeypatch.setenv(project.CACHE, str(tmp_path / "kept"))
    return names


def test_figures_are_drawn_once(drawings, simulated_results):
    name = simulated_results.data.name
    for _ in range(2):
        assert pictures.drawn(simulated_results) == {"ranking": f"picture of {name}"}
    assert drawings == [name]


def test_other_data_and_other_code_are_drawn(drawings, simulated_results, monkeypatch):
    dict(pictures.drawn(simulated_results))
    dict(pictures.drawn(with_data(simulated_results, sha256="1" * 64)))
    monkeypatch.setattr(provenance, "code_fingerprint", lambda: "other code")
    dict(pictures.drawn(simulated_results))
    assert len(drawings) == 3


@pytest.mark.usefixtures("simulated_results")
def test_kept_results_and_figures_are_shown_without_solvers_and_without_drawing():
    code = (
        "import sys\n"
        "from analysis.report import document\n"
        "from analysis.report.sections import outcomes\n"
        "report = document.load()\n"
        "print(outcomes.labels(report.results).block(), report.pictures['resplits'].svg)\n"
        "print(*sys.modules)\n"
    )
    command = [sys.executable, "-c", code]
    for _ in range(2):  # the first one draws, unless they were kept
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "great_tables" in loaded
    assert loaded & {"matplotlib", "scipy", "sklearn", "imblearn"} == set()


def test_figures_are_those_that_are_asked_for(simulated_results, monkeypatch):
    names = ("one", "two", "three")
    monkeypatch.setattr(pictures, "ALL", {each: lambda _, name=each: name for each in names})
    drawn = pictures.Drawings(simulated_results, key="")
    assert drawn["two"] == "two"
    assert dict(drawn) == {each: each for each in names}
    with pytest.raises(KeyError):
        drawn["four"]


def test_a_figure_that_could_not_be_drawn_is_said_at_each_look(simulated_results, monkeypatch):
    def failing(_):
        raise ZeroDivisionError

    monkeypatch.setattr(pictures, "ALL", {"one": failing, "two": lambda _: "two"})
    drawn = pictures.Drawings(simulated_results, key="")
    with pytest.raises(ZeroDivisionError):
        drawn["two"]
    with pytest.raises(EndedEarlyError, match="the figure 'one' was not drawn"):
        drawn["two"]
