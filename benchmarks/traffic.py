"""The requests: what a current Chromium sends in each situation, as environ and as scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from configurations import ALLOWED, FOREIGN, HOST, OWN, TOKEN

_BROWSER = {
    "host": HOST,
    "connection": "keep-alive",
    "sec-ch-ua": '"Chromium";v="142", "Not_A Brand";v="99"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "user-agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36"
    ),
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": "en-GB,en;q=0.9",
    "cookie": f"sessionid={'s' * 32}; csrftoken={TOKEN}",
}
_DOCUMENT = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "upgrade-insecure-requests": "1",
    "sec-fetch-mode": "navigate",
    "sec-fetch-user": "?1",
    "sec-fetch-dest": "document",
    "priority": "u=0, i",
}
_FETCH = {"accept": "*/*", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "priority": "u=1"}
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_HERE = {"sec-fetch-site": "same-origin", "referer": f"{OWN}/page/"}
_NO_METADATA = {
    "accept": _DOCUMENT["accept"],
    "upgrade-insecure-requests": "1",
    "referer": f"{OWN}/page/",
}
_WITH_TOKEN = b"comment=Hello+there&csrfmiddlewaretoken=" + TOKEN.encode()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a request, and the status a protecting configuration answers with."""

    name: str
    method: str
    headers: dict[str, str]
    status: int = 200
    body: bytes = b""
    allow_origin: str | None = None
    #: Which configurations take part; the others would only repeat another row.
    families: tuple[str, ...] = field(default=("usual", "fence", "minimal"))


_CORS_GET = _FETCH | {"sec-fetch-site": "cross-site", "origin": ALLOWED, "referer": f"{ALLOWED}/"}

ROWS = (
    Row("GET", "GET", _DOCUMENT | _HERE),
    Row("CORS GET", "GET", _CORS_GET, allow_origin=ALLOWED),
    Row(
        "CORS preflight",
        "OPTIONS",
        _CORS_GET
        | {
            "access-control-request-method": "PUT",
            "access-control-request-headers": "content-type,x-requested-with",
        },
        allow_origin=ALLOWED,
    ),
    Row("POST", "POST", _DOCUMENT | _HERE | _FORM | {"origin": OWN}, body=_WITH_TOKEN),
    Row(
        "rejected POST",
        "POST",
        _DOCUMENT
        | _FORM
        | {"sec-fetch-site": "cross-site", "origin": FOREIGN, "referer": f"{FOREIGN}/"},
        status=403,
        body=b"comment=Hello+there",
    ),
    Row("POST, token fallback", "POST", _NO_METADATA | _FORM, body=_WITH_TOKEN),
    Row(
        "CORS GET, 500 origins",
        "GET",
        _CORS_GET,
        allow_origin=ALLOWED,
        families=("usual-500", "fence-500"),
    ),
)


def headers_of(row: Row) -> dict[str, str]:
    """Return all headers of the row's request, by their lower-case names."""
    headers = _BROWSER | row.headers
    if not any(name.startswith("sec-fetch-") for name in row.headers):
        headers = {name: value for name, value in headers.items() if name[:6] != "sec-ch"}
    if row.method == "OPTIONS":
        # Fetch, "CORS-preflight fetch": the preflight is sent without credentials.
        del headers["cookie"]
    if row.body:
        headers["content-length"] = str(len(row.body))
    return headers


def environ(row: Row) -> dict[str, Any]:
    """Return a fresh WSGI environ, as a server behind TLS passes it (PEP 3333)."""
    variables: dict[str, Any] = {
        "REQUEST_METHOD": row.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/page/",
        "QUERY_STRING": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(row.body),
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers_of(row).items():
        key = name.upper().replace("-", "_")
        variables[key if name in {"content-type", "content-length"} else f"HTTP_{key}"] = value
    return variables


def scope(row: Row) -> dict[str, Any]:
    """Return a fresh ASGI scope (ASGI, "HTTP Connection Scope")."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": row.method,
        "scheme": "https",
        "path": "/async-page/",
        "raw_path": b"/async-page/",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in headers_of(row).items()
        ],
        "client": ("192.0.2.1", 50000),
        "server": (HOST, 443),
    }
