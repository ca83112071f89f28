"""The market for an ASGI server, with its live inbox over WebSockets."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sieve.settings")
pages = get_asgi_application()

from sieve.letters.sockets import SOCKETS  # noqa: E402 - models need the apps loaded


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer pages with Django, sockets with the market's own consumers."""
    if scope["type"] != "websocket":
        await pages(scope, receive, send)
    elif scope["path"] in SOCKETS:
        await SOCKETS[scope["path"]](scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 4404})
