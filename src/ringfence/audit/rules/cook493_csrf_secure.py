"""COOK493: the CSRF cookie is sent over http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._cookies import flag_off
from ringfence.audit.rules._settings import deployed


def _check(site: Settings) -> Iterator[Hit]:
    yield from flag_off(
        site,
        "CSRF_COOKIE_SECURE",
        "Whoever is on the network can read the token, or plant one of their own.",
    )


RULE = Rule("COOK493", "settings", deployed(_check))
