"""Each requirement is answered by a section that exists; each citation by a reference."""

import re
from dataclasses import replace

import pytest

from analysis.base import settings
from analysis.base.settings import OPEN
from analysis.portfolio.column import Column
from analysis.portfolio.declaration import module_12
from analysis.report.sections import groups, guidance
from analysis.report.sections.guidance import MATRIX, NOT_ASSESSABLE
from tests.conftest import ROOT

DOCUMENT = (ROOT / "report.qmd").read_text(encoding="utf-8")
REFERENCES = (ROOT / "references.bib").read_text(encoding="utf-8")
CITED = set(re.findall(r"(?<![\w.])@([a-z]+\d{4}\w*)", DOCUMENT + groups.METHOD))
# Published without a DOI: two papers of a journal that gives none, a conference, supervisors.
WITHOUT_DOI = {"lemaitre2017", "pedregosa2011", "elkan2001", "occ2026"}


@pytest.fixture(scope="module")
def headings():
    return re.findall(r"^#{2,3} (.+?)\s*$", DOCUMENT, re.MULTILINE)


@pytest.fixture(scope="module")
def references():
    parts = re.split(r"^@\w+\{", REFERENCES, flags=re.MULTILINE)[1:]
    return {part.split(",", 1)[0]: part for part in parts}


@pytest.mark.parametrize("requirement", MATRIX, ids=lambda each: f"{each.source}: {each.item}")
def test_each_answer_is_a_heading_or_says_why_not(requirement, headings):
    answer = requirement.answer
    if answer.startswith((NOT_ASSESSABLE, OPEN)):
        assert answer == OPEN or re.fullmatch(rf"{NOT_ASSESSABLE}: .{{10,}}", answer)
        assert requirement.anchor == ""
    else:
        assert answer in headings


def test_headings_have_anchors_of_their_own(headings):
    anchors = [each.lower() for each in headings]
    assert len(anchors) == len(set(anchors))
    plain = [each for each in headings if each in {answer.answer for answer in MATRIX}]
    assert all(re.fullmatch(r"[A-Za-z0-9 \-]+", each) for each in plain)


def test_each_guidance_is_covered():
    sources = {each.source for each in MATRIX}
    assert sources == {
        guidance.SUPERVISORS, guidance.MODEL_CARDS, guidance.TRIPOD, guidance.REFORMS,
    }  # fmt: skip
    for source in sources:
        assert len([each for each in MATRIX if each.source == source]) >= 5
    assert len({(each.source, each.item) for each in MATRIX}) == len(MATRIX)


def test_fairness_and_the_owner_are_answered_honestly():
    answers = {each.item: each.answer for each in MATRIX}
    assert answers["Fairness"].startswith(NOT_ASSESSABLE)
    assert answers["Governance: model inventory"].startswith(NOT_ASSESSABLE)


def test_the_owners_entries_are_answers_only_when_filled_in():
    stated = settings.load()
    found = {each.item: each.answer for each in guidance.answered(stated, module_12())}
    assert found["Governance: materiality"] == OPEN
    model = replace(stated.model, materiality="Tier 2", owner="A", reviewer="B")
    filled = guidance.answered(replace(stated, model=model), module_12())
    assert OPEN not in {each.answer for each in filled}
    half = replace(stated, model=replace(model, reviewer=OPEN))
    given = guidance.answered(half, module_12())
    open_ones = [each.item for each in given if each.answer == OPEN]
    assert open_ones == ["Governance: owner, reviewer, approval, changes"]


@pytest.mark.parametrize(
    ("use", "answered"),
    [("protected", {"Fairness", "Factors: groups and conditions"}),
     ("segment", {"Factors: groups and conditions"}), ("ignored", set())],
)  # fmt: skip
def test_declared_groups_answer_what_guidance_asks_of_groups(use, answered):
    declared = module_12()
    fields = (*declared.schema.fields, Column("sex", use=use))
    declared = replace(declared, schema=replace(declared.schema, fields=fields))
    given = guidance.answered(settings.load(), declared)
    assert {each.item for each in given if each.answer == groups.HEADING} == answered
    assert {each.anchor for each in given if each.answer == groups.HEADING} <= {"who-is-refused"}


def test_every_citation_has_a_reference(references):
    assert len(CITED) >= 15
    assert set(references) >= CITED


def test_every_reference_is_cited(references):
    assert set(references) <= CITED


def test_every_reference_has_its_doi(references):
    without = {key for key, text in references.items() if "doi = {10." not in text}
    assert without <= WITHOUT_DOI
    for key in without:
        assert re.search(r"(journal|booktitle|Bulletin)", references[key])


def test_no_doi_is_given_twice(references):
    dois = re.findall(r"doi = \{(10\.\d{4,}/[^}\s]+)\}", REFERENCES)
    assert (
        len(dois)
        == len(set(dois))
        == len(references) - len({key for key in references if "doi = {10." not in references[key]})
    )
