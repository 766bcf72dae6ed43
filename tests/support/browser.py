"""Chromium for the tests of the page: Debian's own, driven by Playwright, with a network watch."""

import contextlib
import shutil

import pytest

WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")


@contextlib.contextmanager
def chromium():
    """Give a browser, or skip with the reason."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    command = shutil.which("chromium")
    if command is None:
        pytest.skip("chromium is not on the PATH")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=command, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser, path, width=1280, scheme="light", address="", **options):
    """Open a page in a window of its own; `page.requests` lists what it asked for besides itself.

    A message on the console and an error of a script fail the test.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **options
    )
    page = context.new_page()
    page.requests, faults = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri() + address)
    yield page
    context.close()
    assert faults == []
