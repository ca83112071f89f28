"""Asks one host, within what it may take, and keeps the answers."""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from ringfence.audit.collect.live.links import policies
from ringfence.audit.collect.live.wire import Answer, Target, UnreachableError, ask
from ringfence.audit.model import Response
from ringfence.records import record

__all__ = ["REQUESTS", "SECONDS", "EnoughError", "Request", "Surveyor"]

#: Requests to one site, and seconds for all of them.
REQUESTS: Final = 60
SECONDS: Final = 120.0
#: After so many requests in a row without an answer the site is left alone.
_PATIENCE: Final = 3
#: What is looked through to its end; of all else bytes of the beginning are kept.
_WHOLE: Final = frozenset({"page", "private", "asset"})
_BEGINNING: Final = 64 * 1024


class EnoughError(Exception):
    """No more requests: the message says why, "" where as many were sent as may be."""


@record
class Request:
    """What is asked for; ``role``, ``sent`` and ``kind`` are those of the answer that is kept.

    ``busted`` asks in a way that no cache answers, or keeps the answer for others. ``target`` is
    another one than the site's.
    """

    path: str
    role: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: str = ""
    kind: str = ""
    busted: bool = False
    target: Target | None = None


class Surveyor:
    """``context`` is what TLS is spoken with, ``cookie`` what is sent along."""

    def __init__(self, target: Target, context: ssl.SSLContext | None = None) -> None:
        self.target = target
        self.context = context
        self.cookie = ""
        self.kept: list[Response] = []
        self.asked = 0
        self._failed = 0
        self._deadline = time.monotonic() + SECONDS

    def get(self, request: Request) -> Response | None:
        """Send it, keep the answer and return it; None if there is none.

        :raises EnoughError: where nothing more may be asked.
        """
        if self.asked >= REQUESTS:
            raise EnoughError
        if time.monotonic() > self._deadline:
            raise EnoughError(f"what could be asked in {SECONDS:.0f} seconds")
        if self._failed >= _PATIENCE:
            raise EnoughError(f"it gave no answer {_PATIENCE} times in a row")
        self.asked += 1
        target = request.target or self.target
        path = request.path
        if request.busted:
            path += f"{'&' if '?' in path else '?'}ringfence={secrets.token_hex(6)}"
        try:
            answer = ask(
                target,
                path,
                method=request.method,
                headers={**request.headers, **({"Cookie": self.cookie} if self.cookie else {})},
                context=self.context if target.scheme == "https" else None,
            )
        except UnreachableError:
            self._failed += 1
            return None
        self._failed = 0
        self.kept.append(_response(answer, target.origin + request.path, request))
        return self.kept[-1]


def _response(answer: Answer, url: str, request: Request) -> Response:
    whole = request.role in _WHOLE
    text = (answer.body if whole else answer.body[:_BEGINNING]).decode("utf-8", "replace")
    return Response(
        url,
        request.role,
        answer.status,
        answer.headers,
        text,
        request.method,
        request.sent,
        request.kind,
        policies(text) if whole else (),
    )
