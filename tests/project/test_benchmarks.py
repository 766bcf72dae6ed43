"""The benchmark: its arithmetic, its references and its files. No timing is asserted."""

import ast
import itertools
import json
import math
import runpy
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import classification_report

from analysis.models import metrics, splitting
from analysis.portfolio import read, schema, simulate
from analysis.portfolio.declaration import module_12
from benchmarks import __main__ as program
from benchmarks import figures, groups, huge, main_results, measure, noise, reports, table
from benchmarks.figures import Usage
from benchmarks.place import ROWS, Place
from benchmarks.targets import MEMORY, WALL, Case, Group, Target, at_most, ratio
from tests.support.columns import LABEL, feature_names

FOLDER = Path(noise.__file__).parent


def runs(*walls, memory=1.0):
    return [Usage(wall, wall / 2, memory) for wall in walls]


def code(text):
    """What the text does: its statements without the first one, if that is a docstring."""
    body = ast.parse(text).body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return [ast.dump(each) for each in body]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path, tmp_path / "files", tmp_path / "loans.csv")


def test_medians_are_taken_quantity_by_quantity():
    found = figures.medians([Usage(1, 9, 5), Usage(2, 8, 4), Usage(6, 1, 6)])
    assert found == Usage(2, 8, 5)


def test_a_ratio_is_the_median_of_the_pairs():
    # Pair by pair 2, 1 and 4; the ratio of the medians would be 3.
    candidate, reference = runs(2, 3, 4), runs(1, 3, 1)
    assert figures.ratios(candidate, reference, WALL) == [2, 1, 4]
    assert figures.ratio(candidate, reference, WALL) == 2
    assert figures.ratio(runs(1, memory=6.0), runs(1, memory=4.0), MEMORY) == 1.5


def test_pairs_need_a_partner():
    with pytest.raises(ValueError, match="shorter"):
        figures.ratio(runs(1, 2), runs(1), WALL)


@pytest.mark.parametrize(
    ("smaller", "larger", "expected"),
    [
        (3, 30, 1),
        (3, 300, 2),
        (5, 5, 0),
        (100, 10, -1),
        (2, 2 * math.sqrt(10), 0.5),
        (7, 0, -math.inf),
        (7, -7, -math.inf),
        (-1, -2, -math.inf),
        (0, 7, math.inf),
    ],
)
def test_exponents_from_ten_times_the_rows(smaller, larger, expected):
    assert figures.exponent(smaller, larger, 10) == pytest.approx(expected)


def test_growth_is_the_median_of_the_rounds():
    assert figures.growth(runs(1, 1, 1), runs(10, 100, 1), 10, WALL) == pytest.approx(1)


def test_growth_of_memory_is_beyond_the_files():
    # 300 - 100 = 200 and 3,000 - 1,000 = 2,000: in proportion.
    less, more = runs(1, memory=300.0), runs(1, memory=3_000.0)
    assert figures.growth_beyond(less, more, 10, (100, 1_000)) == pytest.approx(1)
    assert figures.growth_beyond(less, more, 10, (100, 3_000)) == -math.inf


@pytest.mark.parametrize(
    ("value", "row"),
    [
        (0.5, ["0.50 GiB", "yes"]),
        (1.0, ["1.00 GiB", "yes"]),
        (1.004, ["1.00 GiB", "no"]),
        (-math.inf, ["nothing grew", "yes"]),
        (math.inf, ["grew from nothing", "no"]),
    ],
)
def test_a_target_is_met_up_to_its_limit(value, row):
    target = at_most("memory", 1, lambda _: value, " GiB")
    assert table.judged([target], {}) == [["memory", "1 GiB", *row]]


def test_a_table_quotes_medians_and_ratios(tmp_path):
    pair = Case("ours", (), tmp_path), Case("theirs", (), tmp_path)
    group = Group(pair, (pair,), (ratio("ours / theirs", 0.5, pair),))
    taken = {"ours": runs(1, 2, 3, memory=2**21), "theirs": runs(4, 4, 4, memory=2**20)}
    text = table.measured(group, taken)
    assert "| ours      | 2.00          | 1.00         | 2                 |" in text
    assert "0.50 (0.25 to 0.75) | 0.50 (0.25 to 0.75) | 2.00 (2.00 to 2.00)" in text
    assert table.judged(group.targets, taken) == [["ours / theirs", "0.5", "0.50", "yes"]]
    assert len({len(line) for line in text.split("\n\n")[0].splitlines()}) == 1


def test_the_machine_is_described():
    assert f"Python {sys.version.split()[0]}" in table.machine()
    assert "GiB" in table.machine()


