"""TLS491: browsers are not told to stay with https."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed
from ringfence.audit.rules._transport import missing


def _check(site: Settings) -> Iterator[Hit]:
    yield from missing(
        site,
        "SECURE_HSTS_SECONDS",
        "Each visit may begin over http, where the network can keep it.",
        "SECURE_HSTS_SECONDS = 31536000, once nothing is left on plain http",
        off=0,
    )


RULE = Rule("TLS491", "settings", deployed(_check))
