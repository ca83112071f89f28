"""SET420: A cache that is pickled has no password."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, items, versions

_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})


def _open(location: object) -> bool:
    if not isinstance(location, str) or location.startswith(("/", "unix:")):
        return False
    try:
        parts = urlsplit(location if "://" in location else f"//{location}")
        host, password = parts.hostname, parts.password
    except ValueError:
        return False
    return (host or "") not in _LOCAL and not password


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "CACHES"):
        for cache in fact.value.values() if isinstance(fact.value, dict) else ():
            backend = cache.get("BACKEND") if isinstance(cache, dict) else None
            if not isinstance(backend, str) or not any(
                word in backend.lower() for word in ("redis", "memcache")
            ):
                continue
            places = items(cache.get("LOCATION")) or [cache.get("LOCATION")]
            options = cache.get("OPTIONS")
            has_password = isinstance(options, dict) and "PASSWORD" in options
            for place in places:
                if _open(place) and not has_password:
                    yield hit(
                        fact,
                        "Django pickles what it caches: whoever can write to this server on the "
                        "network runs code here.",
                        "Give it a password and a network of its own, or a JSON serializer.",
                        confidence=LOW,
                        at=place,
                    )
                    return


RULE = Rule("SET420", "settings", deployed(_check))
