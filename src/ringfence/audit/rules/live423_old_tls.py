"""LIVE423: Protocols older than TLS 1.2 are spoken."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Place
from ringfence.audit.rules._live import live


def _check(site: Live) -> Iterator[Hit]:
    if site.tls is not None and site.tls.old:
        yield Hit(
            Place(f"{site.origin}/", 0, scope="TLS"),
            f"It agrees to {' and '.join(site.tls.old)}, whose hashes and ciphers are broken.",
            "nginx: ssl_protocols TLSv1.2 TLSv1.3;",
        )


RULE = live("LIVE423", _check)
