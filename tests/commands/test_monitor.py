"""The command that holds a later file against a report."""

import copy
import json

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis import __main__
from analysis.models import design
from analysis.portfolio import declaration, simulate
from analysis.record import export, provenance
from tests.support import declared_shapes, odd_results


@pytest.fixture(scope="module")
def baseline(simulated_results, tmp_path_factory):
    path = tmp_path_factory.mktemp("baseline") / "results.json"
    path.write_text(export.to_json(simulated_results, provenance.trace(None)), encoding="utf-8")
    return path


def monitor(baseline, table, tmp_path, capsys):
    path = tmp_path / "later.csv"
    path.write_bytes(simulate.to_csv(table))
    code = __main__.main(["monitor", "--baseline", str(baseline), str(path)])
    return code, capsys.readouterr()


def test_a_file_from_the_same_population_is_stable(baseline, tmp_path, capsys):
    code, shown = monitor(baseline, simulate.portfolio(20_000, seed=5), tmp_path, capsys)
    assert code == 0
    assert "later.csv: 20,000 loans held against" in shown.out
    assert (
        "shift, beyond what chance gives in files of this size, and what matters: nothing"
        in shown.out
    )
    assert "files of an unchanged portfolio stay within all limits in 95% or more" in shown.out
    assert shown.out.count(" within\n") == 16


def test_a_file_with_other_incomes_is_named_and_ends_with_3(baseline, tmp_path, capsys):
    table = simulate.portfolio(20_000, seed=5)
    income = table["borrower_income"] * 1.2
    other = table.assign(borrower_income=income, debt_to_income=table["total_debt"] / income)
    code, shown = monitor(baseline, other, tmp_path, capsys)
    assert code == 3
    shift, large = shown.out.splitlines()[-2:]
    assert shift.startswith("shift, ")
    assert large.startswith("large by convention (an index of 0.25 or more)")
    assert "Index of borrower income" in shift
    assert "Index of borrower income" in large
    assert "loan_size" not in shift


