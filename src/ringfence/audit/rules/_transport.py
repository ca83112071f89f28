"""A transport setting that nobody gave, or that is switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringfence.audit.model import Hit, Settings
from ringfence.audit.rules._settings import HIGH, LOW, MEDIUM, ask, hit, in_development

__all__ = ["missing"]


def missing(
    site: Settings, name: str, reason: str, fix: str, *, off: Any, of_proxies: bool = False
) -> Iterator[Hit]:
    """Yield that a setting is ``off``: a proxy may do what it would have done.

    What is written out as off, with nothing that hints at a proxy, is surer than what is left out.
    ``of_proxies`` says that a proxy does it as a rule.
    """
    fact = ask(site, name, off)
    if type(fact.value) is not type(off) or fact.value != off:
        return
    behind_proxy = ask(site, "SECURE_PROXY_SSL_HEADER", None).value is not None
    # What the environment may switch on says less than what is written out.
    written = fact.confidence is HIGH
    excused = behind_proxy and (of_proxies or not written)
    explicit = fact.given and not excused and not in_development(site)
    yield hit(fact, reason, fix, confidence=MEDIUM if explicit else LOW)
