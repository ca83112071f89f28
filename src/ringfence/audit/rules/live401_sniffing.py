"""LIVE401: A response lets browsers guess its type."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import is_nosniff, lacking, live, pages


def _check(site: Live) -> Iterator[Hit]:
    yield from lacking(
        [each for each in pages(site) if not is_nosniff(each)],
        "X-Content-Type-Options",
        "Without nosniff a browser may take what somebody uploaded for a script or a page.",
        "SECURE_CONTENT_TYPE_NOSNIFF = True  # with SecurityMiddleware in MIDDLEWARE",
    )


RULE = live("LIVE401", _check)
