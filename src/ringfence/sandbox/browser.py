"""One headless Chromium, driven by Playwright in a thread of its own.

Playwright's synchronous interface runs an event loop in its thread, and Django refuses to use
the ORM where an event loop runs: so the two never share a thread.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import threading
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ringfence.sandbox.errors import BrowserMissingError, SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from playwright.sync_api import BrowserContext, Page, Response

__all__ = ["BINDING", "Browser", "Form", "FormField", "Visit", "find_browser"]

T = TypeVar("T")

#: The function that a payload calls. It belongs to the browser's protocol: no policy blocks it.
BINDING = "ringfence"

#: Names that distributions give to a Chromium.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

_NAVIGATION_SECONDS = 10.0

_HOW_TO_GET_ONE = """\
No Chromium was found: not on PATH, not in Playwright's folder. Without a browser nothing can be \
proved. One of these gives you one:
    apt-get install chromium              (Debian, Ubuntu; any Chromium or Chrome on PATH will do)
    python -m playwright install chromium
    manage.py ringfence prove --browser-path /path/to/chrome   (or RINGFENCE_BROWSER=/path/...)"""

#: Cookies across sites are what three of four attacks are made of; a Chromium that blocks them by
#: itself would be measured instead of the site.
_PREFERENCES = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}

_SURVEY = Path(__file__).with_name("survey.js").read_text(encoding="utf-8")
_PRESS = Path(__file__).with_name("press.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form as the browser sees it."""

    name: str
    kind: str
    value: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form that the victim sees on the page at ``page``, the ``index``-th one there."""

    page: str
    index: int
    action: str
    method: str
    enctype: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of opening a URL.

    ``status`` is 0 where there was no answer; ``source`` is the answer's body, ``frames`` the
    text that each frame's own document holds (an error page holds none of the site's words).
    ``on_load`` and ``on_press`` are the ids with which payloads called the binding while the page
    loaded, and when its handlers and links were set off.
    """

    url: str
    status: int = 0
    source: str = ""
    text: str = ""
    frames: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    error: str | None = None
    on_load: frozenset[str] = frozenset()
    on_press: frozenset[str] = frozenset()


def find_browser(named: str | None = None) -> str:
    """Return the path of a Chromium: named, on PATH, or in Playwright's folder.

    Raises :class:`BrowserMissingError`, with what to do.
    """
    named = named or os.environ.get("RINGFENCE_BROWSER")
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserMissingError(f"{named!r} is no program that can be run.")
        return found
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    if on_path is not None:
        return on_path
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    downloaded = sorted(Path(root).glob("chromium-*/chrome-linux*/chrome")) or sorted(
        Path(root).glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    )
    if downloaded:
        return str(downloaded[-1])
    raise BrowserMissingError(_HOW_TO_GET_ONE)


