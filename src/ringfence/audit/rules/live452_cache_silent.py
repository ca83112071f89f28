"""LIVE452: Nothing says that a page behind the log-in is private."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import MEDIUM, lacking, live


def _check(site: Live) -> Iterator[Hit]:
    yield from lacking(
        [each for each in site.of("private") if not _says(each)],
        "Cache-Control",
        "A cache that keeps what it is not told to leave may give this page to others.",
        "@never_cache, or @cache_control(private=True)",
        MEDIUM,
    )


def _says(response: Response) -> bool:
    varies = {name.strip().lower() for name in response.get("vary").split(",")}
    return bool(response.get("cache-control").strip() or varies & {"cookie", "*"})


RULE = live("LIVE452", _check)
