"""LIVE434: A page over http may read answers over https."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._cors_live import grants
from ringfence.audit.rules._live import hit, live
from ringfence.finding import Severity, quote


def _check(site: Live) -> Iterator[Hit]:
    for given in grants(site):
        if given.to_http and not given.to_anybody:
            yield hit(
                given.to_http.response,
                "Access-Control-Allow-Origin",
                f"It allows {quote(given.to_http.response.sent)}, in whose name whoever is in "
                "between can answer.",
                "Allow origins with https:// only.",
                severity=None if given.to_http.credentials else Severity.INFO,
            )


RULE = live("LIVE434", _check)
