"""LIVE455: An uploaded file is shown as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import MEDIUM, hit, live
from ringfence.finding import quote

_DOCUMENTS: Final = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml"})


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("asset"):
        path = urlsplit(response.url).path
        ours = response.status == 200 and ("/media/" in path or "/uploads/" in path)
        if ours and response.media_type in _DOCUMENTS and not _is_kept(response):
            yield hit(
                response,
                "Content-Type",
                f"Opened by itself, {quote(response.media_type)} runs scripts as this site.",
                "Serve uploads from another domain, or with Content-Disposition: attachment",
                MEDIUM,
            )


def _is_kept(response: Response) -> bool:
    policy = response.get("content-security-policy").lower()
    stays = "sandbox" in policy or "script-src 'none'" in policy or "default-src 'none'" in policy
    return stays or response.get("content-disposition").lower().startswith("attachment")


RULE = live("LIVE455", _check)
