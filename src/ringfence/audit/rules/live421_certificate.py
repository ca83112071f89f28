"""LIVE421: Browsers refuse a site's certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live, Place
from ringfence.audit.rules._live import HIGH, LOW, is_local, live

_WHY: Final = {
    "expired": "Its certificate has expired.",
    "early": "Its certificate is not valid yet.",
    "host": "Its certificate is for other names than this one.",
    "self": "Its certificate is signed by nobody but itself.",
    "untrusted": "Its certificate is signed by nobody that is trusted here, or a part is missing.",
}


def _check(site: Live) -> Iterator[Hit]:
    if site.tls is not None and site.tls.problem:
        # On the developer's own machine it is nobody's business.
        own = is_local(site) and site.tls.problem in ("self", "untrusted", "host")
        yield Hit(
            Place(f"{site.origin}/", 0, scope="TLS"),
            f"{_WHY[site.tls.problem]} Visitors learn to click the warning away, and then also the "
            "one that is due.",
            "Get a certificate for this name, with its chain, and renew it by a timer (ACME).",
            LOW if own else HIGH,
        )


RULE = live("LIVE421", _check)
