"""LIVE412: Scripts can read a session cookie."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import cookies, hit, live


def _check(site: Live) -> Iterator[Hit]:
    for cookie in cookies(site):
        if cookie.kind == "session" and "httponly" not in cookie.attributes:
            yield hit(
                cookie.response,
                f"Set-Cookie {cookie.name}",
                "A script that gets into a page can take the session away with it.",
                "SESSION_COOKIE_HTTPONLY = True",
            )


RULE = live("LIVE412", _check)
