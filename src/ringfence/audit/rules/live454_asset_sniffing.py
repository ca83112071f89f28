"""LIVE454: Files let browsers guess their type."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import is_nosniff, lacking, live


def _check(site: Live) -> Iterator[Hit]:
    if site.sandbox:  # what serves the files there is not what does so elsewhere
        return
    yield from lacking(
        [each for each in site.of("asset") if each.status == 200 and not is_nosniff(each)],
        "X-Content-Type-Options",
        "What serves the files does not send what the site does.",
        "nginx: add_header X-Content-Type-Options nosniff always;",
    )


RULE = live("LIVE454", _check)
