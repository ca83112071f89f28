"""LIVE418: The redirect from http does not go to the same host over https."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import MEDIUM, hit, host_of, live
from ringfence.finding import quote


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("plain"):
        location = response.get("location")
        if not (300 <= response.status < 400 and location) or location.startswith("/"):
            continue
        if location.lower().startswith("https://") and host_of(location) == host_of(site.origin):
            continue
        yield hit(
            response,
            "Location",
            f"It leads to {quote(location)}, so that browsers never hear this host's HSTS.",
            "Redirect to https on the same host first: SECURE_SSL_REDIRECT = True, SECURE_SSL_HOST "
            "unset",
            MEDIUM,
        )


RULE = live("LIVE418", _check)
