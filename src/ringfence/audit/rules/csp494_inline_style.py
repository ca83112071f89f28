"""CSP494: the policy allows inline styles."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._csp import REPORTED, directives
from ringfence.audit.rules._settings import LOW, MEDIUM, deployed, hit
from ringfence.rings.csp.placeholder import NONCE

_STYLES = ("style-src", "style-src-elem", "style-src-attr")
_GRANTS = (NONCE, "'nonce-", "'sha256-", "'sha384-", "'sha512-")


def _check(site: Settings) -> Iterator[Hit]:
    found = [each for each in directives(site) if each[1] in _STYLES]
    # Beside a nonce or a hash browsers ignore it.
    granted = {(fact.name, name) for fact, name, value in found if value.startswith(_GRANTS)}
    for fact, name, value in found:
        if value.lower() == "'unsafe-inline'" and (fact.name, name) not in granted:
            yield hit(
                fact,
                "Injected styles can hide and imitate parts of a page, and read out attributes.",
                "Use a nonce, or move styles to files.",
                confidence=LOW if fact.name in REPORTED else MEDIUM,
                at=value,
            )


RULE = Rule("CSP494", "settings", deployed(_check))
