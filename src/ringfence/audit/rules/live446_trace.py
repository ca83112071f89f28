"""LIVE446: A server repeats requests."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import hit, live


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("trace"):
        if response.status == 200 and response.sent in response.body:
            yield hit(
                response,
                "",
                "TRACE gives back the headers that proxies added, and cookies kept from scripts.",
                "Apache: TraceEnable off",
            )


RULE = live("LIVE446", _check)