class Browser:
    """A browser with one profile and one page, which can reach the given hosts and nothing else.

    ``fired`` holds the ids with which payloads called the binding.
    """

    def __init__(self, executable: str, profile: Path, hosts: Sequence[str]) -> None:
        self.fired: set[str] = set()
        self.version = ""
        self._executable = executable
        self._profile = profile
        self._hosts = tuple(hosts)
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="ringfence browser", daemon=True)
        self._context: BrowserContext
        self._page: Page | None = None
        self._left_alone = False
        self._lost = False

    def __enter__(self) -> Self:
        defaults = self._profile / "Default"
        defaults.mkdir(parents=True, exist_ok=True)
        (defaults / "Preferences").write_text(json.dumps(_PREFERENCES), encoding="utf-8")
        try:
            # What the browser and its driver put aside goes with the run's folder, also where an
            # interrupt from the terminal ends them before us.
            with _temporary_files_in(self._profile.parent):
                self._thread.start()
                self._ready.result(timeout=60)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._work.put(None)
        self._thread.join(timeout=15)
        _end_processes_of(self._profile)

    def visit(self, url: str, *, survey: bool = False) -> Visit:
        """Open ``url`` in the page and wait until it has loaded, frames included."""
        return self._do(lambda: self._visit(url, survey=survey))

    def press(self, url: str) -> Visit:
        """Open ``url``, and set off every event handler and every link of it that is code."""
        return self._do(lambda: self._press(url))

    def lure(self, url: str) -> None:
        """Open ``url`` and look away: what it does next is watched elsewhere."""
        self._do(lambda: self._lure(url))

    def submit(self, form: Form, values: Mapping[str, str]) -> Visit:
        """Open the form's page as its visitor does, fill in ``values`` and submit it."""
        return self._do(lambda: self._submit(form, values))

    def forget(self) -> None:
        """Forget cookies, caches and stored data, and close what is open."""
        self._do(self._forget)

    def cookies(self, url: str) -> str:
        """Return the Cookie header that a request to ``url`` would carry."""

        def header() -> str:
            return "; ".join(f"{c['name']}={c['value']}" for c in self._context.cookies(url))

        return self._do(header)

    # What follows runs in the browser's thread.

    def _run(self) -> None:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra

        try:
            with sync_playwright() as playwright:
                self._context = playwright.chromium.launch_persistent_context(
                    self._profile,
                    executable_path=self._executable,
                    headless=True,
                    # Only root cannot have Chromium's sandbox.
                    chromium_sandbox=hasattr(os, "geteuid") and os.geteuid() != 0,
                    ignore_https_errors=True,
                    accept_downloads=False,
                    args=self._arguments(),
                    # An interrupt is ours to handle: the context is closed below.
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                self._context.set_default_timeout(_NAVIGATION_SECONDS * 1000)
                self._context.expose_binding(BINDING, self._note)
                browser = self._context.browser
                self.version = f"Chromium {browser.version}" if browser else "Chromium"
                self._ready.set_result(None)
                while (job := self._work.get()) is not None:
                    job()
                self._context.close()
        except Error as error:
            if self._ready.done():
                return
            self._ready.set_exception(
                SandboxError(f"{self._executable} did not start: {_why(error.message)}")
            )
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            if not self._ready.done():
                self._ready.set_exception(error)

    def _arguments(self) -> list[str]:
        ours = [f"MAP {host} 127.0.0.1" for host in self._hosts]
        return [
            f"--host-resolver-rules={', '.join([*ours, 'MAP * ~NOTFOUND'])}",
            # Pages name other hosts; nothing may leave this machine. Whatever is not ours goes to
            # a proxy that does not exist.
            "--proxy-server=http://127.0.0.1:9",
            f"--proxy-bypass-list={';'.join(self._hosts)}",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-quic",
        ]

    def _do(self, job: Callable[[], T]) -> T:
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
                future.set_exception(error)

        if self._lost:
            raise SandboxError("the browser no longer answers")
        self._work.put(work)
        try:
            # Longer than anything that a job waits for by itself.
            return future.result(timeout=4 * _NAVIGATION_SECONDS)
        except TimeoutError:
            self._lost = True
            raise SandboxError("the browser no longer answers") from None

    def _note(self, _source: Any, identifier: Any = None) -> None:
        self.fired.add(str(identifier))

    def _open_page(self) -> Page:
        if self._left_alone:
            # Where it is going now would break into where it is sent next.
            self._drop_page()
            self._left_alone = False
        if self._page is None or self._page.is_closed():
            self._page = self._context.new_page()
            self._page.on("dialog", lambda dialog: dialog.dismiss())
            self._page.on("crash", lambda page: page.close())
        return self._page

    def _visit(self, url: str, *, survey: bool) -> Visit:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        page = self._open_page()
        try:
            response = page.goto(url, wait_until="load")
            return self._seen(page, response, survey=survey)
        except Error as error:
            self._drop_page()
            return Visit(url, error=error.message.splitlines()[0])

    def _press(self, url: str) -> Visit:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        before, self.fired = self.fired, set()
        visit = self._visit(url, survey=False)
        on_load, self.fired = self.fired, set()
        if visit.error is None and self._page is not None:
            try:
                self._page.evaluate(_PRESS)
                # What it set off has arrived after another round trip.
                self._page.evaluate("() => new Promise((done) => setTimeout(done, 20))")
            except Error:  # a handler of the page's own led away from it
                self._drop_page()
        on_press = frozenset(self.fired)
        self.fired = before | on_load | on_press
        return replace(visit, on_load=frozenset(on_load), on_press=on_press)

    def _lure(self, url: str) -> None:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        with contextlib.suppress(Error):
            self._open_page().goto(url, wait_until="commit")
        self._left_alone = True

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
            forms=tuple(_form(page.url, item) for item in found.get("forms", ())),
        )

    def _submit(self, form: Form, values: Mapping[str, str]) -> Visit:
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        page = self._open_page()
        try:
            page.goto(form.page, wait_until="load")
            with page.expect_navigation(wait_until="load") as navigation:
                # Not a click: whether the site's own scripts run is another question.
                page.evaluate(
                    """([index, values]) => {
                        const form = document.forms[index];
                        if (!form) throw new Error("the form is not on this page");
                        for (const [name, value] of Object.entries(values)) {
                            form.elements[name].value = value;
                        }
                        // Later: the answer to this call must not be lost in the navigation.
                        setTimeout(() => HTMLFormElement.prototype.submit.call(form), 0);
                    }""",
                    [form.index, dict(values)],
                )
            return self._seen(page, navigation.value, survey=False)
        except Error as error:
            self._drop_page()
            return Visit(form.page, error=error.message.splitlines()[0])

    def _forget(self) -> None:
        for page in self._context.pages:
            if page is not self._page:
                page.close()
        page = self._open_page()
        page.goto("about:blank")
        session = self._context.new_cdp_session(page)
        session.send("Network.clearBrowserCookies")
        session.send("Network.clearBrowserCache")
        session.detach()
        self.fired.clear()

    def _drop_page(self) -> None:
        if self._page is not None:
            self._page.close()
            self._page = None


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Let what is started in the block put its temporary files there."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


def _why(message: str) -> str:
    """Return what matters of a browser's last words: the first line, and what was fatal."""
    first, *rest = message.splitlines()
    return "\n".join([first, *(line for line in rest if "FATAL" in line or "cannot" in line)])


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


def _form(page: str, found: Mapping[str, Any]) -> Form:
    fields = tuple(FormField(**item) for item in found["fields"])
    return Form(
        page=page,
        index=found["index"],
        action=found["action"],
        method=found["method"],
        enctype=found["enctype"],
        fields=fields,
    )


def _end_processes_of(profile: Path) -> None:
    """End what still runs on our profile after the browser was closed: nothing, as a rule."""
    proc = Path("/proc")
    if not proc.is_dir():
        return
    needle = str(profile).encode()
    for entry in proc.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if needle in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)
