"""What a page of others' does over a WebSocket that it opens with the visitor's cookie."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from sieve.asgi import application
from sieve.holes import Side

from tests.examples.sieve.market import ATTACKER, HOST, OWN, Seen, Visitor


async def _talk(path: str, origin: str, cookie: str) -> str | None:
    """Return what the socket answers; None where it does not open."""
    headers = {"host": HOST, "origin": origin, "cookie": cookie}
    scope = {
        "type": "websocket",
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    socket = ApplicationCommunicator(application, scope)
    await socket.send_input({"type": "websocket.connect"})
    opened = await socket.receive_output()
    if opened["type"] != "websocket.accept":
        return None
    await socket.send_input({"type": "websocket.receive", "text": "Good day"})
    answer = await socket.receive_output()
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait()
    return answer["text"]


def socket(side: Side) -> Seen:
    cookie = f"sessionid={Visitor('user').client.cookies['sessionid'].value}"
    talk = async_to_sync(_talk)
    expected = "kept" if side.name == "socket-act" else "The bench is yours."
    signs = {"answered": talk(side.path, ATTACKER, cookie) is not None}
    return Seen(expected in (talk(side.path, OWN, cookie) or ""), signs)
