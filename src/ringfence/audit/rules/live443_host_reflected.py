"""LIVE443: A foreign Host header becomes a part of links."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import hit, host_of, live, reflects


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("host"):
        if reflects(response):
            yield hit(
                response,
                "Host",
                "Links and redirects are made with whatever host the request names; so are those "
                "in mails.",
                f'ALLOWED_HOSTS = ["{host_of(site.origin)}"]',
            )


RULE = live("LIVE443", _check)
