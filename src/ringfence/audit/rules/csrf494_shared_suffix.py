"""CSRF494: origins of strangers are trusted."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, texts, versions
from ringfence.rings.csp.bypass_hosts import SHARED_SUFFIXES

#: Tunnels for developers, which the list of CSP bypasses has no reason to name.
_TUNNELS = frozenset(
    {"ngrok.io", "ngrok-free.app", "ngrok.app", "loca.lt", "trycloudflare.com", "gitpod.io"}
    | {"app.github.dev", "serveo.net", "repl.co", "replit.dev", "up.railway.app"}
)


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "CSRF_TRUSTED_ORIGINS"):
        for entry in texts(fact.value):
            _, _, host = entry.lower().partition("://")
            suffix = (host or entry.lower()).removeprefix("*").removeprefix(".").partition(":")[0]
            if ("*" in entry or entry.startswith(".")) and suffix in SHARED_SUFFIXES | _TUNNELS:
                yield hit(
                    fact,
                    f"Anybody can have a host below {suffix}, and from there post forms here in a "
                    "visitor's name.",
                    "Name the one host that is meant.",
                    confidence=HIGH,
                    at=entry,
                )


RULE = Rule("CSRF494", "settings", deployed(_check))
