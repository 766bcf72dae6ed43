"""What else could have been done: the sentence branch by branch, the table by content."""

from dataclasses import replace

from analysis.evidence.alternatives import SeedOutcome
from analysis.models.metrics import Confusion
from analysis.report.sections import alternatives
from tests.report.drawing.test_tables import cells
from tests.support.changed_evidence import changed


def test_alternatives_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(alternatives.alternatives(real_results))}
    assert found["Original model"] == ["0.500", "563", "56", "102", "662", "0.9939", "0.0234"]
    assert found["Original, class weights"][1:5] == ["615", "4", "116", "156"]
    assert found["Boosted trees"] == ["0.500", "615", "4", "116", "156", "0.9937", "0.0196"]
    assert len(found) == 9


def test_every_alternative_has_its_name(results):
    found = results.evidence.alternatives.alternatives
    assert {each.id for each in found} == set(alternatives.TRIED)


def test_seeds(say):
    one = SeedOutcome(Confusion(90, 1, 2, 7), 20)
    text = say(alternatives.tried, changed, "alternatives", seeds=20, seed_outcomes=(one,))
    assert text.endswith(
        "With 20 seeds of random oversampling, each gives 7 found, 2 missed and 1 needless review."
    )
    both = (replace(one, seeds=15), SeedOutcome(Confusion(89, 2, 2, 7), 5))
    text = say(alternatives.tried, changed, "alternatives", seeds=20, seed_outcomes=both)
    assert (
        "there are 2 outcomes; the most frequent, 7 found, 2 missed and 1 needless review, comes "
        "of 15 of them." in text
    )
    none = say(alternatives.tried, changed, "alternatives", seeds=0, seed_outcomes=())
    assert none.endswith("is the cheapest where probabilities are right.")
