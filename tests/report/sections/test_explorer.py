"""The threshold explorer: what it shows in Chromium is what Python finds in results.json."""

import json
import random
from urllib.parse import urlencode

import pandas as pd
import pytest

from analysis.base import display
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.sections import explorer
from tests.support.browser import chromium, opened

MODELS = (ORIGINAL, OVERSAMPLED)
ROWS = ("tn", "fp", "fn", "tp", "precision", "recall", "balanced", "total", "cost")


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def path(site):
    return site / "index.html"


@pytest.fixture(scope="module")
def curves(site):
    found = json.loads((site / "results.json").read_text(encoding="utf-8"))
    thresholds = found["evidence"]["thresholds"]
    return {name: pd.DataFrame(thresholds[name]["curve"]) for name in MODELS}


@pytest.fixture(scope="module")
def window(browser, path):
    with opened(browser, path) as found:
        yield found


@pytest.fixture
def page(window):
    """The page as it is when it was opened."""
    go(window, 0.25, 1.0)
    go(window, 0.5, 10.0)
    return window


def expected(curve, threshold, ratio):
    """Calculate a column of the explorer from results.json alone."""
    row = curve[curve["threshold"] <= threshold].iloc[-1]
    tn, fp, fn, tp = (int(row[name]) for name in ("tn", "fp", "fn", "tp"))
    recall, specificity = tp / (tp + fn), tn / (tn + fp)
    return [
        *(display.count(each) for each in (tn, fp, fn, tp)),
        f"{tp / (tp + fp):.3f}" if tp + fp else display.DASH,
        f"{recall:.3f}",
        f"{(recall + specificity) / 2:.3f}",
        f"{fp + ratio * fn:,.1f}".removesuffix(".0"),
        f"{(fp + ratio * fn) / (tn + fp + fn + tp):.4f}",
    ]


def shown(page):
    """Read both columns of the explorer."""
    return page.evaluate(
        f"""() => {json.dumps(MODELS)}.map((_, column) => {json.dumps(ROWS)}.map(row =>
            document.querySelectorAll(`.explorer [data-row="${{row}}"]`)[column].textContent))"""
    )


def go(page, threshold, ratio):
    follow(page, urlencode({"threshold": repr(threshold), "cost": repr(ratio)}))


def follow(page, address):
    """Follow an address within the page, to the end."""
    page.evaluate(
        """hash => new Promise(heard => {
            addEventListener("hashchange", heard, {once: true});
            location.hash = hash;
        })""",
        address,
    )


def test_both_curves_have_the_same_thresholds_and_every_hundredth(curves):
    first, second = (curves[name]["threshold"] for name in MODELS)
    assert first.tolist() == second.tolist()
    assert {place / 100 for place in range(101)} <= set(first)


def test_it_starts_at_the_published_threshold_with_the_published_counts(browser, path, site):
    found = json.loads((site / "results.json").read_text(encoding="utf-8"))
    with opened(browser, path) as page:
        for column, name in zip(shown(page), MODELS, strict=True):
            counts = found["models"][name]["confusion"]
            assert column[:4] == [display.count(counts[key]) for key in ("tn", "fp", "fn", "tp")]
            assert column[6] == f"{found['models'][name]['balanced_accuracy']:.3f}"
        assert page.locator("#explorer-threshold").input_value() == "0.5"
        assert page.locator("#explorer-cost").input_value() == "10"


def test_it_shows_pythons_figures_at_every_hundredth_and_at_many_others(page, curves):
    chosen = random.Random(1)  # noqa: S311 -- picks examples, guards nothing
    hundredths = [place / 100 for place in range(101)]
    others = chosen.sample(curves[ORIGINAL]["threshold"].tolist(), 60)
    for threshold in hundredths + others:
        ratio = chosen.choice([0.5, 1.0, 3.7, 10.0, 250.0])
        go(page, threshold, ratio)
        wanted = [expected(curves[name], threshold, ratio) for name in MODELS]
        assert shown(page) == wanted, (threshold, ratio)


