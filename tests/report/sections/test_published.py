"""What the models do: where published figures stand beside these."""

from dataclasses import replace

from analysis.models.published import compare
from analysis.report.sections import published


def declared(results, **changes):
    words = replace(results.words, declaration=replace(results.words.declaration, **changes))
    fitted = results.models.map(lambda each: replace(each.fitted, recipe="converged"))
    models = results.models.map(lambda each: replace(each, fitted=fitted[each.fitted.id]))
    reports = models.map(lambda each: each.classification_report)
    compared = compare(reports, words.declaration.published)
    return replace(results, words=words, models=models, published=compared)


def test_published_figures_stand_only_beside_the_loans_they_belong_to(real_results):
    assert published.reproduced(real_results)
    assert not published.reproduced(declared(real_results))  # fitted as other loans are


def test_figures_that_a_declaration_states_of_its_own_loans_are_shown(real_results):
    own = declared(real_results, content_hash=None)
    assert "All 36 published figures come out again" in published.section(own)
    assert not published.section(declared(real_results, content_hash=None, published=None))