def test_commands_take_turns_after_a_warm_up(monkeypatch, place):
    made, wall = [], itertools.count(1.0)

    def run(case, _):
        made.append(case.name)
        return Usage(next(wall), 0, 0)

    monkeypatch.setattr(program, "run", run)
    group = Group((Case("A", (), place.folder), Case("B", (), place.folder)), (), ())
    taken = program.take_turns(group, place, 2)
    assert "".join(made) == "ABABAB"
    assert [each.wall for each in taken["A"]] == [3, 5]
    assert [each.wall for each in taken["B"]] == [4, 6]


def test_what_runs_once_has_no_warm_up(monkeypatch, place):
    monkeypatch.setattr(program, "run", lambda *_: Usage(1, 1, 1))
    group = Group((Case("A", (), place.folder),), (), (), once=True)
    assert program.take_turns(group, place, 5) == {"A": [Usage(1, 1, 1)]}


def test_a_run_counts_descendants(tmp_path):
    hold = "import time; held = bytearray(2**26); time.sleep(0.8)"
    both = (
        "import subprocess, sys\n"
        f"two = [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in range(2)]\n"
        "[each.wait() for each in two]"
    )
    found = measure.run([sys.executable, "-c", both], tmp_path, {}, tmp_path / "out.txt")
    processes = 2 if sys.platform == "linux" else 1
    assert found.memory > processes * 2**26
    assert found.wall > 0.8
    assert found.cpu > 0


def test_a_run_can_be_held_to_some_cores(tmp_path):
    if sys.platform != "linux":
        pytest.skip("only Linux can tell")
    show = [sys.executable, "-c", "import os; print(len(os.sched_getaffinity(0)))"]
    measure.run(show, tmp_path, {}, tmp_path / "out.txt", cores=1)
    assert (tmp_path / "out.txt").read_text().strip() == "1"


def test_a_failed_run_says_what_it_printed(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such loan')"]
    with pytest.raises(measure.FailedError, match="ended with 1:\nno such loan"):
        measure.run(command, tmp_path, {}, tmp_path / "out.txt")


def test_a_run_that_leaves_out_a_file_has_failed(place):
    case = Case("A", (sys.executable, "-c", "pass"), place.folder, writes=(place.folder / "x",))
    with pytest.raises(measure.FailedError, match="A did not write x"):
        program.run(case, place)


def test_nothing_large_loads_into_the_process_that_measures():
    show = "import sys, benchmarks.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, check=True, cwd=FOLDER.parent
    )
    assert not {"numpy", "pandas", "pyarrow", "joblib", "yaml"} & set(done.stdout.split())


def test_the_notebook_is_the_plain_script():
    notebook = json.loads((FOLDER / "bare.ipynb").read_text(encoding="utf-8"))
    cells = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    text = "\n".join("".join(each["source"]) for each in cells)
    assert code(text) == code((FOLDER / "plain.py").read_text(encoding="utf-8"))
    assert all(each["outputs"] == [] and each["execution_count"] is None for each in cells)


@pytest.mark.parametrize("portfolio", [simulate.portfolio, noise.portfolio])
def test_both_sides_print_the_same_reports(portfolio, tmp_path, monkeypatch, capsys):
    path = tmp_path / "loans.csv"
    path.write_bytes(simulate.to_csv(portfolio(4_000)))
    monkeypatch.setenv("LENDING_DATA", str(path))
    runpy.run_path(str(FOLDER / "plain.py"))
    plain = capsys.readouterr().out
    main_results.main(str(path))
    assert plain.count("weighted avg") == 2
    assert capsys.readouterr().out.split() == plain.split()


def test_a_report_reads_as_scikit_learn_prints_it():
    labels, decided = [0, 0, 0, 1, 1], [0, 1, 0, 1, 0]
    text = reports.text(metrics.report(metrics.Confusion(tn=2, fp=1, fn=1, tp=1)))
    assert text.split() == classification_report(labels, decided, digits=4).split()
    assert reports.supports(2 * text) == {"0": 3, "1": 2}


def test_both_sides_split_off_the_same_loans_or_it_says_so(tmp_path, monkeypatch, capsys):
    file, results, printed = (
        tmp_path / name for name in ("loans.csv", "results.json", "plain.txt")
    )
    file.write_bytes(simulate.to_csv(simulate.portfolio(2_000)))
    monkeypatch.setenv("LENDING_DATA", str(file))
    runpy.run_path(str(FOLDER / "plain.py"))
    printed.write_text(capsys.readouterr().out, encoding="utf-8")
    parts = splitting.split(read.read(file).loans)
    for counts, said in (
        (parts.test.label_counts, ("equal", True)),
        (parts.train.label_counts, ("different", False)),
    ):
        results.write_text(json.dumps({"split": {"test_counts": counts}}), encoding="utf-8")
        assert groups._agreement(results, printed) == said


