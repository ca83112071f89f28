"""LIVE451: Shared caches may keep what is one visitor's."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import cookies, hit, is_shared, live


def _check(site: Live) -> Iterator[Hit]:
    kinds = {(each.response.url, each.response.role): each.kind for each in cookies(site)}
    for response in site.of("login", "page", "private", "admin"):
        private = response.role == "private"
        kind = kinds.get((response.url, response.role), "")
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
