"""A Chromium with nothing between it and the lab but its own protocol.

Playwright keeps account of every frame and every request; with tens of thousands of frames that
account costs many times what the frames do.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

__all__ = ["Page", "chromium"]

_START_SECONDS = 30


class Page:
    """One tab, or the browser itself: one command at a time."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def send(self, method: str, *, within: float = 30, **parameters: Any) -> Any:
        """Return the answer to a command; events are not listened to."""
        with self._lock:
            number = next(self._numbers)
            self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
            end = time.monotonic() + within
            while True:
                text = self._socket.recv(timeout=max(0.01, end - time.monotonic()))
                answer = json.loads(text)
                if answer.get("id") == number:
                    break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def evaluate(self, expression: str, *, within: float = 60) -> Any:
        """Return what an expression, or the promise it gives, comes to."""
        result = self.send(
            "Runtime.evaluate",
            within=within,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"].get("description"))
        return result["result"].get("value")


class Chromium:
    """A running browser."""

    def __init__(self, port: int, browser: Page) -> None:
        self._port = port
        self._browser = browser

    @contextlib.contextmanager
    def page(self, url: str, script: str) -> Iterator[Page]:
        """Open a tab in which ``script`` runs first in every frame."""
        target = self._browser.send("Target.createTarget", url="about:blank")["targetId"]
        address = f"ws://127.0.0.1:{self._port}/devtools/page/{target}"
        with connect(address, max_size=None) as socket:
            page = Page(socket)
            page.send("Page.enable")
            page.send("Page.addScriptToEvaluateOnNewDocument", source=script)
            page.send("Emulation.setFocusEmulationEnabled", enabled=True)
            page.send(
                "Emulation.setDeviceMetricsOverride",
                width=1280,
                height=900,
                deviceScaleFactor=1,
                mobile=False,
            )
            page.send("Page.navigate", url=url)
            end = time.monotonic() + _START_SECONDS
            while not page.evaluate("document.readyState === 'complete' && !!window.run"):
                if time.monotonic() > end:
                    raise RuntimeError(f"{url} did not load")
            yield page
        self._browser.send("Target.closeTarget", targetId=target)


@contextlib.contextmanager
def chromium(executable: str | None, *arguments: str) -> Iterator[Chromium]:
    """Run a headless browser on a profile of its own, and end it."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as profile:
        command = [
            executable or _find(),
            "--headless",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-extensions",
            "--disable-gpu",
            "--disable-popup-blocking",
            "--disable-sync",
            "--mute-audio",
            "--no-first-run",
            "--no-proxy-server",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            *arguments,
            "about:blank",
        ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                port, path = _address(Path(profile), process)
                with connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as socket:
                    yield Chromium(port, Page(socket))
            finally:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()


def _address(profile: Path, process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Return where the browser listens, which it writes into its profile."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            port, path = (profile / "DevToolsActivePort").read_text("utf-8").split()
            return int(port), path
        time.sleep(0.05)
    raise RuntimeError("Chromium did not start")


def _find() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError("no Chromium found: apt-get install chromium")
