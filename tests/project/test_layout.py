"""The house: every module on its floor, every import from the same floor or one below."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the ground up; the longest name that a module's name begins with is its floor.
FLOORS = (
    "analysis.base",
    "analysis.portfolio",
    "analysis.models",
    "analysis.evidence",
    "analysis.findings",
    "analysis.results",
    "analysis.record",
    "analysis.audit",
    "analysis.report.drawing",
    "analysis.report.sections",
    "analysis.report",
    "analysis.__main__",
    "render",
)
NO_FLOOR = {"analysis"}  # the package itself, which is empty
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("analysis", "render")
    for path in (ROOT / folder).rglob("*.py")
}


def floor(module):
    """Return the height of a module's floor, None where it has none."""
    names = [each for each in FLOORS if f"{module}.".startswith(f"{each}.")]
    return FLOORS.index(max(names, key=len)) if names else None


def imported(module):
    """Return the project's modules that a module imports, within functions too."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            inner = {f"{node.module}.{each.name}" for each in node.names}
            found |= (inner & MODULES.keys()) or {node.module}
    return found & MODULES.keys()


@pytest.fixture(scope="module")
def imports():
    return {module: imported(module) for module in MODULES}


def test_every_module_is_on_a_floor():
    assert {module for module in MODULES if floor(module) is None} == NO_FLOOR
    assert {floor(module) for module in MODULES} >= set(range(len(FLOORS)))


def test_no_import_runs_back_up(imports):
    upwards = [
        f"{module} imports {each}"
        for module, found in imports.items()
        for each in found - NO_FLOOR
        if floor(each) > floor(module)
    ]
    assert not upwards


def test_no_import_runs_in_a_circle(imports):
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the modules


def test_a_question_keeps_its_name_on_every_floor():
    findings, sections = (
        {each.rpartition(".")[2] for each in MODULES if each.startswith(f"analysis.{place}.")}
        for place in ("findings", "report.sections")
    )
    assert findings - sections <= {"find", "finding", "wording", "words", "published", "comparison"}
