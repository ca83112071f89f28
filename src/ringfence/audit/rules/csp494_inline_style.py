"""CSP494: the policy allows inline styles."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._csp import directives
from ringfence.audit.rules._settings import LOW, deployed, hit

_STYLES = ("style-src", "style-src-elem", "style-src-attr")


def _check(site: Settings) -> Iterator[Hit]:
    for fact, name, value in directives(site):
        if name in _STYLES and value.lower() == "'unsafe-inline'":
            yield hit(
                fact,
                "Injected styles can hide and imitate parts of a page, and read out attributes.",
                "Use a nonce, or move styles to files.",
                confidence=LOW,
                at=value,
            )


RULE = Rule("CSP494", "settings", deployed(_check))
