"""SET437: the cache is kept where files are served."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, ask, deployed, hit, versions


def _folders(site: Settings) -> list[str]:
    roots = [ask(site, name).value for name in ("MEDIA_ROOT", "STATIC_ROOT")]
    return [root.rstrip("/") for root in roots if isinstance(root, str) and root.strip("/")]


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "CACHES"):
        for cache in fact.value.values() if isinstance(fact.value, dict) else ():
            location = cache.get("LOCATION") if isinstance(cache, dict) else None
            backend = cache.get("BACKEND") if isinstance(cache, dict) else None
            if not isinstance(location, str) or "filebased" not in str(backend):
                continue
            if any(f"{location.rstrip('/')}/".startswith(f"{root}/") for root in _folders(site)):
                yield hit(
                    fact,
                    "Visitors can download what is cached, and an upload can replace it with a "
                    "pickle that runs.",
                    '"LOCATION": BASE_DIR / "cache"',
                    confidence=HIGH,
                    at=location,
                )


RULE = Rule("SET437", "settings", deployed(_check))
