"""A cookie's flag that is off."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Settings
from ringfence.audit.rules._settings import (
    HIGH,
    LOW,
    MEDIUM,
    Fact,
    apps,
    ask,
    hit,
    in_development,
    texts,
    versions,
)

__all__ = ["flag_off"]


def flag_off(site: Settings, name: str, reason: str) -> Iterator[Hit]:
    """Yield what a ``Secure`` flag that is off comes to.

    Written out it is plain; left out, it is one more thing that a site which is being developed
    does not need yet.
    """
    if name.startswith("CSRF") and ask(site, "CSRF_USE_SESSIONS").value is True:
        return
    if name in site.values:
        for fact in versions(site, name):
            if fact.value is False or fact.value is None:
                sure = MEDIUM if in_development(site) else HIGH
                yield hit(fact, reason, f"{name} = True", confidence=sure)
                return
        return
    fact = ask(site, name, django=False)
    if "django.contrib.sessions" in texts(apps(site).value):
        yield _left_out(site, fact, reason)


def _left_out(site: Settings, fact: Fact, reason: str) -> Hit:
    unsure = site.unread or in_development(site) or fact.name.startswith("CSRF")
    # Only a site that says it is deployed can be said to have forgotten it.
    debug = ask(site, "DEBUG", django=False)
    sure = LOW if unsure or not (debug.given and debug.value is False) else MEDIUM
    return hit(fact, f"{fact.name} is not set. {reason}", f"{fact.name} = True", confidence=sure)
