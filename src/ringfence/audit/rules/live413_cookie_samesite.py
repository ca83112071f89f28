"""LIVE413: A session goes along with requests of other sites."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import MEDIUM, cookies, hit, live
from ringfence.finding import Severity, quote


def _check(site: Live) -> Iterator[Hit]:
    for cookie in cookies(site):
        own = {"session": "SESSION_COOKIE_SAMESITE", "csrf": "CSRF_COOKIE_SAMESITE"}
        said = cookie.attributes.get("samesite", "").lower()
        if cookie.kind in own and said not in ("lax", "strict"):
            is_none = said == "none"
            yield hit(
                cookie.response,
                f"Set-Cookie {cookie.name}",
                f"{quote(cookie.name)} is sent with every request that another site's page makes."
                if is_none
                else f"Nothing says which requests {quote(cookie.name)} goes along with.",
                f'{own[cookie.kind]} = "Lax"',
                MEDIUM,
                None if is_none and cookie.kind == "session" else Severity.INFO,
            )


RULE = live("LIVE413", _check)
