"""LIVE444: A foreign Host header is answered."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import (
    MEDIUM,
    hit,
    host_of,
    is_local,
    live,
    pages,
    reflects,
    title_of,
)
from ringfence.finding import Severity


def _check(site: Live) -> Iterator[Hit]:
    titles = {title for page in pages(site) if (title := title_of(page))}
    for response in site.of("host"):
        same = response.status < 300 and title_of(response) in titles
        if same and not reflects(response):
            yield hit(
                response,
                "Host",
                "The site answers under names that are not its own.",
                f'ALLOWED_HOSTS = ["{host_of(site.origin)}"]',
                MEDIUM,
                Severity.INFO if is_local(site) else None,
            )


RULE = live("LIVE444", _check)
