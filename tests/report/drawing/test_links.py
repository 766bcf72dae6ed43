"""Findings lead to the table or figure behind them, and those lead back."""

import re
from dataclasses import replace

import pypdf
import pytest

from analysis.base import display
from analysis.findings.finding import Finding
from analysis.report.drawing import links
from tests.report.drawing.test_tables import HOSTILE
from tests.support import reading


@pytest.fixture
def results(simulated_results):
    return simulated_results


def test_each_finding_shown_is_a_line_that_leads_to_its_evidence(results):
    lines, shown = links.listed(results).splitlines(), links.shown(results.findings)
    assert shown == list(results.findings[: len(shown)])
    for line, finding in zip(lines, shown, strict=False):
        assert line.startswith(f"- [**{finding.severity.capitalize()}: ")
        assert f"**]{{#finding-{finding.id}}}: " in line
        assert line.endswith(f" @{finding.evidence}")
    left = len(results.findings) - len(shown)
    assert len(lines) == len(shown) + bool(left)
    if left:
        assert lines[-1].startswith(f"- {left} finding")


def test_no_finding(results):
    none = replace(results, findings=())
    assert links.listed(none) == "No rule found anything that speaks against these models."
    assert links.back((), "tbl-refits") == ""


def test_evidence_shows_its_findings_in_full_and_leads_back(results):
    for label in {each.evidence for each in results.findings}:
        text = re.sub(r"\\(.)", r"\1", links.back(results.findings, label))
        for each in results.findings:
            told = display.typographic(f"{each.statement} {each.action}")
            assert (told in text) == (each.evidence == label)
    targets = re.findall(r"\]\(#([a-z-]+)\)", links.back(results.findings, "tbl-refits"))
    assert set(targets) <= {f"finding-{each.id}" for each in results.findings} | {links.FINDINGS}
    assert links.back(results.findings, "tbl-labels") == ""


def test_a_hostile_finding_is_one_item(results):
    hostile = Finding("x", "high", *[HOSTILE] * 4, "tbl-refits")
    made = replace(results, findings=(hostile,))
    assert len(links.listed(made).splitlines()) == 1
    for text in (links.listed(made), links.back(made.findings, "tbl-refits")):
        plain = re.sub(r"\\.", "", text)
        assert not set("<>`$|") & set(plain)
        assert plain.count("](#") + plain.count("]{#") == 1


def test_the_page_leads_there_and_back(site, results):
    page = reading.load(site)
    for each in links.shown(results.findings):
        (head,) = page.xpath(f"//*[@id='finding-{each.id}']")
        (item,) = head.xpath("ancestor::li[1]")
        assert item.xpath(f".//a[@href='#{each.evidence}']")
        (shown,) = page.xpath(f"//*[@id='{each.evidence}']")
        (link,) = page.xpath(f"//a[@href='#finding-{each.id}']")
        assert link in shown.xpath(".//a | following::a"), "the way back stands with it or below"


def test_the_pdf_leads_there_and_back(site, results):
    pdf = pypdf.PdfReader(site / "report.pdf")
    findings, back = set(), set()
    for number, page in enumerate(pdf.pages):
        for link in page.get("/Annots", []):
            target = link.get_object().get("/Dest") or link.get_object().get("/A", {}).get("/D")
            if target is None:
                continue
            place = pdf.get_destination_page_number(named(pdf, target))
            if number == 1 and place > number:
                findings.add(place)
            if number > 1 and place == 1:
                back.add(number)
    assert findings
    # A table may end on the next page, and the way back stands below it.
    assert findings <= back | {number - 1 for number in back}
    text = " ".join(" ".join(reading.pages(site)).split())
    assert text.count("Back to the findings") == len(results.findings)


def named(pdf, target):
    if isinstance(target, str):
        return pdf.named_destinations[target]
    page, fit, *place = target
    return pypdf.generic.Destination("", page, pypdf.generic.Fit(fit, tuple(place)))
