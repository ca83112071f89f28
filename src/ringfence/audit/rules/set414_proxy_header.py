"""SET414: SECURE_PROXY_SSL_HEADER is malformed or forgeable."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, LOW, deployed, hit, items, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_PROXY_SSL_HEADER"):
        parts = items(fact.value)
        if fact.value is None or not all(isinstance(each, str) for each in parts):
            continue
        if len(parts) != 2 or not parts[0].startswith("HTTP_") or "-" in parts[0]:
            yield hit(
                fact,
                "Django looks it up as it stands and finds nothing: no request counts as https, "
                "so that Secure cookies and redirects misbehave.",
                'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
                confidence=HIGH,
            )
        else:
            yield hit(
                fact,
                "A client that reaches the site past the proxy, or through one that does not "
                "remove the header, says itself that it came over https.",
                "See to it that the proxy sets or removes the header of every request.",
                confidence=LOW,
            )
        return


RULE = Rule("SET414", "settings", deployed(_check))
