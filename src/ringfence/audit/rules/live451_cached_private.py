"""LIVE451: Shared caches may keep what is one visitor's."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import cookies_of, hit, is_shared, live


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("login", "page", "private", "admin"):
        private = response.role == "private"
        kind = next((each.kind for each in cookies_of(site, response) if each.kind), "")
        if (private or kind) and is_shared(response):
            yield hit(
                response,
                "Cache-Control",
                "It is a page behind the log-in, and caches may give it to others."
                if private
                else f"It sets a {kind} cookie, which a cache would give to everybody.",
                "@never_cache, or @cache_control(private=True)",
            )
            return


RULE = live("LIVE451", _check)
