"""What the visitor's browser does on a page. All of it runs in the browser's own thread."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ringfence.sandbox.visit import Visit, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import BrowserContext, CDPSession, Page, Response

    from ringfence.sandbox.visit import Form

__all__ = ["BINDING", "NAVIGATION_SECONDS", "Tab"]

#: The function that a payload calls. It belongs to the browser's protocol: no policy blocks it.
BINDING: Final = "ringfence"

NAVIGATION_SECONDS: Final = 10.0

_HERE = Path(__file__)
_SURVEY: Final = _HERE.with_name("survey.js").read_text(encoding="utf-8")
_PRESS: Final = _HERE.with_name("press.js").read_text(encoding="utf-8")
_TIMERS: Final = _HERE.with_name("timers.js").read_text(encoding="utf-8")
_SINKS: Final = _HERE.with_name("sinks.js").read_text(encoding="utf-8")
_SUBMIT: Final = _HERE.with_name("submit.js").read_text(encoding="utf-8")
#: A field called "submit" would hide the method: it is taken from the prototype.
_SEND: Final = "() => setTimeout(() => HTMLFormElement.prototype.submit.call(document.forms[0]))"
_FOLLOW: Final = "() => setTimeout(() => document.getElementById('link').click())"
_SENDING_MILLISECONDS: Final = 5000
_MOST_SAID: Final = 50


class Tab:
    """One page, made again where it was left in a state that would break into the next.

    ``fired`` holds the ids with which payloads called the binding since it was last cleared.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.fired: set[str] = set()
        self._context = context
        self._page: Page | None = None
        self._protocol: CDPSession | None = None
        self._left_alone = False
        self._stacks: dict[str, str] = {}
        self._said: list[str] = []
        self._blocked: list[str] = []
        context.set_default_timeout(NAVIGATION_SECONDS * 1000)
        context.expose_binding(BINDING, self._note)
        context.add_init_script(_SINKS)
        context.add_init_script(_TIMERS)

    def visit(self, url: str, *, survey: bool = False, press: bool = False) -> Visit:
        """Open ``url`` and wait until it has loaded, frames included.

        ``survey`` also lists links and forms; ``press`` then runs waiting timers and sets off every
        event handler and every link that is code.
        """

        def go(page: Page) -> Response | None:
            return page.goto(url, wait_until="load")

        return self._visited(url, go, survey=survey, press=press)

    def land(self, url: str, *, press: bool = False) -> Visit:
        """Open ``url``, let the first form there send itself, and wait for where that leads to.

        What is told is the page that it led to, and ``press`` is done there.
        """

        def go(page: Page) -> Response | None:
            page.goto(url, wait_until="load")
            with page.expect_navigation(wait_until="load") as navigation:
                page.evaluate(_SEND)
            return navigation.value

        return self._visited(url, go, press=press)

    def _visited(
        self,
        url: str,
        go: Callable[[Page], Response | None],
        *,
        survey: bool = False,
        press: bool = False,
    ) -> Visit:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        before, self.fired = self.fired, set()
        page = self._open()
        try:
            visit = self._seen(page, go(page), survey=survey)
        except Error as error:
            self._drop()
            visit = Visit(url, error=error.message.splitlines()[0])
        on_load, self.fired = frozenset(self.fired), set()
        if press and visit.error is None:
            self._press()
        on_press = frozenset(self.fired)
        self.fired = before | on_load | on_press
        return replace(
            visit,
            on_load=on_load,
            on_press=on_press,
            said=tuple(self._said),
            blocked=tuple(self._blocked),
            stacks=dict(self._stacks),
        )

    def send(self, url: str) -> Visit:
        """Open ``url`` and let the first form there send itself, wherever it goes to.

        Returns when the answer has begun to arrive; what is told is the page that sent it.
        """
        return self._leave(url, _SEND)

    def follow(self, url: str) -> Visit:
        """Open ``url`` and follow the link there whose id is ``link``, as :meth:`send` does."""
        return self._leave(url, _FOLLOW)

    def _leave(self, url: str, script: str) -> Visit:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        visit = self.visit(url)
        page = self._page
        if visit.error is not None or page is None:
            return visit
        try:
            with page.expect_navigation(wait_until="commit", timeout=_SENDING_MILLISECONDS):
                page.evaluate(script)
        except Error:  # nothing to show: an empty answer, a download, none at all
            self._drop()
        return visit

    def click(self, url: str, x: int, y: int) -> Visit:
        """Open ``url`` and click where the visitor is made to click: a real click, by the mouse."""
        visit = self.visit(url)
        if visit.error is None:
            self.click_again(x, y)
        return visit

    def click_again(self, x: int, y: int) -> None:
        """Click on the page that is open: a browser may not have heeded the click before."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        if self._page is not None:
            with contextlib.suppress(Error):
                self._page.mouse.click(x, y)
            # Where the click leads is watched elsewhere.
            self._left_alone = True

    def submit(self, form: Form, values: Mapping[str, str]) -> Visit:
        """Open the form's page as its visitor does, fill in ``values`` and submit it."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        page = self._open()
        try:
            page.goto(form.page, wait_until="load")
            with page.expect_navigation(wait_until="load") as navigation:
                page.evaluate(_SUBMIT, [form.index, dict(values)])
            return self._seen(page, navigation.value, survey=False)
        except Error as error:
            self._drop()
            return Visit(form.page, error=error.message.splitlines()[0])

    def picture(self) -> bytes:
        """Return what the page looks like, as a JPEG; empty where there is none to be had."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        try:
            page = self._page
            return page.screenshot(type="jpeg", quality=60) if page is not None else b""
        except Error:
            return b""

    def forget(self) -> None:
        """Forget cookies, caches and stored data, and close what is open."""
        for page in self._context.pages:
            if page is not self._page:
                page.close()
        page = self._open()
        page.goto("about:blank")
        protocol = self._protocol
        assert protocol is not None
        protocol.send("Network.clearBrowserCookies")
        protocol.send("Network.clearBrowserCache")
        self.fired.clear()

    def cookies(self, url: str) -> str:
        """Return the Cookie header that a request to ``url`` would carry."""
        return "; ".join(f"{c['name']}={c['value']}" for c in self._context.cookies(url))

    def run(self, url: str, script: str, argument: Any = None) -> Any:
        """Open ``url``, run ``script`` there outside the page's policy, and return what it returns.

        None where the page does not load or the script fails. Where it leads is watched elsewhere.
        """
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        visit = self.visit(url)
        if visit.error is not None or self._page is None:
            return None
        self._left_alone = True
        try:
            return self._page.evaluate(script, argument)
        except Error:
            return None

    def readable_cookies(self) -> str:
        """Return the cookies that a script of the page may read."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        try:
            return str(self._page.evaluate("() => document.cookie")) if self._page else ""
        except Error:
            return ""

    def _note(
        self, _source: Any, identifier: Any = None, told: Any = None, stack: Any = None
    ) -> None:
        if identifier != "":
            self.fired.add(str(identifier))
        if len(self._stacks) < _MOST_SAID and isinstance(stack, str) and "http" in stack:
            self._stacks.setdefault(str(told), stack)

    def _open(self) -> Page:
        if self._left_alone:
            # Where it is going now would break into where it is sent next.
            self._drop()
            self._left_alone = False
        self._said.clear()
        self._blocked.clear()
        self._stacks.clear()
        if self._page is None or self._page.is_closed():
            self._page = page = self._context.new_page()
            page.on("dialog", _answer)
            page.on("crash", lambda page: page.close())
            page.on("console", lambda message: self._keep(self._said, message.text))
            self._protocol = protocol = self._context.new_cdp_session(page)
            protocol.on("Audits.issueAdded", self._issue)
            protocol.send("Audits.enable")
        for other in self._context.pages:
            if other is not self._page:
                other.close()
        return self._page

    def _issue(self, event: Mapping[str, Any]) -> None:
        """Keep what the browser itself says that it blocked, and why."""
        issue = event["issue"]
        details: Mapping[str, Any] = next(iter(issue.get("details", {}).values()), {})
        why = [
            str(details[key])
            for key in ("violatedDirective", "contentSecurityPolicyViolationType", "reason")
            if key in details
        ]
        status = details.get("corsErrorStatus", {})
        if "corsError" in status:
            why.append(str(status["corsError"]))
        self._keep(self._blocked, " ".join([str(issue["code"]), *why]))

    @staticmethod
    def _keep(where: list[str], text: str) -> None:
        if len(where) < _MOST_SAID:
            where.append(text[:500])

    def _press(self) -> None:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        if self._page is None:
            return
        try:
            # One call: the page may be on its way elsewhere by the next, which would wait for it.
            self._page.evaluate(_PRESS)
        except Error:  # a handler of the page's own led away from it
            self._drop()

    def _seen(self, page: Page, response: Response | None, *, survey: bool) -> Visit:
        # A round trip to the page: what its scripts called before `load` has arrived then.
        text = page.evaluate("() => document.documentElement?.innerText ?? ''")
        found: dict[str, Any] = page.evaluate(_SURVEY) if survey else {}
        return Visit(
            url=page.url,
            status=response.status if response else 0,
            source=_body(response),
            text=text,
            frames=tuple(map(_text_of_frame, page.main_frame.child_frames)),
            links=tuple(found.get("links", ())),
            forms=tuple(form_of(page.url, item) for item in found.get("forms", ())),
        )

    def _drop(self) -> None:
        if self._page is not None:
            self._page.close()
            self._page = None


def _answer(dialog: Any) -> None:
    """Answer what a page asks: no, but for whether it may be left."""
    if dialog.type == "beforeunload":
        dialog.accept()
    else:
        dialog.dismiss()


def _text_of_frame(frame: Any) -> str:
    from playwright.sync_api import Error  # noqa: PLC0415 - an extra

    try:
        # A blocked frame fires `load` and keeps its URL; only its own document tells.
        return str(frame.evaluate("() => document.documentElement?.innerText ?? ''"))
    except Error:
        return ""


def _body(response: Response | None) -> str:
    from playwright.sync_api import Error  # noqa: PLC0415 - an extra

    if response is None:
        return ""
    try:
        return response.text()
    except (Error, UnicodeDecodeError):
        return ""
