"""LIVE435: Every site may read answers that need no log-in."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._cors_live import grants
from ringfence.audit.rules._live import LOW, MEDIUM, hit, live


def _check(site: Live) -> Iterator[Hit]:
    for given in grants(site):
        grant = given.to_anybody or given.by_star
        if grant is None or (grant.credentials and grant is given.to_anybody):
            continue
        yield hit(
            grant.response,
            "Access-Control-Allow-Origin",
            "Browsers refuse * together with credentials, so one of the two is not what was meant."
            if grant.credentials
            else "Pages of any site read it, without the visitor's cookies.",
            'RINGFENCE = {"cors": {"origins": ["https://app.example.com"]}}',
            MEDIUM if grant.credentials else LOW,
        )


RULE = live("LIVE435", _check)
