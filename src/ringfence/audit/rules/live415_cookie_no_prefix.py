"""LIVE415: Another host can set a site's session cookie."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import LOW, cookies, hit, live


def _check(site: Live) -> Iterator[Hit]:
    for cookie in cookies(site):
        prefixed = cookie.name.lower().startswith(("__host-", "__secure-"))
        if site.secure and cookie.kind == "session" and not prefixed:
            yield hit(
                cookie.response,
                f"Set-Cookie {cookie.name}",
                "Without the prefix __Host- a subdomain, or an answer over http, can overwrite it.",
                f'SESSION_COOKIE_NAME = "__Host-{site.session_cookie}"  # everybody logs in anew',
                LOW,
            )


RULE = live("LIVE415", _check)
