"""LIVE445: X-Forwarded-Host of strangers is believed."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import hit, live, reflects


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("forwarded"):
        if reflects(response):
            yield hit(
                response,
                "X-Forwarded-Host",
                "Links and redirects are made with the host of a header that anybody may send.",
                "USE_X_FORWARDED_HOST = False  # or let the proxy always overwrite the header",
            )


RULE = live("LIVE445", _check)
