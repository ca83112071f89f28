"""LIVE432: The origin null may read answers."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._cors_live import grants
from ringfence.audit.rules._live import hit, live
from ringfence.finding import Severity


def _check(site: Live) -> Iterator[Hit]:
    for given in grants(site):
        if given.to_null and not given.to_anybody:
            yield hit(
                given.to_null.response,
                "Access-Control-Allow-Origin",
                "null is the origin of every sandboxed frame, so it is anybody's.",
                "Remove null from the origins that are allowed.",
                severity=Severity.DEPLOY_ERROR if given.to_null.credentials else None,
            )


RULE = live("LIVE432", _check)
