"""LIVE417: Pages are served over http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import is_local, lacking, live, pages


def _check(site: Live) -> Iterator[Hit]:
    fix = "SECURE_SSL_REDIRECT = True"
    if site.secure:
        served = [each for each in site.of("plain") if each.status < 300 and each.body]
        reason = (
            "Over http the site answers as well, and whoever is in between reads and changes it."
        )
        yield from lacking(served, "", reason, fix)
    elif not is_local(site):
        reason = "What visitors send and see can be read and changed by whoever is in between."
        yield from lacking(pages(site), "", reason, f"Serve it over https, with {fix}")


RULE = live("LIVE417", _check)
