"""LIVE411: A cookie is sent over http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import HIGH, LOW, cookies, hit, live
from ringfence.finding import Severity, quote


def _check(site: Live) -> Iterator[Hit]:
    if not site.secure:
        return
    for cookie in cookies(site):
        if "secure" not in cookie.attributes:
            own = {"session": "SESSION_COOKIE_SECURE", "csrf": "CSRF_COOKIE_SECURE"}
            setting = own.get(cookie.kind)
            yield hit(
                cookie.response,
                f"Set-Cookie {cookie.name}",
                f"{quote(cookie.name)} goes along with requests over http, which others read.",
                f"{setting} = True" if setting else "response.set_cookie(…, secure=True)",
                HIGH if setting else LOW,
                None if cookie.kind == "session" else Severity.INFO,
            )


RULE = live("LIVE411", _check)