@pytest.mark.parametrize("label", ["left out", "empty"])
@pytest.mark.parametrize("kind", ["csv", "gzip", "parquet"])
def test_a_file_without_labels_is_watched_without_them(baseline, tmp_path, capsys, kind, label):
    table = simulate.portfolio(4_000, seed=5).drop(columns="loan_status")
    if label == "empty":
        table["loan_status"] = pd.Series([None] * len(table), dtype="float64")
    path = tmp_path / {"csv": "a.csv", "gzip": "a.csv.gz", "parquet": "a.parquet"}[kind]
    table.to_parquet(path) if kind == "parquet" else table.to_csv(path, index=False)
    assert __main__.main(["monitor", "--baseline", str(baseline), str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("no labels: the share of high-risk loans, recall and")
    assert sum(line.endswith(" within") for line in lines) == 11
    riskier = table[table["interest_rate"] > 8]
    riskier.to_parquet(path) if kind == "parquet" else riskier.to_csv(path, index=False)
    assert __main__.main(["monitor", "--baseline", str(baseline), str(path)]) == 3
    assert "Sent to review by the original model" in capsys.readouterr().out


@pytest.mark.parametrize("label", ["?", "2", "0.5"])
def test_labels_that_are_none_are_refused(baseline, tmp_path, capsys, label):
    table = simulate.portfolio(400).astype({"loan_status": str}).assign(loan_status=label)
    code, shown = monitor(baseline, table, tmp_path, capsys)
    assert code == 2
    assert "loan_status" in shown.err


def test_labels_of_some_loans_alone_are_refused(baseline, tmp_path, capsys):
    table = simulate.portfolio(400).astype({"loan_status": str})
    table.loc[3, "loan_status"] = ""
    code, shown = monitor(baseline, table, tmp_path, capsys)
    assert code == 2
    assert "value is missing" in shown.err


def test_a_file_without_high_risk_loans_can_be_watched(baseline, tmp_path, capsys):
    table = simulate.portfolio(2_000, seed=5)
    code, shown = monitor(baseline, table[table["loan_status"] == 0], tmp_path, capsys)
    assert code == 3
    assert "Index of the original model\u2019s score" in shown.out
    assert "High-risk loans" in shown.out.splitlines()[-2]


@pytest.mark.parametrize("content", ["", "[]", '{"models": {}, "provenance": {}}'])
def test_a_baseline_that_is_none_is_bad_input(content, tmp_path, capsys):
    path = tmp_path / "results.json"
    path.write_text(content, encoding="utf-8")
    code, shown = monitor(path, simulate.portfolio(400), tmp_path, capsys)
    assert code == 2
    assert "results.json" in shown.err
    assert "Traceback" not in shown.err


def test_a_report_on_other_columns_is_refused(baseline, tmp_path, capsys):
    text = baseline.read_text(encoding="utf-8").replace("loan_size", "house_size")
    other = tmp_path / "results.json"
    other.write_text(text, encoding="utf-8")
    code, shown = monitor(other, simulate.portfolio(400), tmp_path, capsys)
    assert code == 2
    assert shown.err.startswith(f"error: {tmp_path}/")
    assert "results.json: " not in shown.err
    assert "lacks the column house_size of the report that it is held against" in shown.err


def test_a_file_of_other_columns_than_the_report_is_the_faulty_one(baseline, tmp_path, capsys):
    declared = yaml.safe_load(declaration.MODULE_12.read_text(encoding="utf-8"))
    declared["schema"]["fields"].append({"name": "age", "type": "number"})
    (tmp_path / "later.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    later = tmp_path / "later.csv"
    simulate.portfolio(400).assign(age=range(400)).to_csv(later, index=False)
    assert __main__.main(["monitor", "--baseline", str(baseline), str(later)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith(f"error: {later}: it has a column age beside the report")
    assert "allowed: a later file of the same loans, with the columns borrower_income," in said


STRANGE = [None, True, -1, 0, 1e99, 10**29, "", "x\x1b[2J", [], {}, [[]], [1, 2], 0.5]


def places(value, path=()):
    """Yield the place of every value within another."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        yield (*path, key)
        if isinstance(each, dict | list):
            yield from places(each, (*path, key))


def test_a_hostile_baseline_is_refused_or_read_and_never_a_traceback(baseline, tmp_path, capsys):
    """A hundred seeded changes of single values."""
    whole = json.loads(baseline.read_text(encoding="utf-8"))
    whole = {key: whole[key] for key in ("data", "provenance")} | {
        "models": {},
        "evidence": {"monitoring": {"baseline": whole["evidence"]["monitoring"]["baseline"]}},
    }
    later = tmp_path / "later.csv"
    later.write_bytes(simulate.to_csv(simulate.portfolio(400)))
    generator, changed = np.random.default_rng(3), tmp_path / "results.json"
    held = list(places(whole["evidence"]["monitoring"]["baseline"]))
    for _ in range(100):
        content = copy.deepcopy(whole)
        *path, last = held[generator.integers(len(held))]
        around = content["evidence"]["monitoring"]["baseline"]
        for key in path:
            around = around[key]
        around[last] = STRANGE[generator.integers(len(STRANGE))]
        changed.write_text(json.dumps(content), encoding="utf-8")
        code = __main__.main(["monitor", "--baseline", str(changed), str(later)])
        shown = capsys.readouterr()
        assert code in {0, 2, 3}
        assert (code == 2) == (shown.err.startswith("error: "))
        assert "Traceback" not in shown.err
        assert (shown.out + shown.err).replace("\n", "").isprintable()


def test_a_bad_later_file_is_bad_input(baseline, tmp_path, capsys):
    table = simulate.portfolio(400).assign(interest_rate=-1.0)
    code, shown = monitor(baseline, table, tmp_path, capsys)
    assert code == 2
    assert "interest_rate" in shown.err


def test_the_baseline_survives_json(baseline):
    held = json.loads(baseline.read_text(encoding="utf-8"))["evidence"]["monitoring"]["baseline"]
    assert {each["name"] for each in held["bins"]} >= {"original", "oversampled", "total_debt"}


def test_a_later_file_with_categories_and_gaps(tmp_path, capsys, monkeypatch):
    table, declared = declared_shapes.SHAPES["gaps that tell"]()
    made = odd_results.of(declared_shapes.portfolio(table, declared))
    report, later = tmp_path / "results.json", tmp_path / "later.csv"
    report.write_text(export.to_json(made, provenance.trace(None)), encoding="utf-8")
    monkeypatch.setattr(declaration, "of", lambda _: declared)
    table.to_csv(later, index=False)
    assert __main__.main(["monitor", "--baseline", str(report), str(later)]) == 0
    said = capsys.readouterr().out
    assert "Index of debt: missing" in said
    assert "Unpaid loans" in said
    assert "Index of region: north" in said
    table.assign(region="north").to_csv(later, index=False)
    assert __main__.main(["monitor", "--baseline", str(report), str(later)]) == 3
    assert "Index of region: north" in capsys.readouterr().out.splitlines()[-2]


def test_a_later_file_has_the_columns_of_the_design():
    table, declared = declared_shapes.SHAPES["gaps that tell"]()
    loans = declared_shapes.portfolio(table, declared).loans
    made = design.design(loans).apply(loans)
    medians = made.features.median().to_dict()
    found = design.every_column(loans, medians)[made.feature_names]
    assert np.array_equal(found, made.features)