def test_no_loan_is_like_another_with_noise(tmp_path):
    path = tmp_path / "noise.csv"
    path.write_bytes(simulate.to_csv(noise.portfolio(5_000)))
    portfolio = read.read(path)
    assert len(portfolio.loans) == 5_000
    made = schema.table(module_12()).validate(noise.portfolio(5_000))
    assert not made.duplicated(feature_names()).any()
    plain = simulate.portfolio(5_000)
    assert all((made[name] != plain[name]).mean() > 0.9 for name in noise.AMOUNTS)
    assert (made[LABEL] == plain[LABEL]).all()


def test_a_huge_file_is_one_portfolio_in_pieces(tmp_path):
    path = tmp_path / "huge.parquet"
    huge.write(path, 3_500, piece_rows=1_000)
    made = schema.table(module_12()).validate(pd.read_parquet(path))
    assert len(made) == 3_500
    assert made[LABEL].is_monotonic_increasing
    assert made[LABEL].sum() == 32 + 32 + 48  # of 1,000, 1,000 and 1,500 rows
    assert max(map(len, huge.pieces(3_500, 1_000))) < 1_500
    assert not made[:900].equals(made[968:1_868].reset_index(drop=True))
    assert read.read(path).loans.total == 3_500


def test_no_loan_of_a_huge_file_is_like_another_with_noise(tmp_path):
    path = tmp_path / "huge.parquet"
    huge.write(path, 2_500, piece_rows=1_000, make=noise.portfolio)
    made = pd.read_parquet(path)
    assert len(made) == 2_500
    assert not made.duplicated(feature_names()).any()


def test_what_takes_longest_is_measured_when_it_is_named(monkeypatch, capsys, tmp_path):
    measured = []
    monkeypatch.setattr(Place, "copy_project", lambda _: None)
    monkeypatch.setattr(program, "_measured", lambda name, *_: measured.append(name) or [])
    monkeypatch.setattr(program.table, "machine", lambda: "a machine")
    program.main(["--keep", str(tmp_path)])
    assert set(groups.GROUPS) - set(measured) == set(groups.NAMED_ONLY) == {"unlike-huge"}
    program.main(["--keep", str(tmp_path), "--only", "unlike-huge"])
    assert measured[-1] == "unlike-huge"
    assert "what" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["unlike", "unlike_large", "unlike_huge"])
def test_unlike_loans_are_held_against_the_same_file(name, place, monkeypatch):
    monkeypatch.setattr(Place, "_made", lambda self, name, *_: self.files / name)
    group = getattr(groups, name)(place)
    for candidate, reference in group.pairs:
        given = str(reference.data)
        assert given in candidate.command
    assert all("unlike" in each.what or each.what.startswith("the same") for each in group.targets)


def test_the_portfolio_has_the_published_size():
    assert ROWS == simulate.ROWS


def test_the_project_is_copied_without_loans_or_results(place):
    place.copy_project()
    assert (place.project / "analysis" / "__main__.py").exists()
    assert (place.project / "benchmarks" / "plain.py").exists()
    left = {path.suffix for path in place.project.rglob("*") if ".git" not in path.parts}
    assert not {".csv", ".parquet", ".gz", ".pyc"} & left
    for name in (".venv", ".cache", "_site"):
        assert not (place.project / name).exists()


def test_every_edit_of_the_prose_is_another(place):
    place.project.mkdir()
    texts = []
    for _ in range(2):
        place.edit_prose()
        texts.append((place.project / "report.qmd").read_text(encoding="utf-8"))
    original = (FOLDER.parent / "report.qmd").read_text(encoding="utf-8")
    assert texts[0] != texts[1]
    assert all(text.startswith(original) and len(text) < len(original) + 40 for text in texts)


def test_nothing_kept_is_nothing_there(place):
    for name in (".cache", "_site"):
        (place.project / name).mkdir(parents=True)
    place.forget()
    assert list(place.project.iterdir()) == []


def test_commands_run_as_typed_into_a_shell(place, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LENDING_DATA", "other.csv")
    environment = place.environment()
    assert not {"PYTHONDONTWRITEBYTECODE", "LENDING_DATA"} & set(environment)
    assert place.environment(place.data)["LENDING_DATA"] == str(place.data)


def test_without_quarto_its_line_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(groups.shutil, "which", lambda *_, **__: None)
    assert program.main(["--only", "quarto", "--data", str(tmp_path / "loans.csv")]) == 0
    assert "| not measured: no quarto on the PATH | -   |" in capsys.readouterr().out


def test_a_group_that_fails_is_a_target_missed(monkeypatch, capsys, tmp_path):
    def broken(place):
        case = Case("A", (sys.executable, "-c", "raise SystemExit('no')"), place.folder)
        return Group((case,), (), (Target("A at all", "1", lambda _: ("1", True)),))

    monkeypatch.setitem(program.GROUPS, "small", broken)
    assert program.main(["--only", "small", "--data", str(tmp_path / "loans.csv")]) == 1
    printed = capsys.readouterr()
    assert "| A at all | 1      | failed   | no  |" in printed.out
    assert "ended with 1:\nno" in printed.err
