"""The live inbox, over WebSockets, in plain ASGI.

No HTTP middleware sees a handshake, and no browser asks leave before it sends one, cookies
included: whether the page that opens the socket may do so is for the consumer to ask.
"""

from __future__ import annotations

from http.cookies import SimpleCookie
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY

from sieve.letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Consumer = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

__all__ = ["SOCKETS"]


def _header(scope: dict[str, Any], name: bytes) -> str:
    return dict(scope["headers"]).get(name, b"").decode("latin-1")


def _visitor(scope: dict[str, Any]) -> str | None:
    morsel = SimpleCookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return store(morsel.value).get(SESSION_KEY) if morsel else None


def _is_own(scope: dict[str, Any]) -> bool:
    """Return whether the page that opens the socket is the market's own."""
    origin = urlsplit(_header(scope, b"origin"))
    return origin.scheme == "https" and origin.netloc == _header(scope, b"host")


def _letters(pk: str) -> str:
    return "\n".join(Letter.objects.filter(recipient=pk).values_list("text", flat=True))


def _write(pk: str, text: str) -> str:
    Letter.objects.create(sender_id=pk, recipient_id=pk, text=text)
    return "kept"


async def _serve(scope: dict[str, Any], receive: Any, send: Any, answer: Any) -> None:
    pk = await sync_to_async(_visitor)(scope)
    await receive()
    if pk is None:
        await send({"type": "websocket.close", "code": 4401})
        return
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        text = await sync_to_async(answer)(pk, event.get("text") or "")
        await send({"type": "websocket.send", "text": text})


async def _refuse(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 4403})


async def inbox(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Tell the visitor's letters to whoever asks with his cookie."""
    # hole: socket-read
    await _serve(scope, receive, send, lambda pk, _: _letters(pk))


async def mailbox(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Tell the visitor's letters to the market's pages."""
    if not _is_own(scope):  # twin: socket-read
        await _refuse(receive, send)
        return
    await _serve(scope, receive, send, lambda pk, _: _letters(pk))


async def dictate(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Keep what is dictated with the visitor's cookie."""
    # hole: socket-act
    await _serve(scope, receive, send, _write)


async def scribe(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Keep what is dictated on the market's pages."""
    if not _is_own(scope):  # twin: socket-act
        await _refuse(receive, send)
        return
    await _serve(scope, receive, send, _write)


SOCKETS: dict[str, Consumer] = {
    "/ws/inbox/": inbox,
    "/ws/mailbox/": mailbox,
    "/ws/dictate/": dictate,
    "/ws/scribe/": scribe,
}
