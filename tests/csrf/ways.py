"""What the test modules share: the site's settings, a row as a request, what is expected of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory

from tests.csrf.table import ROWS, TOKEN_TRUSTED, TRUSTED, Fallback, Row

SECRET = "k" * 32
FALLBACKS: tuple[Fallback, ...] = ("token", "deny", "dangerously_allow")


def site_settings(fallback: Fallback = "token", **csrf: Any) -> dict[str, Any]:
    """Return the settings of a site with the CSRF ring alone: no other ring may refuse a row."""
    return {
        "ALLOWED_HOSTS": [".example.com", "127.0.0.1", "[::1]", "testserver"],
        "ROOT_URLCONF": "tests.csrf.site",
        "MIDDLEWARE": ["ringfence.middleware.RingfenceMiddleware", "tests.csrf.site.signed_in"],
        "CSRF_TRUSTED_ORIGINS": TOKEN_TRUSTED,
        # The rows over a socket say by this header what the TLS proxy would have seen.
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "RINGFENCE": {
            "csrf": {"trusted_origins": TRUSTED, "fallback": fallback} | csrf,
            "cors": False,
            "csp": False,
            "isolation": False,
        },
    }


def headers_of(row: Row, *, token: bool) -> dict[str, str]:
    """Return the row's headers; with a token also the Referer that Django wants beside it."""
    headers = {"Host": row.host, "X-Forwarded-Proto": row.scheme, "Cookie": "sessionid=s"}
    if token:
        headers["Cookie"] += f"; csrftoken={SECRET}"
        headers["X-CSRFToken"] = SECRET
        headers["Referer"] = f"{row.scheme}://{row.host}/form/"
    if row.site is not None:
        headers["Sec-Fetch-Site"] = row.site
    if row.origin is not None:
        headers["Origin"] = row.origin
    return headers


def request_for(row: Row, path: str, *, token: bool) -> Any:
    """Return a ``WSGIRequest``."""
    meta = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in headers_of(row, token=token).items()
    }
    return RequestFactory().generic(row.method, path, **meta)


def async_request_for(row: Row, path: str, *, token: bool) -> Any:
    """Return an ``ASGIRequest``; its headers must be latin-1, as they are on the wire."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": row.method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in headers_of(row, token=token).items()
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
    }
    return ASGIRequest(scope, BytesIO())


def is_latin_1(row: Row) -> bool:
    """Return whether the row's values can stand in a header at all."""
    try:
        f"{row.site}{row.origin}".encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def accepted(row: Row, *, token: bool) -> bool:
    """Return whether the row is to be let through."""
    return row.expected == "allow" or (row.expected == "token" and token)


def kept(request: Any) -> tuple[str | None, str | None]:
    """Return the verdict that is kept on the request: its outcome, its reason's class by name."""
    verdict = request._ringfence.csrf
    if verdict is None:
        return None, None
    return verdict.outcome.value, verdict.reason and type(verdict.reason).__name__


def kept_expected(row: Row) -> tuple[str | None, str | None]:
    """Return the verdict that is to be kept: none on safe methods, "token" before and after."""
    if row.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return None, None
    return row.expected, row.reason


def rows_of(fallback: Fallback) -> list[Row]:
    """Return the rows of the sites with this fallback."""
    return [row for row in ROWS if row.fallback == fallback]
