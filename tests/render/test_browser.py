"""The page in a real browser: offline, accessible, readable on a phone, in the dark, on paper."""

import itertools
import re

import pytest

from analysis.base.project import ROOT
from tests.support.browser import SCHEMES, WIDTHS, chromium, opened

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def path(site):
    return site / "index.html"


@pytest.fixture(scope="module")
def page(browser, path):
    with opened(browser, path) as found:
        yield found


@pytest.fixture(scope="module")
def phone(browser, path):
    with opened(browser, path, width=360) as found:
        yield found


@pytest.fixture
def shown(page):
    """Show the page otherwise than on a light screen; give what sets how."""
    yield page.emulate_media
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")


def test_the_page_is_small(path):
    assert path.stat().st_size <= MOST_BYTES


def test_the_page_asks_for_nothing_but_itself(page, path):
    page.wait_for_load_state("networkidle")
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation(browser, path, width):
    axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    with opened(browser, path, width=width) as page:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = axe_module.Axe().run(page, options=options).response
            assert found["passes"], "axe did not run"
            told = [
                (scheme, each["id"], node["target"], node.get("failureSummary"))
                for each in found["violations"]
                for node in each["nodes"]
            ]
            assert told == []


def test_the_letters_of_a_figure_can_be_read_on_a_phone(page, phone):
    widths = "[...document.querySelectorAll('figure img')].map(each => each.width)"
    pairs = zip(phone.evaluate(widths), page.evaluate(widths), strict=True)
    assert all(small >= min(0.75 * wide, 312) for small, wide in pairs)


def test_a_shadow_tells_that_a_table_goes_on(page, phone):
    shadow = "getComputedStyle(document.querySelector('#tbl-intervals > div')).boxShadow"
    if not page.evaluate("CSS.supports('animation-timeline', 'scroll(self inline)')"):
        pytest.skip("this Chromium knows no animation by scrolling")
    assert page.evaluate(shadow) == "none"
    assert "inset" in phone.evaluate(shadow)


