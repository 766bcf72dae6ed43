"""Two results files side by side, and a report held against a new computation."""

import copy
import hashlib
import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.__main__ import main
from analysis.base import display
from analysis.base.errors import InputError
from analysis.record import cache, differences, export, provenance
from analysis.record.differences import Change

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def computed(small_results):
    return export.to_dict(small_results, provenance.trace(None))


@pytest.fixture
def stated(computed):
    """What a results.json says once it is read back."""
    return json.loads(json.dumps(computed))


def written(folder, content, name="results.json"):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def test_entries_are_named_by_their_place_or_their_id():
    assert differences.flatten({"a": [1, {"id": "x", "b": None}], "c": {"d": "e"}}) == {
        "a.0": 1,
        "a.x.id": "x",
        "a.x.b": None,
        "c.d": "e",
    }


@given(JSON)
def test_nothing_differs_from_itself(value):
    assert differences.changes({"a": value}, {"a": copy.deepcopy(value)}) == []


@given(st.dictionaries(st.text("ab", min_size=1), st.integers()), st.integers())
def test_a_new_entry_is_the_only_change(old, value):
    assert differences.changes(old, old | {"new": value}) == [Change("new", None, value)]
    assert differences.changes(old | {"new": value}, old) == [Change("new", value, None)]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change("a", 1, 3.5), "a: 1 -> 3.5 (+2.5)"),
        (Change("a", 3, 1), "a: 3 -> 1 (-2)"),
        (Change("a", True, False), "a: true -> false"),
        (Change("a", None, 1), "a: nothing -> 1"),
        (Change("a", "x", None), 'a: "x" -> nothing'),
    ],
)
def test_a_change_on_one_line(change, text):
    assert str(change) == text


def test_a_long_text_is_cut():
    assert str(Change("a", "x" * 200, "y")).startswith('a: "' + "x" * 78 + "… -> ")


def test_results_read_back_are_the_results(computed, stated):
    assert differences.figures(differences.changes(stated, computed)) == []
    assert differences.summary(stated, computed) == []


def test_where_and_when_are_no_figures(stated):
    new = copy.deepcopy(stated)
    new["provenance"]["date"] = "another"
    new["data"]["name"] = "another.csv"
    found = differences.changes(stated, new)
    assert {each.path for each in found} == {"provenance.date", "data.name"}
    assert differences.figures(found) == []


def test_describe_tells_data_figures_evidence_and_findings(stated):
    new = copy.deepcopy(stated)
    new["data"]["rows"] += 1
    new["models"]["original"]["balanced_accuracy"] = 0.5
    new["evidence"]["comparison"]["rows"] += 2
    gone = new["evidence"]["findings"].pop(0)
    new["evidence"]["findings"].append({"id": "new", "title": "Something new"})
    lines = differences.describe(stated, new).splitlines()
    assert lines[0] == "Data: 1 change"
    assert lines[1].startswith("  data.rows: 2000 -> 2001 (+1)")
    assert "Made with: no changes" in lines
    assert "Figures: 1 change" in lines
    assert "Evidence: 1 change" in lines
    assert lines[-3:] == [
        "Findings: 1 came, 1 went",
        "  came: Something new",
        f"  went: {gone['title']}",
    ]
    assert differences.describe(stated, stated).splitlines()[-1] == "Findings: none came, none went"


def test_describe_stops_after_a_screen(stated):
    new = copy.deepcopy(stated)
    for cell in new["published"]["cells"]:
        cell["regenerated"] = -1
        cell["published"] = -1
    found = differences.changes(stated, new)
    lines = differences.describe(stated, new).splitlines()
    assert len(found) > differences.SHOWN
    assert f"  and {len(found) - differences.SHOWN} more" in lines


def test_summary_for_a_reader(stated):
    new = copy.deepcopy(stated)
    new["data"] |= {"sha256": "1" * 64, "rows": 3_000}
    new["models"]["oversampled"]["balanced_accuracy"] = 0.75
    gone = new["evidence"]["findings"].pop()
    new["evidence"]["findings"].insert(0, {"id": "new", "title": "The model's new"})
    lines = differences.summary(stated, new)
    assert lines[0].startswith("The data are others: ")
    assert "2,000 loans) before" in lines[0]
    assert lines[0].endswith("(111111111111, 3,000 loans) now.")
    before = stated["models"]["oversampled"]["balanced_accuracy"]
    assert f"Balanced accuracy of the oversampled model: {before:.3f} before, 0.750 now." in lines
    same = new["models"]["original"]["balanced_accuracy"]
    assert f"Balanced accuracy of the original model: still {same:.3f}." in lines
    assert "New finding: The model\u2019s new." in lines
    assert f"No longer found: {display.typographic(gone['title'])}." in lines
    assert lines[-1].startswith("In results.json ")


