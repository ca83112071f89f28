"""LIVE433: A host that looks like the site's may read answers."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._cors_live import grants
from ringfence.audit.rules._live import hit, live
from ringfence.finding import Severity, quote


def _check(site: Live) -> Iterator[Hit]:
    for given in grants(site):
        for grant in () if given.to_anybody else given.to_lookalikes:
            yield hit(
                grant.response,
                "Access-Control-Allow-Origin",
                f"It allows {quote(grant.response.sent)}, whose name anybody can have.",
                "Compare whole origins, or anchor the pattern: "
                r'CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://[a-z0-9-]+\.example\.com$"]',
                severity=Severity.DEPLOY_ERROR if grant.credentials else None,
            )


RULE = live("LIVE433", _check)
