"""LIVE414: A cookie's prefix is contradicted, so browsers drop it."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import cookies, hit, live
from ringfence.finding import quote


def _check(site: Live) -> Iterator[Hit]:
    for cookie in cookies(site):
        # RFC 6265bis, section 4.1.3; the names are compared without regard to case.
        name = cookie.name.lower()
        wrong = []
        if name.startswith(("__host-", "__secure-")) and "secure" not in cookie.attributes:
            wrong.append("it has no Secure")
        if name.startswith("__host-"):
            if cookie.attributes.get("domain"):
                wrong.append("it has a Domain")
            if cookie.attributes.get("path") != "/":
                wrong.append("its Path is not /")
        if wrong:
            yield hit(
                cookie.response,
                f"Set-Cookie {cookie.name}",
                f"Browsers drop {quote(cookie.name)}, for {' and '.join(wrong)}.",
                "*_COOKIE_SECURE = True, *_COOKIE_DOMAIN = None and *_COOKIE_PATH = '/'",
            )


RULE = live("LIVE414", _check)
