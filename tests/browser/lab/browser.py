"""Chromium, driven over many documents at a time: what ran, what the page became, what arrived."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.lab.server import SITE, Server

__all__ = ["Document", "Seen", "look_at"]

_HERE = Path(__file__).parent
_PAGES = 2
_AT_A_TIME = 60
_BATCH_SECONDS = 60
#: A page that has held thousands of frames grows slow.
_BATCHES_PER_PAGE = 25


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


def look_at(documents: Iterable[Document], *, browser: str | None = None) -> dict[str, Seen]:
    """Load each document once and return what was seen, by the documents' keys."""
    todo = {document.key: document for document in documents}
    server = Server()
    for key, document in todo.items():
        server.documents[key] = document.html.encode("utf-8", "surrogatepass")
    try:
        return asyncio.run(_look(list(todo.items()), server, browser))
    finally:
        server.close()


async def _look(
    todo: list[tuple[str, Document]], server: Server, executable: str | None
) -> dict[str, Seen]:
    from playwright.async_api import async_playwright

    items = [
        {"id": key, "url": f"http://{SITE}/doc/{key}", "read": one.read, "after": one.after}
        for key, one in todo
    ]
    batches = [items[start : start + _AT_A_TIME] for start in range(0, len(items), _AT_A_TIME)]
    total = len(batches)
    batches.reverse()
    seen: dict[str, Seen] = {}
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=executable or _find(),
            chromium_sandbox=False,
            args=[
                f"--host-resolver-rules={server.host_rules}",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--disable-quic",
                # Frames of other sites in the same process: thousands of them come and go.
                "--disable-site-isolation-trials",
                "--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades",
            ],
        )
        context = await chromium.new_context(
            ignore_https_errors=True, viewport={"width": 1280, "height": 900}
        )
        await context.add_init_script(path=_HERE / "canary.js")

        async def work() -> None:
            while batches:
                page = await context.new_page()
                page.on("popup", lambda popup: asyncio.ensure_future(popup.close()))
                page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
                await page.goto(f"http://{SITE}/.lab/harness.html")
                for _ in range(_BATCHES_PER_PAGE):
                    if not batches:
                        break
                    batch = batches.pop()
                    seen.update(await _run(page, batch))
                    if sys.stderr.isatty():
                        done = total - len(batches)
                        print(f"\r{done} of {total} batches", end="", file=sys.stderr)
                    if page.is_closed():
                        break
                await page.close()

        await asyncio.gather(*(work() for _ in range(_PAGES)))
        await chromium.close()
    missing = [key for key, _ in todo if key not in seen]
    if missing:
        raise RuntimeError(f"{len(missing)} documents were not seen")
    return seen


async def _run(page: Any, batch: list[dict[str, Any]]) -> dict[str, Seen]:
    results = await asyncio.wait_for(
        page.evaluate("items => run(items)", batch), timeout=_BATCH_SECONDS
    )
    return {one["id"]: _seen(one) for one in results}


def _seen(result: dict[str, Any]) -> Seen:
    read = result["read"] or {}
    return Seen(
        ran=tuple(sorted(result["ran"])),
        shape=result["shape"] or "",
        value=read.get("value"),
        error=read.get("error", ""),
    )


def _find() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError("no Chromium found")
