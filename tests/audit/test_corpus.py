"""The corpus itself: every expected judgement follows from an experiment run again."""

from collections import Counter

import pytest

from tests.support import corpus, experiments

CASES = corpus.cases()
SHAPES = {".md", ".txt", ".html", ".ipynb"}
MOST_BYTES = 400_000


def measured(case):
    return [each for each in case.expected["figures"] if "measure" in each]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request):
    return request.param


def test_what_is_expected_stands_in_the_report(case):
    for each in case.statements:
        assert each["judgement"] in corpus.JUDGEMENTS
        assert each["text"] in case.lines[each["where"]], each


def test_a_figure_is_expected_once(case):
    figures = [tuple(map(str, each.values())) for each in case.expected["figures"]]
    assert len(figures) == len(set(figures))


def test_right_figures_follow_from_the_recipe_and_wrong_ones_do_not(case):
    judged = [each for each in measured(case) if each["judgement"] != "not judged"]
    assert case.expected["recipe"] is not None or not judged
    outcomes = case.outcomes() if judged else None
    for each in judged:
        value = experiments.figure(outcomes, each["measure"], each["label"], each["model"])
        assert experiments.agrees(each["text"], value) == (each["judgement"] != "wrong"), each
        if each["judgement"] == "wrong":
            assert experiments.agrees(each["instead"].split()[0], value), each


def test_every_mistake_says_of_which_kind_it_is_and_what_is_true_instead(case):
    for each in case.statements:
        wrong = each["judgement"] == "wrong"
        assert ("kind" in each, "instead" in each) == (wrong, wrong), each
    assert case.mistakes <= corpus.KINDS


def test_there_are_reports_enough_of_every_shape_and_with_every_mistake():
    assert len(CASES) >= 80
    assert {case.path.suffix for case in CASES} == SHAPES
    mistakes = Counter(kind for case in CASES for kind in case.mistakes)
    assert {kind: count for kind in corpus.KINDS if (count := mistakes[kind]) < 3} == {}


def test_a_third_of_the_reports_is_without_a_mistake():
    assert sum(not case.mistakes for case in CASES) >= len(CASES) / 3


def test_the_corpus_is_light():
    assert sum(path.stat().st_size for path in corpus.FOLDER.iterdir()) < MOST_BYTES
    reports = {case.name + corpus.SUFFIX for case in CASES}
    assert reports == {path.name for path in corpus.FOLDER.glob(f"*{corpus.SUFFIX}")}


def test_a_score_tells_what_was_found_from_what_was_missed_and_from_false_alarms():
    case = next(case for case in CASES if case.name == "typed_counts")
    score = corpus.score(
        case, [("line 3", "19,535"), ("line 5", "0.95")], [("line 9", "better at finding")]
    )
    assert list(score.found) == [("line 3", 19_535)]
    assert list(score.missed) == [("line 3", 15_407)]
    assert set(score.false_alarms) == {("line 5", 0.95), ("line 9", "claim")}
