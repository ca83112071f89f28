"""LIVE404: Other sites keep a handle on a page's window."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import lacking, live, pages


def _check(site: Live) -> Iterator[Hit]:
    if site.secure:  # over http browsers ignore the header
        yield from lacking(
            [each for each in pages(site) if not _says(each)],
            "Cross-Origin-Opener-Policy",
            "A site that opens it, or is opened by it, can steer its window and count its frames.",
            'SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"  # with SecurityMiddleware',
        )


def _says(response: Response) -> bool:
    value = response.get("cross-origin-opener-policy").partition(";")[0].strip()
    return value.startswith(("same-origin", "noopener-allow-popups"))


RULE = live("LIVE404", _check)
