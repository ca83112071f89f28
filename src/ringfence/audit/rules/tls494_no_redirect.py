"""TLS494: http is not redirected to https."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed
from ringfence.audit.rules._transport import missing


def _check(site: Settings) -> Iterator[Hit]:
    yield from missing(
        site,
        "SECURE_SSL_REDIRECT",
        "Pages are served over http as well, where the network reads and changes them.",
        "SECURE_SSL_REDIRECT = True, unless the proxy redirects",
        off=False,
        of_proxies=True,
    )


RULE = Rule("TLS494", "settings", deployed(_check))
