"""LIVE422: A site's certificate expires soon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live, Place
from ringfence.audit.rules._live import live

_SOON: Final = 14


def _check(site: Live) -> Iterator[Hit]:
    days = None if site.tls is None else site.tls.days
    if days is not None and days < _SOON:
        yield Hit(
            Place(f"{site.origin}/", 0, scope="TLS"),
            f"It is valid for {days} days more; what renews it should have done so by now.",
            "Look at what renews it (certbot.timer, the ACME client of the proxy).",
        )


RULE = live("LIVE422", _check)
