"""LIVE419: A page over https leads to http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import hit, live
from ringfence.finding import quote


def _check(site: Live) -> Iterator[Hit]:
    if not site.secure:
        return
    for response in site.of("hop", "admin"):
        location = response.get("location")
        if 300 <= response.status < 400 and location.lower().startswith("http://"):
            yield hit(
                response,
                "Location",
                f"It leads to {quote(location)}, which whoever is in between reads and changes.",
                'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # behind a proxy',
            )


RULE = live("LIVE419", _check)
