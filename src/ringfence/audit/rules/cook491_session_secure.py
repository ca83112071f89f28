"""COOK491: the session cookie is sent over http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._cookies import flag_off
from ringfence.audit.rules._settings import deployed


def _check(site: Settings) -> Iterator[Hit]:
    yield from flag_off(
        site,
        "SESSION_COOKIE_SECURE",
        "One request over http, to any address of this host, shows the session to the network.",
    )


RULE = Rule("COOK491", "settings", deployed(_check))
