"""One configuration in a process of its own, driven line by line over stdin and stdout.

Several of the compared middlewares read the settings on every request, so two configurations
cannot share a process. The parent (``protection.py``) lets one worker run at a time, which keeps
the rounds interleaved.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from configurations import settings_for
from counters import Hops, calls
from django.conf import settings
from traffic import ROWS, Row, environ, scope

#: Requests before each timed batch, to bring code and data back into the caches.
_WARM_UP = 3


class Answer:
    """Collects one response, whichever interface it came through."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""


class Wsgi:
    """The real ``WSGIHandler``, called as a server calls it."""

    def __init__(self, middleware: list[str]) -> None:
        from django.core.handlers.wsgi import WSGIHandler
        from django.test.utils import override_settings

        # The list of middlewares is the one setting that is only read here.
        with override_settings(MIDDLEWARE=middleware):
            self.handler = WSGIHandler()

    def answer(self, row: Row) -> Answer:
        """Return the answer to the row's request."""
        result = Answer()

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Any:
            result.status = int(status.split(maxsplit=1)[0])
            result.headers = {name.lower(): value for name, value in headers}

        response = self.handler(environ(row), start_response)
        result.body = b"".join(response)
        response.close()
        return result

    def nanoseconds(self, row: Row, batch: int) -> float:
        """Return the CPU time of one request, over a batch of them."""
        handler = self.handler
        environs = [environ(row) for _ in range(batch + _WARM_UP)]

        def start_response(_status: str, _headers: list[tuple[str, str]], _info: Any = None) -> Any:
            return None

        def run(variables: list[dict[str, Any]]) -> None:
            for each in variables:
                response = handler(each, start_response)
                for _chunk in response:
                    pass
                response.close()

        run(environs[:_WARM_UP])
        return _timed(lambda: run(environs[_WARM_UP:])) / batch

    def calls(self, row: Row) -> int:
        """Return the number of function calls in one request."""
        variables = environ(row)

        def one() -> None:
            response = self.handler(variables, lambda *_: None)  # type: ignore[arg-type]
            for _chunk in response:
                pass
            response.close()

        return calls(one)

    def hops(self, _row: Row) -> int:
        """Return 0: there is no event loop to leave."""
        return 0


class Asgi:
    """The real ``ASGIHandler`` on a running loop."""

    def __init__(self, middleware: list[str]) -> None:
        from django.core.handlers.asgi import ASGIHandler
        from django.test.utils import override_settings

        with override_settings(MIDDLEWARE=middleware):
            self.handler = ASGIHandler()
        self.loop = asyncio.new_event_loop()

    async def _run(self, row: Row, each: dict[str, Any], send: Callable[..., Any]) -> None:
        messages = [{"type": "http.request", "body": row.body, "more_body": False}]
        disconnected = asyncio.Event()

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await disconnected.wait()
            return {"type": "http.disconnect"}

        await self.handler(each, receive, send)

    def answer(self, row: Row) -> Answer:
        """Return the answer to the row's request."""
        result = Answer()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                result.status = message["status"]
                result.headers = {
                    name.decode().lower(): value.decode("latin-1")
                    for name, value in message["headers"]
                }
            else:
                result.body += message.get("body", b"")

        self.loop.run_until_complete(self._run(row, scope(row), send))
        return result

    def nanoseconds(self, row: Row, batch: int) -> float:
        """Return the CPU time of one request, over a batch of them, all threads together."""
        scopes = [scope(row) for _ in range(batch + _WARM_UP)]

        async def send(_message: dict[str, Any]) -> None:
            return None

        async def run() -> float:
            for each in scopes[:_WARM_UP]:
                await self._run(row, each, send)
            started = time.process_time_ns()
            for each in scopes[_WARM_UP:]:
                await self._run(row, each, send)
            return time.process_time_ns() - started

        gc.collect(0)
        gc.disable()
        try:
            return self.loop.run_until_complete(run()) / batch
        finally:
            gc.enable()

    def calls(self, row: Row) -> int:
        """Return the number of function calls in one request, in the loop's thread."""
        return calls(lambda: self.answer(row))

    def hops(self, row: Row) -> int:
        """Return how often one request leaves the loop's thread."""
        hops = Hops()
        with hops.counting():
            self.answer(row)
        return hops.count


def _timed(function: Callable[[], object]) -> int:
    gc.collect(0)
    gc.disable()
    try:
        started = time.process_time_ns()
        function()
        return time.process_time_ns() - started
    finally:
        gc.enable()


def verify(name: str, row: Row, answer: Answer) -> list[str]:
    """Return what is wrong with the answer: a benchmark of a broken protection says nothing."""
    family = name.partition("-")[0]
    if family == "minimal":
        return []
    problems = []
    # django-cors-headers answers a preflight with 200; both are "ok status" to Fetch.
    if answer.status != row.status and (row.method, answer.status) != ("OPTIONS", 204):
        problems.append(f"status {answer.status} instead of {row.status}")
    expected = {"x-content-type-options", "referrer-policy", "cross-origin-opener-policy"}
    expected |= {"strict-transport-security", "permissions-policy"}
    if row.method == "OPTIONS":
        # django-cors-headers answers the preflight itself, inside SecurityMiddleware alone.
        expected = set()
    if row.status == 200 and row.method != "OPTIONS":
        expected |= {"content-security-policy"} if django.VERSION >= (6, 0) else set()
        if family == "fence" or django.VERSION >= (6, 0):
            nonces = re.findall(r"nonce='([^']+)'", answer.body.decode())
            header = answer.headers.get("content-security-policy", "")
            if len(nonces) != 1 or f"'nonce-{nonces[0]}'" not in header:
                problems.append(f"nonce {nonces} of the page is not in the header {header!r}")
    problems += [f"no {header} header" for header in sorted(expected - answer.headers.keys())]
    if answer.headers.get("access-control-allow-origin") != row.allow_origin:
        problems.append(f"CORS answer {answer.headers.get('access-control-allow-origin')!r}")
    return [f"{name}, {row.name}: {problem}" for problem in problems]


def main(name: str, interface: str) -> None:
    """Serve the parent's commands until it closes the pipe."""
    settings.configure(**settings_for(name))
    django.setup()
    import site_urls

    if name.startswith("usual"):
        site_urls.nonce_attribute = "_csp_nonce"
    kind: Any = {"wsgi": Wsgi, "asgi": Asgi}[interface]
    protected, bare = kind(settings.MIDDLEWARE), kind([])
    rows = {row.name: row for row in ROWS}
    gc.freeze()
    for line in sys.stdin:
        command, row_name, batch = json.loads(line)
        row = rows[row_name]
        result: Any
        if command == "verify":
            result = verify(name, row, protected.answer(row))
            bare.answer(row)
        elif command == "count":
            result = {
                "calls": protected.calls(row) - bare.calls(row),
                "hops": protected.hops(row) - bare.hops(row),
                "bare_hops": bare.hops(row),
            }
        else:
            before = bare.nanoseconds(row, batch)
            result = {"bare": before, "added": protected.nanoseconds(row, batch) - before}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