@pytest.mark.parametrize("ratio", [0.2, 10, 755.5])
@pytest.mark.parametrize("model", MODELS)
def test_one_click_finds_the_cheapest_threshold(page, curves, model, ratio):
    page.fill("#explorer-cost", str(ratio))
    page.get_by_role("button", name=f"Cheapest for the {model} model").click()
    curve = curves[model]
    costs = (curve["fp"] + ratio * curve["fn"]) / (
        curve["tn"] + curve["fp"] + curve["fn"] + curve["tp"]
    )
    cheapest = curve["threshold"][costs == costs.min()].max()
    assert shown(page) == [expected(curves[name], cheapest, ratio) for name in MODELS]
    page.get_by_role("button", name="As published").click()
    assert shown(page) == [expected(curves[name], 0.5, ratio) for name in MODELS]


def test_the_keyboard_moves_the_slider_and_the_address_keeps_it(browser, page, path, curves):
    page.focus("#explorer-threshold")
    for _ in range(7):
        page.keyboard.press("ArrowLeft")
    assert shown(page) == [expected(curves[name], 0.43, 10) for name in MODELS]
    assert page.get_attribute("#explorer-threshold", "aria-valuetext") == "0.43"
    page.fill("#explorer-cost", "4")
    assert page.evaluate("location.hash") == "#threshold=0.43&cost=4"
    with opened(browser, path, address="#threshold=0.43&cost=4") as colleague:
        assert shown(colleague) == [expected(curves[name], 0.43, 4) for name in MODELS]
        assert colleague.locator(".explorer").bounding_box()["y"] < 900


def test_what_it_finds_is_announced(page):
    page.focus("#explorer-threshold")
    page.keyboard.press("Home")
    said = page.locator(".explorer [role=status]")
    page.wait_for_function(
        "document.querySelector('.explorer [role=status]').textContent.startsWith('Threshold 0.00')"
    )
    assert said.get_attribute("aria-live") == "polite"
    # The slider tells its value itself.
    assert page.get_attribute("#explorer-reading", "aria-live") == "off"
    assert "Oversampled model: 0 of 619 high-risk loans missed" in said.text_content()


def test_every_field_has_a_label(page):
    assert page.get_by_role("slider", name="Decision threshold").count() == 1
    assert page.get_by_role("spinbutton", name="Cost of a missed high-risk loan").count() == 1


@pytest.mark.parametrize(
    "address", ["threshold=x&cost=y", "threshold=7&cost=-3", "threshold=&cost=0", "cost=1e999"]
)
def test_an_address_that_makes_no_sense_changes_nothing(page, curves, address):
    follow(page, address)
    assert shown(page) == [expected(curves[name], 0.5, 10) for name in MODELS]


@pytest.mark.parametrize("ratio", ["", "0", "-1", "1e9"])
def test_a_cost_ratio_that_makes_no_sense_is_marked_and_changes_nothing(page, curves, ratio):
    page.fill("#explorer-cost", ratio)
    assert page.get_attribute("#explorer-cost", "aria-invalid") == "true"
    assert shown(page) == [expected(curves[name], 0.5, 10) for name in MODELS]
    told = page.get_by_role("alert").text_content()
    assert told == "Enter a number from 0.001 to 1,000,000. The figures below are for 10."
    assert page.get_attribute("#explorer-cost", "aria-describedby") == "explorer-fault"
    go(page, 0.5, 20.0)
    page.wait_for_function("document.querySelector('#explorer-fault').textContent === ''")
    assert page.get_attribute("#explorer-cost", "aria-invalid") == "false"


def test_without_scripts_there_is_a_table_and_a_figure_instead(browser, path):
    with opened(browser, path, java_script_enabled=False) as page:
        assert not page.locator(".explorer").is_visible()
        assert page.locator("#tbl-thresholds table").is_visible()
        assert page.locator("#fig-thresholds img").is_visible()


def test_the_markup_ends_no_element_early(small_results):
    made = explorer.markup(small_results)
    assert made.count("</script") == 2
    assert made.count("<table") == 0
    assert "{{<" not in made
    assert "``" not in made
