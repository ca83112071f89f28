"""LIVE405: A site over https does not tell browsers to stay there."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import HIGH, LOW, has_name, lacking, live


def _check(site: Live) -> Iterator[Hit]:
    if site.secure and has_name(site):
        yield from lacking(
            [each for each in site.of("page", "hop") if not each.get("strict-transport-security")],
            "Strict-Transport-Security",
            "The next visit may begin over http, where whoever is in between can answer.",
            "SECURE_HSTS_SECONDS = 31536000  # begin with 3600",
            LOW if site.sandbox else HIGH,
        )


RULE = live("LIVE405", _check)
