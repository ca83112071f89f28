"""The page with the rings, in a real browser: hostile texts do nothing, and it can be used."""

from __future__ import annotations

import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.render.html import render
from ringfence.prove.stage import Outcome
from tests.prove.samples import HOSTILE, hostile, proof, trial

pytestmark = pytest.mark.browser

ATTACK = {attack.name: attack for attack in ATTACKS}


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


class Shown:
    """A page that is open, and all that it did which it must not do."""

    def __init__(self, browser, path, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.did = []
        self.page.expose_binding("owned", lambda _source, number: self.did.append(number))
        self.page.on("console", lambda message: self.did.append(message.text))
        self.page.on("pageerror", lambda error: self.did.append(str(error)))
        self.page.on("dialog", lambda dialog: self.did.append(dialog.message))
        self.page.on(
            "request",
            lambda request: (
                request.url.startswith(("file:", "data:")) or self.did.append(request.url)
            ),
        )
        self.page.goto(path.as_uri())


@pytest.fixture
def show(browser, tmp_path):
    shown = []

    def opened(found, title="proof", **options):
        path = tmp_path / "proof.html"
        path.write_text(render(found, title=title), encoding="utf-8")
        shown.append(Shown(browser, path, **options))
        return shown[-1]

    yield opened
    for each in shown:
        each.context.close()


@pytest.mark.parametrize("number", [1, 30], ids=["one of each", "200 targets"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])
def test_hostile_texts_do_nothing(show, number, scripts):
    shown = show(hostile(number), title=HOSTILE, java_script_enabled=scripts)
    page = shown.page
    for arrow in page.locator("a.arrow").all():
        arrow.dispatch_event("mouseover")
        arrow.focus()
        page.keyboard.press("Enter")
    for summary in page.locator("summary").all():
        summary.click()
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == page.locator('img[src^="data:image/jpeg"]').count()
    assert page.locator("[onerror], [onload], [style], iframe, object, embed, form").count() == 0
    assert shown.did == []


SITE = proof(
    trial(ATTACK["read"], "GET /deep/", alone=("csrf", "csp")),
    trial(ATTACK["script"], "Wall.text at /wall/", on=Outcome.SUCCEEDED),
)


def opened(page):
    return [each.inner_text() for each in page.locator("details[open] summary strong").all()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])
def test_an_arrow_shows_its_evidence(show, scripts):
    shown = show(SITE, java_script_enabled=scripts)
    shown.page.locator("a.arrow text").first.click()
    assert opened(shown.page) == ["script"]
    assert shown.page.get_by_text("To do.").is_visible()
    assert shown.page.locator("figure img").is_visible()
    assert shown.did == []


def test_the_keyboard_leads_from_arrow_to_arrow_and_back(show):
    page = show(SITE).page
    page.locator("a.arrow").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert opened(page) == ["read"]
    assert page.evaluate("document.activeElement.localName") == "summary"
    assert page.locator("a.arrow[aria-current]").get_attribute("href") == "#e1"
    page.locator("details[open] a.back").click()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#e1"


def test_a_screen_reader_is_told_the_same(show):
    page = show(SITE).page
    page.get_by_role("link", name="script on Wall.text at /wall/: reaches the middle").wait_for()
    page.get_by_role("link", name="read on GET /deep/: stopped 2 rings deep: csrf, csp").wait_for()
    row = page.get_by_role("row", name="script Wall.text at /wall/")
    assert row.get_by_role("cell").nth(2).inner_text().strip().endswith("succeeded")
    assert page.get_by_role("heading", level=1).inner_text() == "1 of 2 attacks reaches the middle."


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_nothing_is_wider_than_the_window(show, width):
    page = show(hostile(3), viewport={"width": width, "height": 900}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
