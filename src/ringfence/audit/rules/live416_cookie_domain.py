"""LIVE416: A session is shared with other hosts."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import LOW, MEDIUM, cookies, hit, host_of, live
from ringfence.finding import Severity, quote


def _check(site: Live) -> Iterator[Hit]:
    for cookie in cookies(site):
        domain = cookie.attributes.get("domain", "").lstrip(".").lower()
        if cookie.kind and domain:
            wider = host_of(site.origin) != domain
            own = {"session": "SESSION_COOKIE_DOMAIN", "csrf": "CSRF_COOKIE_DOMAIN"}
            yield hit(
                cookie.response,
                f"Set-Cookie {cookie.name}",
                f"{quote(cookie.name)} goes to every host below {quote(domain)}: the weakest of "
                "them decides.",
                f"{own[cookie.kind]} = None",
                MEDIUM if wider else LOW,
                None if wider and cookie.kind == "session" else Severity.INFO,
            )


RULE = live("LIVE416", _check)
