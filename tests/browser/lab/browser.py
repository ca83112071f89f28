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

from tests.browser.lab.chromium import Chromium, chromium
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
    #: What is read matters; otherwise only what runs, and the page's shape.
    exact: bool = True
    group: str = ""

    @property
    def key(self) -> str:
        text = f"{self.exact}\0{self.after}\0{self.read}\0{self.html}"
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
    """Look at every document and return what was seen, by the documents' keys.

    Those that are the same to the browser but for inert text are loaded once. A document is
    written into its frame; with ``navigate`` each comes over the network, which takes several
    times as long and shows the same.
    """
    todo = {document.key: document for document in documents}
    server = Server()
    rules = f"--host-resolver-rules={server.host_rules}"
    try:
        with chromium(browser, rules, *_ARGUMENTS) as running:
            same = {key: key for key in todo} if navigate else _essences(running, todo)
            items = []
            for key in dict.fromkeys(same.values()):
                one = todo[key]
                item = {"id": key, "read": one.read, "after": one.after}
                if navigate:
                    server.documents[key] = one.html.encode("utf-8", "surrogatepass")
                    item["url"] = f"http://{SITE}/doc/{key}"
                else:
                    item["html"] = one.html
                items.append(item)
            found = _in_tabs(running, "run", items, _AT_A_TIME)
    finally:
        server.close()
    seen = {one["id"]: _seen(one) for one in found}
    return {key: seen[other] for key, other in same.items()}


def _essences(running: Chromium, todo: dict[str, Document]) -> dict[str, str]:
    """Return for each document the one that is loaded in its stead, most often itself."""
    same = {key: key for key in todo}
    keys = [key for key, one in todo.items() if not one.exact]
    found = _in_tabs(running, "essences", [todo[key].html for key in keys], 1000)
    first: dict[tuple[str, str], str] = {}
    for key, essence in zip(keys, found, strict=True):
        same[key] = first.setdefault((todo[key].group, essence), key)
    return same


def _in_tabs(running: Chromium, function: str, items: list[Any], size: int) -> list[Any]:
    """Call a function of the harness with all items, some at a time; return what it answers."""
    batches = [(at, items[at : at + size]) for at in range(0, len(items), size)]
    total = len(batches)
    batches.reverse()
    lock = threading.Lock()
    answers: dict[int, list[Any]] = {}
    script = (_HERE / "canary.js").read_text("utf-8")

    def take() -> tuple[int, list[Any]] | None:
        with lock:
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{function} {total - len(batches)}/{total} ")
            return batches.pop() if batches else None

    def work() -> None:
        batch = take()
        while batch:
            with running.page(f"http://{SITE}/.lab/harness.html", script) as page:
                for _ in range(_BATCHES_PER_PAGE):
                    at, some = batch
                    answers[at] = page.evaluate(f"{function}({json.dumps(some)})")
                    batch = take()
                    if not batch:
                        return

    with ThreadPoolExecutor(_PAGES) as threads:
        jobs = [threads.submit(work) for _ in range(_PAGES)]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            # Interrupted, or one tab failed: the other stops after what it has in hand.
            batches.clear()
            raise
    return [answer for at in sorted(answers) for answer in answers[at]]


def _seen(result: dict[str, Any]) -> Seen:
    read = result["read"] or {}
    return Seen(
        ran=tuple(sorted(result["ran"])),
        shape=result["shape"] or "",
        value=read.get("value"),
        error=read.get("error", ""),
    )
