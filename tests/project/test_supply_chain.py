"""What is installed is locked by version and hash, known by licence, and used."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from analysis.record import provenance
from tools import notice

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.txt"))
REQUIREMENT = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[\w.!+]+)"
    r"(?P<marker> ; [^\\\n]+)?(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)
# Named nowhere in the code: what Quarto executes cells and hands over parameters with, and
# plug-ins that pytest finds, and what is only held to a version that another one can use.
PLUG_INS = {"ipykernel", "papermill", "pytest-randomly", "pytest-xdist", "sqlglot"}
# What reads databases is not installed everywhere, and provides this under another name.
OTHERWISE = {"ibis": "ibis-framework"}
OWN = ("analysis", "benchmarks", "render", "tests", "tools")
# Run as programs by the Makefile and the benchmark, or read by mypy.
PROGRAMS = {"ruff", "mypy", "uv", "nbconvert", "pandas-stubs", "types-pyyaml"}


def plain(name):
    """Return a package's name as the registry compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct(lock):
    """Return the names in a lock file's list of direct requirements."""
    lines = (ROOT / lock).with_suffix(".in").read_text().splitlines()
    names = (re.match(r"[\w.-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {plain(name[0]) for name in names if name}


def imported():
    """Return the packages that provide what any Python file of the project imports."""
    modules, own = set(), {*OWN}
    for folder in OWN:
        for path in (ROOT / folder).rglob("*.py"):
            own.add(path.stem)
            text = path.read_text(encoding="utf-8")
            modules |= set(re.findall(r'importorskip\("(\w+)', text))
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Import):
                    modules |= {each.name.partition(".")[0] for each in node.names}
                elif isinstance(node, ast.ImportFrom):
                    modules.add(node.module.partition(".")[0])
    modules -= {*own, *sys.stdlib_module_names}
    providers = metadata.packages_distributions()
    return {
        plain(each)
        for module in modules
        for each in providers.get(module, [OTHERWISE.get(module, module)])
    }


def locked(lock):
    """Return the names and versions in a lock file."""
    found = REQUIREMENT.finditer((ROOT / lock).read_text())
    return {(match["name"], match["version"]) for match in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_its_hashes(lock):
    text = (ROOT / lock).read_text()
    assert REQUIREMENT.search(text)
    rest = [line for line in REQUIREMENT.sub("", text).splitlines() if line.strip()]
    assert [line for line in rest if not re.match(r"    #", line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_and_no_place_on_a_machine_is_named(lock):
    for text in ((ROOT / lock).read_text(), (ROOT / lock).with_suffix(".in").read_text()):
        assert not re.search(r"://|--(extra-)?index|--find-links|file:|[\s@]/\w|[A-Z]:\\", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_requirement_is_locked(lock):
    assert direct(lock) <= {plain(name) for name, _ in locked(lock)}


def test_the_figures_rest_on_the_same_versions_under_every_python():
    named = sorted(name for name, _ in locked("requirements.txt") if name in provenance.LIBRARIES)
    assert named == sorted(provenance.LIBRARIES)


def test_direct_requirements_are_what_is_used():
    listed = set.union(*map(direct, {*LOCKS} - {"requirements-quarto.txt"}))
    assert listed - PLUG_INS - PROGRAMS == imported()


def test_every_program_is_run():
    made = (ROOT / "Makefile").read_text()
    assert all(f"$(VENV)/bin/{name}" in made for name in ("ruff", "mypy", "uv"))


def test_what_is_installed_is_what_is_locked():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        for match in REQUIREMENT.finditer((ROOT / lock).read_text()):
            if match["marker"]:
                continue  # several versions, each for some Python
            try:
                assert metadata.version(match["name"]) == match["version"]
            except metadata.PackageNotFoundError:
                pytest.skip(f"{lock} is not installed whole")


def test_every_installation_asks_for_hashes():
    made = re.sub(r"\\\n\s*", " ", (ROOT / "Makefile").read_text())
    definition = re.search(r"^PIP := (.*)$", made, re.MULTILINE)[1]
    assert "--require-hashes" in definition
    others = [line for line in made.splitlines() if re.search(r"\bpip3? install\b|uv sync", line)]
    assert others == [f"PIP := {definition}"]
    locks = ("requirements", "requirements-dev", "requirements-databases", "requirements-spark")
    assert re.findall(r"\$\(PIP\) (.*)", made) == [f"-r {name}.txt" for name in locks]
    quarto = (ROOT / "render" / "quarto.py").read_text()
    assert quarto.count('"install",') == quarto.count('"--require-hashes",') == 1


@pytest.mark.parametrize("folder", [".ci", ".github"])
def test_nothing_else_is_installed_from_an_index(folder):
    for path in (ROOT / folder).rglob("*"):
        if path.is_file():
            assert not re.search(r"pip3? install|uv |conda|npm i|npx ", path.read_text())


def test_actions_of_the_workflows_are_pinned():
    used = [
        line
        for path in (ROOT / ".github").rglob("*.yml")
        for line in re.findall(r"uses: (\S+)", path.read_text())
    ]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)


def test_the_notice_is_current():
    assert notice.NOTICE.read_text() == notice.notice(notice.NOTICE.read_text())


def test_the_notice_has_every_locked_package_once():
    found = notice.ROW.findall(notice.NOTICE.read_text())
    rows = [(name, version) for name, version, _ in found if version != "Version"]
    assert set(LOCKS) == set(notice.LOCKS)
    assert sorted(set(rows) - {("---", "---")}) == sorted(set.union(*map(locked, LOCKS)))
    assert len(rows) - rows.count(("---", "---")) == len(set(rows) - {("---", "---")})


def test_an_old_notice_is_found_out(tmp_path, monkeypatch):
    old = notice.NOTICE.read_text().replace("| pandas | ", "| pandas | 0.")
    monkeypatch.setattr(notice, "NOTICE", tmp_path / "NOTICE.md")
    notice.NOTICE.write_text(old)
    assert notice.main(["--check"]) == 1
    assert notice.NOTICE.read_text() == old
    assert notice.main([]) == 0
    assert notice.main(["--check"]) == 0


def test_what_is_not_installed_here_keeps_its_entry(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(notice.metadata, "metadata", absent)
    name, version = sorted(locked("requirements.txt"))[0]
    row = f"| {name} | {version} | a licence of its own |"
    assert row in notice.notice(row)
    assert f"| {name} | {version} | {notice.UNKNOWN} |" in notice.notice("")


class Stated(dict):
    """What a package states of itself, with a licence's whole text in place of its name."""

    def get_all(self, _):
        return ["License :: OSI Approved", "License :: OSI Approved :: BSD License"]


def test_a_licence_text_is_not_taken_for_a_name(monkeypatch):
    stated = Stated({"Version": "1", "License": "All rights\n", "License-Expression": None})
    monkeypatch.setattr(notice.metadata, "metadata", lambda _: stated)
    stated["License"] *= 50
    assert notice.licence("any", "1") == "BSD License"
    assert notice.licence("any", "2") is None
    stated["License-Expression"] = "BSD-3-Clause"
    assert notice.licence("any", "1") == "BSD-3-Clause"


def test_a_difference_between_names_and_lock_ends_make_check(tmp_path):
    """uv compiles offline what it can; a name that is not in the lock has nowhere to come from."""
    uv = Path(sys.prefix, "bin", "uv")
    if not uv.exists():
        pytest.skip("uv is not installed: make check installs it")
    made = (ROOT / "Makefile").read_text()
    recipe = re.search(r"^LOCK := .*?[^\\]$", made, re.MULTILINE | re.DOTALL)[0]
    command = re.sub(r"\\\n\s*", " ", recipe).split("$(UV) ")[1].split()
    (tmp_path / "requirements.in").write_text("absent-from-every-index\n")
    (tmp_path / "requirements.txt").write_text("")
    done = subprocess.run(
        [uv, *command, "--offline", "--no-config", "requirements.in", "-o", "requirements.txt"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
