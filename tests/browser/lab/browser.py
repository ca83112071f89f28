"""Many documents, looked at in Chromium: what ran, what the page became, what arrived."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.lab.chromium import Chromium, Page, chromium
from tests.browser.lab.server import SITE, Server

__all__ = ["Document", "Seen", "look_at"]

_HERE = Path(__file__).parent
#: Tabs, and so processes of the browser.
_PAGES = 2
_AT_A_TIME = 60
#: A page that has held thousands of frames grows slow.
_BATCHES_PER_PAGE = 40

_ARGUMENTS = (
    # Frames of other sites stay in their page's process: thousands of them come and go.
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades,IsolateSandboxedIframes",
    "--ignore-certificate-errors",
    "--disable-quic",
)


@dataclass(frozen=True, slots=True)
class Document:
    """One page to be loaded, and the expression that reads what arrived in it."""

    html: str
    read: str
    after: bool

    @property
    def key(self) -> str:
        text = f"{self.after}\0{self.read}\0{self.html}"
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Seen:
    """What the browser made of a document."""

    ran: tuple[str, ...]
    shape: str
    value: Any
    error: str = ""


def look_at(
    documents: Iterable[Document], *, browser: str | None = None, navigate: bool = False
) -> dict[str, Seen]:
    """Load each document once and return what was seen, by the documents' keys.

    A document is written into its frame; with ``navigate`` it comes over the network, which takes
    several times as long and shows the same.
    """
    todo = {document.key: document for document in documents}
    server = Server()
    items = []
    for key, one in todo.items():
        item = {"id": key, "read": one.read, "after": one.after}
        if navigate:
            server.documents[key] = one.html.encode("utf-8", "surrogatepass")
            item["url"] = f"http://{SITE}/doc/{key}"
        else:
            item["html"] = one.html
        items.append(item)
    work = _Work(items)
    try:
        rules = f"--host-resolver-rules={server.host_rules}"
        with (
            chromium(browser, rules, *_ARGUMENTS) as running,
            ThreadPoolExecutor(_PAGES) as threads,
        ):
            for done in [threads.submit(work.through, running) for _ in range(_PAGES)]:
                done.result()
    finally:
        server.close()
    if missing := todo.keys() - work.seen.keys():
        raise RuntimeError(f"{len(missing)} documents were not seen")
    return work.seen


class _Work:
    """What is left to look at, shared by the threads."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self._left = [items[at : at + _AT_A_TIME] for at in range(0, len(items), _AT_A_TIME)]
        self._left.reverse()
        self._total = len(self._left)
        self._lock = threading.Lock()
        self.seen: dict[str, Seen] = {}

    def _next(self) -> list[dict[str, Any]] | None:
        with self._lock:
            if sys.stderr.isatty():
                done = self._total - len(self._left)
                print(f"\r{done} of {self._total} batches ", end="", file=sys.stderr)
            return self._left.pop() if self._left else None

    def through(self, running: Chromium) -> None:
        script = (_HERE / "canary.js").read_text("utf-8")
        batch = self._next()
        while batch:
            with running.page(f"http://{SITE}/.lab/harness.html", script) as page:
                for _ in range(_BATCHES_PER_PAGE):
                    self._look(page, batch)
                    batch = self._next()
                    if not batch:
                        return

    def _look(self, page: Page, batch: list[dict[str, Any]]) -> None:
        for one in page.evaluate(f"run({json.dumps(batch)})"):
            read = one["read"] or {}
            self.seen[one["id"]] = Seen(
                ran=tuple(sorted(one["ran"])),
                shape=one["shape"] or "",
                value=read.get("value"),
                error=read.get("error", ""),
            )
