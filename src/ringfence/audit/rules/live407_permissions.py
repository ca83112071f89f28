"""LIVE407: Pages may use every feature of the browser."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import LOW, lacking, live, pages


def _check(site: Live) -> Iterator[Hit]:
    yield from lacking(
        [each for each in pages(site) if not each.get("permissions-policy")],
        "Permissions-Policy",
        "A script that gets into a page may ask for camera, place and microphone in its name.",
        'RINGFENCE = {"transport": {"permissions": {"camera": [], "geolocation": []}}}',
        LOW,
    )


RULE = live("LIVE407", _check)