def test_a_phone_scrolls_in_one_direction_only(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_wide_tables_scroll_inside_their_own_frame(phone):
    outside = phone.evaluate(
        """() => [...document.querySelectorAll('main table')].filter(table => {
            if (!table.checkVisibility()) return false;
            let frame = table;
            while ((frame = frame.parentElement) && frame.tagName !== 'MAIN')
                if (['auto', 'scroll'].includes(getComputedStyle(frame).overflowX)) break;
            const inside = frame.tagName !== 'MAIN';
            return !inside && table.getBoundingClientRect().right > innerWidth;
        }).map(table => table.querySelector('th')?.id)"""
    )
    assert outside == []


def test_what_is_said_below_a_table_stays_while_it_is_scrolled(phone):
    moved = phone.evaluate(
        """() => [...document.querySelectorAll('.float-tbl > .float-body')]
            .filter(frame => frame.scrollWidth > frame.clientWidth + 20)
            .flatMap(frame => {
                const below = [...frame.children].filter(each => each.tagName !== 'TABLE');
                const left = () => below.map(each => each.getBoundingClientRect().left);
                const before = left();
                frame.scrollLeft = 20;
                const after = left();
                frame.scrollLeft = 0;
                return after.map((each, at) => each - before[at]);
            })"""
    )
    assert moved, "no table is scrolled that something is said below"
    assert set(moved) == {0}


def test_numbers_stay_on_one_line_on_a_phone(phone):
    broken = phone.evaluate(
        """() => [...document.querySelectorAll('tbody td.gt_right')].filter(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
        }).map(cell => cell.textContent)"""
    )
    assert broken == []


def test_lines_hold_60_to_80_characters(page):
    lengths = page.evaluate(
        """() => [...document.querySelectorAll('main > p')].map(text => {
            const height = parseFloat(getComputedStyle(text).lineHeight);
            const lines = Math.round(text.getBoundingClientRect().height / height);
            return [text.textContent.length, lines];
        }).filter(([, lines]) => lines >= 4).map(([length, lines]) => length / lines)"""
    )
    assert lengths, "no paragraph of four lines"
    # The last line of a paragraph is short, so the mean lies below the measure.
    assert 58 <= sum(lengths) / len(lengths) <= 80
    assert max(lengths) <= 80


def test_everything_that_can_be_used_is_reached_and_shown_by_the_keyboard(browser, path):
    usable = "a[href], button, input, select, textarea, summary, [tabindex='0']"
    with opened(browser, path, reduced_motion="reduce") as page:
        wanted = page.evaluate(
            f"""() => {{
                const found = [...document.querySelectorAll(`{usable}`)]
                    .filter(each => each.checkVisibility() && !each.disabled);
                found.forEach((each, place) => each.dataset.place = place);
                return found.length;
            }}"""
        )
        reached, hidden = set(), []
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
            place, style, box = page.evaluate(
                """() => {
                    const at = document.activeElement, style = getComputedStyle(at);
                    const box = at.getBoundingClientRect();
                    const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
                    return [at.dataset.place, style.outlineStyle, seen];
                }"""
            )
            if place is not None:
                reached.add(place)
                if style == "none" or not box:
                    hidden.append(place)
    assert len(reached) == wanted
    assert hidden == []


def test_the_first_key_offers_to_skip_to_the_report(browser, path):
    with opened(browser, path) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_headings_start_with_one_title_and_skip_no_level(page):
    levels = page.evaluate(
        "[...document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')].map(h => +h.tagName[1])"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    steps = itertools.pairwise(levels)
    assert all(later <= earlier + 1 for earlier, later in steps)


def test_the_page_has_a_language_and_landmarks(page):
    assert page.get_attribute("html", "lang") == "en"
    for landmark in ("main", "nav", "header"):
        assert page.locator(landmark).count() == 1, landmark
    assert page.locator("nav").get_attribute("aria-labelledby") == "toc-title"


def test_every_table_cell_knows_its_heads(page):
    assert page.locator("table").count() >= 10
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("figure table").count() > 0
    assert page.locator("figure:not(:has(figcaption))").count() == 0


def test_headings_tables_and_figures_link_to_themselves(page):
    wrong = page.evaluate(
        """() => [...document.querySelectorAll('main :is(h2,h3)[id], figure')]
            .filter(each => !each.querySelector(`a[href="#${each.id}"]`)).map(each => each.id)"""
    )
    assert wrong == []


def test_ids_are_unique(page):
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert sorted(set(ids)) == sorted(ids)


def test_the_contents_and_the_mark_of_simulated_data_follow_the_reader(page):
    page.evaluate("window.scrollTo({top: document.body.scrollHeight / 2, behavior: 'instant'})")
    assert page.evaluate("scrollY") > 500
    assert abs(page.locator("#TOC").bounding_box()["y"]) < 2
    mark = page.locator(".simulated-mark")
    assert "no loan in this report is real" in mark.text_content()
    assert abs(mark.bounding_box()["y"]) < 2


def test_the_dark_page_is_dark_and_its_pictures_lie_on_white(page, shown):
    shown(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"
    cards = page.evaluate(
        """[...document.querySelectorAll('figure img')]
            .map(each => getComputedStyle(each).backgroundColor)"""
    )
    assert set(cards) <= {"rgb(255, 255, 255)"}


def test_readers_who_want_no_motion_get_none(page, shown):
    motion = "getComputedStyle(document.documentElement).scrollBehavior"
    for wish, given in (("reduce", "auto"), ("no-preference", "smooth")):
        shown(reduced_motion=wish)
        assert page.evaluate(motion) == given


def test_paper_shows_the_report_in_black_on_white_without_the_contents(page, shown):
    shown(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#TOC").is_visible()
    assert page.locator(".simulated-mark").is_visible()


def test_on_paper_tables_are_set_no_larger_than_the_text(page, shown):
    size = "name => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)"
    shown(media="print")
    assert page.evaluate(size, "main table") < page.evaluate(size, "main > p:not([class])")


def test_paper_shows_nothing_that_it_can_neither_open_nor_follow(page, shown):
    useless = page.locator(".download, .back-to-findings, details:not([open])")
    assert useless.count() > 30
    assert useless.first.is_visible()
    shown(media="print")
    visible = "all => all.filter(each => each.getClientRects().length).length"
    assert useless.evaluate_all(visible) == 0


def test_no_table_scrolls_where_there_is_room(page):
    scrolling = page.evaluate(
        """[...document.querySelectorAll('.float-body, .table-frame')]
            .filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText)"""
    )
    assert page.locator(".float-body").count() > 20
    assert scrolling == []


def test_no_text_lies_on_another(page, phone):
    overlapping = """() => {
        const texts = [...document.querySelectorAll(
            'main :is(p, li, dt, dd, h1, h2, h3, figcaption, summary, table, img)')]
            .filter(each => each.checkVisibility() && !each.querySelector('p, li, table'))
            .filter(each => !each.closest('.simulated-mark'));
        const inner = each => [each, each.getBoundingClientRect()];
        return texts.map(inner).slice(1).filter(([each, box], place) => {
            const [before, above] = inner(texts[place]);
            const across = box.left < above.right && above.left < box.right;
            return across && !before.contains(each) && box.top < above.bottom - 1;
        }).map(([each]) => each.textContent.slice(0, 60));
    }"""
    assert page.evaluate(overlapping) == []
    assert phone.evaluate(overlapping) == []


def test_findings_lead_to_their_evidence_and_back_by_keyboard(browser, path):
    with opened(browser, path) as page:
        finding = page.locator("li:has(> span[id^='finding-'])").first
        name = finding.locator("span").first.get_attribute("id")
        link = finding.locator("a").last
        link.focus()
        page.keyboard.press("Enter")
        shown = page.evaluate("location.hash")
        assert shown.startswith(("#tbl-", "#fig-"))
        assert page.locator(f"figure{shown}").is_visible()
        page.locator(f".back-to-findings a[href='#{name}']").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == f"#{name}"


def test_the_page_needs_no_script(browser, path):
    with opened(browser, path, java_script_enabled=False) as page:
        assert page.locator("figure table").first.is_visible()
        assert page.locator("main h1").text_content() == "Module 12 Report"


def test_the_page_works_under_the_policy_that_the_readme_names(browser, path, tmp_path):
    (policy,) = re.findall(r"`(default-src [^`]*)`", (ROOT / "README.md").read_text())
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    strict = tmp_path / "index.html"
    strict.write_text(path.read_text().replace("<head>", f"<head>{tag}", 1))
    assert tag in strict.read_text()
    with opened(browser, strict) as page:  # which fails where anything is refused
        wide = page.evaluate("[...document.images].map(each => each.naturalWidth)")
        assert wide
        assert all(wide)
        heading = "getComputedStyle(document.querySelector('h2'))"
        look = f"(({{color, fontSize}}) => color + fontSize)({heading})"
        strictly = page.evaluate(look)
    with opened(browser, path) as page:
        assert page.evaluate(look) == strictly


def test_a_link_to_the_page_shows_its_title_and_what_it_is_about(page):
    assert page.title() == page.get_attribute("meta[property='og:title']", "content")
    assert page.get_attribute("meta[name='description']", "content")
    assert page.get_attribute("meta[property='og:description']", "content")
    assert page.get_attribute("link[rel='icon']", "href").startswith("data:image/svg+xml")
