"""Two results files side by side, and a report held against a new computation."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.__main__ import main
from analysis.base import display
from analysis.record import differences, export, provenance
from analysis.record.differences import ABSENT, Change

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
    assert differences.flatten({"a": {}, "b": [[]], "c.d": 1}) == {"a": {}, "b.0": [], '"c.d"': 1}


@pytest.mark.parametrize(
    "content",
    [[{"id": "x"}, {"id": "x"}], [{"id": "1"}, {"id": "y"}], [{"id": "1"}, 2, {"id": "1"}]],
)
def test_no_entry_of_a_list_hides_another(content):
    assert len(differences.flatten({"a": content})) == len(content)


@given(JSON)
def test_nothing_differs_from_itself(value):
    assert differences.changes({"a": value}, {"a": copy.deepcopy(value)}) == []


@given(st.dictionaries(st.text("ab", min_size=1), st.integers()), st.integers())
def test_a_new_entry_is_the_only_change(old, value):
    assert differences.changes(old, old | {"new": value}) == [Change("new", ABSENT, value)]
    assert differences.changes(old | {"new": value}, old) == [Change("new", value, ABSENT)]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change("a", 1, 3.5), "a: 1 -> 3.5 (+2.5)"),
        (Change("a", 3, 1), "a: 3 -> 1 (-2)"),
        (Change("a", True, False), "a: true -> false"),
        (Change("a", ABSENT, 1), "a: nothing -> 1"),
        (Change("a", None, 1), "a: null -> 1"),
        (Change("a", "x", ABSENT), 'a: "x" -> nothing'),
    ],
)
def test_a_change_on_one_line(change, text):
    assert str(change) == text


@pytest.mark.parametrize("entry", [None, {}, []])
def test_an_entry_that_holds_nothing_is_a_change(entry, stated):
    assert differences.changes(stated, stated | {"more": entry}) == [Change("more", ABSENT, entry)]
    assert differences.changes(stated | {"more": entry}, stated) == [Change("more", entry, ABSENT)]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        # what another processor's linear algebra makes of an optimum that is all but flat
        (-3.825408805773568, -3.8254052774464133, True),
        (0.0, 1e-16, True),
        (0.952, 0.992, False),
        (0.95200, 0.95203, False),
        (1e-8, 1.1e-8, False),
        (563, 564, False),
        (10**9, 10**9 + 1, False),
        (1, True, False),
        (1, 1.0, True),
        (None, 0, False),
        ("1", 1, False),
    ],
)
def test_figures_are_the_same_to_within_the_tolerance(old, new, same):
    assert (differences.changes({"a": old}, {"a": new}) == []) is same


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
    lines = differences.describe(stated, new)
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
    assert differences.describe(stated, stated)[-1] == "Findings: none came, none went"


def test_describe_stops_after_a_screen(stated):
    new = copy.deepcopy(stated)
    for cell in new["published"]["cells"]:
        cell["regenerated"] = -1
        cell["published"] = -1
    found = differences.changes(stated, new)
    lines = differences.describe(stated, new)
    assert len(found) > differences.SHOWN
    assert f"  and {len(found) - differences.SHOWN} more" in lines


def test_summary_for_a_reader(stated):
    new = copy.deepcopy(stated)
    new["data"] |= {"sha256": "1" * 64, "rows": 3_000}
    same = differences.summary(stated, new | {"published": {}})[0]
    assert same.startswith("The same loans lie elsewhere or in another order: small portfolio (")
    new["data"]["loans_sha256"] = "2" * 64
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


def test_diff(stated, tmp_path, capsys):
    old = written(tmp_path / "old", stated)
    stated["models"]["original"]["balanced_accuracy"] = 0.5
    new = written(tmp_path / "new", stated)
    assert main(["diff", str(old), str(new)]) == 0
    out = capsys.readouterr().out
    assert "Figures: 1 change\n  models.original.balanced_accuracy: 0." in out
    assert main(["diff", str(old), str(tmp_path / "absent.json")]) == 2
