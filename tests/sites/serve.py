"""Serve a site over HTTP on a port of its own choice, which it says on standard output.

What it sends as HTML or JSON is written to ``answers.jsonl`` in the site's folder, so that what
the browser blocked can be looked for in it. Run as ``python -m tests.sites.serve``.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

__all__ = ["main"]


class Logged:
    """A WSGI application whose pages are written down."""

    def __init__(self, application: Any, log: Path) -> None:
        self.application = application
        self.log = log
        self.lock = threading.Lock()
        log.touch()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        kinds: list[str] = []

        def noted(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kind = {name.lower(): value for name, value in headers}.get("content-type", "")
            kinds.append(kind.partition(";")[0])
            return start(status, headers, *rest)

        answer = self.application(environ, noted)
        if kinds[-1] not in {"text/html", "application/json"}:
            return answer
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        path = environ["PATH_INFO"]
        if environ.get("QUERY_STRING"):
            path += "?" + environ["QUERY_STRING"]
        line = {"path": path, "kind": kinds[-1], "body": body.decode("utf-8", "replace")}
        with self.lock, self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        return [body]


def main() -> None:
    """Serve until the process is ended."""
    import django

    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.daemon_threads = True
    log = Path(os.environ["SITES_FOLDER"]) / "answers.jsonl"
    server.set_app(Logged(StaticFilesHandler(WSGIHandler()), log))
    print(server.server_address[1], flush=True)  # noqa: T201 - its way to say where it is
    server.serve_forever()


if __name__ == "__main__":
    main()
