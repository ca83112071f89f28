"""One headless Chromium, driven by Playwright in a thread of its own.

Playwright's synchronous interface runs an event loop in its thread, and Django refuses to use
the ORM where an event loop runs: so the two never share a thread.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.tab import NAVIGATION_SECONDS, Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

__all__ = ["Browser"]

T = TypeVar("T")

#: Cookies across sites are what three of four attacks are made of; a Chromium that blocks them by
#: itself would be measured instead of the site.
_PREFERENCES = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}


class Browser:
    """A browser with one profile and one tab, which can reach the given hosts and nothing else."""

    def __init__(self, executable: str, profile: Path, hosts: Sequence[str]) -> None:
        self.version = ""
        self._executable = executable
        self._profile = profile
        self._hosts = tuple(hosts)
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="ringfence browser", daemon=True)
        self._tab: Tab
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

    def do(self, job: Callable[[Tab], T]) -> T:
        """Let the browser's thread do ``job`` with the tab, and return what it returns.

        Raises what ``job`` raises, and :class:`SandboxError` where the browser no longer answers.
        """
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(job(self._tab))
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
                future.set_exception(error)

        if self._lost:
            raise SandboxError("the browser no longer answers")
        self._work.put(work)
        try:
            # Longer than anything that a job waits for by itself.
            return future.result(timeout=4 * NAVIGATION_SECONDS)
        except TimeoutError:
            self._lost = True
            raise SandboxError("the browser no longer answers") from None

    # What follows runs in the browser's thread.

    def _run(self) -> None:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra

        try:
            with sync_playwright() as playwright:
                context = playwright.chromium.launch_persistent_context(
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
                self._tab = Tab(context)
                browser = context.browser
                self.version = f"Chromium {browser.version}" if browser else "Chromium"
                self._ready.set_result(None)
                while (job := self._work.get()) is not None:
                    job()
                context.close()
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
