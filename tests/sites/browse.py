"""Open a site's pages in a real Chromium under the policy, use them, and note what is blocked."""

from __future__ import annotations

import contextlib
import json
import subprocess
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as Sheet

from tests.sites.attribute import Answer, Violation, attribute
from tests.sites.model import ADMIN, Site

__all__ = ["Browsed", "Tab", "browse"]

_LISTEN = """
addEventListener('securitypolicyviolation', event => window.sitesViolation({
    document: event.documentURI, directive: event.effectiveDirective, blocked: event.blockedURI,
    source: event.sourceFile, line: event.lineNumber, sample: event.sample,
}), true);
"""

#: What must be blocked under the policy, so that silence means something.
_CONTROL = """
document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.blind = true">')
"""

_PATIENCE = 30_000


@dataclass(slots=True)
class Browsed:
    """What came of it."""

    opened: int = 0
    acted: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    #: An act that did not come to its end, and why.
    failures: dict[str, str] = field(default_factory=dict)
    #: Exceptions that no script caught, by where.
    exceptions: list[str] = field(default_factory=list)
    #: What the console said, which must agree with the events.
    console: list[str] = field(default_factory=list)


class Tab:
    """A page of the browser for one act; ``sheet`` is Playwright's."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.context = context
        self.sheet: Sheet = context.new_page()
        self.pending: set[object] = set()
        context.on("request", self._asked)
        context.on("requestfinished", self._answered)
        context.on("requestfailed", self._answered)

    def user(self, name: str) -> None:
        """Be that user from now on; "" for nobody."""
        self.context.clear_cookies()
        if name:
            cookie = {"name": "sessionid", "value": f"session-of-{name}", "url": self.base}
            self.context.add_cookies([cookie])

    def visit(self, path: str) -> Sheet:
        """Open a page and wait until it has come to rest."""
        self.sheet.goto(self.base + path, wait_until="load")
        self.settle()
        return self.sheet

    def _asked(self, request: object) -> None:
        self.pending.add(request)

    def _answered(self, request: object) -> None:
        self.pending.discard(request)

    def settle(self) -> None:
        """Wait until the page has asked for nothing for a moment; one that never rests is left."""
        quiet = 0
        for _ in range(60):
            self.sheet.wait_for_timeout(60)
            quiet = 0 if self.pending else quiet + 1
            if quiet == 3:
                return


def browse(
    site: Site,
    executable: str,
    server: subprocess.Popen[str],
    port: int,
    log: Path,
    only: str = "",
    *,
    control: bool = True,
) -> Browsed:
    """Open every page of ``site`` and carry out its acts. ``log`` is what the server has sent."""
    found = Browsed()
    base = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        try:
            _pages(site, browser, base, found, only)
            for act in site.acts:
                if only in act.__name__ or only == "nothing":
                    _act(act, browser, base, found)
            if control:
                _control(site, browser, base, found)
        finally:
            browser.close()
    answers = _answers(log)
    found.violations = [
        replace(violation, cause=attribute(violation, answers)) for violation in found.violations
    ]
    return found


def _pages(site: Site, browser: Browser, base: str, found: Browsed, only: str) -> None:
    users = dict.fromkeys(page.user for page in site.pages)
    for user in users:
        with _tab(browser, base, found, "") as (tab, name):
            tab.user(user)
            for page in site.pages:
                if page.user != user or not page.browsed or only not in page.name:
                    continue
                name[0] = page.name
                tab.context.set_extra_http_headers(dict(page.headers))
                try:
                    tab.visit(page.path)
                except Exception:  # noqa: BLE001 - told with the page's name
                    found.failures[page.name] = traceback.format_exc(limit=3)
                found.opened += 1


def _act(act: Callable[[Tab], None], browser: Browser, base: str, found: Browsed) -> None:
    name = act.__name__
    with _tab(browser, base, found, name) as (tab, _):
        tab.user(ADMIN)
        try:
            act(tab)
            tab.settle()
            found.acted.append(name)
        except Exception:  # noqa: BLE001 - told with the act's name
            found.failures[name] = traceback.format_exc(limit=4)


def _control(site: Site, browser: Browser, base: str, found: Browsed) -> None:
    seen = Browsed()
    with _tab(browser, base, seen, "control") as (tab, _):
        page = next(page for page in site.pages if page.browsed and page.status == 200)
        tab.user(page.user)
        sheet = tab.visit(page.path)
        sheet.evaluate(_CONTROL)
        sheet.wait_for_timeout(500)
        ran = sheet.evaluate("window.blind")
    handlers = [item for item in seen.violations if item.directive == "script-src-attr"]
    if ran or not handlers:
        found.failures["control"] = "an injected handler was not blocked, or not seen to be"


@contextlib.contextmanager
def _tab(browser: Browser, base: str, found: Browsed, name: str) -> Iterator[tuple[Tab, list[str]]]:
    where = [name]
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    context.set_default_timeout(_PATIENCE)

    def violated(_source: object, told: dict[str, Any]) -> None:
        parts = urlsplit(told.pop("document"))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        source = told.pop("source").removeprefix(base)
        found.violations.append(Violation(where[0], path, source=source, **told))

    def said(message: Any) -> None:
        if "Content Security Policy" in message.text:
            found.console.append(f"{where[0]}: {message.text}")

    context.expose_binding("sitesViolation", violated)
    context.add_init_script(_LISTEN)
    context.on("console", said)
    context.on("weberror", lambda error: found.exceptions.append(f"{where[0]}: {error.error}"))
    try:
        yield Tab(context, base), where
    finally:
        context.close()


def _answers(log: Path) -> list[Answer]:
    with log.open(encoding="utf-8") as lines:
        return [Answer(**json.loads(line)) for line in lines]
