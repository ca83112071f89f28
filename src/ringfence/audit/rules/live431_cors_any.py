"""LIVE431: Every site may read answers in a visitor's name."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._cors_live import grants
from ringfence.audit.rules._live import hit, live


def _check(site: Live) -> Iterator[Hit]:
    for given in grants(site):
        if given.to_anybody and given.to_anybody.credentials:
            yield hit(
                given.to_anybody.response,
                "Access-Control-Allow-Origin",
                "It allows whatever origin asks, with the visitor's cookies: any page can read "
                "what he can.",
                'RINGFENCE = {"cors": {"origins": ["https://app.example.com"]}}',
            )


RULE = live("LIVE431", _check)
