"""What several tests share: the real loan file, small results, rendered reports."""

import functools
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from analysis import results
from analysis.base import progress
from analysis.portfolio import loans, read, simulate
from analysis.portfolio.declaration import module_12
from analysis.record import made
from render import quarto
from tests.support import odd_results as odd
from tests.support import shared
from tests.support.watched import Watched

ROOT = Path(__file__).resolve().parent.parent
REAL_FILE = ROOT.parent / "shared" / "lending_data.csv"
# What a copy of the project leaves out: loan files, and what was made of the program.
LEFT_OUT = shutil.ignore_patterns(
    ".*", "_site", "tests", "__pycache__", "*.csv", "*.csv.gz", "*.parquet"
)

# The ways to render; what Quarto renders is tested where it can be had.
ENGINES = ["embedded", pytest.param("quarto", marks=pytest.mark.quarto)]

hypothesis.settings.register_profile("project", deadline=None, derandomize=True)
hypothesis.settings.load_profile("project")


@pytest.fixture(autouse=True)
def _no_loan_file_named(monkeypatch):
    monkeypatch.delenv("LENDING_DATA", raising=False)


@pytest.fixture(scope="session")
def real_file():
    if not REAL_FILE.exists():
        pytest.skip("the real loan file is not at ../shared/lending_data.csv")
    return REAL_FILE


@pytest.fixture(scope="session")
def real_portfolio(real_file):
    return read.read(real_file)


@pytest.fixture(scope="session")
def real_results(real_file):
    """Results of the real file, those that the rendered report shows."""
    with shared.alone("real"):
        return made.of(real_file).results


@pytest.fixture(scope="session")
def simulated_portfolio():
    """The portfolio that the report shows when no file is given."""
    return read.simulated()


@pytest.fixture(scope="session")
def simulated_results():
    """Results of the portfolio that the report shows when no file is given."""
    with shared.alone("simulated"):
        return made.of(None).results


# Folders and files whose tests start programs, render reports, open pages or compute for long.
SLOW = (
    "tests/render/test_",
    "tests/render/embedded/test_convert.py",
    "tests/render/embedded/test_execute.py",
    "tests/render/embedded/test_kept.py",
    "tests/commands",
    "tests/project/test_benchmarks.py",
    "tests/project/test_makefile.py",
    "tests/project/test_supply_chain.py",
    "tests/portfolio/database",
    "tests/portfolio/describe/test_draft.py",
    "tests/portfolio/formats/test_oracle.py",
    "tests/findings/test_judgements.py",
    "tests/report/test_declared_documents.py",
    "tests/report/test_pictures.py",
    "tests/report/test_report.py",
    "tests/report/test_true_on_every_portfolio.py",
    "tests/report/drawing/test_figures.py",
    "tests/base/test_libraries.py",
    "tests/base/test_progress.py",
    "tests/base/test_streams.py",
    "tests/base/test_parallel.py",
    "tests/models/test_splitting.py",
    "tests/evidence/test_alternatives.py",
    "tests/evidence/test_distinct_loans.py",
    "tests/evidence/test_monitoring.py",
    "tests/evidence/test_resplits.py",
    "tests/test_portfolios.py",
    "tests/test_results.py",
    "tests/test_same_loans.py",
)
# What any test that asks for it waits for.
DEAR = {"rendered", "render", "watched", "odd_results"}


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # which is the first process of a run
        config.add_cleanup(shared.begin())


def pytest_collection_modifyitems(items):
    for item in items:
        path = item.path.relative_to(ROOT).as_posix()
        if path.startswith(SLOW) or DEAR & set(item.fixturenames):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _fast_machine(monkeypatch):
    """Say nothing about stages that take long on a slow machine."""
    monkeypatch.setattr(progress, "LONG", math.inf)


@pytest.fixture
def small_table():
    """A simulated table of 2,000 rows, 64 of them high-risk; a test may change it."""
    return simulate.portfolio(2_000, seed=3)


@pytest.fixture(scope="session")
def small_results():
    """Results of a small simulated portfolio."""
    small = loans.from_table(simulate.portfolio(2_000))
    portfolio = read.Portfolio(module_12(), small, "simulated", "small portfolio", "0" * 64, 1)
    return shared.once("small results", lambda: results.run(portfolio))


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A copy of the program without a loan file of its own; kept results are shared."""
    place = tmp_path_factory.mktemp("project") / "project"
    shutil.copytree(ROOT, place, ignore=LEFT_OUT)
    (ROOT / ".cache").mkdir(exist_ok=True)
    (place / ".cache").symlink_to(ROOT / ".cache")
    return place


@pytest.fixture(scope="session")
def render(project):
    """Return a function that renders as a user does, by default with the embedded route."""

    def run(out, *arguments, engine="embedded", **environment):
        command = [sys.executable, "-m", "render", "--engine", engine, "--out", str(out)]
        plain = {key: value for key, value in os.environ.items() if key != "LENDING_DATA"}
        return subprocess.run(
            [*command, *arguments],
            cwd=project,
            env=plain | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def rendered(render, request):
    """Return a function that gives a report by its engine and its data, rendered once."""

    @functools.cache
    def give(engine, data):
        if engine == "quarto" and quarto.find() is None:
            pytest.skip("no quarto 1.9 or newer on the PATH")
        real = ["--data", str(request.getfixturevalue("real_file"))] if data == "real" else []
        with shared.alone(data), shared.alone(f"{engine} {data}") as folder:
            place = folder / "site"
            if not place.exists():
                done = render(place, *real, engine=engine)
                if done.returncode:
                    pytest.fail(f"rendering failed: {done.stderr}")
            return place

    return give


@pytest.fixture(scope="session", params=ENGINES)
def site(rendered, request):
    """The report on the simulated portfolio, as each route renders it."""
    return rendered(request.param, "simulated")


@pytest.fixture(scope="session", params=ENGINES)
def real_site(rendered, request):
    """The report on the real file, as each route renders it."""
    return rendered(request.param, "real")


@pytest.fixture(scope="session", params=["simulated", "real"])
def data_name(request):
    """The data of both reports, one after the other."""
    return request.param


@pytest.fixture(scope="session", params=ENGINES)
def any_site(rendered, request, data_name):
    """Both reports, as each route renders them."""
    return rendered(request.param, data_name)


@pytest.fixture(scope="session")
def watched():
    """A render of few loans in a copy of the project under git, made once in a run."""
    return shared.once("watched", lambda: Watched(shared.folder("watched")))


@pytest.fixture(scope="session")
def odd_results():
    """Results of odd but valid portfolios by name."""
    return {name: odd.named(name) for name in odd.ODD}