def test_summary_of_a_single_change(stated):
    new = copy.deepcopy(stated)
    new["split"]["test_rows"] += 1
    assert differences.summary(stated, new)[-1] == "In results.json 1 entry differs in all."
    del new["models"]["original"]
    assert "original" not in " ".join(differences.summary(new, stated))


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"models": {}, "provenance": {}},
        {"models": [], "provenance": {}, "data": {"name": "a", "rows": 1, "sha256": "a"}},
        {"models": {"a": 1}, "provenance": {}, "data": {"name": "a", "rows": 1, "sha256": "a"}},
        {"models": {}, "provenance": {}, "data": {"name": "a", "rows": None, "sha256": "a"}},
        {
            "models": {},
            "provenance": {},
            "data": {"name": "a", "rows": 1, "sha256": "a"},
            "evidence": None,
        },
        {
            "models": {},
            "provenance": {},
            "data": {"name": "a", "rows": 1, "sha256": "a"},
            "evidence": {"findings": [{"id": 1}]},
        },
        {"models": {}, "provenance": {}, "data": {"rows": 1, "sha256": "a"}},
        {"models": {}, "provenance": {}, "data": {"name": [], "rows": 1, "sha256": "a"}},
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path, content):
    with pytest.raises(InputError, match="does not hold the results of a report"):
        differences.load(written(tmp_path, content))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'"a"\n"b"', b"[" * 100_000])
def test_a_file_that_is_no_json_is_refused(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        differences.load(path)
    with pytest.raises(InputError, match="cannot be read"):
        differences.load(tmp_path / "absent.json")


def test_checksums_are_what_sha256sum_reads(tmp_path):
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.txt").write_text("c")
    (tmp_path / ".hidden").write_text("x")
    sums = [hashlib.sha256(text.encode()).hexdigest() for text in ("c", "b")]
    assert differences.checksums(tmp_path) == f"{sums[0]}  a/c.txt\n{sums[1]}  b.txt\n"
    (tmp_path / differences.CHECKSUMS).write_text(differences.checksums(tmp_path))
    assert differences.edited(tmp_path) == []


def test_edited_added_and_removed_files_are_named(tmp_path):
    for name in ("edited.txt", "removed.txt", "same.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / differences.CHECKSUMS).write_text(differences.checksums(tmp_path))
    (tmp_path / "edited.txt").write_text("other")
    (tmp_path / "removed.txt").unlink()
    (tmp_path / "added.txt").write_text("new")
    assert differences.edited(tmp_path) == ["added.txt", "edited.txt", "removed.txt"]


@pytest.mark.parametrize("content", [None, b"\xff\xff", b"no checksum\n"])
def test_a_report_without_checksums_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / differences.CHECKSUMS).write_bytes(content)
    with pytest.raises(InputError, match="cannot be read") as caught:
        differences.edited(tmp_path)
    assert "allowed: the list of checksums that make report wrote" in str(caught.value)
    assert str(caught.value).count("SHA256SUMS") == 1


@pytest.fixture
def report(tmp_path, small_results, stated, monkeypatch):
    """A report's folder; the program computes small results."""
    monkeypatch.setattr(cache, "results_of", lambda _: small_results)
    stated["data"]["source"] = "simulated"
    folder = tmp_path / "site"
    written(folder, stated)
    (folder / differences.CHECKSUMS).write_text(differences.checksums(folder))
    return folder


def test_verify_a_report(report, capsys):
    assert main(["verify", str(report)]) == 0
    assert (
        "every figure comes out again, and each file is as SHA256SUMS has it"
        in capsys.readouterr().out
    )


def test_verify_names_a_figure_that_differs(report, stated, capsys):
    stated["models"]["original"]["confusion"]["tp"] += 1
    written(report, stated)
    (report / differences.CHECKSUMS).write_text(differences.checksums(report))
    assert main(["verify", str(report)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("differs: models.original.confusion.tp: ")
    assert "comes out again" not in out


def test_verify_names_an_edited_file(report, capsys):
    (report / "page.html").write_text("added")
    assert main(["verify", str(report)]) == 1
    assert capsys.readouterr().out == "edited: page.html is not as it was written\n"


def test_verify_refuses_what_is_no_report(tmp_path, capsys):
    assert main(["verify", str(tmp_path)]) == 2
    assert "results.json" in capsys.readouterr().err


def test_diff(report, stated, tmp_path, capsys):
    stated["models"]["original"]["balanced_accuracy"] = 0.5
    other = written(tmp_path / "other", stated)
    assert main(["diff", str(report / "results.json"), str(other)]) == 0
    out = capsys.readouterr().out
    assert "Figures: 1 change\n  models.original.balanced_accuracy: 0." in out
    assert main(["diff", str(other), str(tmp_path / "absent.json")]) == 2


def test_a_copy_of_a_report_is_verified_too(report, tmp_path, capsys):
    shutil.copytree(report, tmp_path / "copy")
    assert main(["verify", str(tmp_path / "copy")]) == 0
    assert capsys.readouterr().out.startswith(str(tmp_path / "copy"))
